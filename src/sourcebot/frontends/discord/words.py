"""What the Discord bot says, by language. Quotes stay in the language of their article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sourcebot.frontends.discord.command_names import name_of
from sourcebot.render.claims import VERDICTS, WORDINGS
from sourcebot.render.conflicts import RELATIONS
from sourcebot.render.wording import FACTS, NEAREST, REASONS, UNREAD, language_name
from sourcebot.text.display import one_line
from sourcebot.types.claims import Verdict
from sourcebot.types.locators import LocatorKind
from sourcebot.types.waiting import Happened

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sourcebot.types import AbstentionReason, AnswerType, Relation
    from sourcebot.types.claims import Wording
    from sourcebot.types.locators import Locator


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; braces are filled in."""

    language: str = "en"
    reasons: Mapping[AbstentionReason, str] = field(default_factory=lambda: REASONS)
    nearest: str = NEAREST
    facts: Mapping[AnswerType, str] = field(default_factory=lambda: FACTS)
    months: str = (
        "January February March April May June July August September October November December"
    )
    date: str = "{day} {month} {year}"
    missing: str = "What is missing: {fact}."
    covered: str = "The closest articles:"
    paragraph: str = "paragraph {number}"
    spoken: str = "in {language}"
    unread: str = UNREAD
    page_number: str = "page {number}"
    slide_number: str = "slide {number}"
    sheet_name: str = "sheet {number}"
    time: str = "at {number}"
    refused: str = "No answer in the articles"
    also: str = "Also in"
    confidence: str = "confidence {percent}"
    verbatim: str = "verbatim quote"
    more_quotes: str = "More quotes"
    context: str = "Show context"
    helpful: str = "Helpful"
    not_helpful: str = "Not helpful"
    thanks: str = "Thank you, noted."
    meant: str = "Taken as: {question}"
    shortened: str = "The message is long: only its first {count} characters were read."
    here: str = "Answered below."
    busy: str = "I am busy: too many questions are waiting. Please ask again in a minute."
    throttled: str = (
        "Discord lets me send too little just now (rate limit), so your answer could not be "
        "delivered. Please ask again in a minute."
    )
    limited: str = (
        "Discord lets me send nothing to {channel} just now (rate limit), so I answer here."
    )
    cooldown: str = "Please wait {seconds} s before you ask again."
    wrong: str = "Something went wrong"
    failed: str = (
        "This did not work, and it has been logged. If it happens again, tell whoever runs this "
        "bot the reference below."
    )
    unusable: str = "The question cannot be used"
    no_index: str = "The index cannot be used just now. Please tell whoever runs this bot."
    reference: str = "reference {reference}"
    gone: str = "This answer is no longer kept. Please ask again."
    no_more: str = "There are no further quotes."
    how_to_ask: str = (
        "Ask me a question: mention me with it, send it to me, or use {ask}. Moderators of a "
        "server can read what is asked there, but not who asked."
    )
    hello: str = "Hello!"
    welcome: str = "You are welcome."
    not_understood: str = "I did not understand this as a question."
    readable: str = "moderators can read questions"
    joined_title: str = "Hello, I am sourcebot"
    joined: str = (
        "I answer questions with verbatim quotes from a collection of articles, each with its "
        "source, and say so when the articles do not answer.\n\n"
        "**Everybody**: {ask} a question, mention me with it, or reply to an answer to ask on. "
        "{sources} lists the articles, {about} says what I keep, {delete} deletes what I keep of "
        "you.\n**Moderators**: {scope} limits the articles for this server, a channel or a role, "
        "{quiet} keeps me silent where I cannot answer, {gaps} lists what found no answer. You can "
        "read the questions asked here, but not who asked them."
    )
    no_direct: str = "I do not answer in direct messages. Please ask in a server."
    no_shared: str = (
        "In direct messages I answer only members of a server that I am in, from what that "
        "server allows."
    )
    owners_only: str = "Only the owners of this bot's application can do this."
    delete_ask: str = (
        "This deletes what I keep of you, in all servers and for good: your questions with their "
        "answers, votes and reports. Buttons under your answers stop working. Messages in Discord "
        "stay: delete those yourself. Delete?"
    )
    delete_yes: str = "Delete"
    delete_no: str = "Keep"
    deleted: str = "Deleted. Answers: {count}."
    kept: str = "Nothing was deleted."
    interrupted: str = "I was interrupted before I could answer. Please ask again."
    not_a_date: str = "“{value}” is not a date. Write it as 2021-07-20."
    empty_question: str = "The question is empty."
    long_question: str = "The question is too long: at most {most} characters are read."
    scope_too_narrow: str = "The scope set here leaves no article. A moderator can widen it."
    none_like: str = "No article is like “{value}”. {sources} lists all."
    none_left: str = "No article is left by the filters together."
    did_you_mean: str = "Did you mean {names}?"
    erase_hint: str = "{delete} deletes what is kept of you."
    parts: str = "Taken as {count} questions: {questions}"
    open: str = "Not answered"
    differ: Mapping[Relation, str] = field(default_factory=lambda: RELATIONS)
    later: str = "Said later"
    refers: str = "What does “{word}” refer to: {options}?"
    either: str = " or "
    one_place: str = "Choose a channel or a role, not both."
    no_text: str = "There is no text in this message that I could read."
    not_mine: str = "This is not an answer of mine that I still know."
    report_title: str = "Report this answer"
    report_label: str = "What is wrong with it?"
    reported: str = "Thank you. The moderators of this server can read your report."
    moderators_only: str = "Only people who may manage the server can do this."
    servers_only: str = "This works in servers only."
    sources: str = "Articles"
    no_sources: str = "There are no articles here."
    page: str = "page {page} of {pages} · articles: {articles}"
    previous: str = "Previous"
    next: str = "Next"
    about: str = (
        "I answer with verbatim quotes from a collection of articles, each with its source, and "
        "say so when the articles do not answer. I write no text of my own, so I cannot invent "
        "any. The words that answer are in bold; the confidence is the estimated probability "
        "that the quote answers."
    )
    privacy: str = "Privacy"
    keeps: str = (
        "Questions, answers and feedback are kept for {days} days, with a keyed hash in the place "
        "of who asked. I read only messages that mention me, reply to me or are sent to me."
    )
    keeps_nothing: str = (
        "Questions are not kept. Answers are kept for {days} days for their buttons. I read only "
        "messages that mention me, reply to me or are sent to me."
    )
    building: str = "The articles are being indexed already."
    indexing: str = "Indexing"
    starting: str = "Starting"
    meanwhile: str = "Questions are answered from the old index meanwhile."
    indexed: str = "The index is new"
    up_to_date: str = "The index is up to date"
    summary: str = "{added} added, {changed} changed, {removed} removed, {unchanged} unchanged"
    failed_files: str = "Files that could not be used: {count}"
    totals: str = "articles: {articles} · paragraphs: {paragraphs} · {seconds} s"
    scope: str = "Scope"
    scope_all: str = "The server answers from all articles."
    scope_empty: str = "No article would be left: nothing was changed."
    whole_server: str = "The whole server"
    publishers: str = "Publishers"
    allowed: str = "articles allowed: {count}"
    quiet_on: str = (
        "In {channel} I speak only when I can answer. Under a mention without an answer I set "
        "\U0001f937; commands are refused privately."
    )
    quiet_off: str = "In {channel} I also say so when the articles do not answer."
    gaps: str = "Questions without an answer"
    no_gaps: str = "Every question found an answer, or none was asked."
    not_kept: str = "Questions are not kept: log_questions is off."
    asked: str = "asked {times}×, people: {people}"
    gaps_total: str = "questions: {gaps} · answers with complaints: {complaints} · all in the files"
    moved: str = "I may not write in {channel}, so I answer here."
    keeps_followers: str = "Who follows a question is kept, hashed, until that ends."
    follow: str = "Tell me when there is an answer"
    followed: str = (
        "I ask this again whenever the articles change, and answer here. {following} "
        "lists, mutes and ends it."
    )
    too_many_followed: str = "You follow {most} questions already. End one with {following} first."
    not_followed: str = "You do not follow this question."
    ended: str = "You follow it no longer."
    following: str = "Followed questions"
    none_followed: str = "You follow no question. The button under a refusal begins that."
    waiting_now: str = "waiting"
    answered_now: str = "answered"
    muted: str = "muted"
    since_day: str = "since {day}"
    mute: str = "Mute {number}"
    unmute: str = "Unmute {number}"
    end: str = "End {number}"
    stop_telling: str = "Do not tell me any more"
    waited_for: str = "waited for by {people}"
    checked: str = "What the articles say of this"
    nothing_to_check: str = "No sentence in this message says something that could be looked up."
    first_sentences: str = "the first {shown} of {count} sentences; the file has all"
    no_truth: str = "what the articles say, not whether it is true"
    stated: str = "stated"
    not_stated: str = "not stated"
    left_out: str = "The ellipsis leaves out “{words}”."
    turning: str = "What is left out turns the meaning: {words}."
    beside: str = "Beside it: “{words}”"
    added_words: str = "Added in the quotation: “{words}”."
    missing_words: str = "Missing from the quotation: “{words}”."
    other_words: str = "Quoted “{quoted}”, the article has “{original}”."
    stages: Mapping[str, str] = field(
        default_factory=lambda: {
            "Reading": "Reading",
            "Embedding": "Embedding",
            "Writing": "Writing",
            "asking followed questions": "Asking followed questions",
        }
    )
    verdicts: Mapping[Verdict, str] = field(default_factory=lambda: VERDICTS)
    wordings: Mapping[Wording, str] = field(default_factory=lambda: WORDINGS)
    stances: Mapping[Verdict, str] = field(
        default_factory=lambda: {
            Verdict.SUPPORTS: "For",
            Verdict.CONTRADICTS: "Against",
            Verdict.UNSURE: "On this",
        }
    )
    happened: Mapping[Happened, str] = field(
        default_factory=lambda: {
            Happened.ANSWERED: "The articles now answer a question that is followed here.",
            Happened.CHANGED: (
                "The articles now answer a question that is followed here differently."
            ),
            Happened.WITHDRAWN: "The articles no longer answer a question that is followed here.",
        }
    )

    def located(self, locator: Locator) -> str:
        """Return where in its original a quote stands, such as "page 4"."""
        words = {
            LocatorKind.PAGE: self.page_number,
            LocatorKind.SLIDE: self.slide_number,
            LocatorKind.SHEET: self.sheet_name,
            LocatorKind.TIME: self.time,
        }
        return one_line(words[locator.kind].format(number=locator.label))

    def in_language(self, code: str) -> str:
        """Return which language a quote is in, such as "in English"."""
        return self.spoken.format(language=self.language_named(code))

    def language_named(self, code: str) -> str:
        """Return a language by its name in this one."""
        return language_name(code, self.language)

    def command(self, name: str) -> str:
        """Return a command as people of this language see it, such as "/ask"."""
        return name_of(name, self.language)

    @property
    def how_to(self) -> str:
        """How to ask."""
        return self.how_to_ask.format(ask=self.command("ask"))

    def day(self, date: dt.date) -> str:
        """Return a date as people write it."""
        month = self.months.split()[date.month - 1]
        return self.date.format(day=date.day, month=month, year=date.year)


ENGLISH = Words()
