"""What the page says, by language. Quotes stay in the language of their article."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sourcebot.render.claims import VERDICTS
from sourcebot.render.conflicts import RELATIONS
from sourcebot.render.waiting import HAPPENED
from sourcebot.render.wording import REASONS, UNREAD, language_name
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcebot.types.locators import Locator


_UNNAMED = re.compile("the quote does not name “(?P<name>.*)”")


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; braces are filled in."""

    code: str = "en"
    name: str = "English"
    months: str = (
        "January February March April May June July August September October November December"
    )
    date: str = "{day} {month} {year}"
    thousands: str = ","
    skip: str = "Skip to the content"
    navigation: str = "Main"
    ask: str = "Ask"
    read: str = "Read"
    gaps: str = "Gaps"
    add: str = "Add"
    check: str = "Check"
    timeline: str = "Timeline"
    followed: str = "Followed"
    language: str = "Language"
    sign_in: str = "Sign in"
    sign_out: str = "Sign out"
    key: str = "Token"
    key_help: str = "Whoever runs this page gave it to you."
    key_wrong: str = "This token is not known here."
    tagline: str = "Answers in the words of the articles, each with its source – or none at all."
    question: str = "Your question"
    filters: str = "Filters"
    source: str = "Title or file"
    publisher: str = "Publisher"
    since: str = "Published since"
    until: str = "Published until"
    as_of: str = "As of"
    as_of_help: str = "“As of” answers with what was known and valid on that day."
    shown_as_of: str = "As of {day}: what was published later stands apart."
    all_languages: str = "all languages"
    any_publisher: str = "all publishers"
    working: str = "Looking it up …"
    answer: str = "Answer"
    no_answer: str = "No answer in the articles"
    reasons: Mapping[str, str] = field(
        default_factory=lambda: {reason.value: text for reason, text in REASONS.items()}
    )
    facts: Mapping[str, str] = field(
        default_factory=lambda: {
            "date": "a date or time",
            "number": "a number",
            "sum": "a sum of money",
            "name": "a name",
            "place": "a place",
            "reason": "a reason",
        }
    )
    relations: Mapping[str, str] = field(
        default_factory=lambda: {relation.value: text for relation, text in RELATIONS.items()}
    )
    later: str = "Said later:"
    taken_as: str = "Taken to mean:"
    taken_parts: str = "Taken as {count} questions:"
    further: str = "A question that follows this one"
    further_example: str = "Since when? And who paid for it?"
    one_stale: str = "A source file has changed since the indexing; the answers do not know of it."
    many_stale: str = (
        "{count} source files have changed since the indexing; the answers do not know of it."
    )
    open: str = "Not answered of it:"
    missing: str = "What is missing: {fact}."
    unread: str = UNREAD
    nothing_indexed: str = "Whoever runs this page can put articles into its folder."
    nothing_relevant: str = "Ask in other words, or see under “Read” what the articles are about."
    unclear: str = "Ask again in a whole sentence that names it."
    options: str = "It may refer to:"
    covered: str = "The articles closest to it:"
    nearest: str = "Closest quotes, none of them sure to answer"
    sure: str = "very likely the answer"
    likely: str = "likely the answer"
    unsure: str = "perhaps the answer: read it in its place"
    probability: str = "estimated probability {percent}"
    verbatim: str = "Verbatim quote"
    in_article: str = "in the article"
    show_place: str = "Show in the article"
    original_page: str = "On its web page"
    also: str = "Also in:"
    paragraph: str = "paragraph {number}"
    spoken: str = "in {language}"
    page: str = "page {number}"
    slide: str = "slide {number}"
    sheet: str = "sheet {number}"
    time: str = "at {number}"
    copy: str = "copy"
    share: str = "Share and export"
    permalink: str = "Permanent link"
    cite_as: str = "Save quotes as"
    article: str = "Article"
    choose: str = "The article with the quote appears here."
    whole: str = "Read the whole article"
    page_picture: str = "Page {number} of the original, with the words boxed where they were found"
    given: str = "Given on {day}; shown as it was given."
    filtered: str = "Asked with filters: {filters}"
    ask_again: str = "Ask again now"
    standings: Mapping[str, str] = field(
        default_factory=lambda: {
            "intact": "intact: the words stand where they stood",
            "moved": "moved: the words stand elsewhere in the file now",
            "altered": "altered: the file no longer holds these words",
            "gone": "gone: the file is not there any more",
        }
    )
    articles: str = "Articles"
    search: str = "Search"
    one_article: str = "1 article"
    many_articles: str = "{count} articles"
    none_found: str = "No article is like this."
    previous: str = "Previous"
    next: str = "Next"
    part: str = "Part {part} of {parts}"
    outline: str = "Outline"
    about: str = "About this article"
    published: str = "Published"
    author: str = "Author"
    file: str = "File"
    written_in: str = "Language"
    address: str = "Address"
    text_file: str = "Text as it is quoted"
    originals: str = "Originals"
    versions: str = "Earlier versions"
    copies: str = "Also published as"
    changed: str = "This file has changed since it was indexed."
    not_marked: str = "The quote cannot be marked: the file has changed since it was given."
    has_moved: str = "The file has changed since the quote was given; it stands here now."
    gaps_intro: str = "Questions that found no answer, the latest first."
    no_gaps: str = "Every question found an answer, or none was asked."
    times: str = "asked {times} times"
    once: str = "asked once"
    last_asked: str = "last on {day}"
    add_intro: str = "Files and pages become articles, and are indexed at once."
    add_files: str = "Files"
    add_files_help: str = "Choose files, or drop them here: at most {megabytes} MB each."
    add_address: str = "Address of a page or feed"
    add_button: str = "Add"
    add_nothing: str = "Choose a file or give an address."
    adding: str = "Adding"
    add_done: str = "Done"
    add_wait: str = "This page shows what has been done when it is loaded again."
    reload: str = "Load again"
    check_title: str = "What do the articles say of it?"
    check_intro: str = (
        "A sentence, or a draft of up to {count} characters. Each sentence is set against the"
        " articles, quotations word by word. Whether it is true is never said."
    )
    check_label: str = "Sentence or draft"
    check_kept: str = "What you paste is held in memory for a while, and never written to disk."
    checking: str = "Checking"
    checked_of: str = "{part} of {size} sentences checked"
    check_long: str = "This is longer than {count} characters. Check it in parts."
    check_nothing: str = "There is nothing to check: a claim is a sentence of three telling words."
    check_again: str = "Check something else"
    check_gone: str = "This report is no longer here: reports are held in memory for a while only."
    save_report: str = "Save the report as"
    verdicts: Mapping[str, str] = field(
        default_factory=lambda: {verdict.value: text for verdict, text in VERDICTS.items()}
    )
    verdict_names: Mapping[str, str] = field(
        default_factory=lambda: {
            "supports": "supported",
            "contradicts": "contradicted",
            "partly": "supported in part",
            "silent": "not spoken of",
            "unsure": "unsure",
        }
    )
    stances: Mapping[str, str] = field(
        default_factory=lambda: {
            "supports": "supports",
            "contradicts": "contradicts",
            "unsure": "speaks of it",
        }
    )
    doubts: Mapping[str, str] = field(default_factory=dict)
    unnamed: str = "the quote does not name “{name}”"
    stated: str = "Stated:"
    not_stated: str = "Not stated:"
    wordings: Mapping[str, str] = field(
        default_factory=lambda: {
            "verbatim": "The words stand in the article as quoted.",
            "altered": "The words do not stand in the article as quoted.",
            "not_found": "The words are in no article.",
        }
    )
    quotation: str = "Quotation"
    edit_added: str = "Added in the quotation: “{quoted}”."
    edit_missing: str = "Missing from the quotation: “{original}”."
    edit_other: str = "Quoted “{quoted}”, the article has “{original}”."
    left_out: str = "The ellipsis leaves out “{text}”."
    turning: str = "What is left out turns the meaning: “{text}”."
    the_article: str = "The article:"
    beside_it: str = "Beside it:"
    timeline_title: str = "What the articles date, in order"
    timeline_help: str = (
        "Dates are those that the words themselves state. The day of the report stands apart."
    )
    topic: str = "Topic or question"
    happened_since: str = "Happened since"
    happened_until: str = "Happened until"
    reported: str = "reported {day}"
    not_reported: str = "date of the report not stated"
    undated: str = "No date is stated for what these say"
    not_dated: str = "The articles touch on the topic, but state no date for it."
    outside: str = "Nothing is dated within the days asked for; outside them: {count}."
    save_timeline: str = "Save the timeline as"
    about_date: str = "about {date}"
    decade: str = "{year}s"
    since_date: str = "since {date}"
    until_date: str = "until {date}"
    follow: str = "Follow this question"
    follow_help: str = "Each is asked again whenever the articles change; what is new stands here."
    follow_help_there: str = "It is asked again whenever the articles change."
    follow_title: str = "Followed questions"
    follow_none: str = "No question is followed yet. A question without an answer can be."
    follow_news: str = "What is new"
    follow_no_news: str = "Nothing is new."
    follow_since: str = "followed since {day}"
    follow_waiting: str = "waits for an answer"
    follow_answered: str = "answered"
    follow_muted: str = "muted"
    follow_now: str = "Ask it now"
    mute: str = "Mute"
    unmute: str = "Tell again"
    end: str = "End"
    seen: str = "Seen"
    happened: Mapping[str, str] = field(
        default_factory=lambda: {happened.value: text for happened, text in HAPPENED.items()}
    )
    stages: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    wrong: str = "This did not work"
    not_here: str = "There is no such page here."
    not_found: str = ""
    not_allowed: str = "You may not do this here."
    empty_question: str = "The question is empty."
    long_question: str = "The question is too long: at most {most} characters are read."
    not_a_date: str = "“{value}” is not a date."
    none_like: str = "No article is like “{value}”. The list under “Read” names all."
    none_left: str = "No article is left by the filters together."
    scope_too_narrow: str = "Your token opens no article."
    followed_already: str = "This question is followed already."
    did_you_mean: str = "Did you mean {names}?"
    back: str = "Back to the first page"
    minutes: str = "Please wait {seconds} s before you ask again."
    busy: str = "Too many questions are waiting just now. Please ask again in a moment."

    def day(self, date: dt.date) -> str:
        """Return a date as people write it."""
        month = self.months.split()[date.month - 1]
        return self.date.format(day=date.day, month=month, year=date.year)

    def event(self, code: str) -> str:
        """Return a date or span in ISO 8601-2 as people write it, at its own precision."""
        first, stroke, last = code.partition("/")
        if not stroke:
            return self._date(first)
        if last == "..":
            return self.since_date.format(date=self._date(first))
        if first == "..":
            return self.until_date.format(date=self._date(last))
        return f"{self._date(first)} – {self._date(last)}"

    def _date(self, code: str) -> str:
        if code.endswith("~"):
            return self.about_date.format(date=self._date(code[:-1]))
        if code.endswith("X"):
            return self.decade.format(year=f"{code[:-1]}0")
        year, *rest = code.split("-")
        if len(rest) == 2:
            return self.day(dt.date.fromisoformat(code))
        return f"{self.months.split()[int(rest[0]) - 1]} {year}" if rest else code

    def in_language(self, code: str) -> str:
        """Return which language a quote is in, such as "in English"."""
        return self.spoken.format(language=self.language_named(code))

    def language_named(self, code: str) -> str:
        """Return a language by its name in this one."""
        return language_name(code, self.code)

    def located(self, locator: Locator) -> str:
        """Return where in an original something stands, such as "page 4"."""
        words: str = getattr(self, locator.kind.value)
        return one_line(words.format(number=locator.label))

    def number(self, number: int) -> str:
        """Return a number with its thousands parted."""
        return f"{number:,}".replace(",", self.thousands)

    def stale_files(self, number: int) -> str:
        """Return that so many source files are not as they were indexed, "" for none."""
        one = self.one_stale if number == 1 else self.many_stale.format(count=self.number(number))
        return one if number else ""

    def doubt(self, reason: str) -> str:
        """Return why a verdict is unsure in this language, "" where that is not known."""
        if found := _UNNAMED.fullmatch(reason):
            return self.unnamed.format(name=found["name"])
        return self.doubts.get(reason, "")

    def count(self, number: int) -> str:
        """Return a number of articles in words."""
        many = self.many_articles.format(count=self.number(number))
        return self.one_article if number == 1 else many

    def confidence(self, probability: float) -> str:
        """Return in words how sure an answer is."""
        if probability >= 0.8:
            return self.sure
        return self.likely if probability >= 0.5 else self.unsure


ENGLISH = Words()
