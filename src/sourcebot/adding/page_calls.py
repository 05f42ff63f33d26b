"""Calls to subscribe, comment or follow, with which pages end below their article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Kind, cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.adding.blocks import Block

_MOST_CALLS = 2
_FEWEST_LEFT = 2
_LONGEST = 320
_CALL = re.compile(
    r"""\b(?:
    (?:please\s|just\s)?click\s(?:here|this|on)|hier\s(?:an)?klicken|klick(?:e|t)?\s(?:dich|dafür|hier)
    |sign(?:ed)?\sup|subscribe|log\sin|join\s(?:us|our|now)|follow\s(?:us|me|them|him|her)
    |support(?:ing)?\s(?:our|us)|download\s(?:the|our)
    |abonnier(?:e|t|en\ssie)|registrieren|registriert|einloggen|eingeloggt|folgt?\s(?:uns|mir)|folgen\ssie
    |unterstützen?\s(?:sie\s)?(?:uns|unser\w*)|hinterlass(?:e|t|en\ssie)|verraten\ssie|lass\sdir
    |abonnez|suscr[ií]b\w*|únete|mira\slo|s[ií]g(?:ue|a)nos|puede\sescribir\w*|hazte|iscriv\w*|assine
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WHAT = re.compile(
    r"""\b(?:
    newsletter\w*|apps?|you\s?tube|telegram|facebook|twitter|instagram\w*|whatsapp|pinterest|itunes
    |kommentar\w*|comments?|comentarios?|e-?mail\w*|inbox|posteingang|editions?|abos?|kanal|canal|channel
    |podcast\w*|mitglied\w*|members?(?:hip)?|miembro|subscribers?|our\s(?:work|actions)|here|hier
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"[“\"„«][^”\"“»]{20,}[”\"“»]")


_LETTER = re.compile(
    r"""\b(?:our|unser(?:e[mnrs]?)?|notre|nos|nuestr[ao]s?|nostra|nossa|onze)\s(?:\w+\s){0,2}\w*newsletters?\b
    |\b(?:log(?:ged)?\sin|eingeloggt|angemeldet|registriert)\b.*\b(?:comment|kommentier)\w*
    |\b(?:comment|kommentier)\w*\b.*\b(?:log(?:ged)?\sin|eingeloggt|angemeldet|registriert)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FEW_WORDS = 25


def without_calls(blocks: Sequence[Block]) -> list[Block]:
    """Return an article's blocks without the calls that the last few of them are.

    Those to read a letter, or to log in for a comment, go wherever they stand.
    """
    kept = [block for block in blocks if not _is_letter(block)]
    for _ in range(_MOST_CALLS):
        near = kept[-_MOST_CALLS:] if len(kept) > _FEWEST_LEFT else []
        call = next((block for block in near if _is_call(block)), None)
        if call is None:
            break
        kept.remove(call)
    return kept


def _is_letter(block: Block) -> bool:
    words = cleaned(block.text)
    return (
        block.kind is Kind.PARAGRAPH
        and len(words.split()) <= _FEW_WORDS
        and bool(_LETTER.search(words))
        and not _QUOTED.search(words)
    )


def _is_call(block: Block) -> bool:
    words = cleaned(block.text)
    return (
        block.kind is Kind.PARAGRAPH
        and len(words) <= _LONGEST
        and bool(_CALL.search(words) and _WHAT.search(words))
        and not _QUOTED.search(words)
    )
