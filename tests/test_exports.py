"""What programs may import: a list, loaded late."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sourcebot
from sourcebot import errors

PUBLIC = {
    "Abstention",
    "Answer",
    "Filters",
    "Project",
    "Quote",
    "Reply",
    "Source",
    "open_project",
}


def test_the_public_names_are_a_list() -> None:
    """What is exported is what is written here, and every error."""
    known = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.SourcebotError)
    }
    assert set(sourcebot.__all__) == PUBLIC | known
    assert sourcebot.__all__ == sorted(sourcebot.__all__)
    for name in sourcebot.__all__:
        assert getattr(sourcebot, name) is not None


def test_an_unknown_name_is_refused() -> None:
    """A misspelt name is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="open_projekt"):
        _ = sourcebot.open_projekt


def test_the_import_is_light() -> None:
    """Importing the package loads nothing else of it, and no library; a project no model."""
    program = (
        "import sys, sourcebot\n"
        "print(sorted(m for m in sys.modules if m.startswith('sourcebot')))\n"
        "print('numpy' in sys.modules, 'typing' in sys.modules)\n"
        "sourcebot.open_project('.')\n"
        "heavy = {'numpy', 'faiss', 'onnxruntime', 'tantivy', 'tokenizers', 'rich', 'discord'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    first, numpy, heavy = ran.stdout.splitlines()
    assert first == "['sourcebot']"
    assert numpy.startswith("False")
    assert heavy == "[]"
