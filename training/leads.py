"""What a sentence that introduces somebody or something says, as short claims.

"Ada Holm (born 26 May 1970) is a Danish actress and singer." supports "Ada Holm is a singer.", "Ada
Holm was born in May." and "Ada Holm is Danish."; it contradicts "Ada Holm was born in December.",
"Ada Holm is Greek." and "Ada Holm is a river.".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_MONTHS = tuple(calendar.month_name)[1:]
_MONTH = "|".join(_MONTHS)
_LEAD = re.compile(
    r"^(?:The )?(?P<name>[A-Z][\w'’.-]*(?: (?:of|the|and|de|von|van|la)? ?[A-Z][\w'’.-]*){0,4})"
    r"(?: \((?P<aside>[^()]{3,80})\))?,? (?P<verb>is|was) (?:an?|the) (?P<what>[^.;()]{3,140})"
)
_END = re.compile(
    r"\b(?:who|which|that|whose|where|in|from|based|located|known|of|by|for|on|at|with|released"
    r"|directed|written|created|produced|starring|between|since|to|during|as)\b"
)
_DATE = re.compile(rf"(?:(\d{{1,2}}) ({_MONTH})|({_MONTH}) (\d{{1,2}}),?) (1\d{{3}}|20\d\d)")
_NATIONS = _listed(
    "American British English Scottish Welsh Irish French German Italian Spanish Portuguese"
    " Dutch Belgian Swiss Austrian Polish Russian Ukrainian Swedish Norwegian Danish Finnish"
    " Greek Turkish Indian Pakistani Chinese Japanese Korean Canadian Australian Mexican"
    " Brazilian Argentine Cuban Egyptian Nigerian Kenyan Israeli Iranian Iraqi Hungarian Czech"
    " Romanian Serbian Croatian"
)
_PERSONS = _listed(
    "actor actress singer songwriter musician composer writer author novelist poet playwright"
    " director producer screenwriter politician lawyer judge businessman businesswoman"
    " entrepreneur scientist physicist chemist biologist mathematician historian philosopher"
    " economist painter sculptor architect engineer footballer player coach manager wrestler"
    " boxer swimmer runner model comedian journalist presenter rapper dancer photographer king"
    " queen emperor general soldier priest bishop inventor explorer astronaut physician doctor"
    " teacher professor"
)
_WORKS = _listed(
    "film movie album song single novel book play series sitcom show opera symphony painting"
    " game magazine newspaper soundtrack documentary comic musical poem"
)
_PLACES = _listed(
    "city town village country state province county river lake mountain island region district"
    " municipality capital suburb neighbourhood neighborhood peninsula valley desert volcano"
)
_GROUPS = _listed(
    "band group company corporation university college school club team party organisation"
    " organization bank airline orchestra newspaper network station museum"
)
_THINGS = _listed(
    "language virus disease protein drug animal plant bird fish dog breed sport law treaty war"
    " battle religion church holiday festival award prize software website browser device"
    " vehicle aircraft ship car engine weapon building bridge castle tower park railway airport"
    " hotel house theory method process instrument food drink dish mineral metal chemical planet"
    " star"
)
_CLASSES = (_PERSONS, _WORKS, _PLACES, _GROUPS, _THINGS)
_KNOWN = frozenset(word for nouns in _CLASSES for word in nouns)
_PRONOUNS = _listed("This That These It He She They There Here What Mine Such One I We You")


@dataclass(frozen=True, slots=True)
class Lead:
    """An introduction: who, what it is called, and the days in brackets."""

    name: str
    verb: str
    items: tuple[str, ...]
    nation: str
    born: tuple[str, str, str] | None
    died: tuple[str, str, str] | None

    @property
    def kinds(self) -> set[int]:
        """Which of the classes of nouns it belongs to."""
        heads = {_head(item) for item in self.items}
        return {n for n, nouns in enumerate(_CLASSES) if heads & {*nouns}}


def lead_of(sentence: str) -> Lead | None:
    """Return what a sentence introduces, or None."""
    found = _LEAD.match(sentence)
    if not found or found["name"].split()[0] in _PRONOUNS:
        return None
    what = _END.split(found["what"], maxsplit=1)[0].strip(" ,")
    parts = [p.strip() for p in re.split(r",? and |, |/", what) if p.strip()]
    words = parts[0].split() if parts else []
    nation = next((word for word in words if word in _NATIONS), "")
    items = [
        " ".join(w for w in part.split() if w not in _NATIONS and not w.isdigit()) for part in parts
    ]
    items = [i for i in items if len(i.split()) <= 4 and i[:1].islower() and _head(i) in _KNOWN]
    days = [_day(match) for match in _DATE.finditer(found["aside"] or "")]
    born = days[0] if days and (len(days) == 2 or "born" in (found["aside"] or "")) else None
    died = days[1] if len(days) == 2 else None
    lead = Lead(found["name"], found["verb"], tuple(items), nation, born, died)
    return lead if items or nation or born or died else None


def _head(item: str) -> str:
    return item.lower().split()[-1]


def _day(match: re.Match[str]) -> tuple[str, str, str]:
    return match[1] or match[4], match[2] or match[3], match[5]


def supported(lead: Lead, random: Random) -> str:
    """Return a claim that the introduction supports."""
    made = [f"{lead.name} {lead.verb} {_article(item)} {item}." for item in lead.items]
    made += [f"{lead.name} {lead.verb} {_article(_head(i))} {_head(i)}." for i in lead.items]
    if lead.nation:
        made.append(f"{lead.name} {lead.verb} {lead.nation}.")
    return random.choice([*made, *_dated(lead, random)])


def contradicted(lead: Lead, other: Lead, random: Random) -> str:
    """Return a claim that the introduction excludes, made with another's, or ""."""
    made = []
    if lead.nation:
        nation = random.choice([n for n in _NATIONS if n != lead.nation])
        made.append(f"{lead.name} {lead.verb} {nation}.")
    if lead.items:
        item = random.choice(lead.items)
        made.append(f"{lead.name} {lead.verb} not {_article(item)} {item}.")
    if lead.kinds and other.kinds and not lead.kinds & other.kinds and other.items:
        item = random.choice(other.items)
        made += [f"{lead.name} {lead.verb} {_article(item)} {item}."] * 2
    made += _dated(_moved(lead, random), random)
    return random.choice(made) if made else ""


