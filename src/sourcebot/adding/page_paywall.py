"""Whether a web page shows only the beginning of its article, and what it says of that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Kind, cleaned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from sourcebot.adding.blocks import Block

_NAMES = re.compile(
    r"paywall|regwall|meter(?:ed)?-|subscri|premium|piano|gate(?![a-z])", re.IGNORECASE
)
_SURE_NAMES = re.compile(r"pay-?wall|reg-?wall", re.IGNORECASE)
_CALL = re.compile(
    r"subscri|log\s?in|sign\s?in|regist|abo(?:nn|s?\b)|anmelden|weiterlesen|suscr|assin|abbon|prenumer"
    r"|unlock|free\sarticle|reste\s\d|for\smembers|la\ssuite|leyendo|leggere|lezen|czyta",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"""
    # English
    \b(?:subscrib\w*|subscription|log\s?in|sign\s?(?:in|up)|register|join)\b.{0,60}\b
        (?:to\s(?:continue|keep|read|unlock|access|view)|(?:full|entire|whole)\s(?:story|article)|read\son)
    |\b(?:continue|keep)\sreading\b.{0,60}\b(?:subscri\w+|account|trial|for\s(?:free|just|only))
    |\bunlock\s(?:this|the)\s(?:article|story|rest)|\balready\sa\s(?:\w+\s)?(?:subscriber\b|member\?)
    |\b(?:article|story|content|post|page)\b.{0,40}\b(?:for|to|by)\s(?:\w+\s)?(?:subscribers|members)(?:\sonly|\W*$)
    |\b(?:for\s)?subscribers?[\s-]only\b
    |\bfree\sarticles?\s(?:this|per|a|left|remaining)\b
    |\byou(?:['’]ve|\shave)\s(?:read|reached)\b.{0,40}\b(?:free|limit)
    |\bthe\s(?:rest|remainder)\sof\sth(?:is|e)\s(?:article|story)\sis\b
    # German
    |\bweiter(?:zu)?lesen\s(?:mit|als|im|nur)\b|\b(?:mit|als|im)\s(?:\S+\s){0,3}\S*abo(?:nnent\w*)?\b.{0,30}\b(?:weiter)?lesen
    |\b(?:nur|exklusiv|vorbehalten)\b.{0,20}\b(?:abonnent\w*|abos?|abonnements?|mitglieder\w*|premium|plus)\b
    |\bbereits\s(?:\S+\s)?(?:abonnent|registriert|kunde)|\bartikel\s(?:jetzt\s)?(?:freischalten|weiterlesen)
    |\b(?:sie\s)?haben\s(?:sie\s)?(?:bereits|schon)\sein\s(?:\S+\s)?abo|\bweiterlesen\sund\b
    # French
    |\b(?:réservée?s?|accessibles?)\s(?:\w+\s)?aux\s(?:seuls\s)?abonnée?s|\bil\svous\sreste\s\d+.{0,30}à\slire
    |\b(?:abonnez-vous|s['’]abonner|connectez-vous|inscrivez-vous)\b.{0,60}\b(?:lire|suite|article|accéder|accès|continuer)
    |\bpour\slire\sla\ssuite|\bdéjà\sabonnée?\b|\blire\sla\ssuite\b.{0,40}\babonn
    # Spanish, Italian, Portuguese
    |\bexclusiv\w+\spara\s(?:\w+\s)?(?:suscriptor|abonad|soci|assinant)\w*|\bpara\s(?:seguir|continuar)\sleyendo
    |\bsuscr[ií]b\w*\b.{0,60}\b(?:leyendo|leer|acceder|acceso)|\bya\s(?:eres|es|soy)\s(?:suscriptor|socio)
    |\briservat\w+\s(?:ai|agli|alle)\s(?:\w+\s)?(?:abbonat|utenti)\w*|\bper\scontinuare\sa\sleggere|\bgià\sabbonat[oi]
    |\bexclusivo\sde\sassinantes|\bassine\b.{0,60}\b(?:ler|lendo|acess\w+)|\bjá\sé\sassinante
    # Dutch, Polish, Swedish, Danish, Norwegian
    |\b(?:alleen|exclusief)\svoor\s(?:\w+\s)?(?:abonnees|leden)|\bal\sabonnee\b|\bverder\s?lezen\b.{0,40}\babonn
    |\btylko\sdla\s(?:\w+\s)?(?:prenumeratorów|subskrybentów)|\baby\sczytać\sdalej
    |\b(?:bara|endast|kun|bare)\s(?:för|for)\s(?:\w+\s)?(?:prenumeranter|abonnenter|medlem)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What pages say in the place of the rest of an article."""

_MORE = re.compile(
    r"\W*(?:(?:continue|keep)\sreading|read\s(?:more|on|(?:the\s)?(?:full|whole|rest\sof\sthe)\s(?:story|article))"
    r"|(?:jetzt\s)?(?:weiter|mehr)\s?lesen|zum\svollständigen\sartikel|lire\s(?:la\ssuite|plus|l['’]article)"
    r"|(?:leer|ver)\smás|(?:seguir|sigue|continuar)\sleyendo|leia\smais|leggi\s(?:tutto|di\spiù)"
    r"|continua\sa\sleggere|lees\s(?:verder|meer)|czytaj\s(?:dalej|więcej)|läs\smer|læs\smere|les\smer)\W*",
    re.IGNORECASE,
)
_LONGEST_CALL = 120
_LONGEST_WALL = 40
_LAST = 5
_LOCKED = {"locked", "premium", "paid", "subscriber", "subscribers"}


@dataclass(frozen=True, slots=True)
class Wall:
    """What was found of a paywall: the blocks of the article without what it says, and a remark."""

    blocks: list[Block]
    note: str = ""


def is_paywall(element: HtmlElement) -> bool:
    """Return whether an element only asks for a subscription, by its name and its words."""
    if not _NAMES.search(_named(element)):
        return False
    text = element.text_content()
    return len(text.split()) <= _LONGEST_CALL and bool(_CALL.search(text))


def is_surely_paywall(element: HtmlElement) -> bool:
    """Return whether such an element stands for the rest of the article, unlike a newsletter's."""
    return bool(
        _SURE_NAMES.search(_named(element)) or _WALL.search(cleaned(element.text_content()))
    )


def without_wall(tree: HtmlElement, blocks: Sequence[Block], *, known: bool) -> Wall:
    """Return an article without what stands in the place of its rest, and a remark on that.

    ``known`` says that the page calls itself one for subscribers.
    """
    kept = list(blocks)
    for block in kept[-_LAST:]:
        if _is_wall(block):
            kept.remove(block)
            known = True
    if known or _states_lock(tree):
        return Wall(
            kept,
            "the page is for subscribers: what is here may be only the beginning of the article",
        )
    if more := _goes_on(tree, kept):
        return Wall(
            kept, f"the page ends with a link “{more}”: what is here may be only the beginning"
        )
    return Wall(kept)


def _is_wall(block: Block) -> bool:
    words = cleaned(block.text)
    return (
        block.kind in {Kind.PARAGRAPH, Kind.HEADING, Kind.ITEM}
        and len(words.split()) <= _LONGEST_WALL
        and bool(_WALL.search(words) and _CALL.search(words))
        and not re.search(r"[“\"„«]", words)
    )


def _states_lock(tree: HtmlElement) -> bool:
    tiers = tree.xpath("//meta[contains(@property, 'content_tier')]/@content")
    free = tree.xpath("//*[@itemprop='isAccessibleForFree']")
    return any(str(tier).strip().casefold() in _LOCKED for tier in tiers) or any(
        (element.get("content") or element.text_content()).strip().casefold() in {"false", "no"}
        for element in free
    )


def _goes_on(tree: HtmlElement, blocks: Sequence[Block]) -> str:
    """Return the words of the page's only link that leads to the rest of its text, or "".

    Pages with several such links list articles.
    """
    links = [a for a in tree.iter("a") if _MORE.fullmatch(cleaned(a.text_content()))]
    if len(links) != 1 or not blocks:
        return ""
    before = _before(links[0])
    return (
        cleaned(links[0].text_content())
        if before.endswith(cleaned(blocks[-1].text)[-_LONGEST_WALL:])
        else ""
    )


def _before(link: HtmlElement) -> str:
    """Return the text right before a link, without what parts the two."""
    parts: list[str] = []
    element = link
    while element is not None and sum(map(len, parts)) < _LONGEST_CALL:
        before = element.getprevious()
        while before is not None and sum(map(len, parts)) < _LONGEST_CALL:
            shown = before.text_content() if isinstance(before.tag, str) else ""
            parts[:0] = [shown, before.tail or ""]
            before = before.getprevious()
        element = element.getparent()
        if element is not None:
            parts[:0] = [element.text or ""]
    return cleaned(" ".join(parts)).rstrip("… .") + "."


def _named(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"
