"""What is wrong with a question -> the name of the sentence that says so, in any language."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PROBLEMS = (
    (re.compile(r"(?:since|until|as[_-]of) (?P<value>.+) is not a date"), "not_a_date"),
    (re.compile(r"the question is empty"), "empty_question"),
    (re.compile(r"the question has [\d,]+ characters"), "long_question"),
    (re.compile(r"no article is left by the scope"), "scope_too_narrow"),
    (re.compile(r"no article has a \w+ like (?P<value>.+)"), "none_like"),
    (re.compile(r"no article is left by the filters"), "none_left"),
    (re.compile(r"this question is followed already: (?P<value>.+)"), "followed_already"),
)
"""The errors that people can cause by a question, by their message."""

_MEANT = re.compile(r"did you mean (?P<names>.+)\?")


@dataclass(frozen=True, slots=True)
class QuestionProblem:
    """What is wrong with a question.

    Attributes:
        name: of the sentence among the words of a front end.
        value: what cannot be used, or "".
        meant: what it may have been meant for, or "".
    """

    name: str
    value: str = ""
    meant: str = ""


def question_problem(message: str, hint: str) -> QuestionProblem | None:
    """Return what a QuestionError says, None when that is not a usual one."""
    for pattern, name in _PROBLEMS:
        if found := pattern.match(message):
            value = found.groupdict().get("value", "").strip("'\"")
            meant = _MEANT.match(hint)
            return QuestionProblem(name, value, meant["names"] if meant else "")
    return None
