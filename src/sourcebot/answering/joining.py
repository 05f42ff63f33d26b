"""A quote that cannot be understood alone -> the same with what leads up to it.

"He resigned on Monday." names nobody: an editor would quote the sentence before as well. What
is joined is always one unbroken piece of the article, so the quote stays verbatim. The signs
are those of English prose; a text in another language is left as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sourcebot.types import Paragraph, Quote

MOST_ADDED = 240
"""Longest text put before a quote, in code points; where it takes more, nothing is joined."""

MOST_JOINED = 600
"""Longest quote with what is put before it, in code points."""

REACH = 2
"""So many paragraphs before a quote's own may be looked at."""


class Need(Enum):
    """What a sentence lacks to be understood alone."""

    NAME = auto()  # who "he" is, or who speaks
    CONTEXT = auto()  # what "this" is, or what "however" contradicts
    OPENING = auto()  # the beginning of a quotation that it ends
    LEAD_IN = auto()  # the line above a list, if it is an item of one


_OPENERS = "“\"‘'«([ "
_ENDS = tuple(".!?:;…”\"’')]»")
_MONTHS_AND_DAYS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|I)\b"
)
_NAME = re.compile(rf"(?<=[\w,;:’'”)] )(?!{_MONTHS_AND_DAYS})[A-Z]\w|^[A-Z][\w’'-]+ [A-Z]\w")
_ITEM = re.compile(r"[-*•–] |\(?(?:\d{1,2}|[a-z])[.)] |[a-z]")

_VERBS = (
    r"(?:was|were|is|are|had|has|have|would|will|can|could|may|might|must|should|did|does|do|came"
    r"|comes|said|says|took|made|makes|means|meant|led|became|follows|followed|also|then|later"
    r"|now|never|still)"
)
_PERSON = re.compile(
    r"(?:he|she|his|her|him|hers)\b"
    # "When he arrived, …", unless the name follows: "When he arrived, Dunn …".
    r"|(?:when|while|as|if|although|though|because|until|once|after|before|since|then|later"
    r"|in \d{4}|last (?:year|month|week)),? (?:he|she|his|her)\b(?![^,]*, (?-i:[A-Z]))",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"it(?:(?:’s|'s| is| was| has been| will be| would be| may be| remains| became)(?: not| also"
    r"| now| still| too| very| more| most)? (?:clear|unclear|likely|unlikely|possible|impossible"
    r"|important|essential|necessary|hard|difficult|easy|easier|estimated|believed|thought|reported"
    r"|alleged|understood|known|unknown|said|true|expected|hoped|feared|worth|common|uncommon|rare"
    r"|time|early|late|best|better|illegal|legal|advisable|recommended"
    r"|(?-i:[A-Z]\w+)[^.]* (?:who|that))\b"
    r"|(?:’s|'s| is| was| has) (?:been )?(?:\w+ ){1,2}(?:days|weeks|months|years) since\b"
    r"| (?:rained|snowed|seems|appears|emerged|turned out|follows|takes|took)\b)",
    re.IGNORECASE,
)
_THING = re.compile(
    r"(?:it|its|they|their|theirs|them|such(?! as))\b"
    r"|(?:this|these)\b(?! (?:year|month|week|weekend|morning|afternoon|evening|spring|summer"
    r"|autumn|winter|season|century|decade|days|article|page|site|website|document|guide|policy|notice"
    r"|agreement|book|paper|study|review)\b)"
    r"|(?:that|those)\b(?! (?:who|which|that|with|in|of|wishing|living|without)\b)"
    rf"|(?:both|neither|others|another|some|most|many|all|several|none|each) {_VERBS}\b"
    r"|(?:both|neither|some|most|many|all|several|none|each|one|two) of (?:them|these|those|whom)\b"
    # An event or person named only as "the decision", not "the decision of the court to …".
    r"|the (?:decision|move|ruling|verdict|announcement|proposal|incident|deal|news|remarks"
    r"|comments|claims?|allegations?|changes?|measures?|results?|pair|duo|trio|couple|suspect|victim|man|men"
    rf"|woman|women|boy|girl|two|three) {_VERBS}\b"
    r"|the (?:former|latter|others?|rest|same)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:however|but|and|or|nor|yet|thus|hence|therefore|consequently|accordingly|moreover"
    r"|furthermore|nevertheless|nonetheless|similarly|likewise|conversely|besides|otherwise"
    r"|instead|meanwhile|thereafter|afterwards?|subsequently|alternatively|additionally"
    r"|even so|that is why|after that|at (?:that|the) (?:time|moment)(?! of\b)|as a result|as such"
    r"|in addition"
    r"|(?:in|by) contrast|in turn|in other words|in response|in this way|for (?:example|instance)"
    r"|for (?:this|that) reason|(?:because|in spite) of (?:this|that)|despite (?:this|that)"
    r"|on the other hand|(?:of|among|with|to) (?:these|those|them|this)|since then"
    r"|(?:soon|shortly) after(?:wards?|(?=,))"
    r"|(?:the )?(?:same|next|following) (?:day|week|month|year)"
    r"|(?:a|one|two|three|four|five|six|several|\d+) (?:days?|weeks?|months?|years?) later)\b"
    r"|(?:so|then|still|also|rather|indeed|later|finally|eventually|yes|no"
    r"|second(?:ly)?|third(?:ly)?|fourth|lastly),",
    re.IGNORECASE,
)


