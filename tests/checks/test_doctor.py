"""What is wrong, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, run_cli

from sourcebot.articles.version import SPLITTER_VERSION
from sourcebot.checks.doctor import diagnose, repair, unusable
from sourcebot.embedding.exported import model_folder, open_embedder
from sourcebot.errors import ConfigError
from sourcebot.index.embedded.generation import open_current
from sourcebot.types import Answer, Finding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder


def wrong(project: Project) -> list[Finding]:
    """Return what the doctor finds wrong; each must come with what to do."""
    try:
        findings = diagnose(project.config)
    except ConfigError as error:
        findings = unusable(error)
    found = [finding for finding in findings if not finding.ok]
    assert all(finding.detail and finding.hint for finding in found), found
    return found


def test_healthy(shared_project: Project) -> None:
    """Of a healthy project the doctor names versions, settings, model, index and sources."""
    findings = diagnose(shared_project.config)
    assert all(finding.ok for finding in findings), findings
    assert {
        "versions",
        "configuration",
        "model",
        "exported model",
        "reader",
        "index",
        "sources",
    } <= {finding.what for finding in findings}
    details = " ".join(finding.detail for finding in findings)
    for part in (
        "python 3.",
        "faiss-cpu",
        "53aa51172d14",
        "int8",
        "5 articles",
        "5 files",
        "small reader and judge",
    ):
        assert part in details


def test_judge_off(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """Without the judge the doctor says that the small reader stands alone, and what it costs."""
    project = make_project(tmp_path / "project", config='[reader]\njudge = "off"\n')
    (found,) = [f for f in diagnose(project.config) if f.what == "reader"]
    assert found.ok
    assert found.detail.startswith("the small reader alone, about ")
    assert found.detail.endswith("the judge is off")


def test_nothing_built_yet(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """Before the first run the doctor says to run `sourcebot index`."""
    project = make_project(tmp_path / "project")
    found = wrong(project)
    assert {finding.what for finding in found} == {"index"}
    assert all("sourcebot index" in finding.hint for finding in found)


def test_no_sources_folder(project: Project, embedder: OnnxEmbedder) -> None:
    """A missing sources folder is named with where it should be."""
    project.index(embedder)
    project.sources.rename(project.folder / "texts")
    (finding,) = wrong(project)
    assert "sources" in finding.detail


def test_configuration(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """A mistake in config.toml is found; the rest waits until it is mended."""
    project = make_project(tmp_path / "project", config="[answer]\nqoutes = 3\n")
    (finding,) = wrong(project)
    assert (finding.what, "'qoutes'" in finding.detail) == ("configuration", True)


def test_damaged_model(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """A damaged export is found with the way to repair it."""
    project = make_project(tmp_path / "project", own_model=True)
    project.index(embedder)
    path = model_folder(project.config) / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    found = wrong(project)
    assert "exported model" in {finding.what for finding in found}
    assert any("--repair" in finding.hint for finding in found)


def test_damaged_index(project: Project, embedder: OnnxEmbedder) -> None:
    """A damaged index is found with the way to repair it."""
    project.index(embedder)
    (open_current(project.embeddings).folder / "vectors/1.exact").unlink()
    found = wrong(project)
    assert "index" in {finding.what for finding in found}
    assert any("--repair" in finding.hint for finding in found)


@pytest.mark.parametrize(
    "name", ["CURRENT", "manifest.json", "articles.sqlite", "vectors/1.exact", "lexical/meta.json"]
)
def test_repair_of_the_index(project: Project, embedder: OnnxEmbedder, name: str) -> None:
    """Whatever file of the index is damaged, the repair makes it anew and embeds nothing again."""
    project.index(embedder)
    before = shown(project)
    folder = project.embeddings if name == "CURRENT" else open_current(project.embeddings).folder
    (folder / name).write_bytes(b"damaged")
    assert any("--repair" in finding.hint for finding in wrong(project))
    summary = repair(project.config, lambda _: None, lambda *_: None)
    assert (summary.articles, summary.embedded) == (5, 0)
    assert wrong(project) == []
    assert shown(project) == before


def test_repair_without_the_cache(project: Project, embedder: OnnxEmbedder) -> None:
    """Vectors that are whole in a damaged generation are taken from there, others embedded."""
    project.index(embedder)
    (open_current(project.embeddings).folder / "lexical" / "meta.json").write_bytes(b"")
    (project.embeddings / "vectors.sqlite").write_bytes(b"damaged" * 999)
    assert repair(project.config, lambda _: None, lambda *_: None).embedded == 0
    (open_current(project.embeddings).folder / "vectors/1.exact").write_bytes(b"")
    (project.embeddings / "vectors.sqlite").unlink()
    assert repair(project.config, lambda _: None, lambda *_: None).embedded > 0
    assert wrong(project) == []


def test_repair_of_the_model(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """`doctor --repair` exports a damaged model again, names the damage once, and ends well."""
    project = make_project(tmp_path / "project", own_model=True)
    project.index(embedder)
    path = model_folder(project.config) / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    assert sum("model.onnx" in finding.detail for finding in wrong(project)) == 1
    ran = run_cli("doctor", "--repair", cwd=project.folder)
    assert (ran.status, "WRONG" in ran.out) == (0, False)
    assert "exporting the model again" in ran.err


def shown(project: Project) -> object:
    """Return what a question gives, to compare."""
    reply = project.service().ask(ANSWERED)
    assert isinstance(reply, Answer)
    return [(quote.text, quote.source, quote.span) for quote in reply.quotes]


def test_changed_and_failed_files(project: Project, embedder: OnnxEmbedder) -> None:
    """Files that changed since and files that cannot be used are found."""
    project.write("empty.md", b"")
    project.index(embedder)
    (failed,) = wrong(project)
    assert failed.detail.startswith("empty.md: ")
    project.write("new.md", "# New\n\nSomething new.\n")
    assert any("changed since" in finding.detail for finding in wrong(project))


def test_stale_index(
    project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of another splitter is found as stale."""
    from sourcebot.index.embedded import generation

    project.index(embedder)
    monkeypatch.setattr(generation, "SPLITTER_VERSION", SPLITTER_VERSION + 1)
    assert any("another model or splitter" in finding.detail for finding in wrong(project))


def test_model_that_cannot_be_exported_is_healthy(
    make_project: Callable[..., Project], exported: Path, tmp_path: Path
) -> None:
    """A model that runs through sentence-transformers because it cannot be exported is not wrong."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    from sourcebot.index.open import build_index

    torch.manual_seed(7)
    words = StaticEmbedding(Tokenizer.from_file(str(exported / "tokenizer.json")), embedding_dim=16)
    SentenceTransformer(modules=[words], device="cpu").save(str(tmp_path / "static"))
    project = make_project(
        tmp_path / "project", config=f'[embedding]\nmodel = "{tmp_path / "static"}"\n'
    )
    build_index(project.config, open_embedder(project.config, lambda _: None))
    assert wrong(project) == []


def test_stray_files_are_no_damage(project: Project, embedder: OnnxEmbedder) -> None:
    """A file of a kind that is not read is noted, and nothing is wrong with the project."""
    project.write("photo.jpeg", b"\xff\xd8")
    project.index(embedder)
    found = diagnose(project.config)
    assert [f.ok for f in found if "photo.jpeg" in f.detail] == [True]
    assert wrong(project) == []
