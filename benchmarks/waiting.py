"""Measure questions that wait: what is noticed when their articles come, and what falsely.

    python -m benchmarks.waiting SET [--questions 40] [--articles 600]

SET holds `sources/` and `questions.jsonl` ({question, answers, sources}). The articles that answer
the chosen questions are withheld; the others are added in three parts: before the questions are
followed, then as near-misses alone, then with the withheld ones.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import sourcebot
from benchmarks.claim_sets import SEED, stands
from sourcebot.types import Answer
from sourcebot.types.waiting import Happened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types.waiting import Notice


def measure(folder: Path, questions: int, articles: int) -> None:
    """Print how many questions are noticed after one pass, and how many notices are false."""
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["answers"]]
    rng = random.Random(SEED)
    rng.shuffle(rows)
    chosen = {row["question"]: row for row in rows[:questions]}
    gold = {name for row in chosen.values() for name in row["sources"]}
    others = sorted({path.name for path in (folder / "sources").iterdir()} - gold)
    rng.shuffle(others)
    others = others[:articles]
    third = len(others) // 3
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "sources"
        target.mkdir()
        (Path(name) / "config.toml").write_text("", "utf-8")

        def come(names: Sequence[str]) -> None:
            for file in names:
                shutil.copy(folder / "sources" / file, target / file)
            project.index()

        with sourcebot.open_project(name) as project:
            come(others[:third])
            waiting = {q for q in chosen if not isinstance(project.follow(q)[1], Answer)}
            come(others[third : 2 * third])
            near = project.waiting.take()
            come([*others[2 * third :], *sorted(gold)])
            notices = [n for n in project.waiting.take() if n.happened is Happened.ANSWERED]
            project.index()
            again = project.waiting.take()
    answers = {q: row["answers"] for q, row in chosen.items()}
    right = {n.followed.question for n in notices if _is_right(n, answers)}
    false = len([n for n in (*near, *notices) if not _is_right(n, answers)])
    came = 2 * third + len(gold)
    print(f"{len(chosen)} questions, {len(waiting)} of them refused before their articles came")
    print(f"of these noticed rightly after one pass: {len(right & waiting)}")
    print(f"notices that are false: {false}; given before the withheld articles came: {len(near)}")
    print(f"articles that came: {came}; notices given a second time: {len(again)}")


def _is_right(notice: Notice, answers: dict[str, list[str]]) -> bool:
    reply = notice.reply
    return isinstance(reply, Answer) and any(
        stands(quote.text, value)
        for quote in reply.quotes
        for value in answers[notice.followed.question]
    )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.waiting", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--articles", type=int, default=600)
    options = parser.parse_args()
    measure(options.folder, options.questions, options.articles)


if __name__ == "__main__":
    main()
