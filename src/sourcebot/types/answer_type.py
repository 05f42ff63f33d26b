"""The kinds of fact that a question may ask for."""

from __future__ import annotations

from enum import StrEnum


class AnswerType(StrEnum):
    """The kind of fact that a question asks for; the value is a code that programs may keep."""

    DATE = "date"
    NUMBER = "number"
    SUM = "sum"
    NAME = "name"
    PLACE = "place"
    REASON = "reason"
    OTHER = ""
