"""What one chat remembers and does: questions and commands, line by line."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.errors import QuestionError, SourcebotError
from sourcebot.frontends.cli.explaining import in_numbers, in_words
from sourcebot.frontends.cli.exporting import write_new
from sourcebot.frontends.cli.plain import print_plain
from sourcebot.frontends.cli.styles import FAINT, MARK, WRONG
from sourcebot.frontends.cli.terminal import (
    hanging,
    print_context,
    print_reply,
    print_sources,
    print_summary,
)
from sourcebot.render.transcript import transcript
from sourcebot.text.display import UNSAFE, counted
from sourcebot.text.small_talk import SmallTalk, small_talk
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from sourcebot.project import Project
    from sourcebot.types import Quote, Reply

HELP = {
    "/sources": "list the articles",
    "/context N": "show quote N of the last answer with the paragraphs around it",
    "/explain": "say why the last quotes were given; `on` or `off` for every answer",
    "/filter": "the filters: `source=… publisher=… since=… until=… as-of=…` sets, `off` clears",
    "/save FILE": "write this conversation to a file, as Markdown with the sources",
    "/new": "begin a new conversation: questions no longer refer to what went before",
    "/reload": "take in added, changed and removed articles",
    "/help": "show this list (also: help)",
    "/quit": "leave (also: quit, exit, Ctrl-D)",
}
COMMANDS = tuple(name.split()[0] for name in HELP)
FILTERS = {
    "source": "source",
    "publisher": "publisher",
    "since": "since",
    "until": "until",
    "as-of": "as_of",
}
"""The names that ``/filter`` knows, with the fields of ``Filters`` that they set."""
PROMPT = "ask> "
LEAVING = frozenset({"/quit", "/exit", "quit", "exit", "bye", "bye bye", "goodbye", ":q", "q"})
HELPING = frozenset({"/help", "help", "/?", "/h", "?"})
_POLITE = frozenset({"please", "now", "thanks", "thank", "you", "me", "ok", "okay"})
_TALK = {
    SmallTalk.GREETING: "Hello. Ask a question about the articles, or write help.",
    SmallTalk.THANKS: "You are welcome.",
}
KEPT_REPLIES = 500
"""How many replies of one chat are kept, for follow-ups and ``/save``."""


@dataclass(slots=True)
class Session:
    """What one chat remembers: its filters, the replies and the generation that gave the last.

    Attributes:
        begun: how many of the replies belong to earlier conversations (see ``/new``).
        plain: whether replies are shown as plain lines, for screen readers.
    """

    project: Project
    console: Console
    sources: Path
    filters: Filters = field(default_factory=Filters)
    explain: bool = False
    plain: bool = False
    replies: list[Reply] = field(default_factory=list)
    begun: int = 0
    generation: str = ""

    def handle(self, line: str) -> bool:
        """Answer one line, a question or a command, and return whether to go on.

        Errors are shown, not raised.
        """
        line = line.strip()
        said = _said(line)
        if said in LEAVING:
            return False
        talk = small_talk(line)
        try:
            if line in HELPING or said in HELPING or talk is SmallTalk.HELP:
                self._help("")
            elif talk in _TALK and not line.startswith("/"):
                self.say(_TALK[talk])
            elif line.startswith("/"):
                self._command(line)
            elif line:
                self._ask(line)
        except SourcebotError as error:
            self.say(f"error: {error.message}", WRONG)
            if error.hint:
                self.say(f"  {error.hint}", FAINT)
        return True

    def handle_block(self, text: str) -> bool:
        """Answer the questions of a pasted block one by one, each repeated above its answer."""
        questions = questions_in(text)
        for number, question in enumerate(questions):
            if len(questions) > 1:
                if number:
                    self.console.print()
                self.say(f"{PROMPT}{question}", MARK)
            if not self.handle(question):
                return False
        return True

    def _ask(self, question: str) -> None:
        self._tell_of_new_index()
        reply = self.project.ask(question, self.filters, self.replies[self.begun :])
        self.replies.append(reply)
        if len(self.replies) > KEPT_REPLIES:
            del self.replies[0]
            self.begun = max(0, self.begun - 1)
        if self.plain:
            print_plain(self.console, reply, explain=self.explain)
        else:
            print_reply(self.console, reply, self.sources, explain=self.explain)

    def _tell_of_new_index(self) -> None:
        """Say so when another program has indexed since the last question."""
        manifest = self.project.info()
        if self.generation not in {"", manifest.name}:
            articles = counted(manifest.articles, "article")
            self.say(f"The sources were indexed anew: {articles} now.", FAINT)
        self.generation = manifest.name

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        actions: dict[str, Callable[[str], None]] = {
            "/sources": lambda _: print_sources(self.console, self.project.articles()),
            "/context": self._context,
            "/explain": self._explain,
            "/filter": self._filter,
            "/save": self._save,
            "/new": self._new,
            "/reload": self._reload,
        }
        if name not in actions:
            raise QuestionError(f"there is no command {name}", f"commands: {', '.join(COMMANDS)}")
        actions[name](rest.strip())

    def _help(self, _: str) -> None:
        self.say("Write a question. The next one may refer to it: “and in 2019?”, “why?”.")
        width = max(map(len, HELP))
        for name, text in HELP.items():
            if self.plain:
                self.say(f"{name}: {text}")
            else:
                hanging(self.console, Text(f"{name:{width}}  "), Text(text))

    def _last(self) -> Reply:
        if not self.replies:
            raise QuestionError("there is no answer yet", "ask a question first")
        return self.replies[-1]

    def _quotes(self) -> tuple[Quote, ...]:
        last = self._last()
        return last.quotes if isinstance(last, Answer) else last.nearest

    def _context(self, rest: str) -> None:
        quotes = self._quotes()
        number = int(rest or 1) if (rest or "1").isdecimal() else 0
        if not 1 <= number <= len(quotes):
            raise QuestionError(
                f"there is no quote {rest!r}",
                f"the last answer has {counted(len(quotes), 'quote')}",
            )
        quote = quotes[number - 1]
        print_context(self.console, quote, self.project.context(quote, 1))

    def _explain(self, rest: str) -> None:
        if rest in {"on", "off"}:
            self.explain = rest == "on"
            self.say(f"explanations {rest}")
            return
        if rest:
            raise QuestionError(f"/explain takes on, off or nothing, not {rest!r}")
        last, quotes = self._last(), self._quotes()
        if not quotes:
            self.say("There is nothing to explain: no quote was near.")
        for number, quote in enumerate(quotes, start=1):
            words = in_words(quote, last)
            hanging(self.console, Text(f"{number}  "), Text(words))
            hanging(self.console, Text("   "), Text(in_numbers(quote), style=FAINT))

    def _filter(self, rest: str) -> None:
        if rest == "off":
            self.filters = Filters()
        elif rest:
            wanted = parse_filters(self.filters, rest)
            # What would leave no article is refused now, not at the next question.
            self.project.articles(wanted)
            self.filters = wanted
        named = {name: getattr(self.filters, setting) for name, setting in FILTERS.items()}
        shown = " ".join(f"{name}={shlex.quote(str(v))}" for name, v in named.items() if v)
        articles = self.project.articles(self.filters)
        allowed = counted(len(articles), "article")
        if self.filters.as_of:
            known = sum(self.filters.known(article.source) for article in articles)
            allowed += f", {known} of them known then"
        self.say(f"filter: {shown or 'none'} ({allowed})")

    def _save(self, rest: str) -> None:
        self._last()
        if not rest:
            raise QuestionError("/save needs the name of a file", "such as: /save answers.md")
        path = Path(rest.strip("\"'")).expanduser()
        # The day at the person's place, not in UTC: it stands in their document.
        text = transcript(self.replies, dt.datetime.now().astimezone().date())
        write_new(path, text)
        self.say(f"{counted(len(self.replies), 'question')} saved in {path}")

    def _new(self, _: str) -> None:
        self.begun = len(self.replies)
        self.say("A new conversation begins.")

    def _reload(self, _: str) -> None:
        summary = self.project.index()
        self.generation = self.project.info().name
        print_summary(self.console, summary)

    def say(self, text: str, style: str = "") -> None:
        """Print a line of ours."""
        self.console.print(Text(UNSAFE.sub("", text), style=style))


def _said(line: str) -> str:
    """Return a line in small letters without the words of politeness around a command."""
    words = line.casefold().strip(" .!?,").replace(",", " ").split()
    told = [word for word in words if word not in _POLITE]
    return " ".join(told or words)


def questions_in(text: str) -> list[str]:
    """Return the questions of a pasted block: a line each, and lines that go on joined.

    A line goes on when it ends without a mark and the next begins with a small letter.
    """
    found: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if found and line[0].islower() and found[-1][-1] not in "?.!;:" and found[-1][0] != "/":
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def parse_filters(current: Filters, words: str) -> Filters:
    """Return the filters with ``name=value`` pairs applied; an empty value clears one.

    Raises:
        QuestionError: when a pair is none, or a date is none.
    """
    from sourcebot.text.dates import required_bound

    try:
        pairs = [pair.partition("=") for pair in shlex.split(words)]
    except ValueError as error:
        raise QuestionError(
            f"the filter cannot be read: {error}", "close the quotation mark"
        ) from error
    for name, equals, value in pairs:
        if not equals or name not in FILTERS:
            raise QuestionError(
                f"{name + equals + value!r} is not a filter",
                "write source=TEXT, publisher=TEXT, since=DATE, until=DATE or as-of=DATE",
            )
        setting: str | dt.date | None = value
        if name not in {"source", "publisher"}:
            setting = required_bound(name, value)
        current = replace(current, **{FILTERS[name]: setting})  # type: ignore[arg-type]  # checked above
    return current
