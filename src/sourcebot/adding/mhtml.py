"""Pages saved as one file (MHTML, RFC 2557) -> drafts."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from sourcebot.adding.pages import read_page
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from sourcebot.adding.model import Draft


def read_mhtml(data: bytes, name: str) -> Draft:
    """Return the article of a page saved as one file; ``name`` is the title of one without.

    Raises:
        ExtractionError: when it holds no page, or the page holds no article.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() not in {"text/html", "application/xhtml+xml"}:
            continue
        page = part.get_payload(decode=True)
        if isinstance(part, EmailMessage) and isinstance(page, bytes) and page.strip():
            stated = str(part.get("Content-Location") or "")
            url = stated.strip() if stated.startswith(("http://", "https://")) else ""
            return read_page(page, part.get_content_charset() or "", url, name)
    raise ExtractionError(
        "it holds no page", "save it from the browser again, as a single file or as HTML only"
    )
