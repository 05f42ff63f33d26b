"""Pictures of the terminal and of Discord from real replies: ``python -m benchmarks.pictures``.

Writes docs/images/terminal.svg, chat.svg and discord.svg. The terminal's are what the commands
print on the sample articles; the other is what the bot sends to the stand-in of Discord in tests/,
drawn from its embeds. No font is fetched: they show with whatever the reader has.
"""

from __future__ import annotations

import re
import tempfile
import textwrap
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from benchmarks.discord_screens import running
from sourcebot.frontends.cli.session import PROMPT, Session
from sourcebot.project import open_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH = 92
"""Columns of the terminal."""

ONE = ("Which groups did Labour's ruling body proscribe?", "Who won the 2022 World Cup?")
CHAT = (
    "Which groups did Labour's ruling body proscribe?",
    "How long did the meeting last?",
    "Was Momentum in favour of it and who was firmly against the plan?",
    "/explain",
)
DARK = TerminalTheme(
    (24, 26, 31),
    (222, 222, 222),
    [(24, 26, 31), (224, 108, 117), (120, 190, 110), (209, 154, 102), (97, 150, 239),
     (214, 130, 226), (86, 182, 194), (222, 222, 222)],
    [(110, 115, 125), (224, 108, 117), (120, 190, 110), (209, 154, 102), (97, 150, 239),
     (214, 130, 226), (86, 182, 194), (255, 255, 255)],
)  # fmt: skip
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<rect fill="#181a1f" x="0" y="0" width="{width}" height="{height}" rx="8"/>
<g transform="translate({terminal_x}, 16)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def terminal(lines: Sequence[str], name: str, prompt: str) -> None:
    """Write the picture of a terminal in which each of ``lines`` is asked in turn."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sources").symlink_to(ROOT / "sources")
        console = Console(
            record=True, width=WIDTH, file=StringIO(), highlight=False, force_terminal=True
        )
        with open_project(folder) as project:
            project.prepare()
            session = Session(project, console, Path("sources"))
            for number, line in enumerate(lines):
                if number:
                    console.print()
                console.print(Text(prompt.format(line), style="bold"), soft_wrap=True)
                session.handle(line)
    svg = console.export_svg(title="", theme=DARK, code_format=FORMAT, unique_id=name)
    (IMAGES / f"{name}.svg").write_text(_without_idle(svg), "utf-8", newline="\n")


def _without_idle(svg: str) -> str:
    """Return a picture without blanks at ends, and without widths that stretch what is left."""
    svg = re.sub(r"(?:&#160;)+(?=</text>)", "", svg)
    svg = re.sub(r' (?:textLength|clip-path)="[^"]*"', "", svg)
    svg = re.sub(r"<clipPath.*?</clipPath>\n?", "", svg, flags=re.DOTALL)
    return re.sub(r"<text[^>]*></text>\n?", "", svg)


def discord(name: str) -> None:
    """Write the picture of what the bot sends for a question and one that follows it."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as standin:
        alice = standin.alice
        cards: list[tuple[str, dict[str, Any]]] = []
        before = None
        for question in (
            "When was the old harbour bridge at Lowmere closed?",
            "How much will its repairs cost?",
        ):
            said = alice.say(alice.dm, question)
            before = standin.wait_messages(alice.dm, after=before or said)[0]
            cards.append((question, before.embeds[0]))
    (IMAGES / f"{name}.svg").write_text("\n".join(_drawn(cards)) + "\n", "utf-8", newline="\n")


_LINE = 20
_LEFT = 64
_LETTERS = 84
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def _drawn(cards: Sequence[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Yield the lines of a picture of questions with their embeds below them."""
    rows: list[str] = []
    place = 34
    for question, embed in cards:
        rows.append(_said(place - 14, "Alice", "#f0b232", question))
        place += 46
        rows.append(_said(place - 14, "sourcebot", "#7aa7ff", ""))
        place += 14
        lines = list(_lines(embed))
        height = _LINE * len(lines) + 18
        colour = f"#{embed.get('color', 0):06x}"
        rows.append(
            f'<rect x="{_LEFT}" y="{place}" width="640" height="{height}" rx="4" fill="#242629"/>'
            f'<rect x="{_LEFT}" y="{place}" width="4" height="{height}" rx="2" fill="{colour}"/>'
        )
        for number, (text, style) in enumerate(lines):
            y = place + 24 + _LINE * number
            rows.append(f'<text x="{_LEFT + 16}" y="{y}" {style}>{_marked(text)}</text>')
        place += height + 44
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 730 {place - 10}">'
    yield "<style>text { font-family: 'Noto Sans', 'Helvetica Neue', Arial, sans-serif;"
    yield "font-size: 14.5px; fill: #dbdee1; }</style>"
    yield f'<rect width="730" height="{place - 10}" rx="8" fill="#313338"/>'
    yield from rows
    yield "</svg>"


def _said(y: int, name: str, colour: str, text: str) -> str:
    return (
        f'<circle cx="36" cy="{y + 8}" r="17" fill="{colour}"/>'
        f'<text x="{_LEFT}" y="{y + 4}" style="font-weight:600;fill:{colour}">{name}</text>'
        f'<text x="{_LEFT}" y="{y + 24}">{escape(text)}</text>'
    )


def _lines(embed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the lines of an embed with their styles: title, fields, description, footer."""
    bold = 'style="font-weight:600"'
    small = 'style="font-size:12.5px;fill:#a5a8ad"'
    for line in textwrap.wrap(embed.get("title", ""), _LETTERS):
        yield line, bold
    for paragraph in _LINK.sub(r"\1", embed.get("description", "")).split("\n"):
        for line in textwrap.wrap(paragraph.removeprefix("> "), _LETTERS) or [""]:
            yield line, ""
    for field in embed.get("fields", []):
        value = _LINK.sub(r"\1", f"{field['name']} {field['value']}")
        for line in textwrap.wrap(value, _LETTERS):
            yield line, ""
    for line in textwrap.wrap(embed.get("footer", {}).get("text", ""), _LETTERS + 8):
        yield line, small


def _marked(text: str) -> str:
    """Return a line as SVG: bold words bold, escapes taken away."""
    parts = re.split(r"(\*\*)", escape(re.sub(r"\\([^\w\s])", r"\1", text)))
    shown, bold = "", False
    for part in parts:
        if part == "**":
            shown += "</tspan>" if bold else '<tspan style="font-weight:700">'
            bold = not bold
        else:
            shown += part
    return shown + ("</tspan>" if bold else "")


def main() -> None:
    """Write all pictures."""
    terminal(ONE, "terminal", '$ sourcebot ask "{}"')
    terminal(CHAT, "chat", PROMPT + "{}")
    discord("discord")


if __name__ == "__main__":
    main()
