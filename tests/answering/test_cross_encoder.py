"""A CrossEncoder of the user's own in place of the packaged reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, run_cli

from sourcebot.answering.opening import open_service
from sourcebot.errors import ModelError
from sourcebot.types import Answer

if TYPE_CHECKING:
    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder


def tiny_cross_encoder(folder: Path, labels: int = 1, *, safe: bool = True) -> Path:
    """Save an untrained CrossEncoder with one layer, its vocabulary single letters."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    letters = [chr(n) for n in range(33, 127)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    torch.manual_seed(1)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=16, num_labels=labels,
        )
    )  # fmt: skip
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    if safe:
        model.save_pretrained(folder)
    else:
        model.config.save_pretrained(folder)
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    return folder


@pytest.fixture
def make(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> Callable[..., Project]:
    """A function that lays out and indexes a project whose reader is the named one."""

    def made(name: str | Path, threshold: float = 0.001) -> Project:
        config = f'[reader]\nmodel = "{name}"\n[answer]\nthreshold = {threshold}\n'
        project = make_project(tmp_path / "project", config=config)
        project.index(embedder)
        return project

    return made


def test_answers(make: Callable[..., Project], tmp_path: Path) -> None:
    """Quotes are verbatim, ordered by probabilities of their own, and no words are marked."""
    project = make(tiny_cross_encoder(tmp_path / "tiny"))
    service = project.service()
    first, again = service.ask(ANSWERED), service.ask(ANSWERED)
    assert isinstance(first, Answer)
    assert first == again
    chances = [quote.probability for quote in first.quotes]
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) > 1
    for quote in first.quotes:
        assert 0 < quote.probability < 1
        assert len(quote.words) == 0
        text = (project.sources / quote.source.path).read_text("utf-8")
        assert quote.span.of(text) == quote.text


def test_on_the_command_line(make: Callable[..., Project], tmp_path: Path) -> None:
    """The command line shows its quotes."""
    project = make(tiny_cross_encoder(tmp_path / "tiny"))
    ran = run_cli("ask", ANSWERED, cwd=project.folder)
    assert ran.status == 0
    assert "confidence" in ran.out


@pytest.mark.parametrize("name", ["default", ""])
def test_the_packaged_reader(make: Callable[..., Project], name: str) -> None:
    """The default, also by an empty name, is the packaged reader, which marks words."""
    reply = make(name, 0.2).service().ask(ANSWERED)
    assert isinstance(reply, Answer)
    assert len(reply.quotes[0].words) > 0


def test_unusable_models(make: Callable[..., Project], tmp_path: Path) -> None:
    """What cannot be loaded is named with what is valid; pickled weights are not loaded."""
    (tmp_path / "empty").mkdir()
    broken = tiny_cross_encoder(tmp_path / "broken")
    (broken / "config.json").write_text("{}", "utf-8")
    project = make("default")
    for folder, message in (
        (tmp_path / "nowhere", "does not exist"),
        (tmp_path / "empty", "model.safetensors"),
        (tiny_cross_encoder(tmp_path / "pickled", safe=False), "model.safetensors"),
        (tiny_cross_encoder(tmp_path / "two", labels=2), "2 scores"),
        (broken, "cannot be loaded"),
        ("no-such/model", "neither a folder nor"),
    ):
        (project.folder / "config.toml").write_text(f'[reader]\nmodel = "{folder}"\n', "utf-8")
        with pytest.raises(ModelError, match=message) as caught:
            open_service(project.config, lambda _: None, lambda *_: None)
        assert caught.value.hint
