"""Errors -> statuses and problem details (RFC 9457), the same for the page and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot import errors
from sourcebot.frontends.web.models import ChatError, Problem
from sourcebot.render.problems import question_problem
from sourcebot.text.display import one_line
from sourcebot.text.questions import LONGEST_QUESTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcebot.frontends.web.words import Words

BUSY_SECONDS = 5
_COMMANDS = {
    "`sourcebot sources`": "`GET /v1/sources`",
    "`sourcebot follow --list`": "`GET /v1/followed`",
}
"""What programs use in place of commands that hints name."""

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


@dataclass(frozen=True, slots=True)
class Told:
    """What people are told of a refusal, and what they can do; ``lang`` is the language of both."""

    detail: str
    hint: str = ""
    lang: str = ""


def told(refusal: Refused, words: Words) -> Told:
    """Return what people are told of a refusal, in their language where it is a usual one."""
    seconds = refusal.headers.get("Retry-After", "")
    usual = {
        "nowhere": words.not_here,
        "not-found": words.not_found,
        "rate": words.minutes.format(seconds=seconds),
        "busy": words.busy,
        "scope": words.not_allowed,
        "no-report": words.check_gone,
        "no-files": words.add_nothing,
    }
    if sentence := usual.get(refusal.kind):
        return Told(sentence)
    if refusal.kind == "question" and (wrong := question_problem(refusal.detail, refusal.hint)):
        sentence = getattr(words, wrong.name)
        detail = sentence.format(value=wrong.value, most=words.number(LONGEST_QUESTION))
        if wrong.meant:
            return Told(detail, words.did_you_mean.format(names=wrong.meant))
        said_already = words.code != "en" or "`sourcebot" in refusal.hint
        return Told(detail, "" if said_already else refusal.hint)
    return Told(refusal.detail, refusal.hint, "" if words.code == "en" else "en")


def chat_error(refusal: Refused) -> ChatError:
    """Return a refusal in the shape whose message chat programs show."""
    message = f"{refusal.detail} ({refusal.hint})" if refusal.hint else refusal.detail
    return ChatError(message=message, type=refusal.kind, code=refusal.kind)


def problem(refusal: Refused) -> Problem:
    """Return the problem details of a refusal."""
    titles = {name: title for _, _, name, title in _STATUS}
    hint = refusal.hint
    for command, path in _COMMANDS.items():
        hint = hint.replace(command, path)
    return Problem(
        type=f"urn:sourcebot:problem:{refusal.kind}",
        title=titles.get(refusal.kind) or _TITLES.get(refusal.status, "It did not work"),
        status=refusal.status,
        detail=refusal.detail,
        hint=hint or None,
    )
