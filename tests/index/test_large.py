"""What only large indexes do, with thresholds low enough for a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ARTICLES

from sourcebot.index import paragraph_vectors
from sourcebot.index.embedded import build as indexer
from sourcebot.index.embedded import vector_building, vector_change
from sourcebot.index.embedded.generation import GENERATIONS, open_current
from sourcebot.index.embedded.vector_change import asked_before
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

BRIDGE = "When was the harbour bridge at Lowmere closed?"
HONEY = "How much heather honey was harvested?"


@pytest.fixture
def large(make_project: Callable[..., Project], tmp_path: Path) -> Project:
    """The sample articles beside one of forty paragraphs, to be indexed compressed."""
    lines = (
        f"The {thing} of Norrin was {done} in {year} and stands there still.\n"
        for year, (thing, done) in enumerate(
            ((t, d) for t in ("tram", "quarry", "museum", "bakery", "choir")
             for d in ("built", "sold", "moved", "praised", "closed", "painted", "lost", "shown")),
            start=1900,
        )
    )  # fmt: skip
    articles = {**ARTICLES, "norrin.txt": "\n".join(lines)}
    return make_project(tmp_path / "project", articles, '[index]\nvectors = "compressed"\n')


@pytest.fixture(autouse=True)
def low_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some forty paragraphs are worth compressing, and any index is a large one."""
    monkeypatch.setattr(vector_building, "SMALLEST", 40)
    monkeypatch.setattr(indexer, "_LARGE", 1)
    monkeypatch.setattr(indexer, "_MOST_GONE", 0.15)
    monkeypatch.setattr(paragraph_vectors, "_CHUNK", 16)


def quoted(project: Project, question: str, filters: Filters | None = None) -> str:
    """The first quote of an answer."""
    reply = project.service().ask(question, filters or Filters())
    assert isinstance(reply, Answer)
    return reply.quotes[0].text


def test_compressed_index_answers(large: Project, embedder: OnnxEmbedder) -> None:
    """A compressed index answers, filtered too, and its manifest tells its recall and of what."""
    large.index(embedder)
    manifest = open_current(large.embeddings).manifest
    assert manifest.recall is not None
    assert manifest.recall >= vector_building.FLOOR
    assert manifest.recall_measured_with.endswith("sentences of the articles")
    assert "vectors/1.coarse" in manifest.files
    assert "3 March 2022" in quoted(large, BRIDGE)
    assert "3 March 2022" in quoted(large, BRIDGE, Filters(publisher="Quay"))
    assert "eleven tonnes" in quoted(large, HONEY)


def test_updates_of_a_large_index(large: Project, embedder: OnnxEmbedder) -> None:
    """Additions and removals link what stays; what has left is found no more, what came is."""
    large.index(embedder)
    before = open_current(large.embeddings)
    (large.sources / "bees.md").unlink()
    large.write("well.md", "# A well\n\nThe well at Ansel is 71 metres deep.\n")
    large.index(embedder)
    after = open_current(large.embeddings)
    assert after.manifest.lexical_gone == len(before.vectors) - len(after.vectors) + 1
    linked = [
        name
        for name in before.manifest.files
        if name in after.manifest.files and (before.folder / name).samefile(after.folder / name)
    ]
    assert "vectors/1.coarse" in linked
    assert any(name.startswith("lexical/") for name in linked)
    after.check_digests()
    assert len(after.lexical) == len(after.vectors) == after.manifest.paragraphs
    ids, _ = after.lexical.search(after.lexical.weights(HONEY), 50)
    assert ids.tolist() == [i for i in ids.tolist() if i in after.store.paragraphs([i])]
    assert "71 metres" in quoted(large, "How deep is the well at Ansel?")
    assert "3 March 2022" in quoted(large, BRIDGE)
    before.check_digests()


def test_lexical_index_is_written_anew_once_many_are_gone(
    large: Project, embedder: OnnxEmbedder
) -> None:
    """Gone paragraphs stay in the statistics only until they are many."""
    large.index(embedder)
    for name in ("bees.md", "copy.md"):
        (large.sources / name).unlink()
        large.index(embedder)
    gone = open_current(large.embeddings).manifest.lexical_gone
    (large.sources / "norrin.txt").unlink()
    large.index(embedder)
    assert gone > 0
    assert open_current(large.embeddings).manifest.lexical_gone == 0


def test_interrupted_first_indexing_goes_on(large: Project, embedder: OnnxEmbedder) -> None:
    """What was embedded before an interruption is not embedded again, and no index is left over."""

    def interrupt(stage: str, done: int, _: int) -> None:
        if stage == "Embedding" and done > 32:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        large.index(embedder, progress=interrupt)
    assert list((large.embeddings / GENERATIONS).iterdir()) == []
    summary = large.index(embedder)
    assert 0 < summary.embedded <= summary.paragraphs - 32


def test_recall_is_measured_with_what_was_asked(
    large: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once enough was asked in chat, that is what the recall is measured with."""
    monkeypatch.setattr(vector_change, "_LEAST_ASKED", 3)
    large.embeddings.mkdir(exist_ok=True)
    asked = ["/help", BRIDGE, HONEY, "Who sold the tram?", BRIDGE]
    text = "".join(f"\n# 2026-01-01 10:00:00\n+{line}\n" for line in asked)
    large.config.history_file.write_text(text, "utf-8")
    assert asked_before(large.config.history_file) == [BRIDGE, "Who sold the tram?", HONEY]
    large.index(embedder)
    manifest = open_current(large.embeddings).manifest
    assert manifest.recall_measured_with == "3 questions asked in chat"


def test_tier_can_be_changed(large: Project, embedder: OnnxEmbedder) -> None:
    """With another setting the next build keeps the vectors otherwise, and embeds nothing again."""
    large.index(embedder)
    compressed = open_current(large.embeddings).vectors
    (large.folder / "config.toml").write_text('[index]\nvectors = "exact"\n', "utf-8")
    large.write("well.md", "# A well\n\nThe well at Ansel is 71 metres deep.\n")
    assert large.index(embedder).embedded == 1
    exact = open_current(large.embeddings).vectors
    assert compressed.recall is not None
    assert exact.recall is None
    ids = compressed.segments[0].live()
    assert np.allclose(compressed.stored(ids), exact.stored(ids), atol=0.01)
