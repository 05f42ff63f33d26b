"""Damaged files are named and never quoted: a seeded sample of what benchmarks/reliability.py runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ANSWERED, ARTICLES, BRIDGE, OFF_TOPIC

from sourcebot.errors import IndexCorrupt
from sourcebot.index.embedded import generation
from sourcebot.index.vector_cache import VectorCache
from trials import damage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

pytestmark = pytest.mark.slow


def test_random_damage(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """Whatever is flipped or cut, the file is named, or every quote is verbatim; then it is mended."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    results = damage.run_cases(
        project.folder, [ANSWERED, OFF_TOPIC], damage.cases(36, seed=6, repair_every=12)
    )
    assert damage.bad(results) == []
    assert sum(result.outcome == damage.DETECTED for result in results) >= 20


def test_hits_that_are_no_paragraphs(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """Zeros in the list of paragraph numbers, written while the index is open, are told as damage."""
    project = make_project(tmp_path / "project", {"bridge.md": BRIDGE})
    project.index(embedder)
    opened = generation.open_current(project.embeddings)
    (path,) = (opened.folder / "lexical").glob("*.fast")
    with path.open("r+b") as stream:
        stream.write(bytes(path.stat().st_size))
    with pytest.raises(IndexCorrupt, match="lexical"):
        opened.lexical.search(["bridg"], 10)


def test_a_row_is_held_against_its_checksum(project: Project, embedder: OnnxEmbedder) -> None:
    """A word changed in the database while it is open is never quoted."""
    project.index(embedder)
    service = project.service()
    path = generation.open_current(project.embeddings).folder / generation.ARTICLES
    data = path.read_bytes()
    with path.open("r+b") as stream:
        stream.write(data.replace(b"3 March 2022", b"5 March 2022"))
    with pytest.raises(IndexCorrupt, match=r"articles\.sqlite is damaged: paragraph"):
        service.ask(ANSWERED)


def test_a_file_cut_while_it_is_open(project: Project, embedder: OnnxEmbedder) -> None:
    """A mapped file that is cut is noticed before it is read beyond its end."""
    project.index(embedder)
    service = project.service()
    folder = generation.open_current(project.embeddings).folder
    with (folder / generation.VECTORS / "1.exact").open("r+b") as stream:
        stream.truncate(100)
    with pytest.raises(IndexCorrupt, match=r"1\.exact is damaged: 100 bytes"):
        service.ask(ANSWERED)


def test_damaged_vector_in_the_cache(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    """A vector whose bytes have changed is missing, so it is embedded again, and others are kept."""
    vectors = embedder.embed_paragraphs(list(ARTICLES))
    keys = [bytes([number] * 16) for number in range(len(vectors))]
    path = tmp_path / "vectors.sqlite"
    with VectorCache(path) as cache:
        cache.add(keys, vectors)
    data = path.read_bytes()
    stored = vectors[1].astype(np.float16).tobytes()
    path.write_bytes(data.replace(stored, bytes([stored[0] ^ 1]) + stored[1:]))
    with VectorCache(path) as cache:
        assert cache.missing(keys) == {keys[1]}
        cache.add([keys[1]], vectors[1:2])
        assert cache.missing(keys) == set()
        assert np.array_equal(cache.get(keys, 384), vectors.astype(np.float16))


def test_cache_of_another_layout_is_made_anew(tmp_path: Path) -> None:
    """A cache whose table has lost a column is made anew instead of failing for ever."""
    import sqlite3

    path = tmp_path / "vectors.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE vectors (other BLOB)")
    connection.close()
    with VectorCache(path) as cache:
        assert cache.missing([b"k" * 16]) == {b"k" * 16}
