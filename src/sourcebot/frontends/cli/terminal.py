"""Replies, tables and summaries -> a terminal, by rich."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sourcebot.frontends.cli.explaining import in_numbers, in_words
from sourcebot.frontends.cli.styles import FAINT, GOOD, MARK, NOTICE, WRONG
from sourcebot.render.conflicts import conflict_lines, later_lines
from sourcebot.render.links import quote_link, web_address
from sourcebot.render.markup import headings_read, is_markdown, read_parts, visible
from sourcebot.render.wording import (
    NEAREST,
    attribution,
    day,
    left_open,
    percent,
    refusal,
    taken_as,
)
from sourcebot.text.display import counted, one_line
from sourcebot.types import AbstentionReason, Answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sourcebot.errors import ArticleError
    from sourcebot.types import (
        Copy,
        Finding,
        IndexedArticle,
        Paragraph,
        Quote,
        Reply,
        Source,
        Span,
        Summary,
    )
    from sourcebot.types.reports import PartSummary

_WIDEST = 100
_NARROW = 72
_MOST_OF_TABLE = 0.35
"""Share of a table's width that files may take; longer names make a list, not a broken table."""

_SHOWN_FAILURES = 20


def is_dumb() -> bool:
    """Return whether the terminal says that it can only show lines."""
    return os.environ.get("TERM") == "dumb" and sys.stdout.isatty()


def make_console(*, stderr: bool = False, plain: bool = False) -> Console:
    """Return a console; text that is not for a terminal, or ``plain``, is never wrapped."""
    stream = sys.stderr if stderr else sys.stdout
    console = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if plain or not stream or not stream.isatty():
        return Console(
            stderr=stderr,
            highlight=False,
            emoji=False,
            markup=False,
            width=10_000,
            soft_wrap=True,
            no_color=True if plain else None,
        )
    return (
        console
        if console.width <= _WIDEST
        else Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=_WIDEST)
    )


def print_reply(console: Console, reply: Reply, sources: Path, *, explain: bool = False) -> None:
    """Show quotes with attribution and confidence, or why there are none.

    What a question that follows others was taken to mean stands above.
    """
    if taken := taken_as(reply):
        console.print(Text(taken, style="italic"), soft_wrap=console.soft_wrap)
    if isinstance(reply, Answer):
        for number, quote in enumerate(reply.quotes, start=1):
            _print_quote(console, number, quote, sources, reply=reply, explain=explain)
        for line in later_lines(reply.later):
            hanging(console, Text("   "), Text(line, style=NOTICE))
        if reply.conflict:
            console.print()
            first, *values = conflict_lines(reply.conflict)
            console.print(Text(first, style=f"bold {NOTICE}"))
            for line in values:
                hanging(console, Text("•  ", style=NOTICE), Text(line))
        for sentence in left_open(reply):
            console.print()
            console.print(Text(sentence, style=f"bold {NOTICE}"), soft_wrap=console.soft_wrap)
        return
    reason, *help_ = refusal(reply)
    console.print(Text(reason, style=f"bold {NOTICE}"))
    for sentence in help_:
        console.print(Text(sentence, style=NOTICE))
    for line in later_lines(reply.later):
        hanging(console, Text("   "), Text(line, style=NOTICE))
    # Where nothing is relevant, the closest quotes only distract.
    if reply.nearest and (explain or reply.reason is not AbstentionReason.NOTHING_RELEVANT):
        console.print(Text(NEAREST, style=FAINT))
        for number, quote in enumerate(reply.nearest, start=1):
            _print_quote(
                console, number, quote, sources, reply=reply, explain=explain, answers=False
            )


