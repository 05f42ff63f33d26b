"""What verifying found -> a terminal or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.frontends.cli.styles import FAINT, NOTICE
from sourcebot.render.as_json import harmless
from sourcebot.text.display import counted, one_line
from sourcebot.types import CHANGED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from sourcebot.types import Checked, Proof

_STYLES = {Verdict.PROVEN: "green", Verdict.FALSE: "bold red"}


def print_proof(console: Console, proof: Proof) -> None:
    """Show how much of the index is proven, and what is not."""
    console.print(
        Text(
            f"{counted(proof.sentences, 'sentence')} of {counted(proof.articles, 'article')} "
            "stand in the sources at their offsets.",
            style="bold",
        )
    )
    print_checked(console, proof.checked)
    if any(checked.verdict in CHANGED for checked in proof.checked):
        console.print(Text("Run `sourcebot index` to take in what has changed.", style=NOTICE))


def print_checked(console: Console, checked: Iterable[Checked]) -> None:
    """Show a line for each article or quote with its verdict."""
    for item in checked:
        line = Text(item.verdict.value, style=_STYLES.get(item.verdict, NOTICE))
        line.append(f"  {one_line(item.file)}", style=FAINT)
        if item.detail or item.text:
            line.append(f": {one_line(item.detail or item.text)}", style="")
        console.print(line, soft_wrap=True)


def proof_to_json(proof: Proof) -> str:
    """Return a proof as indented JSON."""
    return _json(
        {
            "articles": proof.articles,
            "sentences": proof.sentences,
            "not_proven": [_plain(item) for item in proof.checked],
        }
    )


def checked_to_json(question: str, checked: Iterable[Checked]) -> str:
    """Return the verdicts on an answer as indented JSON."""
    return _json({"question": question, "quotes": [_plain(item) for item in checked]})


def _plain(item: Checked) -> dict[str, str]:
    return {
        "file": item.file,
        "verdict": item.verdict.value,
        "text": item.text,
        "detail": item.detail,
    }


def _json(data: object) -> str:
    return harmless(json.dumps(data, ensure_ascii=False, indent=2))
