"""Discord's limits of messages and embeds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from discord_standin.components import check_rows
from discord_standin.errors import EMPTY_MESSAGE, ApiError, Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord_standin.errors import Path

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SILENT = 1 << 2, 1 << 6, 1 << 7, 1 << 12
ALLOWED_MENTIONS = {"parse", "users", "roles", "replied_user"}
LONGEST_FILE = 10 * 2**20


def check_message(payload: Mapping[str, Any], files: int = 0, *, ephemeral: bool = False) -> None:
    """Refuse a message that Discord would refuse.

    Raises:
        ApiError: 50035 with the fields at fault, or 50006 when nothing would be shown.
    """
    form = Form()
    form.text(("content",), payload.get("content"), 2000)
    embeds = form.items(("embeds",), payload.get("embeds"), 10)
    for number, embed in enumerate(embeds):
        check_embed(form, ("embeds", number), embed)
    if sum(embed_size(embed) for embed in embeds if isinstance(embed, dict)) > 6000:
        message = "Embed size exceeds maximum size of 6000"
        form.wrong(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)
    check_rows(form, payload.get("components"))
    _check_allowed_mentions(form, payload.get("allowed_mentions"))
    _check_attachments(form, payload.get("attachments"), files)
    nonce = payload.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        form.wrong(("nonce",), "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.")
    flags = payload.get("flags") or 0
    allowed = SUPPRESS_EMBEDS | SILENT | (EPHEMERAL if ephemeral else 0)
    if not isinstance(flags, int) or flags & ~allowed:
        form.wrong(("flags",), "MESSAGE_FLAGS_INVALID", f"Invalid flags: {flags}")
    form.done()


def check_not_empty(payload: Mapping[str, Any], files: int) -> None:
    """Refuse a message in which nothing is to be seen.

    Raises:
        ApiError: 50006.
    """
    content = (payload.get("content") or "").strip()
    if not (content or payload.get("embeds") or payload.get("components") or files):
        raise ApiError(*EMPTY_MESSAGE)


def embed_size(embed: Mapping[str, Any]) -> int:
    """Return how many characters count against the 6,000 of a message."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return sum(len(text) for text in texts if text)


def check_embed(form: Form, path: Path, embed: object) -> None:
    """Note what is wrong with one embed."""
    if not isinstance(embed, dict):
        form.wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    form.text((*path, "title"), embed.get("title"), 256)
    form.text((*path, "description"), embed.get("description"), 4096)
    _check_url(form, (*path, "url"), embed.get("url"))
    if (colour := embed.get("color")) is not None and not 0 <= colour <= 0xFFFFFF:
        message = "int value should be less than or equal to 16777215."
        form.wrong((*path, "color"), "NUMBER_TYPE_MAX", message)
    if (stamp := embed.get("timestamp")) is not None:
        try:
            datetime.fromisoformat(stamp)
        except (TypeError, ValueError):
            form.wrong((*path, "timestamp"), "DATE_TIME_TYPE_PARSE", f"Could not parse {stamp}.")
    if footer := embed.get("footer"):
        form.text((*path, "footer", "text"), footer.get("text"), 2048, required=True)
    if author := embed.get("author"):
        form.text((*path, "author", "name"), author.get("name"), 256, required=True)
        _check_url(form, (*path, "author", "url"), author.get("url"))
    for number, field in enumerate(form.items((*path, "fields"), embed.get("fields"), 25)):
        at = (*path, "fields", number)
        form.text((*at, "name"), field.get("name"), 256, required=True)
        form.text((*at, "value"), field.get("value"), 1024, required=True)
    shown = ("title", "description", "fields", "footer", "author", "image", "thumbnail")
    if not any(embed.get(key) for key in shown):
        form.wrong((*path, "description"), "BASE_TYPE_REQUIRED", "This field is required")


def _check_url(form: Form, path: Path, url: object) -> None:
    if url is None or not form.text(path, url, 2048, required=True):
        return
    parts = urlsplit(str(url))
    if parts.scheme not in {"http", "https"}:
        message = f"Scheme \"{parts.scheme}\" must be one of ('http', 'https')."
        form.wrong(path, "URL_TYPE_INVALID_SCHEME", message)
    elif not parts.netloc or any(c.isspace() for c in str(url)):
        form.wrong(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _check_allowed_mentions(form: Form, allowed: object) -> None:
    if allowed is None:
        return
    if not isinstance(allowed, dict) or set(allowed) - ALLOWED_MENTIONS:
        form.wrong(("allowed_mentions",), "MODEL_TYPE_CONVERT", "Unknown keys")
        return
    for name in allowed.get("parse") or []:
        form.choice(("allowed_mentions", "parse"), name, ("roles", "users", "everyone"))
        if allowed.get(name):
            message = f"parse:[{name!r}] and {name}: [ids...] are mutually exclusive."
            form.wrong(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
    for name in ("users", "roles"):
        form.items(("allowed_mentions", name), allowed.get(name), 100)


def _check_attachments(form: Form, attachments: object, files: int) -> None:
    for number, attachment in enumerate(form.items(("attachments",), attachments, 10)):
        form.text(("attachments", number, "description"), attachment.get("description"), 1024)
        if isinstance(attachment.get("id"), int) and attachment["id"] >= files:
            message = "No file was uploaded for this attachment"
            form.wrong(("attachments", number), "ATTACHMENT_NOT_FOUND", message)
