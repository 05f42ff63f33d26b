"""The dense index: tiers, filters, removals and updates give what an exact search gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sourcebot.errors import IndexCorrupt
from sourcebot.index.embedded import vector_building
from sourcebot.index.embedded.vector_building import Change, Sample, write_vectors
from sourcebot.index.embedded.vectors import VectorIndex

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

DIMENSION = 32
NONE = np.empty(0, np.int64)


def some_vectors(count: int, seed: int = 0) -> Vectors:
    """Unit vectors around a few centres, as texts on a few subjects have them."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((20, DIMENSION))
    vectors = centres[rng.integers(20, size=count)] + rng.standard_normal((count, DIMENSION))
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def nearest(vectors: Vectors, ids: Ids, question: Vectors, k: int) -> list[int]:
    """The ids of the vectors nearest to a question, by comparing all."""
    found: list[int] = ids[np.argsort(-(vectors @ question), kind="stable")[:k]].tolist()
    return found


class Kept:
    """An index in a folder, and beside it what it must hold."""

    def __init__(self, folder: Path, tier: str, sample: Vectors | None = None) -> None:
        """Start with nothing."""
        self.folder, self.tier = folder, tier
        self.index: VectorIndex | None = None
        self.sample = some_vectors(50, seed=7) if sample is None else sample
        self.known = True
        self.ids, self.vectors, self.number = NONE, np.empty((0, DIMENSION), np.float32), 0

    def change(self, added: Vectors, removed: Ids = NONE) -> VectorIndex:
        """Build the next generation and open it."""
        known = dict(zip(self.ids.tolist(), self.vectors, strict=True))
        new = np.arange(len(added)) + self.number + 1
        self.number += len(added)
        change = Change(
            tier=self.tier,
            removed=removed,
            added=[(new[i : i + 70], added[i : i + 70]) for i in range(0, len(added), 70)],
            count=len(added),
            exact_vectors=lambda ids: (
                np.stack([known[i] for i in ids.tolist()]) if self.known else None
            ),
            sample=lambda: Sample(self.sample, "made vectors"),
        )
        target = self.folder / f"generation-{len(list(self.folder.iterdir()))}"
        write_vectors(self.index, target, DIMENSION, change)
        stays = ~np.isin(self.ids, removed)
        self.ids = np.concatenate((self.ids[stays], new))
        self.vectors = np.concatenate((self.vectors[stays], added))
        built = VectorIndex(target, DIMENSION)
        self.index = built
        return built


@pytest.fixture
def small_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thresholds low enough for a few thousand vectors to fill several segments."""
    monkeypatch.setattr(vector_building, "EXACT_UP_TO", 1500)
    monkeypatch.setattr(vector_building, "LARGEST", 1000)
    monkeypatch.setattr(vector_building, "SMALLEST", 300)


@pytest.mark.usefixtures("small_sizes")
@pytest.mark.parametrize("tier", ["exact", "compressed"])
def test_search_in_each_tier(tmp_path: Path, tier: str) -> None:
    """Each tier finds the nearest, with their cosines, as well as its recall says."""
    kept = Kept(tmp_path, tier)
    index = kept.change(some_vectors(2500))
    assert len(index) == 2500
    assert [s.coarse is not None for s in index.segments] == [tier == "compressed"] * 3
    shares = []
    for question in some_vectors(40, seed=3):
        ids, cosines = index.search(question, 10)
        assert (np.diff(cosines) <= 0).all()
        assert np.allclose(cosines, kept.vectors[ids - 1] @ question, atol=0.01)
        assert np.allclose(index.cosines(question, ids), cosines, atol=1e-6)
        shares.append(np.isin(nearest(kept.vectors, kept.ids, question, 10), ids).mean())
    assert np.mean(shares) >= (0.999 if tier == "exact" else 0.95)
    if tier == "exact":
        assert index.recall is None
        assert index.measured_with == ""
    else:
        assert index.recall is not None
        assert index.recall >= vector_building.FLOOR
        assert index.measured_with == "made vectors"


@pytest.mark.usefixtures("small_sizes")
@pytest.mark.parametrize("tier", ["exact", "compressed"])
@pytest.mark.parametrize("count", [0, 5, 2300])
def test_filters_in_each_tier(tmp_path: Path, tier: str, count: int) -> None:
    """A filter leaves only what it allows, few or many, and the nearest of those are found."""
    kept = Kept(tmp_path, tier)
    index = kept.change(some_vectors(2600), removed=NONE)
    allowed = np.sort(np.random.default_rng(1).permutation(kept.ids)[:count])
    for question in some_vectors(10, seed=5):
        ids, _ = index.search(question, 8, allowed)
        assert len(ids) == min(8, count)
        assert np.isin(ids, allowed).all()
        wanted = nearest(kept.vectors[allowed - 1], allowed, question, 4)
        assert np.isin(wanted, ids).all()


@pytest.mark.usefixtures("small_sizes")
def test_tier_follows_the_size(tmp_path: Path) -> None:
    """Auto is exact up to its threshold; an index that grows beyond is compressed as a whole."""
    kept = Kept(tmp_path, "auto")
    assert kept.change(some_vectors(1500)).recall is None
    index = kept.change(some_vectors(1, seed=1))
    assert index.recall is not None
    assert [s.coarse is not None for s in index.segments] == [True, True]
    kept.change(some_vectors(0), removed=kept.ids[:600])
    assert kept.index is not None
    assert kept.index.recall is not None
    kept.change(some_vectors(0), removed=kept.ids[:200])
    assert kept.index is not None
    assert kept.index.recall is None
    assert len(kept.index) == 701


@pytest.mark.usefixtures("small_sizes")
def test_what_would_be_harmed_stays_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment whose compressed form misses the floor is kept exact, with a remark, for good."""
    monkeypatch.setattr(vector_building, "FLOOR", 1.1)
    kept = Kept(tmp_path, "compressed")
    index = kept.change(some_vectors(900))
    assert all(s.coarse is None for s in index.segments)
    assert "900 vectors are kept exact" in index.remarks()[0]
    again = kept.change(some_vectors(3, seed=4))
    assert again.segments[0].name == index.segments[0].name
    assert again.recall is None


