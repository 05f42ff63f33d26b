"""Names of articles can be files' names on every system."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.adding.naming import safe_part, slug

DEVICES = st.sampled_from(
    ["con", "PRN", "aux", "Nul", "com1", "LPT9", "com¹", "lpt³", "CONIN$", "conout$", "COM0"]
)
ENDINGS = st.sampled_from(["", ".", ".txt", " .md", "  .a.b", ":stream", "\\", " ", "x"])
ROOTS = st.sampled_from(["", "C:", "c:\\", "\\\\server\\share\\", "..\\", "/", "//?/"])


@given(st.text(max_size=200) | st.tuples(ROOTS, DEVICES, ENDINGS).map("".join))
def test_windows_takes_the_name(text: str) -> None:
    """Whatever is added: one part of a path, no device, no drive, nothing that Windows cuts off."""
    for name in (safe_part(text), slug(text)):
        path = PureWindowsPath(name)
        assert path.parts == (name,)
        assert not path.is_reserved()
        assert not path.drive
        assert name == name.rstrip(". ")
        assert 0 < len(name.encode()) <= 101


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("con", "con_"),
        ("CON.txt", "CON_.txt"),
        ("com¹ .txt", "com¹_.txt"),
        ("console.txt", "console.txt"),
        ("C:\\clippings\\a.txt", "C-clippings-a.txt"),
        ("...", "untitled"),
    ],
)
def test_names(text: str, name: str) -> None:
    """A device's name gets an underscore before its ending; what is forbidden a hyphen."""
    assert safe_part(text) == name
