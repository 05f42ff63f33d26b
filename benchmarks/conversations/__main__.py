"""Follow-up questions, measured: ``python -m benchmarks.conversations [SET …]``.

Each line of a set is a conversation over the articles beside it. A turn gives the question, its
kind, the question written out in full, strings of which the first quote must hold one (none: it is
to be refused or asked back about), and the articles on its subject. Printed for each kind: how many
replies are right, refused, wrong, and wrong with a first quote about another subject; and how many
are right when written out in full, which is what can be had. ``--as-asked`` asks each turn alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.answering.opening import open_service
from sourcebot.config.loading import load_config
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.answering.service import Service
    from sourcebot.types import Reply

HERE = Path(__file__).parent
ENGLISH = ["first", "later", "third", "fourth", "fifth", "sixth", "seventh"]
VERDICTS = ("right", "refused", "wrong", "other subject")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with what is expected."""

    kind: str
    question: str
    full: str
    answers: tuple[str, ...]
    about: tuple[str, ...]

    def verdict(self, reply: Reply) -> str:
        """Return which of ``VERDICTS`` a reply deserves."""
        if not isinstance(reply, Answer):
            return "refused" if self.answers else "right"
        first = reply.quotes[0]
        if any(answer in first.text for answer in self.answers):
            return "right"
        return "wrong" if first.source.path in self.about else "other subject"


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn with the reply that it got in its conversation, and the one written out in full."""

    turn: Turn
    reply: Reply
    full: Reply


def read_set(path: Path) -> list[list[Turn]]:
    """Return the conversations of a set, each a list of its turns."""
    return [
        [
            Turn(t["kind"], t["question"], t["full"], tuple(t["answers"]), tuple(t["about"]))
            for t in json.loads(line)
        ]
        for line in path.read_text("utf-8").splitlines()
    ]


def ask_all(
    service: Service, conversations: Sequence[Sequence[Turn]], *, alone: bool = False
) -> Iterator[Asked]:
    """Ask every turn after those before it, or ``alone``, and written out in full."""
    for turns in conversations:
        before: list[Reply] = []
        for turn in turns:
            reply = service.ask(turn.question, Filters(), None if alone else before)
            before.append(reply)
            yield Asked(turn, reply, service.ask(turn.full))


def table(asked: Sequence[Asked]) -> str:
    """Return the counts for each kind as a Markdown table; openers stand apart from the sum."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in asked:
        kinds = [one.turn.kind] if one.turn.kind == "opener" else [one.turn.kind, "all follow-ups"]
        for kind in kinds:
            counts[kind][one.turn.verdict(one.reply)] += 1
            counts[kind]["in full: right"] += one.turn.verdict(one.full) == "right"
    columns = (*VERDICTS, "in full: right")
    lines = [f"| kind | of | {' | '.join(columns)} |", "|---|" + "---|" * (len(columns) + 1)]
    for kind in sorted(counts, key=lambda k: (k == "all follow-ups", k)):
        row = counts[kind]
        total = sum(row[v] for v in VERDICTS)
        cells = " | ".join(f"{row[c]} ({row[c] / total:.0%})" for c in columns)
        lines.append(f"| {kind} | {total} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Index the articles in a folder of their own, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=ENGLISH)
    parser.add_argument("--as-asked", action="store_true", help="ask each turn alone")
    parser.add_argument("--show", action="store_true", help="print every reply that is not right")
    parser.add_argument("--multilingual", action="store_true", help="the models of all languages")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(HERE / "articles", Path(folder) / "sources")
        if options.multilingual:
            settings = '[language]\nmodels = "multilingual"\n'
            (Path(folder) / "config.toml").write_text(settings, "utf-8")
        service = open_service(load_config(Path(folder)), print, lambda *_: None)
        for name in options.sets:
            conversations = read_set(HERE / f"{name}.jsonl")
            asked = list(ask_all(service, conversations, alone=options.as_asked))
            print(f"\n{name}\n\n{table(asked)}")
            if options.show:
                _show(asked)


def _show(asked: Sequence[Asked]) -> None:
    for one in asked:
        verdict = one.turn.verdict(one.reply)
        if verdict == "right":
            continue
        quotes = one.reply.quotes if isinstance(one.reply, Answer) else one.reply.nearest
        first = " ".join(quotes[0].text.split())[:90] if quotes else ""
        meant = one.reply.meant or "as asked"
        print(f"{verdict}: {one.turn.question} ({meant}) | {first}")


if __name__ == "__main__":
    main()
