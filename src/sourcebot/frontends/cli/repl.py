"""The REPL: a chat at a terminal, with history and completion, or over a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.frontends.cli.completing import completions
from sourcebot.frontends.cli.session import PROMPT
from sourcebot.frontends.cli.styles import FAINT, MARK
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TextIO

    from prompt_toolkit.history import History

    from sourcebot.frontends.cli.session import Session


def run_piped(session: Session, lines: Iterable[str] | TextIO) -> None:
    """Answer the questions of a stream, one a line, each repeated above its answer."""
    for line in lines:
        question = line.strip()
        if question:
            session.console.print(Text(f"{PROMPT}{question}", style=MARK), soft_wrap=True)
            if not session.handle(question):
                return
            session.console.print()


def _history(path: Path) -> History:
    """Return the history kept in a file, or in memory where no file can be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        with path.open("ab"):
            pass
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _prompting(session: Session, history: Path) -> Callable[[], str]:
    """Return what reads a line, or a pasted block, with history and completion."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import Completer, Completion

    class Completions(Completer):
        """Commands at the start of a line, what they take, and titles anywhere."""

        def get_completions(self, document, _event):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            for text, start in completions(session, document.text_before_cursor):
                yield Completion(text, start)

    prompt: PromptSession[str] = PromptSession(
        history=_history(history),
        completer=Completions(),
        complete_while_typing=False,
        auto_suggest=AutoSuggestFromHistory(),
    )
    return lambda: prompt.prompt(PROMPT)


def _plain_line() -> str:
    return input(PROMPT)


def run_interactive(session: Session, history: Path) -> None:
    """Talk with a person at a terminal until Ctrl-D or /quit.

    A plain session reads bare lines: a screen reader is not disturbed by what is drawn meanwhile.
    """
    read = _plain_line if session.plain else _prompting(session, history)
    articles = counted(len(session.project.articles()), "article")
    session.generation = session.project.info().name
    session.say(f"{articles}. Ask a question, or /help. Ctrl-D leaves.", FAINT)
    while True:
        try:
            text = read()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if not session.handle_block(text):
                return
        except KeyboardInterrupt:
            session.console.print("stopped")
        session.console.print()
