"""The REPL: questions one after another, with history, completion and commands."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.errors import QuestionError, SourcebotError
from sourcebot.frontends.cli.terminal import (
    explanation,
    print_context,
    print_reply,
    print_sources,
    print_summary,
)
from sourcebot.render.wording import UNSAFE, counted
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    from prompt_toolkit.history import History
    from rich.console import Console

    from sourcebot.project import Project
    from sourcebot.types import Quote, Reply

HELP = {
    "/sources": "list the articles",
    "/context N": "show quote N of the last answer with the paragraphs around it",
    "/explain": "show the last answer's offsets, ranks and scores; `on` or `off` for every answer",
    "/filter": "show the filters; `source=… publisher=… since=… until=…` sets, `off` clears",
    "/reload": "take in added, changed and removed articles",
    "/help": "show this list",
    "/quit": "leave (also /exit or Ctrl-D)",
}
COMMANDS = tuple(name.split()[0] for name in HELP)
FILTERS = ("source", "publisher", "since", "until")
PROMPT = "ask> "


@dataclass(slots=True)
class Session:
    """What one chat remembers: its filters, the replies and the generation that gave the last."""

    project: Project
    console: Console
    sources: Path
    filters: Filters = field(default_factory=Filters)
    explain: bool = False
    replies: list[Reply] = field(default_factory=list)
    generation: str = ""

    def handle(self, line: str) -> bool:
        """Answer one line, a question or a command, and return whether to go on.

        Errors are shown, not raised.
        """
        line = line.strip()
        try:
            if line.startswith("/"):
                return self._command(line)
            if line:
                self._tell_of_new_index()
                reply = self.project.ask(line, self.filters, self.replies)
                self.replies.append(reply)
                print_reply(self.console, reply, self.sources, explain=self.explain)
        except SourcebotError as error:
            self._say(f"error: {error.message}", "red")
            if error.hint:
                self._say(f"  {error.hint}", "dim")
        return True

    def _tell_of_new_index(self) -> None:
        """Say so when another program has indexed since the last question."""
        manifest = self.project.info()
        if self.generation not in {"", manifest.name}:
            articles = counted(manifest.articles, "article")
            self._say(f"The sources were indexed anew: {articles} now.", "dim")
        self.generation = manifest.name

    def titles(self) -> list[str]:
        """Return the titles of all articles, for completion."""
        return [article.source.title for article in self.project.articles()]

    def _command(self, line: str) -> bool:
        name, _, rest = line.partition(" ")
        actions: dict[str, Callable[[str], None]] = {
            "/sources": lambda _: print_sources(self.console, self.project.articles()),
            "/context": self._context,
            "/explain": self._explain,
            "/filter": self._filter,
            "/reload": self._reload,
            "/help": self._help,
        }
        if name in {"/quit", "/exit"}:
            return False
        if name not in actions:
            raise QuestionError(f"there is no command {name}", f"commands: {', '.join(COMMANDS)}")
        actions[name](rest.strip())
        return True

    def _help(self, _: str) -> None:
        width = max(map(len, HELP))
        for name, text in HELP.items():
            self._say(f"{name:{width}}  {text}")

    def _quotes(self) -> tuple[Quote, ...]:
        if not self.replies:
            raise QuestionError("there is no answer yet", "ask a question first")
        last = self.replies[-1]
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
            self._say(f"explanations {rest}")
            return
        if rest:
            raise QuestionError(f"/explain takes on, off or nothing, not {rest!r}")
        for number, quote in enumerate(self._quotes(), start=1):
            self._say(f"{number}  {explanation(quote)}")

    def _filter(self, rest: str) -> None:
        if rest == "off":
            self.filters = Filters()
        elif rest:
            self.filters = parse_filters(self.filters, rest)
        named = {
            "source": self.filters.source,
            "publisher": self.filters.publisher,
            "since": self.filters.since,
            "until": self.filters.until,
        }
        shown = " ".join(f"{name}={value}" for name, value in named.items() if value)
        self._say(f"filter: {shown or 'none'}")

    def _reload(self, _: str) -> None:
        summary = self.project.index()
        self.generation = self.project.info().name
        print_summary(self.console, summary)

    def _say(self, text: str, style: str = "") -> None:
        self.console.print(Text(UNSAFE.sub("", text), style=style), soft_wrap=True)


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
                "write source=TEXT, publisher=TEXT, since=DATE or until=DATE",
            )
        setting: str | dt.date | None = value
        if name in {"since", "until"}:
            setting = required_bound(name, value)
        current = replace(current, **{name: setting})  # type: ignore[arg-type]  # checked above
    return current


def run_piped(session: Session, lines: Iterable[str] | TextIO) -> None:
    """Answer the questions of a stream, one a line, each repeated above its answer."""
    for line in lines:
        question = line.strip()
        if question:
            session.console.print(Text(f"{PROMPT}{question}", style="bold"), soft_wrap=True)
            if not session.handle(question):
                return
            session.console.print()


def completions(session: Session, line: str) -> Iterator[tuple[str, int]]:
    """Yield what may stand at the end of ``line``: (text, offset of the words it replaces).

    Commands at its start; after that the titles that begin like its last words.
    """
    if line.startswith("/") and " " not in line:
        yield from ((c, -len(line)) for c in COMMANDS if c.startswith(line))
        return
    try:
        titles = session.titles()
    except SourcebotError:
        return
    tails = [line[m.start() :] for m in re.finditer(r"(?:(?<=\s)|(?<=source=)|^)\S", line)]
    for title in titles:
        tail = next((t for t in tails if title.casefold().startswith(t.casefold())), "")
        if len(tail) > 1:
            quoted = shlex.quote(title) if line.removesuffix(tail).endswith("source=") else title
            yield quoted, -len(tail)


def _history(path: Path) -> History:
    """Return the history kept in a file, or in memory where no file can be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        with path.open("ab"):
            pass
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def run_interactive(session: Session, history: Path) -> None:
    """Talk with a person at a terminal until Ctrl-D or /quit."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import Completer, Completion

    class Completions(Completer):
        """Commands at the start of a line; titles anywhere."""

        def get_completions(self, document, _event):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            for text, start in completions(session, document.text_before_cursor):
                yield Completion(text, start)

    prompt: PromptSession[str] = PromptSession(
        history=_history(history),
        completer=Completions(),
        complete_while_typing=False,
        auto_suggest=AutoSuggestFromHistory(),
    )
    articles = counted(len(session.project.articles()), "article")
    session.generation = session.project.info().name
    session.console.print(
        Text(f"{articles}. Ask a question, or /help. Ctrl-D leaves.", style="dim")
    )
    while True:
        try:
            line = prompt.prompt(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if not session.handle(line):
                return
        except KeyboardInterrupt:
            session.console.print("stopped")
        session.console.print()
