"""The kinds of fact that a question may ask for."""

from __future__ import annotations

from enum import StrEnum


class AnswerType(StrEnum):
    """The kind of fact that a question asks for; the value is what a refusal calls it."""

    DATE = "a date or time"
    NUMBER = "a number"
    SUM = "a sum of money"
    NAME = "a name"
    PLACE = "a place"
    REASON = "a reason"
    OTHER = ""
