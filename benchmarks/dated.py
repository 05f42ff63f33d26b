"""Measure answers for a span of time, and timelines, on sets in JSON Lines.

    python -m benchmarks.dated periods FILE.jsonl.gz … [--most 60]
    python -m benchmarks.dated timelines FILE.jsonl.gz [--most 76]
    python -m benchmarks.dated stories

periods: {question, document: {title, text}, answers, answerable}; timelines: {document: {title,
text}, series: [{question, period, answers}]}. stories: the 15 invented articles in
``benchmarks/stories`` that change what they say, and the questions beside them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sourcebot
from benchmarks.claim_sets import asked, indexed, rows, stands
from sourcebot.text.dates import parse_bound
from sourcebot.text.event_dates import event_dates
from sourcebot.text.periods import Period, without_periods
from sourcebot.text.sentences import split_sentences
from sourcebot.types import Answer, Relation, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


STORIES = Path(__file__).parent / "stories"


def measure_periods(paths: Sequence[Path], most: int) -> None:
    """Print how many questions about a span of time are answered rightly, and refused."""
    for path in paths:
        counts: dict[bool, list[tuple[bool, bool]]] = defaultdict(list)
        for row in rows(path, most):
            reply = asked(row, [row["document"]])
            answered = isinstance(reply, Answer)
            quote = reply.quotes[0].text if isinstance(reply, Answer) else ""
            hit = any(stands(quote, answer) for answer in row["answers"])
            counts[row["answerable"]].append((answered, hit))
        for answerable, results in sorted(counts.items()):
            refused = sum(not answered for answered, _ in results)
            hits = sum(hit for _, hit in results)
            kind = "answerable" if answerable else "not answerable"
            print(f"{path.name}: {kind} {len(results)}, right {hits}, refused {refused}")


def days_of(period: Sequence[str]) -> Period:
    """Return the days from the first to the last year or month of an annotated period."""
    return Period(parse_bound(period[0], last=False), parse_bound(period[1], last=True))


def measure_timelines(path: Path, most: int) -> None:
    """Print how many dated values are listed with their date, by question and by title.

    A value is dated when a sentence with a year in its period holds it. Among the entries that hold
    a value, the date is right when one that is stated lies in the value's period.
    """
    for kind in ("question", "title"):
        known = dated = found = shown = holding = right = 0
        for row in rows(path, most):
            series = [(days_of(v["period"]), v["answers"]) for v in row["series"]]
            topic = without_periods(row["series"][0]["question"])
            topic = topic if kind == "question" else row["document"]["title"]
            with indexed([row["document"]]) as project:
                timeline = project.timeline(topic)
            listed = [
                (e.quote.text, [Period(d.start, d.end) for d in e.dates]) for e in timeline.entries
            ]
            text = row["document"]["text"]
            stated = [
                (s.of(text), [Period(d.start, d.end) for d in event_dates(s.of(text))])
                for s in split_sentences(text, Span(0, len(text)))
            ]
            for period, answers in series:
                known += 1
                if _is_among(period, answers, stated):
                    dated += 1
                    found += _is_among(period, answers, listed)
            for words, dates in listed:
                held = [p for p, answers in series if any(stands(words, a) for a in answers)]
                shown += 1
                holding += bool(held)
                right += any(p.overlaps(d) for p in held for d in dates)
        print(
            f"{kind}: of {known} values the articles date {dated}; listed {found}"
            f" ({found / max(1, dated):.3f}); {shown} entries, {holding} with a value,"
            f" of these {right} in its period ({right / max(1, holding):.3f})"
        )


def _is_among(
    period: Period, answers: Sequence[str], said: Sequence[tuple[str, Sequence[Period]]]
) -> bool:
    return any(
        any(stands(words, a) for a in answers) and any(period.overlaps(d) for d in dates)
        for words, dates in said
    )


def measure_stories() -> None:
    """Print how the questions about articles that change their story fare, by kind."""
    questions = [
        json.loads(line) for line in (STORIES / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    right: Counter[str] = Counter()
    asked_of = Counter(question["kind"] for question in questions)
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(STORIES / "articles", Path(name) / "sources")
        (Path(name) / "config.toml").write_text("", "utf-8")
        with sourcebot.open_project(name) as project:
            for question in questions:
                if _is_right(project, question):
                    right[question["kind"]] += 1
                else:
                    print("wrong:", json.dumps(question, ensure_ascii=False))
    for kind, count in asked_of.items():
        print(f"{kind}: {right[kind]} of {count}")


def _is_right(project: sourcebot.Project, question: dict[str, Any]) -> bool:
    """Return whether a reply is as annotated.

    as_of: the first quote has a gold value, or there is a refusal where there is none. later,
    contradicted: the panel has the values and that relation. one_value: the first quote has it, and
    there is no panel. timeline: all dates are listed.
    """
    if question["kind"] == "timeline":
        entries = project.timeline(question["topic"]).entries
        return {date.code for e in entries for date in e.dates} >= set(question["codes"])
    day = question.get("as_of")
    reply = project.ask(
        question["question"], sourcebot.Filters(as_of=dt.date.fromisoformat(day) if day else None)
    )
    if question["kind"] in {"as_of", "one_value"}:
        if not isinstance(reply, Answer):
            return not question["gold"]
        holds = any(value in reply.quotes[0].text for value in question["gold"])
        return holds and (question["kind"] == "as_of" or reply.conflict is None)
    if not isinstance(reply, Answer) or reply.conflict is None:
        return False
    texts = [quote.text for group in reply.conflict.groups for quote in group.quotes]
    wanted = {"later": Relation.LATER, "contradicted": Relation.CONTRADICTION}
    return reply.conflict.relation is wanted[question["kind"]] and all(
        any(value in text for text in texts) for value in question["values"]
    )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dated", description=__doc__)
    parser.add_argument("what", choices=["periods", "timelines", "stories"])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--most", type=int, default=100)
    options = parser.parse_args()
    if options.what == "stories":
        measure_stories()
    elif options.what == "timelines":
        measure_timelines(options.paths[0], options.most)
    else:
        measure_periods(options.paths, options.most)


if __name__ == "__main__":
    main()