def need_of(sentence: str) -> Need | None:
    """Return what a sentence lacks to be understood alone, None if nothing."""
    text = sentence.strip()
    if not _is_closed(text):
        return Need.OPENING
    quoted = text[:1] in {"“", '"'}
    nameless = quoted and not re.search(r"[”\"]\s*\S", text[1:])  # who speaks?
    bare = text.lstrip(_OPENERS)
    if nameless or _PERSON.match(bare):
        return Need.NAME
    if quoted:
        return None
    if _ITEM.match(bare) or not text.endswith(_ENDS):
        return Need.LEAD_IN
    if _LINK.match(bare) or (_THING.match(bare) and not _EXPLETIVE.match(bare)):
        return Need.CONTEXT
    return None


def _is_closed(text: str) -> bool:
    """Return whether every quotation that ends in the text also begins there."""
    opened = 0
    for mark in re.findall("[“”]", text):
        opened += 1 if mark == "“" else -1
        if opened < 0:
            return False
    straight = text.count('"')
    return straight % 2 == 0 or not re.search(r'^[^"]*[.,!?…]"', text)


def joined(quote: Quote, around: Sequence[Paragraph]) -> Quote:
    """Return a quote with the sentences before it that it needs, if they are few.

    ``around`` holds the quote's paragraph and those before it, in reading order. The quote
    is returned as it is when it stands alone, when what it needs is too far away, or when
    something else, such as a heading, stands between.
    """
    if quote.cells:
        return quote  # its header says what the row is
    text, origin, before = _leading_up(quote, around)
    opening = quote.opening.span.start - origin if quote.opening else None
    if opening is not None and not (before and before[0].start == opening):
        return quote  # what opens its list is shown without the items between
    last = before[0].of(text) if before else ""
    need = Need.LEAD_IN if last.endswith(":") else need_of(quote.text)
    if need is None:
        return quote
    start = _start(need, text, before, quote.span.end - origin)
    if start is None or quote.span.end - origin - start > MOST_JOINED:
        return quote
    span = Span(origin + start, quote.span.end)
    return replace(quote, text=text[start : quote.span.end - origin], span=span, opening=None)


def joined_all(
    quotes: Iterable[Quote], around: Callable[[Quote], Sequence[Paragraph]]
) -> tuple[Quote, ...]:
    """Return the quotes of a reply, each ``joined``; nothing is quoted twice.

    A quote that stands within one before it is left out, and nothing is joined that has
    been quoted before.
    """
    shown: list[Quote] = []
    for quote in quotes:
        same = [q.span for q in shown if q.source.path == quote.source.path]
        if any(s.start <= quote.span.start and quote.span.end <= s.end for s in same):
            continue
        longer = joined(quote, around(quote))
        again = any(s.start < longer.span.end and longer.span.start < s.end for s in same)
        shown.append(quote if again else longer)
    return tuple(shown)


def _leading_up(quote: Quote, around: Sequence[Paragraph]) -> tuple[str, int, list[Span]]:
    """Return the unbroken text before and with a quote, and what stands in it.

    The result is the text, its place in the article, and the sentences before the quote as
    spans of the text, the nearest first.
    """
    text, origin = quote.paragraph, quote.paragraph_span.start
    spans: list[Span] = []
    gap: str | None = ""
    for paragraph in sorted(around, key=lambda p: -p.id):
        if paragraph.id > quote.paragraph_id:
            continue
        if gap is None:
            break
        if paragraph.id < quote.paragraph_id:
            text, origin = paragraph.text + gap + text, paragraph.span.start
        spans += (s for s in reversed(paragraph.sentences) if s.end <= quote.span.start)
        gap = paragraph.gap
    return text, origin, [Span(s.start - origin, s.end - origin) for s in spans]


def _start(need: Need, text: str, before: Sequence[Span], end: int) -> int | None:
    """Return where in the text the quote, which ends at ``end``, must begin; None if too far."""
    nearest: int | None = None
    near = before[0].end if before else 0
    for span in before:
        lead = span.of(text)
        if near - span.start > MOST_ADDED:
            break
        lacks = need_of(lead)
        if need is Need.LEAD_IN:
            if lead.endswith(":"):
                return span.start
            if lacks is not Need.LEAD_IN:
                break
            continue
        if not lead.endswith(_ENDS):
            break  # a caption or heading, not running text
        if need is Need.OPENING:
            if _is_closed(text[span.start : end]):
                return span.start
        elif lacks in {None, Need.LEAD_IN}:
            if need is Need.CONTEXT or _NAME.search(lead):
                return span.start
            nearest = span.start if nearest is None else nearest
    return nearest