def _print_quote(
    console: Console,
    number: int,
    quote: Quote,
    sources: Path,
    *,
    reply: Reply,
    explain: bool,
    answers: bool = True,
) -> None:
    mark = Text(f"{number}  ", style=MARK if answers else FAINT)
    if number > 1 or not answers:
        console.print()
    words = "".join(read_parts(quote))
    hanging(console, mark, _marked(quote) if answers else Text(one_line(words), style=FAINT))
    link = quote_link(quote)
    for source in (quote.source, *quote.also):
        headings = headings_read(quote) if source is quote.source else ()
        hanging(console, Text("   "), Text(attribution(source, headings=headings), style=FAINT))
        place = Text(one_line(str(sources / source.path)), style=FAINT)
        if source.url:
            # Only the page of the quote itself surely holds its very words.
            target = link if source is quote.source else web_address(source.url)
            place.append(" · ")
            place.append(one_line(source.url), style=f"link {target}" if target else "")
        hanging(console, Text("   "), place)
    if answers:
        hanging(console, Text("   "), Text(f"confidence {percent(quote.probability)}", style=GOOD))
    if explain:
        for line in (in_words(quote, reply), in_numbers(quote)):
            hanging(console, Text("   "), Text(line, style=FAINT))


def _marked(quote: Quote) -> Text:
    """Return a quote with the words that answer in bold."""
    text = Text()
    for part, style in zip(read_parts(quote), ("", "bold underline", ""), strict=True):
        text.append(_seamed(part), style=style)
    return text


def marked_spans(quote: Quote, spans: Sequence[Span]) -> Text:
    """Return a quote as it would be read, with the spans of its article within it in bold."""
    offsets = [offset - quote.span.start for span in spans for offset in (span.start, span.end)]
    inside = [offset for offset in offsets if 0 <= offset <= len(quote.text)]
    words = quote.text
    if is_markdown(quote.source.path):
        words, moved = visible(words, *inside)
        inside = list(moved)
    text, at = Text(), 0
    for start, end in zip(inside[::2], inside[1::2], strict=True):
        if at <= start < end:
            text.append(_seamed(words[at:start]))
            text.append(_seamed(words[start:end]), style="bold underline")
            at = end
    text.append(_seamed(words[at:]))
    return text


def _seamed(part: str) -> str:
    """Return a part of a text on one line, with the spaces at its seams, which belong to it."""
    lead = " " if part[:1].isspace() else ""
    trail = " " if part[-1:].isspace() and part.strip() else ""
    return f"{lead}{one_line(part)}{trail}"


def hanging(console: Console, mark: Text, words: Text) -> None:
    """Print ``words`` after ``mark``, further lines indented alike."""
    if console.soft_wrap:
        console.print(mark + words, soft_wrap=True)
        return
    grid = Table.grid(padding=0)
    grid.add_column(width=len(mark))
    grid.add_column(ratio=1)
    grid.add_row(mark, words)
    console.print(grid)


def print_context(console: Console, quote: Quote, around: Sequence[Paragraph]) -> None:
    """Show the paragraphs around a quote, the quote itself in bold."""
    said = attribution(quote.source, headings=headings_read(quote))
    console.print(Text(said, style=FAINT))
    for paragraph in around:
        text = Text(f"[{paragraph.ordinal}] ", style=FAINT)
        start = max(0, quote.span.start - paragraph.span.start)
        end = min(len(paragraph.text), quote.span.end - paragraph.span.start)
        words = paragraph.text
        if is_markdown(quote.source.path):
            words, (start, end) = visible(words, start, max(start, end))
        if start < end:
            text.append(_seamed(words[:start]), style="default")
            text.append(_seamed(words[start:end]), style="bold")
            text.append(_seamed(words[end:]).rstrip(), style="default")
        else:
            text.append(one_line(words), style=FAINT)
        console.print()
        hanging(console, Text("  "), text)


def print_sources(console: Console, articles: Sequence[IndexedArticle]) -> None:
    """Show a table of what is indexed."""
    if not articles:
        console.print(Text("Nothing is indexed.", style=NOTICE))
        return
    longest = max(cell_len(one_line(article.source.path)) for article in articles)
    if console.width < max(_NARROW, longest / _MOST_OF_TABLE):
        _print_source_list(console, articles)
    else:
        _print_source_table(console, articles)
    paragraphs = sum(article.paragraphs for article in articles)
    total = f"{counted(len(articles), 'article')}, {counted(paragraphs, 'paragraph')}"
    console.print(Text(total, style=FAINT))


