"""The vector cache: it forgets what nobody uses, and damage costs no more than embedding again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ANSWERED, Project
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sourcebot.errors import CacheDamaged
from sourcebot.index import vector_cache
from sourcebot.index.open import build_index
from sourcebot.index.vector_cache import VectorCache
from sourcebot.types import Answer

if TYPE_CHECKING:
    from sourcebot.embedding.embedder import OnnxEmbedder


@settings(max_examples=25, deadline=None)
@given(
    held=st.integers(0, 4000),
    used=st.integers(0, 1500),
    dimension=st.sampled_from([8, 384, 1024]),
)
def test_trim_keeps_all_that_is_used_and_at_most_as_much_again(
    held: int, used: int, dimension: int
) -> None:
    """Whatever the sizes: nothing in use is lost, and what is not goes once it is the larger part."""
    used = min(used, held)
    order = np.random.default_rng(held).permutation(held)
    keys = [int(number).to_bytes(16, "big") for number in order]
    vectors = np.ones((held, dimension), np.float32)
    with TemporaryDirectory() as folder, VectorCache(Path(folder, "vectors.sqlite")) as cache:
        cache.add(keys, vectors)
        cache.trim(used, lambda: set(keys[:used]))
        assert not cache.missing(keys[:used])
        left = held - len(cache.missing(keys))
        assert left == (used if held > 2 * used + 1000 else held)


@settings(max_examples=60, deadline=None)
@example(damage=[(0.19027451219376773, b"\x00\x00\x00\x00")], checked=0)  # a key not found again
@example(damage=[(0.1875, b"\x00\x00")], checked=0)  # a vector that is NULL
@given(
    damage=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=64)), min_size=1),
    checked=st.sampled_from([0, vector_cache._CHECKED_AT_OPENING]),
)
def test_damage_is_noticed_before_it_does_harm(
    damage: list[tuple[float, bytes]], checked: int
) -> None:
    """A cache too large to be read through: each vector is right, missing, or all is made anew."""
    keys = [number.to_bytes(16, "big") for number in range(300)]
    vectors = np.random.default_rng(1).standard_normal((300, 64)).astype(np.float16)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_cache, "_CHECKED_AT_OPENING", checked)
        path = Path(folder, "vectors.sqlite")
        with VectorCache(path) as cache:
            cache.add(keys, vectors.astype(np.float32))
        data = bytearray(path.read_bytes())
        for place, garbage in damage:
            start = int(place * (len(data) - 1))
            data[start : start + len(garbage)] = garbage[: len(data) - start]
        path.write_bytes(data)
        with VectorCache(path) as cache:
            try:
                missing = cache.missing(keys)
                held = [number for number, key in enumerate(keys) if key not in missing]
                found = cache.get([keys[number] for number in held], 64)
                assert np.array_equal(found, vectors[held].astype(np.float32))
                cache.add(keys, vectors.astype(np.float32))
                cache.get(keys, 64)
            except CacheDamaged:
                cache.add(keys, vectors.astype(np.float32))
            assert np.array_equal(cache.get(keys, 64), vectors.astype(np.float32))


def test_indexing_goes_on_without_a_damaged_cache(
    project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Damage that shows only while indexing is mended by the same run."""
    monkeypatch.setattr(vector_cache, "_CHECKED_AT_OPENING", 0)
    project.index(embedder)
    path = project.embeddings / "vectors.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    project.write("n.md", "# Note\n\nA note of the day.\n")
    summary = build_index(project.config, embedder)
    assert (summary.added, summary.embedded) == (("n.md",), 1)
    assert isinstance(project.service().ask(ANSWERED), Answer)
