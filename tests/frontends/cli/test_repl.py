"""The REPL, piped and in a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC, run_cli

from sourcebot.errors import QuestionError
from sourcebot.frontends.cli.session import COMMANDS, Session, parse_filters
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

TRANSCRIPT = f"""ask> {ANSWERED}
1  The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks in two of its main beams.
   Cracks shut Lowmere bridge · Northern Wire · 5 March 2022 · paragraph 1
   sources/copy.md
   confidence N %

ask> /context 1
Cracks shut Lowmere bridge · Northern Wire · 5 March 2022 · paragraph 1

  [1] The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks in two of its main beams.

  [2] Shopkeepers in the lower town fear a quiet spring.

ask> /context 9
error: there is no quote '9'
  the last answer has 1 quote

ask> /explain maybe
error: /explain takes on, off or nothing, not 'maybe'

ask> /explain on
explanations on

ask> /explain off
explanations off

ask> /nonsense
error: there is no command /nonsense
  commands: /sources, /context, /explain, /filter, /save, /new, /reload, /help, /quit

ask> /filter since=soon
error: since 'soon' is not a date
  write it as 2021-07-20

ask> /filter since=2022-03-05 until=2022-03-05
filter: publisher=wire since=2022-03-05 until=2022-03-05 (1 article)

ask> ?!
error: the question is empty
  ask something, such as: what is sourcebot?

ask> {OFF_TOPIC}
Nothing relevant to this was found in the articles.
Ask in other words, or see the list of sources for what they cover.

ask> /filter off
filter: none (5 articles)

ask> /reload
Articles: 0 added, 0 changed, 0 removed, 5 unchanged, 0 failed
Index is up to date: 5 articles, 16 paragraphs (0 embedded) in N s

ask> /quit
"""


def test_piped_transcript(shared_project: Project) -> None:
    """Piped lines are answered one after another, each repeated above its answer, until /quit."""
    lines = [line[5:] for line in TRANSCRIPT.splitlines() if line.startswith("ask> ")]
    ran = run_cli(
        "chat",
        "--publisher",
        "wire",
        cwd=shared_project.folder,
        stdin="\n\n".join([*lines, "Never?"]),
    )
    shown = re.sub(r"confidence \d+ %", "confidence N %", ran.out)
    shown = re.sub(r"in \d+\.\d s", "in N s", shown)
    order = re.compile(r"\n([12])  (The old|Shopkeepers).*?\n(?=\n)", re.DOTALL)
    assert (ran.status, ran.err) == (0, "")
    assert order.sub("", shown) == order.sub("", TRANSCRIPT)
    assert len(order.findall(shown)) == len(order.findall(TRANSCRIPT))


def test_end_of_input_leaves(shared_project: Project) -> None:
    """The end of the piped questions ends the chat with status 0; before any answer errors are shown."""
    ran = run_cli("chat", cwd=shared_project.folder, stdin="/context\n/explain\n")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.count("error: there is no answer yet") == 2


def test_input_that_is_not_unicode(shared_project: Project) -> None:
    """Bytes that are no Unicode in the piped questions do not end the chat."""
    ran = run_cli(
        "chat", cwd=shared_project.folder, stdin=b"caf\xe9 \xff\n/filter publisher=wire\n"
    )
    assert ran.status == 0
    assert "filter: publisher=wire" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_helped_and_known(shared_project: Project, command: str) -> None:
    """Every command that the help names exists."""
    from rich.console import Console

    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 (the null device)
        session = Session(
            shared_project.opened(),
            console := Console(file=nowhere, record=True),
            shared_project.sources,
        )
        session.handle("/help")
        assert command in console.export_text()
        assert session.handle(command) is (command != "/quit")
        assert "there is no command" not in console.export_text()


def test_filters_are_parsed() -> None:
    """Filters are set pair by pair, with quotation marks for spaces; an empty value clears one."""
    filters = parse_filters(Filters(source="a"), 'publisher="The Quay" since=2022-03-04')
    assert filters.publisher == "The Quay"
    assert str(filters.since) == "2022-03-04"
    assert parse_filters(filters, "source= since=") == Filters(publisher="The Quay")


@pytest.mark.parametrize(
    "words", ["publisher", "colour=red", "since=soon", 'publisher="open', "=x"]
)
def test_wrong_filters(words: str) -> None:
    """A filter that is none is refused with how to write one."""
    with pytest.raises(QuestionError) as caught:
        parse_filters(Filters(), words)
    assert caught.value.hint


class Terminal:
    """A chat in a pseudo-terminal, driven by keys."""

    def __init__(self, folder: os.PathLike[str]) -> None:
        """Start the chat."""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sourcebot", "chat"],
            stdin=slave, stdout=slave, stderr=slave, cwd=folder, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        )  # fmt: skip
        os.close(slave)
        self._text = ""
        self._seen = 0

    def expect(self, words: str) -> str:
        """Read until ``words`` are shown, and return what was shown since the last time."""
        deadline = time.monotonic() + 120
        while words not in self._text[self._seen :]:
            ready, _, _ = select.select([self._master], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"{words!r} is not in {self._text[self._seen :]!r}"
            data = os.read(self._master, 65536).decode("utf-8", "replace")
            self._text += re.sub(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>]|\][^\x07]*\x07)", "", data)
        end = self._text.index(words, self._seen) + len(words)
        shown, self._seen = self._text[self._seen : end], end
        return shown

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def close(self) -> None:
        """End the chat, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)


