"""Headers of messages: as programs write them, and as they print and copy them in any language."""

from __future__ import annotations

import re

from sourcebot.text.dates import date_in

_LABELS = {
    "From": "from von de da van od от avsender från fra lähettäjä",
    "Sent": "sent gesendet date envoyé enviado inviato verzonden wysłano отправлено skickat sendt"
    " lähetetty datum fecha data dato päiväys дата",
    "To": "to an à para a aan do кому till til vastaanottaja",
    "Subject": "subject betreff objet asunto assunto oggetto onderwerp temat тема ämne emne aihe",
    "Cc": "cc kopie copie copia kopia копия",
}
_FIELDS = {label: name for name, labels in _LABELS.items() for label in labels.split()}
_HEADER = re.compile(r"(?:From|To|Subject|Date|Message-ID|Received|MIME-Version|Cc)[ \t]?:", re.I)
_WRITTEN = re.compile(
    r"(?:Message-ID|Received|MIME-Version|Return-Path|Content-Type|Content-Transfer-Encoding"
    r"|DKIM-Signature|X-[\w-]+)[ \t]*:|(?:From|To|Cc)[ \t]*:.*[^\s@]@[^\s@]+\.\w"
    r"|Subject[ \t]*:.*=\?[\w-]+\?[bq]\?|Date[ \t]*:.*\d\d:\d\d(?::\d\d)? [+-]\d{4}",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[!-9;-~]{1,60}:|[ \t]+\S")
_LINE = re.compile(r"([^\W\d_]{1,14})\s?:[ \t]+(\S.*)")
_BREAK = re.compile(r"\r\n|\r|\n")
_NEEDED = {"From", "Sent", "Subject"}


def as_written(text: str) -> str:
    """Return a text with the header of a message as programs write it, or "" when it has none.

    Sender, day and subject must be named at its very beginning, each on a line, and nothing else
    before a blank one.
    """
    lines = _BREAK.split(text.lstrip("\ufeff\r\n"))
    end = next((place for place, line in enumerate(lines) if not line.strip()), 0)
    found: dict[str, str] = {}
    for line in lines[:end]:
        field = _LINE.fullmatch(line.strip())
        name = _FIELDS.get(field[1].casefold(), "") if field else ""
        if not field or not name or name in found:
            return ""
        found[name] = " ".join(field[2].split())
    if not found.keys() >= _NEEDED or not date_in(found["Sent"][:200]):
        return ""
    header = [f"{'Date' if name == 'Sent' else name}: {value}" for name, value in found.items()]
    return "\n".join([*header, "Content-Type: text/plain; charset=utf-8", "", *lines[end:]])


def is_mail(opening: str, *, surely: bool = False) -> bool:
    """Return whether a text begins with the header of a message: two usual fields at least.

    Articles begin with "From: …" and "To: …" too, so ``surely`` asks for what only programs write.
    """
    if as_written(opening):
        return True
    found = 0
    written = not surely
    for line in _BREAK.split(opening.lstrip("\ufeff"))[:60]:
        if not line.strip():
            break
        if not _FIELD.match(line):
            return False
        found += bool(_HEADER.match(line))
        written = written or bool(_WRITTEN.match(line))
    return found >= 2 and written
