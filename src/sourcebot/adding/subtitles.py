"""Subtitles (SubRip, WebVTT) -> drafts: sentences over their cues, each with its time."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, located, to_markdown
from sourcebot.adding.formats import SAVE_AS_UTF8
from sourcebot.adding.model import Draft
from sourcebot.articles.decoding import decoded
from sourcebot.errors import ExtractionError
from sourcebot.text.languages import language_of
from sourcebot.text.sentences import split_sentences
from sourcebot.types import Span
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_CUES = 100_000
_LONGEST = 400
"""Captions made by machines have no sentences: runs of so many code points are one."""

_PAUSE = 4000
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]{1,80})>")
_TAG = re.compile(r"</?[a-z][^>]{0,80}>|<\d[\d:.]{3,20}>", re.IGNORECASE)
_STYLE = re.compile(r"\{\\[^}]{0,80}\}")
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_DASH = re.compile(r"[-–—]\s?(?=\S)")

Event = tuple[int, int, str]
"""When it is shown and when it goes, in milliseconds, and its words as the file has them."""

Cue = tuple[int, int, str, str]
"""When it is shown and when it goes, in milliseconds, who speaks ("" if not told), and what."""


def read_subtitles(data: bytes, name: str) -> Draft:
    """Return what is said, with the time of each sentence.

    Raises:
        ExtractionError: when no cues are found.
    """
    import pysubs2

    try:
        decoding = decoded(data)
    except ValueError as error:
        raise ExtractionError(str(error), SAVE_AS_UTF8) from error
    text = decoding.text
    form = "vtt" if text.lstrip("\ufeff \r\n").startswith("WEBVTT") else "srt"
    try:
        found = pysubs2.SSAFile.from_string(text, format_=form, keep_unknown_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, OverflowError) as error:
        raise ExtractionError(
            f"its cues cannot be read: {cleaned(str(error))[:80]}", "save it anew as SubRip (.srt)"
        ) from error
    cues = list(_cues([(e.start, e.end, e.text) for e in found if not e.is_comment]))
    if not cues:
        raise ExtractionError("it holds no cues", "save it anew as SubRip (.srt)")
    if len(cues) > MAX_CUES:
        raise ExtractionError(f"more than {MAX_CUES:,} cues", "split it")
    return Draft(
        title=name,
        body=to_markdown(list(_blocks(cues))),
        suffix=f".{form}",
        notes=decoding.notes,
    )


def _cues(events: Sequence[Event]) -> Iterator[Cue]:
    """Yield cues in the order of their times, one for each who speaks; none that says it again."""
    before: list[str] = []
    speaker, until = "", 0
    for start, end, text in sorted(events, key=lambda cue: cue[0]):
        voice = _VOICE.search(text)
        # A cue that names nobody goes on with what somebody has not finished.
        goes_on = before and start - until <= _PAUSE and not _ENDS.search(before[-1])
        speaker = cleaned(voice[1]) if voice else speaker if goes_on else ""
        until = end
        lines = [_plain(line) for line in re.split(r"\\N|\n", text)]
        lines = [line for line in lines if line]
        # Rolling captions show the last line of the cue before again.
        fresh = [line for line in lines if line not in before] if before else lines
        before = lines
        parts = [_DASH.sub("", line) if _DASH.match(line) else line for line in fresh]
        if len(fresh) > 1 and all(map(_DASH.match, fresh)):
            for part in parts:
                yield start, end, speaker, part
        elif fresh:
            yield start, end, speaker, " ".join(fresh)


def _plain(line: str) -> str:
    """Return a line without tags."""
    plain = _STYLE.sub("", _TAG.sub("", line)).replace("\\h", " ")
    return cleaned(html.unescape(plain))


def _blocks(cues: Sequence[Cue]) -> Iterator[Block]:
    language = language_of("", " ".join(words for *_, words in cues[:500]))
    speaker = ""
    for run in _runs(cues):
        if run[0][2] != speaker:
            speaker = run[0][2]
            yield Block(Kind.HEADING, speaker or "Others", 3)
        starts: list[tuple[int, int]] = []
        whole = ""
        for start, _, _, words in run:
            whole += " " if whole else ""
            starts.append((len(whole), start))
            whole += words
        for span in _sentences(whole, language, starts):
            time = max((at, t) for at, t in starts if at <= span.start)[1]
            yield located(LocatorKind.TIME, _clock(time))
            yield Block(Kind.PARAGRAPH, span.of(whole))


def _runs(cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    """Yield runs of cues of one speaker without a long pause, over which no sentence goes on."""
    run: list[Cue] = []
    for cue in cues:
        if run and (cue[0] - run[-1][1] > _PAUSE or cue[2] != run[-1][2]):
            yield run
            run = []
        run.append(cue)
    if run:
        yield run


def _sentences(text: str, language: str, starts: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the sentences; what is too long for one ends with a cue."""
    begun: Span | None = None
    for sentence in split_sentences(text, Span(0, len(text)), language):
        start = sentence.start
        while sentence.end - start > _LONGEST:
            cuts = [at for at, _ in starts if start < at <= start + _LONGEST]
            if not cuts:
                break
            if begun is not None:
                yield begun
                begun = None
            yield Span(start, cuts[-1] - 1)
            start = cuts[-1]
        cue = max(at for at, _ in starts if at <= start)
        # Sentences that begin in one cue are of one paragraph.
        if begun is not None and cue <= begun.start:
            begun = Span(begun.start, sentence.end)
            continue
        if begun is not None:
            yield begun
        begun = Span(start, sentence.end)
    if begun is not None:
        yield begun


def _clock(milliseconds: int) -> str:
    seconds = max(0, milliseconds) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