def print_stories(console: Console, stories: Sequence[Sequence[Copy]], sources: Path) -> None:
    """Show groups of articles that carry largely the same text, each with how alike they are."""
    if not stories:
        console.print("No two articles carry largely the same text.", style=NOTICE)
        return
    console.print(f"{counted(len(stories), 'report')} in several copies", style="bold")
    for story in stories:
        console.print()
        for number, copy in enumerate(story):
            alike = (
                "same text" if copy.similarity == 1 else f"about {percent(copy.similarity)} alike"
            )
            line = Text(f"{'first' if number == 0 else alike:>17}  ", style=MARK)
            line.append(attribution(copy.source, paragraph=False))
            console.print(line, soft_wrap=True)
            place = one_line(str(sources / copy.source.path))
            console.print(Text(f"{'':19}{place}", style=FAINT), soft_wrap=True)


def _print_source_table(console: Console, articles: Sequence[IndexedArticle]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("File", "Title", "Publisher", "Published", "Language"):
        table.add_column(name, overflow="fold")
    table.add_column("Paragraphs", justify="right")
    for article in articles:
        table.add_row(*_cells(article.source), f"{article.paragraphs:,}")
    console.print(table)


def _print_source_list(console: Console, articles: Sequence[IndexedArticle]) -> None:
    for article in articles:
        file, *rest = _cells(article.source)
        console.print(file + Text(f" · {counted(article.paragraphs, 'paragraph')}", style=FAINT))
        details = Text(" · ").join(cell for cell in rest if cell.plain)
        hanging(console, Text("  "), details)


def _cells(source: Source) -> tuple[Text, ...]:
    published = day(source.published) if source.published else ""
    return tuple(
        Text(one_line(cell))
        for cell in (source.path, source.title, source.publisher, published, source.language)
    )


def print_summary(console: Console, summary: Summary) -> None:
    """Show what a run of the indexer did."""
    parts = [
        f"{len(summary.added):,} added",
        f"{len(summary.changed):,} changed",
        f"{len(summary.removed):,} removed",
        f"{summary.unchanged:,} unchanged",
        f"{len(summary.failed):,} failed",
    ]
    console.print(Text("Articles: " + ", ".join(parts)))
    for name, note in summary.notes:
        line = f"  note: {one_line(name)}: {one_line(note)}"
        console.print(Text(line, style=NOTICE), soft_wrap=True)
    _print_failures(console, summary.failed)
    state = "Index built" if summary.built else "Index is up to date"
    console.print(
        Text(
            f"{state}: {counted(summary.articles, 'article')}, "
            f"{counted(summary.paragraphs, 'paragraph')} "
            f"({summary.embedded:,} embedded) in {summary.seconds:.1f} s",
            style="bold",
        )
    )


def _print_failures(console: Console, failed: Sequence[ArticleError]) -> None:
    for error in failed[:_SHOWN_FAILURES]:
        line = f"  failed: {one_line(error.path)}: {one_line(error.message)}"
        console.print(Text(line, style=WRONG), soft_wrap=True)
    if len(failed) > _SHOWN_FAILURES:
        rest = len(failed) - _SHOWN_FAILURES
        console.print(Text(f"  … and {rest:,} more; `sourcebot doctor` lists all", style=WRONG))


def print_part(console: Console, done: PartSummary) -> None:
    """Show what a run did that embedded one part, and what to do next."""
    _print_failures(console, done.failed)
    console.print(
        Text(
            f"Part {done.part}: {counted(done.paragraphs, 'new paragraph')}, "
            f"{done.embedded:,} embedded; run `sourcebot index` when all parts are done",
            style="bold",
        )
    )


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Show what the doctor found; what is wrong comes with what to do."""
    for finding in findings:
        mark, style = ("ok   ", GOOD) if finding.ok else ("WRONG", f"bold {WRONG}")
        line = Text(mark, style=style) + Text(
            f"  {finding.what}: {one_line(finding.detail)}", style=""
        )
        console.print(line, soft_wrap=True)
        if finding.hint and not finding.ok:
            console.print(Text(f"       {finding.hint}", style=NOTICE), soft_wrap=True)
