"""Proof that what is indexed stands in the originals that ``sourcebot add`` kept."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.adding.ledger import Ledger
from sourcebot.adding.model import Original
from sourcebot.adding.plain import read_plain
from sourcebot.adding.workers import Workers
from sourcebot.articles.markdown import plain_inline
from sourcebot.checks.matching import Lines
from sourcebot.errors import ExtractionError
from sourcebot.files import sha256_of
from sourcebot.types.comparison import Compared, Comparison, Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sourcebot.adding.ledger import Entry
    from sourcebot.adding.plain import Plain
    from sourcebot.index.contract import Articles
    from sourcebot.types import Checked, Progress

_CELLS = re.compile(r"(?<!\\)\|")
_BLOCKS = re.compile(r"\n\s*\n|<!--.*?-->")
_MARKS = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)


_HARDLY_READ = "pdfminer.six reads hardly anything of it: compare it by eye"


@dataclass(frozen=True, slots=True)
class _Task:
    """Sentences of one article, its language, and its entry in the ledger."""

    file: str
    language: str
    sentences: tuple[str, ...]
    entry: Entry


def compare_index(store: Articles, folder: Path, progress: Progress) -> Comparison:
    """Hold every sentence of an index against the original of its article.

    Raises:
        LedgerError: when it cannot be read where the originals came from.
    """
    wanted = [
        (
            article.source.path,
            article.source.language,
            tuple(
                paragraph.sentence_text(sentence)
                for paragraph in store.paragraphs_of(article.row)
                for sentence in paragraph.sentences
            ),
        )
        for article in store.articles()
    ]
    return compare(wanted, folder, progress)


def compare(
    wanted: Sequence[tuple[str, str, tuple[str, ...]]], folder: Path, progress: Progress
) -> Comparison:
    """Hold sentences against originals; each article is its path, language and sentences.

    Raises:
        LedgerError: when it cannot be read where the originals came from.
    """
    ledger = Ledger(folder)
    compared: list[Compared] = []
    tasks: dict[str, _Task] = {}
    for file, language, sentences in wanted:
        entry = ledger.with_article(file)
        if entry is None or not entry.original:
            compared.append(Compared(file, Found.NOT_KEPT))
        elif problem := _problem(folder / entry.original, entry):
            compared.append(problem)
        else:
            tasks[entry.original] = _Task(file, language, sentences, entry)
    articles = proven = 0
    for done, (task, plain) in enumerate(_read(tasks, folder), start=1):
        progress("Comparing with originals", done, len(tasks))
        if isinstance(plain, ExtractionError):
            detail = " – ".join(filter(None, (plain.message, plain.hint)))
            compared.append(Compared(task.file, Found.UNREADABLE, detail=detail))
            continue
        lines = Lines(plain, task.language)
        wrong = [w for w in (compared_with(task.file, s, lines) for s in task.sentences) if w]
        if len(wrong) == len(task.sentences) and lines.hold_hardly(task.sentences):
            compared.append(Compared(task.file, Found.UNREADABLE, detail=_HARDLY_READ))
            continue
        proven += len(task.sentences) - len(wrong)
        articles += not wrong
        compared += wrong
    return Comparison(articles, proven, tuple(sorted(compared, key=lambda c: c.file)))


def compare_quotes(
    checked: Sequence[Checked], folder: Path, progress: Progress
) -> tuple[Checked, ...]:
    """Return verdicts on quotes with what became of each in the original of its article.

    Raises:
        LedgerError: when it cannot be read where the originals came from.
    """
    quotes: dict[str, list[str]] = defaultdict(list)
    for item in checked:
        quotes[item.file].append(item.text)
    wanted = [(file, "", tuple(texts)) for file, texts in quotes.items()]
    found = compare(wanted, folder, progress).compared
    of_quote = {(item.file, item.text): item for item in found if item.text}
    of_file = {item.file: item for item in found if not item.text}
    return tuple(
        replace(
            item,
            compared=of_quote.get((item.file, item.text))
            or of_file.get(item.file)
            or Compared(item.file, Found.VERBATIM, item.text),
        )
        for item in checked
    )


def _problem(path: Path, entry: Entry) -> Compared | None:
    try:
        digest = sha256_of(path)
    except OSError as error:
        detail = f"{path.name}: {error.strerror or error}"
        return Compared(entry.article, Found.UNREADABLE, detail=detail)
    if digest != entry.sha256:
        return Compared(entry.article, Found.CHANGED, detail=path.name)
    return None


def _read(
    tasks: Mapping[str, _Task], folder: Path
) -> Iterator[tuple[_Task, Plain | ExtractionError]]:
    originals = (Original(name, name, file=folder / name) for name in tasks)
    with Workers(read_plain) as workers:
        for original, plain in workers.run(originals):
            yield tasks[original.origin], plain


def compared_with(file: str, sentence: str, lines: Lines) -> Compared | None:
    """Return in what a sentence differs from its original, or None."""
    if lines.hold(sentence):
        return None
    parts = list(parts_of(sentence))
    if len(parts) > 1 and lines.hold_row(parts):
        return None
    for part in parts:
        if not ((part != sentence and lines.hold(part)) or lines.hold_row([part])):
            edits = lines.differences(part)
            if lines.hold_scattered(part, edits):
                return Compared(file, Found.REORDERED, sentence)
            return Compared(file, Found.ALTERED if edits else Found.MISSING, sentence, edits)
    # The cells of a printed table are read column by column or row by row.
    if len(parts) > 1 and not lines.printed and _CELLS.search(sentence):
        return Compared(file, Found.REORDERED, sentence)
    return None


def parts_of(sentence: str) -> Iterable[str]:
    """Return what a sentence of Markdown shows: its words, of each of its paragraphs, or cells."""
    return [
        plain
        for block in _BLOCKS.split(_MARKS.sub("", sentence))
        for cell in _CELLS.split(block)
        if (plain := plain_inline(cell.replace("\\|", "|").strip()))
    ]
