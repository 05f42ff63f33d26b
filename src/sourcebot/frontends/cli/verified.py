"""What verifying found -> a terminal or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcebot.frontends.cli.commands.options import tell_changes
from sourcebot.frontends.cli.styles import FAINT, NOTICE
from sourcebot.render.as_json import harmless
from sourcebot.text.display import counted, one_line
from sourcebot.types import CHANGED, Verdict
from sourcebot.types.comparison import WRONG, Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from sourcebot.types import Checked, Proof
    from sourcebot.types.comparison import Compared, Comparison

_STYLES = {Verdict.PROVEN: "green", Verdict.FALSE: "bold red"}


def print_proof(console: Console, proof: Proof, advice: tuple[str, str]) -> None:
    """Show how much of the index is proven, what is not, and what to do about the sources."""
    console.print(
        Text(
            f"{counted(proof.sentences, 'sentence')} of {counted(proof.articles, 'article')} "
            "stand in the sources at their offsets.",
            style="bold",
        )
    )
    print_checked(console, proof.checked)
    if proof.compared:
        _print_comparison(console, proof.compared)
    if any(checked.verdict in CHANGED for checked in proof.checked):
        tell_changes(console, advice)


def print_checked(console: Console, checked: Iterable[Checked]) -> None:
    """Show a line for each article or quote with its verdict."""
    for item in checked:
        line = Text(item.verdict.value, style=_STYLES.get(item.verdict, NOTICE))
        line.append(f"  {one_line(item.file)}", style=FAINT)
        if item.detail or item.text:
            line.append(f": {one_line(item.detail or item.text)}", style="")
        console.print(line, soft_wrap=True)
        if item.compared:
            _print_compared(console, item.compared)


def _print_comparison(console: Console, comparison: Comparison) -> None:
    """Show how much stands in the originals, what does not, and how much could not be compared."""
    console.print(
        Text(
            f"{counted(comparison.sentences, 'sentence')} of "
            f"{counted(comparison.articles, 'article')} stand in the originals that were added.",
            style="bold",
        )
    )
    for item in comparison.compared:
        if item.found is not Found.NOT_KEPT:
            _print_compared(console, item)
    if count := sum(item.found is Found.NOT_KEPT for item in comparison.compared):
        console.print(Text(f"No original is kept of {counted(count, 'article')}.", style="yellow"))


def _print_compared(console: Console, item: Compared) -> None:
    """Show what became of a sentence in its original; words that differ follow one another."""
    style = "bold red" if item.found in WRONG else "yellow"
    line = Text(item.found.value, style="green" if item.found is Found.VERBATIM else style)
    line.append(f"  {one_line(item.file)}", style="cyan")
    if item.detail or item.text:
        line.append(f": {one_line(item.detail or item.text)}", style="")
    for edit in item.edits:
        line.append(
            f"\n    here “{one_line(edit.quoted)}”, in the original “{one_line(edit.original)}”",
            style="",
        )
    console.print(line, soft_wrap=True)


def proof_to_json(proof: Proof) -> str:
    """Return a proof as indented JSON."""
    return _json(
        {
            "articles": proof.articles,
            "sentences": proof.sentences,
            "not_proven": [_plain(item) for item in proof.checked],
            **({"originals": _compared(proof.compared)} if proof.compared else {}),
        }
    )


def checked_to_json(question: str, checked: Iterable[Checked]) -> str:
    """Return the verdicts on an answer as indented JSON."""
    return _json({"question": question, "quotes": [_plain(item) for item in checked]})


def _plain(item: Checked) -> dict[str, Any]:
    return {
        "file": item.file,
        "verdict": item.verdict.value,
        "text": item.text,
        "detail": item.detail,
        **({"original": _plain_compared(item.compared)} if item.compared else {}),
    }


def _compared(comparison: Comparison) -> dict[str, Any]:
    return {
        "articles": comparison.articles,
        "sentences": comparison.sentences,
        "others": [_plain_compared(item) for item in comparison.compared],
    }


def _plain_compared(item: Compared) -> dict[str, Any]:
    return {
        "file": item.file,
        "found": item.found.value,
        "text": item.text,
        "detail": item.detail,
        "edits": [{"here": edit.quoted, "original": edit.original} for edit in item.edits],
    }


def _json(data: object) -> str:
    return harmless(json.dumps(data, ensure_ascii=False, indent=2))
