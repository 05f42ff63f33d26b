"""Which articles a filter lets be quoted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_values import source_of

from sourcebot.types import Filters

PARTS = st.text("ab.é ", min_size=1, max_size=4).filter(lambda part: part.strip(". "))


@given(st.lists(PARTS, min_size=1, max_size=3))
def test_windows_writes_folders_otherwise(parts: list[str]) -> None:
    """A path is found as Windows writes it, and as the index does."""
    path = PureWindowsPath(*parts)
    source = source_of(path.as_posix(), title="-")
    assert Filters(source=str(path)).allow(source)
    assert Filters(source=path.as_posix()).allow(source)


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        ("north\\*.md", True),
        ("NORTH\\BRIDGE.MD", True),
        ("south\\*.md", False),
        ("C:\\sources\\north\\bridge.md", False),
        ("a\\b", True),
    ],
)
def test_backslashes(pattern: str, allowed: bool) -> None:
    """They part folders, and stand for themselves in a title."""
    source = replace(source_of("north/bridge.md"), title="From a\\b to c")
    assert Filters(source=pattern).allow(source) is allowed