@pytest.fixture
def terminal(project: Project, embedder: OnnxEmbedder) -> Iterator[Terminal]:
    """A chat with the sample articles in a terminal, at its first prompt."""
    project.index(embedder)
    terminal = Terminal(project.folder)
    try:
        terminal.expect("5 articles. Ask a question, or /help. Ctrl-D leaves.")
        terminal.expect("ask>")
        yield terminal
    finally:
        terminal.close()


def test_questions_and_leaving(terminal: Terminal) -> None:
    """A question is answered in the terminal; Ctrl-D leaves with status 0."""
    terminal.type(ANSWERED + "\r")
    assert "3 March 2022" in terminal.expect("confidence")
    terminal.expect("ask>")
    terminal.type("\x04")
    assert terminal.process.wait(60) == 0


def test_quit_leaves(terminal: Terminal) -> None:
    """/quit leaves with status 0."""
    terminal.type("/quit\r")
    assert terminal.process.wait(60) == 0


def test_ctrl_c_drops_the_line(terminal: Terminal) -> None:
    """Ctrl-C drops what is typed, and the chat goes on."""
    terminal.type("half a quest")
    terminal.expect("half a quest")
    terminal.type("\x03")
    terminal.expect("ask>")
    terminal.type("/filter publisher=wire\r")
    assert "error" not in terminal.expect("filter: publisher=wire")


def test_commands_and_titles_are_completed(terminal: Terminal) -> None:
    """Tab completes commands at the start of a line and titles anywhere."""
    terminal.type("/sou\t")
    terminal.expect("/sources")
    terminal.type("\r")
    assert "bridge.md" in terminal.expect("5 articles, 16 paragraphs")
    terminal.expect("ask>")
    terminal.type("What of Beekee\t")
    terminal.expect("Mount Ansel")
    terminal.type("\x03")
    terminal.expect("ask>")


def test_history_is_kept(terminal: Terminal, project: Project) -> None:
    """The key Up brings earlier lines back, in the next chat too."""
    terminal.type("/filter publisher=wire\r")
    terminal.expect("filter: publisher=wire")
    terminal.expect("ask>")
    terminal.type("\x1b[A")
    terminal.expect("publisher=wire")
    terminal.type("\r")
    terminal.expect("filter: publisher=wire")
    terminal.expect("ask>")
    terminal.type("\x04")
    assert terminal.process.wait(60) == 0
    again = Terminal(project.folder)
    try:
        again.expect("ask>")
        again.type("\x1b[A")
        again.expect("/filter publisher=wire")
    finally:
        again.close()


def test_history_lies_beside_the_index(terminal: Terminal, project: Project) -> None:
    """The history lies beside the index, where git does not see it."""
    terminal.type("/help\r")
    terminal.expect("this list")
    assert "/help" in (project.embeddings / "history").read_text("utf-8")
