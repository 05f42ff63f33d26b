"""Lines between the paragraphs of a web page that are none of its article, told by their words.

Credits and captions of pictures, days of publication, notices of advertisements, and what leads to
other pages. Each is left out with a remark but the days, which are the article's own.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Kind, cleaned
from sourcebot.text.dates import date_in
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sourcebot.adding.blocks import Block

_CREDIT = re.compile(
    r"""
    \(?\b(?:fotos?|photos?|photo\sby|photograph\sby|bild(?:quelle)?|bildnachweis|image|picture|credits?|zdjęcie|fot
        |foto-?credit|grafik|illustration)\s?(?::|by\b|\(c\)|©)\s?[^.!?]{2,60}\)?\W*$
    |^\(?(?:photograph|photo|image|picture|illustration|video|graphic)s?\s(?:by|courtesy\sof|credit)\b
    |^(?:abbildung|abb\.|figure|fig\.|bild|grafik|rys\.|figura)\s?\d{1,3}\s?[:.]\s
    |[©]\s?[^.!?]{2,60}$
    |\b(?:getty\simages|shutterstock|istock(?:photo)?|picture\salliance|pixelio\.de|imago\simages)\)?\W*$
    |/\s?(?:domena\spubliczna|public\sdomain|dpa|afp|reuters|epa|pap|efe|imago|getty)\)?$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ADVERTISEMENT = re.compile(
    r"\W*(?:anzeige|werbung|advertisement|advertorial|sponsored|publicité|publicidad|pubblicità|reklama|annons)"
    r"\s*(?:$|[-–—:,/*|])",
    re.IGNORECASE,
)
_AFFILIATE = re.compile(
    r"affiliate[\s-]?links?|(?:artikel|beitrag|post)\s(?:\S+\s)?enthält\s(?:\w+\s)?werbung|links?\s.{0,40}\bprovision\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"""\W*(?:
    (?:das\s(?:thema\s)?)?(?:könnte|dürfte)\s(?:sie|dich|euch)\s(?:auch|ebenfalls)|mehr\s(?:zum\sthema|von|aus|über|dazu)
    |auch\s(?:auf|interessant)|weitere\s(?:\w+\s)?(?:informationen|infos?|themen|artikel|beiträge|meldungen|nachrichten|links|tipps
        |tourentipps|topthemen|homestorys)
    |(?:lesen|sehen)\ssie\s(?:auch|dazu|mehr)|lies\sauch|entdecke\s(?:weitere|mehr)|passend\sdazu|zum\sweiterlesen|zum\sthema
    |related|more\s(?:from|on|about|stories)|read\s(?:also|more|next)|you\smay\s(?:also\s)?(?:like|enjoy)|also\sread|up\snext
    |don['’]t\smiss|recommended|most\s(?:read|popular)|trending|editors?['’]?s?\spicks?
    |(?:à\s)?lire\s(?:aussi|également)|sur\sle\smême\s(?:sujet|thème)|voir\saussi|pour\saller\splus\sloin
    |más\s(?:sobre|noticias|información)|también\s(?:te\spuede|le\spuede|puedes)|te\spuede\sinteresar|lea\stambién|(?:lee|mira)\stambién
    |leia\s(?:também|mais)|veja\stambém|leggi\sanche|potrebbe\sinteressarti|lees\sook|czytaj\s(?:też|także|również)|zobacz\s(?:też|także)
    |läs\s(?:också|även|mer)|læs\sogså|les\sogså
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_UPDATED = re.compile(
    r"\W*(?:aktualisiert|letzte\s(?:änderung|aktualisierung)|stand|veröffentlicht|erstellt|last\s(?:updated|modified)|updated|published"
    r"|posted|first\spublished|publié|mis\sà\sjour|modifié|publicado|actualizado|última\sactualización|pubblicato|aggiornato"
    r"|atualizado|gepubliceerd|bijgewerkt|opublikowano|news\sdate|release\sdate|date)\b",
    re.IGNORECASE,
)
_STAMPED = re.compile(r"^\W*\d{1,4}[.\s/-]|[|•·]|(?<!\d)\d{1,2}[:.]\d\d(?![.\d])")
"""What is in a line of a date and a clock's time, and of names beside those."""

_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*$")
_QUOTED = re.compile(r"[“\"„«]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST_CREDIT = 60
_LONGEST_DAY = 110
_LONGEST_NOTICE = 30
_LONGEST_PROSE = 25
_FEWEST_IN_SENTENCE = 12
_SHORT, _FEW = 14, 8
_EDGE = 2
_FEWEST_LEFT = 2


def without_lines(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Return an article's blocks without such lines, and remarks on what was left out."""
    kept, pointers = _without_pointers(list(blocks))
    kept, captions = _without(kept, _is_credit)
    texts = Counter(cleaned(block.text) for block in kept)
    edge = {*map(id, kept[:_EDGE]), *map(id, kept[-_EDGE:])}
    kept, notices = _without(
        kept, lambda b: _is_notice(b, told=id(b) in edge or texts[cleaned(b.text)] > 1)
    )
    notes = []
    if captions:
        notes.append(f"{counted(captions, 'line')} with the credits of pictures left out")
    if notices:
        notes.append(f"{counted(notices, 'notice')} of advertisements left out")
    if pointers:
        notes.append(f"{counted(pointers, 'line')} at the end that lead to other pages left out")
    return _without_days(kept), notes


def _without(blocks: list[Block], is_such: Callable[[Block], bool]) -> tuple[list[Block], int]:
    """Return blocks without those of a kind, and how many those are; not all are left out."""
    kept = [block for block in blocks if not is_such(block)]
    return (kept, len(blocks) - len(kept)) if len(kept) >= _FEWEST_LEFT else (blocks, 0)


def _is_credit(block: Block) -> bool:
    words = cleaned(block.text)
    return (
        block.kind in {Kind.PARAGRAPH, Kind.ITEM}
        and len(words.split()) <= _LONGEST_CREDIT
        and bool(_CREDIT.search(words))
    )


def _is_notice(block: Block, *, told: bool) -> bool:
    """Return whether a block announces advertisements; ``told`` says that its place does."""
    words = cleaned(block.text)
    few = len(words.split())
    return (
        block.kind is Kind.PARAGRAPH
        and few <= _LONGEST_NOTICE
        and bool(
            (told and _AFFILIATE.search(words)) or (few <= _SHORT and _ADVERTISEMENT.match(words))
        )
        and not _QUOTED.search(words)
    )


def _without_days(blocks: list[Block]) -> list[Block]:
    """Return blocks without the days of publication and change that stand above and below them."""
    edge = {*range(_EDGE), *range(len(blocks) - _EDGE, len(blocks))}
    kept = [b for place, b in enumerate(blocks) if place not in edge or not _is_day(b)]
    return kept if len(kept) >= _FEWEST_LEFT else blocks


def _is_day(block: Block) -> bool:
    words = cleaned(block.text)
    if block.kind is not Kind.PARAGRAPH or len(words) > _LONGEST_DAY or _QUOTED.search(words):
        return False
    told = bool(_YEAR.search(words) and date_in(words))
    if not told or len(words.split()) > _SHORT:
        return False
    return bool(_UPDATED.match(words) or (_STAMPED.search(words) and not _ENDS.search(words)))


def _without_pointers(blocks: list[Block]) -> tuple[list[Block], int]:
    """Return blocks without what follows a line such as "Read also", when none of it is prose.

    So goes what ends with a colon and has nothing below it.
    """
    kept = blocks
    for place, block in enumerate(blocks):
        words = cleaned(block.text)
        few = len(words.split()) <= _SHORT
        leads = place >= _FEWEST_LEFT and few and _POINTER.match(words) and _is_line(block)
        if leads and not any(map(_is_prose, blocks[place:])):
            kept = blocks[:place]
            break
    while len(kept) > _FEWEST_LEFT and _leads_nowhere(kept[-1]):
        kept = kept[:-1]
    return kept, len(blocks) - len(kept)


def _is_prose(block: Block) -> bool:
    words = cleaned(block.text)
    count = len(words.split())
    ended = block.kind is Kind.PARAGRAPH and _ENDS.search(words) and count >= _FEWEST_IN_SENTENCE
    return bool(ended or count > _LONGEST_PROSE) and not _AFFILIATE.search(words)


def _is_line(block: Block) -> bool:
    return block.kind is Kind.HEADING or not _ENDS.search(cleaned(block.text))


def _leads_nowhere(block: Block) -> bool:
    words = cleaned(block.text)
    return block.kind is Kind.PARAGRAPH and len(words.split()) <= _FEW and words.endswith(":")
