"""E-mail -> drafts: one a message. What a sender quotes or signs with is marked as such."""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
import mailbox
import re
import tempfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.mail_headers import as_written, is_mail
from sourcebot.adding.model import Draft
from sourcebot.articles.decoding import codec_of, decode, decoded
from sourcebot.errors import ExtractionError
from sourcebot.text.dates import date_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

MAX_MESSAGES = 20_000
MAX_MAILBOX = 256 * 1024 * 1024
"""A mailbox may hold no more messages and bytes."""

_MAX_MESSAGE = 32 * 1024 * 1024
_QUOTE = re.compile(r"(?:>[ \t]?)+|(?:\|[ \t])+(?=\S)")
_FORWARDED = re.compile(
    r"-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete"
    r" nachricht|message d'origine|message transféré|mensaje original)\s*-{2,}"
    r"|begin forwarded message:",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"--[ \t]?")
_BREAK = re.compile(r"\r\n|\r|\n")


_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
"""How mailboxes write a line that begins as a new message does; it is no quotation."""


def read_message(data: bytes, name: str) -> Draft:
    """Return a message as an article: its subject, sender and day, and its text.

    ``name`` is the title of one without a subject.

    Raises:
        ExtractionError: when it is encrypted, or holds no text.
    """
    if not is_mail(data[:8192].decode("utf-8", "replace")):
        raise ExtractionError("it is no e-mail: it does not begin with its header", "get it anew")
    message = _parsed(_written(data))
    if message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime"}:
        raise ExtractionError("it is encrypted", "save it decrypted from your mail program")
    title = _field(message, "subject") or name
    blocks, notes = _blocks(message)
    return Draft(
        title=title,
        body=to_markdown(tidied(blocks, title)),
        suffix=".eml",
        author=_sender(message),
        published=_day(message),
        notes=tuple(notes),
    )


def _written(data: bytes) -> bytes:
    """Return a message whose header is printed in some language as programs write it."""
    try:
        return as_written(decode(data)[0]).encode() or data
    except ValueError:
        return data


