"""The examples of docs/python.md run as they stand."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sourcebot

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Project

PAGE = Path(__file__).parents[1] / "docs" / "python.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def archive(make_project: Callable[..., Project], tmp_path: Path) -> Path:
    """The folder that the examples name, and a clipping beside it."""
    make_project(tmp_path / "my-archive")
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "clock.txt").write_text(
        "The town clock of Ysby was set in motion on Monday by its maker, Elin Roth.\n\n"
        "It is the third clock on the tower; the first was melted down for a bell in 1790.\n",
        "utf-8",
    )
    return tmp_path


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples(archive: Path, number: int) -> None:
    """Each example runs in an empty namespace, where it finds the project it names."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(EXAMPLES[number], f"{PAGE.name}, example {number + 1}", "exec"), {})


def test_every_method_is_named() -> None:
    """What the class offers, the page lists."""
    methods = {name for name in vars(sourcebot.Project) if not name.startswith("_")}
    methods |= {n for b in sourcebot.Project.__mro__[1:-1] for n in vars(b) if n[0] != "_"}
    page = PAGE.read_text("utf-8")
    unnamed = {name for name in methods if f"`{name}" not in page and f".{name}" not in page}
    assert unnamed <= {"prepare", "require_sources", "setup_sql", "viewing", "waiting"}


def test_every_public_name_is_explained() -> None:
    """What a program may import, the page names outside its examples."""
    page = re.sub(r"```python\n.*?```", "", PAGE.read_text("utf-8"), flags=re.DOTALL)
    assert [n for n in sourcebot.__all__ if not re.search(rf"`[^`]*\b{n}\b[^`]*`", page)] == []
