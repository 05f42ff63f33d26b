"""Errors -> statuses and problem details (RFC 9457), the same for the page and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot import errors
from sourcebot.frontends.web.models import Problem
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcebot.frontends.web.words import Words

BUSY_SECONDS = 5
_STATUS: tuple[tuple[type[errors.SourcebotError], int, str, str], ...] = (
    (errors.QuestionError, 422, "question", "The question cannot be used"),
    (errors.NotFound, 404, "not-found", "Not found"),
    (errors.ServiceBusy, 503, "busy", "Busy"),
    (errors.IndexLocked, 409, "indexing", "The index is being built"),
    (errors.IndexStoreError, 503, "index", "The index cannot be used"),
    (errors.ModelError, 503, "model", "The model cannot be used"),
    (errors.ExtractionError, 422, "unreadable", "It cannot be read"),
    (errors.VerificationError, 422, "answer", "The answer cannot be checked"),
)
_TITLES = {
    400: "Bad request",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "This method is not offered here",
    408: "Too slow",
    413: "Too large",
    415: "Not a type that is read",
    422: "The request cannot be used",
    429: "Too many questions",
}


class Refused(Exception):
    """A request is answered with an error; ``headers`` go with it."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        hint: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer says."""
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.hint = hint
        self.headers = dict(headers or {})


def refused(error: Exception) -> Refused:
    """Return any error as what the answer says of it; of one that is not ours, nothing."""
    if isinstance(error, Refused):
        return error
    for kind, status, name, title in _STATUS:
        if isinstance(error, kind):
            headers = {"Retry-After": str(BUSY_SECONDS)} if status == 503 else {}
            message, hint = one_line(error.message), one_line(error.hint)
            return Refused(status, name, message or title, hint, headers)
    if isinstance(error, errors.SourcebotError):
        return Refused(500, "failed", one_line(error.message), one_line(error.hint))
    return Refused(500, "failed", "this did not work, and it has been logged")


def told(refusal: Refused, words: Words) -> Problem:
    """Return what people are told of a refusal, in their language where it is a usual one."""
    found = problem(refusal)
    seconds = refusal.headers.get("Retry-After", "")
    usual = {
        "nowhere": words.not_here,
        "rate": words.minutes.format(seconds=seconds),
        "busy": words.busy,
    }
    if refusal.kind not in usual:
        return found
    return found.model_copy(update={"detail": usual[refusal.kind], "hint": None})


def problem(refusal: Refused) -> Problem:
    """Return the problem details of a refusal."""
    titles = {name: title for _, _, name, title in _STATUS}
    return Problem(
        type=f"urn:sourcebot:problem:{refusal.kind}",
        title=titles.get(refusal.kind) or _TITLES.get(refusal.status, "It did not work"),
        status=refusal.status,
        detail=refusal.detail,
        hint=refusal.hint or None,
    )