@pytest.mark.usefixtures("small_sizes")
def test_updates_link_what_stays(tmp_path: Path) -> None:
    """An update writes only the small rest; the large files are the same files as before."""
    kept = Kept(tmp_path, "compressed")
    first = some_vectors(2000)
    before = kept.change(first)
    after = kept.change(some_vectors(10, seed=2), removed=np.array([3, 1500]))
    for name in (name for segment in before.segments for name in segment.files):
        assert (before.folder / name).samefile(after.folder / name)
    assert len(after) == 2008
    assert len(after.segments[-1].ids) == 10
    assert len(before) == 2000
    with pytest.raises(IndexCorrupt):
        after.stored(np.array([3]))
    assert np.allclose(before.stored(np.array([3])), first[2:3], atol=0.02)


@pytest.mark.usefixtures("small_sizes")
def test_many_removals_are_compacted(tmp_path: Path) -> None:
    """A segment that has lost more than a tenth is written anew, without what is gone."""
    kept = Kept(tmp_path, "compressed")
    kept.change(some_vectors(2000))
    few = kept.change(some_vectors(0), removed=np.arange(1, 101))
    assert sum(int(s.gone.sum()) for s in few.segments) == 100
    many = kept.change(some_vectors(0), removed=np.arange(101, 202))
    assert sum(int(s.gone.sum()) for s in many.segments) == 0
    assert len(many) == 1799
    assert {s.coarse is not None for s in many.segments} == {True}


@pytest.mark.usefixtures("small_sizes")
def test_nothing_is_compressed_twice(tmp_path: Path) -> None:
    """Where what was embedded is no longer known, compressed segments stay, whatever has left them."""
    kept = Kept(tmp_path, "compressed")
    before = kept.change(some_vectors(2000))
    kept.known = False
    after = kept.change(some_vectors(0), removed=np.arange(1, 501))
    assert [s.name for s in after.segments] == [s.name for s in before.segments]
    assert len(after) == 1500
    for question in some_vectors(10, seed=5):
        ids, _ = after.search(question, 10)
        assert (ids > 500).all()
        assert len(ids) == 10


@pytest.mark.usefixtures("small_sizes")
def test_small_segments_are_joined(tmp_path: Path) -> None:
    """Many small segments become few, so that a question does not search ever more of them."""
    kept = Kept(tmp_path, "compressed")
    for seed in range(12):
        kept.change(some_vectors(310, seed=seed))
    assert kept.index is not None
    assert len(kept.index) == 12 * 310
    assert len(kept.index.segments) <= vector_building._MOST_SMALL + 1


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 700), st.floats(0, 1), st.integers(0, 9)), min_size=1, max_size=5
    ),
    tier=st.sampled_from(["auto", "exact", "compressed"]),
)
# A segment that took paragraphs from both sides of another one is taken apart with it.
@example(steps=[(700, 0.0, 0), (0, 0.125, 0), (0, 0.5, 0)], tier="auto")
def test_updates_end_where_they_should(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, float, int]],
    tier: str,
) -> None:
    """After any additions and removals the index holds exactly what it should, and finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector_building, "EXACT_UP_TO", 600)
        patch.setattr(vector_building, "LARGEST", 500)
        patch.setattr(vector_building, "SMALLEST", 200)
        kept = Kept(tmp_path_factory.mktemp("vectors"), tier)
        for added, share, seed in steps:
            rng = np.random.default_rng(seed)
            removed = np.sort(rng.permutation(kept.ids)[: int(share * len(kept.ids))])
            index = kept.change(some_vectors(added, seed), removed)
            assert len(index) == len(kept.ids)
            live = np.sort(np.concatenate([NONE, *(s.live() for s in index.segments)]))
            assert live.tolist() == kept.ids.tolist()
            assert np.allclose(index.stored(kept.ids), kept.vectors, atol=0.02)
            for question in kept.vectors[:3]:
                ids, cosines = index.search(question, 5)
                assert len(ids) == min(5, len(kept.ids))
                assert cosines[0] > 0.98


@pytest.mark.usefixtures("small_sizes")
@pytest.mark.parametrize("ending", ["ids", "fine", "coarse"])
def test_damaged_segment_is_told(tmp_path: Path, ending: str) -> None:
    """A file of a compressed segment that is cut, missing or another's is told when it is opened."""
    kept = Kept(tmp_path, "compressed")
    index = kept.change(some_vectors(1400))
    path = index.folder / f"1.{ending}"
    data = path.read_bytes()
    for damaged in (data[: len(data) // 2], (index.folder / f"2.{ending}").read_bytes(), b""):
        path.write_bytes(damaged)
        with pytest.raises(IndexCorrupt):
            VectorIndex(index.folder, DIMENSION)
    path.unlink()
    with pytest.raises(IndexCorrupt):
        VectorIndex(index.folder, DIMENSION)
