"""Outcomes of an evaluation -> how many there are of each kind and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcebot.checks.evaluation import Outcome


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Return for each kind of question how many there are, are answered rightly, and are refused.

    ``right`` counts answers whose first quote is accepted, and refusals of what must be refused.
    """
    return _counted((outcome.case.kind, outcome) for outcome in outcomes)


def by_language(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Return the same for each language; nothing where all questions are about English in English.

    A question that has no right article counts for its own language.
    """
    return _counted((outcome.language, outcome) for outcome in outcomes)


def _counted(named: Iterable[tuple[str, Outcome]]) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for name, outcome in named:
        if name:
            counts = counted.setdefault(name, {"questions": 0, "right": 0, "refused": 0})
            counts["questions"] += 1
            counts["right"] += (
                outcome.answered and outcome.right
                if outcome.case.answerable
                else not outcome.answered
            )
            counts["refused"] += not outcome.answered
    return dict(sorted(counted.items()))
