"""Structured logs of long-running commands; no secret gets into them."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.config.settings import LogConfig

_OWN = frozenset(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "taskName"}
_SECRETS = re.compile(
    r"(?P<path>/(?:webhooks|interactions)/\d+/)[^/\s?\"']+"
    r"|(?P<bot>Bot )?[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}"
)
"""Tokens of interactions, which stand in addresses, and of bots."""


def set_up(config: LogConfig) -> None:
    """Log to the error stream as the configuration says.

    Libraries are heard from "warning" on: below that some write what people said.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Structured(as_json=config.format == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    level = logging.getLevelNamesMapping()[config.level.upper()]
    logging.getLogger("sourcebot").setLevel(level)
    logging.getLogger("asyncio").setLevel(logging.ERROR)


class Structured(logging.Formatter):
    """Writes a record with its extra fields on one line, without tokens."""

    def __init__(self, *, as_json: bool) -> None:
        """Choose between JSON and text."""
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        when = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        extra = {k: v for k, v in record.__dict__.items() if k not in _OWN}
        fields = {
            "time": when,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **extra,
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        if self._as_json:
            line = json.dumps(fields, ensure_ascii=False, default=str)
        else:
            words = " ".join(f"{k}={v}" for k, v in extra.items())
            line = (
                f"{when} {fields['level']:7} {record.getMessage()}{'  ' + words if words else ''}"
            )
            line += f"\n{fields['traceback']}" if "traceback" in fields else ""
        return _SECRETS.sub(lambda m: (m["path"] or "") + "***", line)