def _moved(lead: Lead, random: Random) -> Lead:
    """Return it with other months and years of birth and death."""

    def other(day: tuple[str, str, str] | None) -> tuple[str, str, str] | None:
        if day is None:
            return None
        month = random.choice([m for m in _MONTHS if m != day[1]])
        year = str(int(day[2]) + random.choice((-10, -5, -2, -1, 1, 2, 5, 10)))
        return day[0], month, year

    return Lead(lead.name, lead.verb, (), "", other(lead.born), other(lead.died))


def _dated(lead: Lead, random: Random) -> list[str]:
    """Return what the days in brackets say."""
    made = []
    for day, verb in ((lead.born, "was born"), (lead.died, "died")):
        if day is not None:
            number, month, year = day
            forms = (
                *(f"in {month}", f"in {year}", f"in {month} {year}"),
                *(f"on {month} {number}, {year}", f"on {number} {month} {year}"),
            )
            made += [f"{lead.name} {verb} {form}." for form in forms]
    return random.sample(made, min(2, len(made)))


def _article(noun: str) -> str:
    return "an" if noun[0].lower() in "aeiou" else "a"


_FULL = re.compile(
    rf"\b(?P<on>[Oo]n )?(?:(?P<d>\d{{1,2}}) (?P<m>{_MONTH})"
    rf"|(?P<mm>{_MONTH}) (?P<dd>\d{{1,2}}),?),? "
    r"(?P<y>1\d{3}|20\d\d)\b,?"
)
_SMALL = _listed("zero one two three four five six seven eight nine ten eleven twelve")
_FIGURE = re.compile(rf"\b(?:[2-9]|1[0-2])\b(?![.,:]\d)(?!,? (?:{_MONTH}|1\d\d\d|20\d\d))")
_AFTER_MONTH = re.compile(rf"(?:{_MONTH}) $")
_FIGURE_WORD = re.compile(rf"\b(?:{'|'.join(_SMALL[2:])})\b")
_LARGE = re.compile(r"(?<![\d.,$£€])\b(\d{2,3}|\d{1,3}(?:,\d{3})+)\b(?![\d.,%]*\d)")
_LEAST_LARGE = 20
_BOUNDED = re.compile(r"(?:than|about|over|under|[A-Z]\w+) $")
_ASIDE = re.compile(r" ?\([^()]*\)")


def rephrased(sentence: str, random: Random) -> str:
    """Return a sentence that says the same, or a part of it: in coarser dates, other figures."""
    return _last(list(_rephrasings(sentence, random)), sentence, random)


def _last(made: list[str], sentence: str, random: Random) -> str:
    fitting = [text for text in made if text != sentence]
    return random.choice(fitting) if fitting else sentence


def _rephrasings(sentence: str, random: Random) -> Iterator[str]:
    plain = _ASIDE.sub("", sentence)
    yield plain
    if day := _FULL.search(plain):
        month, year = day["m"] or day["mm"], day["y"]
        number = day["d"] or day["dd"]
        lead = {"on ": "in ", "On ": "In "}.get(day["on"] or "", "")
        on = day["on"] or ""
        for form in (
            *(f"{lead}{year}", f"{lead}{month} {year}") * 2,
            f"{on}{number} {month} {year}",
            f"{on}{month} {number}, {year}",
        ):
            yield f"{plain[: day.start()]}{form}{plain[day.end() :]}"
    for match in _FIGURE.finditer(plain):
        if _AFTER_MONTH.search(plain[: match.start()]):
            continue
        yield f"{plain[: match.start()]}{_SMALL[int(match[0])]}{plain[match.end() :]}"
    for match in _FIGURE_WORD.finditer(plain):
        yield f"{plain[: match.start()]}{_SMALL.index(match[0])}{plain[match.end() :]}"
    for match in _LARGE.finditer(plain):
        count = int(match[1].replace(",", ""))
        if count >= _LEAST_LARGE and not _BOUNDED.search(plain[: match.start()]):
            less = f"{int(count * random.uniform(0.5, 0.95)):,}"
            yield f"{plain[: match.start()]}more than {less}{plain[match.end() :]}"
