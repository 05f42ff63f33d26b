"""Lists -> CSV files that no spreadsheet executes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcebot.frontends.discord.records import Complaint, Gap

_FORMULA = ("=", "+", "-", "@")


def gaps_csv(gaps: Iterable[Gap]) -> str:
    """Return the unanswered questions, most asked first."""
    rows = ((g.question, g.times, g.people, g.waiting, _when(g.last), g.reason) for g in gaps)
    return _csv(("question", "times", "people", "waiting", "last asked", "reason"), rows)


def complaints_csv(complaints: Iterable[Complaint]) -> str:
    """Return the answers that were reported or voted down."""
    rows = (
        (c.question, _when(c.given), c.helpful, c.not_helpful, " | ".join(c.reports))
        for c in complaints
    )
    return _csv(("question", "given", "helpful", "not helpful", "reports"), rows)


def _csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> str:
    text = one_line(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _when(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M")
