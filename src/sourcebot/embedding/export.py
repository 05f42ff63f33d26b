"""A sentence-transformers model -> ONNX files, once; the only module that imports torch.

sentence-transformers' own ONNX backend needs versions of transformers that it does not
itself accept, so the whole pipeline (transformer, pooling, normalisation, whatever the
model has) is traced by ``torch.onnx.export`` instead and compared with the original.
"""

from __future__ import annotations

import json
import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcebot.errors import ModelError
from sourcebot.files import replacing_folder, sha256_of, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from sourcebot.embedding.model_files import ModelFiles

EXPORT_VERSION = 1
"""Raised whenever the same model would be exported otherwise."""

_PROBES = (
    "Which groups did the committee decide to ban?",
    "The narrowest vote, taken late on Tuesday, was won by a margin of 20 to 12.",
    "short",
)
_LEAST_COSINE = 0.999
_TOKENIZER = "tokenizer.json"


def load_transformer(files: ModelFiles) -> SentenceTransformer:
    """Return the model as sentence-transformers loads it, on the CPU.

    Raises:
        ModelError: when it cannot load it.
    """
    from sentence_transformers import SentenceTransformer

    try:
        with _quiet():
            return SentenceTransformer(
                str(files.folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                # The plain attention traces to fewer operations than the fused one.
                model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
            )
    except Exception as error:  # the libraries below raise what they like
        raise ModelError(
            f"the embedding model in {files.folder} cannot be loaded: {error}",
            "check that it is a sentence-transformers model",
        ) from error


class ExportError(ModelError):
    """The model works but cannot be exported; sentence-transformers can still run it."""


def export_model(
    model: SentenceTransformer, files: ModelFiles, precision: str, target: Path
) -> None:
    """Write ``model.onnx``, ``tokenizer.json`` and ``model.json`` to the folder ``target``.

    The graph takes ``input_ids`` and ``attention_mask`` (and ``token_type_ids`` when the
    model uses them), int64 of shape (batch, tokens), and gives ``embedding``, float32 of
    shape (batch, dimension). Precision "int8" quantizes the weights of each channel apart
    and the activations at run time. ``target`` appears whole or not at all.

    Raises:
        ExportError: when it cannot be exported, or the export does not agree with it.
        OSError: when the files cannot be written.
    """
    with replacing_folder(target) as work:
        try:
            with _quiet():
                inputs = _trace(model, work / "fp32.onnx")
                _save_tokenizer(model, work / _TOKENIZER)
                _compare(model, work / "fp32.onnx", inputs)
                _finish(work, precision)
        except (OSError, ExportError):
            raise
        except Exception as error:  # torch, onnx and ONNX Runtime raise what they like
            raise ExportError(f"{files.name} cannot be exported: {error}") from error
        _describe(model, files, precision, inputs, work)


def _features(model: SentenceTransformer, texts: list[str]) -> dict[str, Any]:
    """Return the transformer's inputs for ``texts``, tensors of shape (batch, tokens)."""
    features = model.preprocess(texts)
    return {
        name: features[name]
        for name in ("input_ids", "attention_mask", "token_type_ids")
        if name in features
    }


def _trace(model: SentenceTransformer, path: Path) -> list[str]:
    """Write the whole pipeline as an fp32 graph and return the names of its inputs."""
    import torch

    features = _features(model, list(_PROBES))
    names = list(features)

    class Pipeline(torch.nn.Module):  # type: ignore[misc]  # torch is not typed here
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            return self.model(dict(zip(names, tensors, strict=True)))["sentence_embedding"]

    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        Pipeline().eval(),
        tuple(features.values()),
        str(path),
        input_names=names,
        output_names=["embedding"],
        dynamic_axes={**dict.fromkeys(names, axes), "embedding": {0: "batch"}},
        opset_version=17,
        # The newer exporter writes graphs that ONNX Runtime cannot yet quantize per channel.
        dynamo=False,
    )
    return names


def _save_tokenizer(model: SentenceTransformer, path: Path) -> None:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ExportError("its tokenizer has no fast form")
    backend.save(str(path))


def _compare(model: SentenceTransformer, path: Path, inputs: list[str]) -> None:
    """Hold the traced graph against the model, on texts of other lengths than the traced.

    Raises:
        ExportError: when a cosine is under ``_LEAST_COSINE``.
    """
    import onnxruntime as ort

    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for probe in (*_PROBES, " ".join(_PROBES * 4)):
        features = _features(model, [probe])
        graph = session.run(None, {name: features[name].numpy() for name in inputs})[0][0]
        original = model.encode([probe], convert_to_numpy=True)[0]
        norms = np.linalg.norm(graph) * np.linalg.norm(original)
        if float(graph @ original) < _LEAST_COSINE * float(norms):
            raise ExportError("the exported graph gives other vectors than the model")


def _finish(work: Path, precision: str) -> None:
    """Turn the traced graph into ``model.onnx`` of the wished-for precision."""
    traced = work / "fp32.onnx"
    if precision == "int8":
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(
            traced,
            work / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            # Seven bits: eight overflow on processors without VNNI, which costs accuracy.
            reduce_range=True,
        )
        traced.unlink()
    else:
        traced.replace(work / "model.onnx")
    _optimize(work / "model.onnx")


def _optimize(path: Path) -> None:
    """Fuse operations once, so that opening the model need not."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    # The level above fits the graph to one processor, and the folder may be carried to another.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    optimized = path.with_suffix(".optimized")
    options.optimized_model_filepath = str(optimized)
    options.log_severity_level = 3
    ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    optimized.replace(path)


def _describe(
    model: SentenceTransformer, files: ModelFiles, precision: str, inputs: list[str], work: Path
) -> None:
    dimension = model.get_embedding_dimension()
    description = {
        "export_version": EXPORT_VERSION,
        "model": files.name,
        "weights_sha256": files.digest,
        "precision": precision,
        "dimension": dimension,
        "max_tokens": int(model.max_seq_length or 512),
        "inputs": inputs,
        "question_prompt": model.prompts.get("query") or "",
        "paragraph_prompt": model.prompts.get("document") or model.prompts.get("passage") or "",
        "sha256": {name: sha256_of(work / name) for name in ("model.onnx", _TOKENIZER)},
    }
    write_atomically(work / "model.json", json.dumps(description, indent=2) + "\n")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars, warnings and log lines off the terminal."""
    import transformers

    transformers.utils.logging.disable_progress_bar()
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)
