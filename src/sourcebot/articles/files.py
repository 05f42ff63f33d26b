"""Files -> articles. Every file that cannot be used is named with its reason."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.errors import NOT_READ, ArticleError, ConfigError, UnreadableError
from sourcebot.types import Article, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = {".md": True, ".markdown": True, ".txt": False, ".text": False}
"""File name endings that are read, and whether each is Markdown."""

ADDABLE = frozenset(
    {".docx", ".epub", ".htm", ".html", ".pdf", ".xhtml", ".odt", ".rtf", ".pptx", ".xlsx", ".xlsm"}
    | {".csv", ".tsv", ".mhtml", ".mht", ".eml", ".mbox", ".srt", ".vtt"}
)
"""Endings of files that `sourcebot add` makes articles of; the index does not read them."""

CANNOT_BE_READ = "it cannot be read"
"""How the reason begins why a file that is there could not be opened."""

MAX_BYTES = 32 * 1024 * 1024
"""A larger file is hardly one article; it is reported instead of read."""

_MAX_TITLE = 90


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the sources folder as a directory listing shows it.

    ``id`` is the path below the folder with forward slashes; ``size`` is in bytes and
    ``modified`` in nanoseconds since the epoch.
    """

    id: str
    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The usable files of a folder, sorted by id, and those that cannot be used."""

    files: tuple[SourceFile, ...]
    failed: tuple[ArticleError, ...]


def list_sources(folder: Path) -> Listing:
    """Return what lies in the sources folder; hidden files and folders are left out.

    Raises:
        ConfigError: when there is no such folder.
    """
    require_sources(folder)
    root = folder.resolve()
    files: list[SourceFile] = []
    failed: list[ArticleError] = []
    for name, entry in _walk(str(folder), failed):
        try:
            files.append(_usable(name, entry, root))
        except ArticleError as error:
            failed.append(error)
        except (OSError, RuntimeError) as error:
            failed.append(UnreadableError(_printable(name), _reason(error)))
    names = {file.id for file in files}
    left_out = [error for error in failed if not _has_article(error, names)]
    return Listing(
        tuple(sorted(files, key=lambda f: f.id)), tuple(sorted(left_out, key=lambda e: e.path))
    )


def is_addable(name: str) -> bool:
    """Return whether `sourcebot add` makes an article of a file that the index does not read."""
    return os.path.splitext(name)[1].lower() in ADDABLE  # noqa: PTH122 (thousands of names)


def _has_article(error: ArticleError, names: set[str]) -> bool:
    """Return whether the article that was made of a left-out file lies beside it."""
    return (
        error.message.startswith(NOT_READ)
        and is_addable(error.path)
        and f"{os.path.splitext(error.path)[0]}.md" in names  # noqa: PTH122 (as above)
    )


def _usable(name: str, entry: os.DirEntry[str], root: Path) -> SourceFile:
    """Return the file of a directory entry if it can be an article.

    Raises:
        ArticleError: when it cannot, with the reason.
        OSError: when it cannot be looked at.
    """
    shown = _printable(name)
    if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
        raise ArticleError(shown, "a link that leads out of the sources folder")
    stat = entry.stat()
    if os.path.splitext(name)[1].lower() not in SUFFIXES:  # noqa: PTH122 (thousands of names)
        if is_addable(name):
            raise ArticleError(shown, f"{NOT_READ} here: run `sourcebot add` on it")
        raise ArticleError(shown, f"{NOT_READ} ({', '.join(SUFFIXES)})")
    if not entry.is_file():
        raise ArticleError(shown, "not a regular file")
    if name != shown:
        raise ArticleError(shown, "its name is not valid Unicode; rename it")
    if stat.st_size > MAX_BYTES:
        megabytes = stat.st_size / 1024 / 1024
        raise ArticleError(shown, f"{megabytes:,.0f} MB, more than 32 MB; split it")
    return SourceFile(name, entry.path, stat.st_size, stat.st_mtime_ns)


def require_sources(folder: Path) -> None:
    """Refuse a project without a sources folder.

    Raises:
        ConfigError: when there is no such folder.
    """
    if not folder.is_dir():
        raise ConfigError(
            f"there is no sources folder at {folder}",
            "create it and put articles (.txt or .md) in, fill it by `sourcebot add`, or name"
            " another project with --project",
        )


def read_article(file: SourceFile) -> tuple[Article, tuple[str, ...]]:
    """Return the article in a file and remarks on it for the user.

    Raises:
        ArticleError: when the file cannot be read or holds no usable text.
    """
    try:
        data = Path(file.path).read_bytes()
    except OSError as error:
        raise UnreadableError(file.id, _reason(error)) from error
    return parse_article(file.id, data)


def parse_article(name: str, data: bytes) -> tuple[Article, tuple[str, ...]]:
    """Return the article in the bytes of a file called ``name``, and remarks on it.

    Raises:
        ArticleError: when the bytes hold no usable text.
    """
    # Who only asks needs the names and times of files, and none of these.
    from sourcebot.articles.decoding import decoded
    from sourcebot.articles.frontmatter import Header, infer_header, read_front_matter
    from sourcebot.text.languages import language_of

    if not data.strip():
        raise ArticleError(name, "it is empty")
    try:
        found = decoded(data)
        text, encoding = found.text, found.codec
        header = read_front_matter(text)
    except ValueError as error:
        raise ArticleError(name, str(error)) from error
    markdown = SUFFIXES[Path(name).suffix.lower()]
    inferred = Header(body_start=header.body_start)
    if not markdown and not header.title:
        inferred = infer_header(text, header.body_start)
    body = Span(inferred.body_start, len(text))
    if not any(character.isalnum() for character in body.of(text)):
        raise ArticleError(name, "it holds no words besides its header")
    language = language_of(header.language, body.of(text))
    article = Article(
        path=name,
        title=header.title
        or inferred.title
        or _title_of_body(text, body, language, markdown=markdown)
        or Path(name).stem,
        publisher=header.publisher,
        author=header.author or inferred.author,
        published=header.published or inferred.published,
        url=header.url,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        text=text,
        body=body,
        markdown=markdown,
        language=language,
    )
    return article, (*found.notes, *header.notes)


def _walk(root: str, failed: list[ArticleError]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what is no folder, with its path below the sources folder; nothing hidden."""
    # A list of what is left instead of recursion: folders may be nested deeper than Python allows.
    left = [(root, "")]
    while left:
        folder, below = left.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            failed.append(UnreadableError(_printable(below.rstrip("/") or "."), _reason(error)))
            continue
        for entry in entries:
            name = below + entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                left.append((entry.path, f"{name}/"))
            elif entry.is_symlink() and Path(entry.path).is_dir():
                failed.append(ArticleError(_printable(name), "linked folders are not followed"))
            else:
                yield name, entry


def _title_of_body(text: str, body: Span, language: str, *, markdown: bool) -> str:
    """Return the first heading, else the beginning of the first sentence."""
    from sourcebot.articles.markdown import first_heading
    from sourcebot.text.sentences import split_sentences

    heading = first_heading(body.of(text)) if markdown else ""
    if heading:
        return heading
    opening = Span(body.start, min(body.end, body.start + 4000))
    sentence = split_sentences(text, opening, language)[0].of(text).lstrip("#>*- \r\n")
    # A line that goes on with a small letter is wrapped; any other may be a heading of its own.
    words = " ".join(re.split(r"[\r\n]+(?![a-zß-ÿ])", sentence, maxsplit=1)[0].split())
    if len(words) <= _MAX_TITLE:
        return words
    return words[:_MAX_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _printable(name: str) -> str:
    """Return a file name with bytes that are no Unicode written as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _reason(error: OSError | RuntimeError) -> str:
    """Return why a file cannot be read; a loop of links is a RuntimeError before Python 3.13."""
    return f"{CANNOT_BE_READ}: {getattr(error, 'strerror', None) or error}"