def read_mailbox(source: Path | bytes, name: str) -> tuple[Draft, ...]:
    """Return the messages of a mailbox (mbox), each as an article with its own bytes.

    Raises:
        ExtractionError: when it is too large, or none of its messages holds text.
    """
    if isinstance(source, bytes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mbox"
            path.write_bytes(source)
            return read_mailbox(path, name)
    if source.stat().st_size > MAX_MAILBOX:
        raise ExtractionError(
            f"{source.stat().st_size / 2**20:,.0f} MB of mail, more than {MAX_MAILBOX // 2**20} MB",
            "split it, such as by year",
        )
    drafts: list[Draft] = []
    failed = 0
    box = mailbox.mbox(source, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            if number > MAX_MESSAGES:
                raise ExtractionError(f"more than {MAX_MESSAGES:,} messages", "split it")
            data = box.get_bytes(key)
            try:
                text = _ESCAPED_FROM.sub(rb"\1", data)
                drafts.append(_part(read_message(text, f"{name} {number}"), data))
            except ExtractionError:
                failed += 1
    finally:
        box.close()
    if not drafts and not failed:
        raise ExtractionError("it is no mailbox: it holds no messages", "save it anew as mbox")
    found = list(_distinct(drafts))
    if not found:
        raise ExtractionError("none of its messages holds text that could be quoted")
    if failed:
        lost = f"{failed:,} of its {failed + len(found):,} messages hold no text that can be read"
        found[0] = replace(found[0], notes=(*found[0].notes, lost))
    return tuple(found)


def _part(draft: Draft, data: bytes) -> Draft:
    """Return the draft of a message with its name within a mailbox: that it bears everywhere."""
    name = _field(_parsed(data), "message-id").strip("<>")
    return replace(draft, part=name or hashlib.sha256(data).hexdigest()[:16], own=data)


def _distinct(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield each message once: mailboxes often hold the same one several times."""
    seen: set[str] = set()
    for draft in drafts:
        if draft.part not in seen and any(map(str.isalnum, draft.body)):
            seen.add(draft.part)
            yield draft


def _parsed(data: bytes) -> EmailMessage:
    if len(data) > _MAX_MESSAGE:
        raise ExtractionError(
            f"{len(data) / 2**20:,.0f} MB, more than {_MAX_MESSAGE // 2**20} MB",
            "save it without its attachments",
        )
    return email.message_from_bytes(data, policy=email.policy.default)


def _field(message: EmailMessage, name: str) -> str:
    """Return a field of the header as text; one that cannot be decoded is ""."""
    try:
        return cleaned(str(message.get(name) or ""))
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):
        return ""  # the standard library's parser of headers fails on some that are damaged


def _sender(message: EmailMessage) -> str:
    shown, address = email.utils.parseaddr(_field(message, "from"))
    return cleaned(shown) or address


def _day(message: EmailMessage) -> dt.date | None:
    try:
        return email.utils.parsedate_to_datetime(_field(message, "date")).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return date_in(_field(message, "date")[:200])


def _blocks(message: EmailMessage) -> tuple[list[Block], list[str]]:
    """Return the text of a message and remarks on what is not read of it."""
    plain: list[EmailMessage] = []
    marked: list[EmailMessage] = []
    inner: list[EmailMessage] = []
    attached: list[str] = []
    notes: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner += _inside(part)
        elif part.is_attachment() or not kind.startswith("text/"):
            attached.append(part.get_filename() or kind)
        elif kind == "text/html":
            marked.append(part)
        elif kind in {"text/plain", "text/enriched"}:
            plain.append(part)
        else:
            attached.append(part.get_filename() or kind)
    blocks = [block for part in plain for block in _from_text(_text_of(part, notes))]
    if not any(cleaned(block.text) for block in blocks):
        blocks = [block for part in marked for block in _from_html(_text_of(part, notes), notes)]
    for forwarded in inner:
        subject = _field(forwarded, "subject")
        found, more = _blocks(forwarded)
        blocks.append(Block(Kind.HEADING, f"Forwarded: {subject}".rstrip(": "), 2))
        blocks += [_quoted(block) for block in found]
        notes += more
    shown = ", ".join(attached[:5]) + (", …" if len(attached) > 5 else "")
    if attached:
        notes.append(f"attachments are not read: {shown}")
    return blocks, list(dict.fromkeys(notes))


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the single parts of a message; a forwarded message is one."""
    left = [message]
    while left:
        part = left.pop(0)
        inner = [] if part.get_content_type() == "message/rfc822" else _inside(part)
        if inner:
            left[:0] = inner
        else:
            yield part


def _inside(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part."""
    payload = part.get_payload()
    return [p for p in payload if isinstance(p, EmailMessage)] if isinstance(payload, list) else []


def _text_of(part: EmailMessage, notes: list[str]) -> str:
    """Return a part's text; remarks on bytes that are none are added to ``notes``."""
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    text = _decoded(data, str(part.get_content_charset() or "utf-8"), notes)
    flowed = str(part.get_param("format") or "").lower() == "flowed"
    return _unflowed(text) if flowed else text


def _decoded(data: bytes, charset: str, notes: list[str]) -> str:
    if not codec_of(charset):
        # Browsers know fewer encodings than mail, such as UTF-7.
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            charset = ""
    try:
        found = decoded(data, [charset])
    except ValueError:
        return data.decode("utf-8", "replace")
    notes += found.notes
    return found.text


def _unflowed(text: str) -> str:
    """Return text whose lines end with a space where they go on (RFC 3676) with whole lines."""
    found: list[str] = []
    open_line = False
    for line in _BREAK.split(text):
        mark = _QUOTE.match(line)
        depth = mark[0].count(">") if mark else 0
        if open_line and found and depth == found[-1].count(">", 0, depth) and line != "-- ":
            found[-1] += line[mark.end() :] if mark else line
        else:
            found.append(line.removeprefix(" "))
        open_line = line.endswith(" ") and line != "-- "
    return "\n".join(found)


def _from_html(text: str, notes: list[str]) -> list[Block]:
    """Return the blocks of a message in HTML; what it quotes stands in block quotations.

    Remarks on what is left out are added to ``notes``.
    """
    from lxml import etree, html

    from sourcebot.adding.markup import blocks_of
    from sourcebot.adding.printed import as_printed

    try:
        tree = html.fromstring(text.replace("\x00", "") or "<p/>")
    except (etree.ParserError, ValueError):
        return []
    notes += as_printed(tree)
    return list(blocks_of(tree))


def _from_text(text: str) -> Iterator[Block]:
    """Yield the paragraphs of a message: its own, then, under headings, quoted and signing ones."""
    run: list[str] = []
    quoted = signed = forwarded = False

    def flush() -> Iterator[Block]:
        nonlocal run
        lines, run = run, []
        kind = Kind.QUOTATION if quoted or forwarded else Kind.PARAGRAPH
        for words in _paragraphs(lines):
            yield Block(kind, words)

    for raw in _BREAK.split(text):
        line = raw.rstrip()
        mark = None if signed else _QUOTE.match(line)
        if _SIGNATURE.fullmatch(raw) and not signed:
            yield from flush()
            signed, quoted = True, False
            yield Block(Kind.HEADING, "Signature", 3)
        elif _FORWARDED.fullmatch(line.strip()) and not forwarded:
            yield from flush()
            signed, quoted, forwarded = False, False, True
            yield Block(Kind.HEADING, line.strip(" -:"), 3)
        elif bool(mark) != quoted and line.strip():
            lead = run.pop() if mark and run and run[-1].rstrip().endswith(":") else ""
            yield from flush()
            if mark:
                yield Block(Kind.HEADING, lead.strip() or "Quoted", 3)
            elif not forwarded:
                yield Block(Kind.HEADING, "The sender again", 3)
            quoted = bool(mark)
            run.append(line[mark.end() :] if mark else line)
        else:
            run.append(line[mark.end() :] if mark else line)
    yield from flush()


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs: lines up to a blank one; short ones, as of an address, one by one."""
    run: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            run.append(line.strip())
        elif run:
            longest = max(map(len, run))
            if len(run) > 1 and longest < 40 and not any(x[:1].islower() for x in run[1:]):
                yield from run
            else:
                yield " ".join(run)
            run = []


def _quoted(block: Block) -> Block:
    return Block(Kind.QUOTATION, block.text) if block.kind is Kind.PARAGRAPH else block
