"""The vector cache: it forgets what nobody uses, once that is most of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcebot.vector_cache import VectorCache


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
