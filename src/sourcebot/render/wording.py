"""The sentences that every front end says, and text made safe to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.text.display import one_line
from sourcebot.types import AbstentionReason, Answer, AnswerType, Attribution
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sourcebot.types import Abstention, Reply, Source

REASONS = {
    AbstentionReason.NOTHING_INDEXED: "There are no articles yet: nothing is indexed.",
    AbstentionReason.NOTHING_RELEVANT: "Nothing relevant to this was found in the articles.",
    AbstentionReason.NOT_STATED: (
        "No answer was found: the articles touch on the topic, but no quote is likely to answer."
    ),
    AbstentionReason.UNSURE: "No sure answer was found, but one of the closest quotes may answer.",
    AbstentionReason.UNCLEAR: "It is not clear what this question refers to.",
}
_NEXT = {
    AbstentionReason.NOTHING_INDEXED: (
        "Put articles (.txt or .md) into the sources folder and run `sourcebot index`;"
        " `sourcebot add` takes PDF, DOCX, EPUB, HTML, pages and feeds."
    ),
    AbstentionReason.NOTHING_RELEVANT: (
        "Ask in other words, or see the list of sources for what they cover."
    ),
    AbstentionReason.UNCLEAR: "Ask again in a whole sentence that names it.",
}
FACTS = {
    AnswerType.DATE: "a date or time",
    AnswerType.NUMBER: "a number",
    AnswerType.SUM: "a sum of money",
    AnswerType.NAME: "a name",
    AnswerType.PLACE: "a place",
    AnswerType.REASON: "a reason",
    AnswerType.OTHER: "",
}
"""What a refusal calls the kind of fact that is missing."""

UNREAD = "The models in use do not read {language}: what answers may stand there all the same."
"""Said where no reader that is in use knows a language; only words were compared then."""

NEAREST = "Closest quotes, none of them sure to answer:"

_LONGEST_TITLE = 80

BELOW = "›"
"""Stands between a title and the headings that lead to a quote."""


def refusal(abstention: Abstention) -> tuple[str, ...]:
    """Return why there is no answer, a sentence each: the reason, then what helps."""
    reason = REASONS[abstention.reason]
    if abstention.options:
        return _asked_back(abstention)
    unread = UNREAD.format(language=language_name(abstention.unread)) if abstention.unread else ""
    if abstention.reason in _NEXT:
        return tuple(filter(None, (reason, unread, _NEXT[abstention.reason])))
    titles = ", ".join(f"“{_shortened(one_line(s.title))}”" for s in abstention.covered)
    missing = f"What is missing: {FACTS[abstention.missing]}." if abstention.missing else ""
    covered = f"The closest articles: {titles}." if titles else ""
    return tuple(filter(None, (reason, unread, missing, covered)))


def _asked_back(abstention: Abstention) -> tuple[str, ...]:
    options = " or ".join(one_line(option) for option in abstention.options)
    return (f"What does “{one_line(abstention.unclear)}” refer to: {options}?",)


def taken_as(reply: Reply) -> str:
    """Return what a question was taken to mean where that is not what was asked, else ""."""
    parts = [one_line(part.meant or part.question) for part in reply.parts]
    if parts:
        return f"Taken as {len(parts)} questions: {' '.join(parts)}"
    return f"Taken as: {one_line(reply.meant)}" if reply.meant else ""


def left_open(reply: Reply) -> tuple[str, ...]:
    """Return a sentence for each question in an answered one that is not answered."""
    open_ = reply.open if isinstance(reply, Answer) else ()
    return tuple(f"Not answered: {one_line(question)}" for question in open_)


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rstrip() + "…"


def day(date: dt.date) -> str:
    """Return a date as people write it, such as 20 July 2021."""
    return f"{date.day} {date:%B %Y}"


def language_name(code: str, words: str = "en") -> str:
    """Return a language by its name in another, such as "German", or its code if it has none."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(words).languages.get(code)
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


_LOCATED = {
    LocatorKind.PAGE: "page {}",
    LocatorKind.SLIDE: "slide {}",
    LocatorKind.SHEET: "sheet {}",
    LocatorKind.TIME: "at {}",
}


def attribution(source: Source, *, headings: Sequence[str] = (), paragraph: bool = True) -> str:
    """Return an article on one line: title, headings, publisher, author and date.

    Where a quote stands in it follows: its language, if the question is in another one, the page,
    slide, sheet or time, where there is one, and the paragraph.
    """
    parts = [
        f" {BELOW} ".join((source.title, *headings)),
        source.publisher,
        source.author,
        day(source.published) if source.published else "",
        *(_place(source, paragraph=paragraph) if isinstance(source, Attribution) else ()),
    ]
    return " · ".join(one_line(part) for part in parts if part)


def _place(source: Attribution, *, paragraph: bool) -> Iterator[str]:
    if source.foreign:
        yield f"in {language_name(source.language)}"
    if source.locator:
        yield _LOCATED[source.locator.kind].format(source.locator.label)
    if paragraph:
        yield f"paragraph {source.paragraph}"


def percent(probability: float) -> str:
    """Return a probability as a whole percentage; never 0 % or 100 %, which nothing is."""
    return f"{min(99, max(1, round(100 * probability)))} %"
