"""What measuring on sets of claims, values and dates has in common."""

from __future__ import annotations

import gzip
import json
import random
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sourcebot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcebot.types import Reply

SEED = 2


def rows(path: Path, most: int) -> list[dict[str, Any]]:
    """Return a seeded sample of the records of a set."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    random.Random(SEED).shuffle(read)
    return read[:most]


@contextmanager
def indexed(documents: Iterable[dict[str, Any]]) -> Iterator[sourcebot.Project]:
    """Give a project of which only the given documents are indexed."""
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name), documents)
        with sourcebot.open_project(name) as project:
            yield project


def lay_out(folder: Path, documents: Iterable[dict[str, Any]]) -> None:
    """Make a folder a project that has the given documents as articles."""
    (folder / "sources").mkdir()
    (folder / "config.toml").write_text("", "utf-8")
    for number, document in enumerate(documents):
        title = (document.get("title") or f"Document {number}").replace('"', "'")
        text = f'---\ntitle: "{title}"\n---\n\n{document["text"]}\n'
        (folder / "sources" / f"{number}.md").write_text(text, "utf-8")


def asked(row: dict[str, Any], documents: Iterable[dict[str, Any]]) -> Reply:
    """Return the reply to a question of which only the given documents are indexed."""
    with indexed(documents) as project:
        return project.ask(row["question"])


def stands(text: str, value: str) -> bool:
    """Return whether a value stands in a text as whole words."""
    folded, wanted = (" ".join(re.findall(r"\w+", t.lower())) for t in (text, value))
    return f" {wanted} " in f" {folded} "
