"""Files of every kind, damaged at random, and what adding makes of them."""

from __future__ import annotations

import io
import random
import textwrap
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import openpyxl
from made_files import docx, drawn_pdf, epub, odt, pdf, pptx, prose_at, shape

from sourcebot.adding.extract import extract
from sourcebot.adding.model import Draft, Original
from sourcebot.adding.workers import Workers
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (
    "The mill on the Varn was shut on 14 March after the miller had found a crack in its wheel. Ada Lund, who owns"
    " it, will not pay more than 96,000 crowns for a new one."
)
_LINES = textwrap.wrap(TEXT, 50)
_UNEXPECTED = (
    "it cannot be read: ",
    "needed too much memory or crashed",
    "took more than",
    "needs too much",
)
"""How refusals begin that nobody wrote for the kind of file: an exception, or a process that died."""

_PARTS = [
    b"\x00",
    b"\xff" * 9,
    b"<",
    b"{" * 99,
    b"\\u-1?",
    b"-->",
    b"99999999999",
    b"%PDF-",
    b"&#0;",
    b"<x>" * 99,
]


def workbook() -> bytes:
    """Return a small workbook."""
    book = openpyxl.Workbook()
    for row in (["Ward", "Votes"], ["Mill", 1204.5], [TEXT, "=1+1"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def samples() -> dict[str, bytes]:
    """Return a good file of each kind."""
    mail = f"From: Ada <a@x.example>\nSubject: =?utf-8?q?M=C3=BChle?=\nDate: Tue, 3 Mar 2026 10:00:00 +0100\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n> Why?\n-- \nAda\n"
    cues = "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n<i>{line}</i>\n\n"
        for n, line in enumerate(_LINES, 1)
    )
    return {
        "a.pdf": drawn_pdf([prose_at(60, 700, _LINES), prose_at(60, 700, _LINES)]),
        "b.pdf": pdf([["# Title", TEXT], [TEXT]], head="Running head", title="Title"),
        "a.docx": docx(["# Costs", TEXT]),
        "a.epub": epub([f"<h1>One</h1><p>{TEXT}</p>", f"<p>{TEXT}</p>"]),
        "a.odt": odt(f'<text:h text:outline-level="1">Costs</text:h><text:p>{TEXT}</text:p>'),
        "a.pptx": pptx([shape("Title", kind="title") + shape(TEXT)], notes=shape(TEXT)),
        "a.xlsx": workbook(),
        "a.rtf": rf"{{\rtf1\ansi\ansicpg1252{{\info{{\title T}}}}{TEXT}\par {{\v hidden}}\u252?\par}}".encode(),
        "a.csv": f'name,votes\nMill,"1,204"\n"{TEXT}",2\n'.encode(),
        "a.eml": mail.encode(),
        "a.mbox": 2 * f"From a@x Tue Mar 3 10:00:00 2026\n{mail}\n".encode(),
        "a.srt": cues.encode(),
        "a.vtt": ("WEBVTT\n\n" + cues.replace(",", ".")).encode(),
    }


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return bytes with a few damaged, cut out, doubled or put in."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out)) if out else 0
        size = rng.choice((1, 1, 2, 8, 60))
        match rng.randrange(5):
            case 0 if out:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size]
            case 3:
                out[at:at] = rng.choice(_PARTS)
            case _:
                del out[at + (len(out) - at) * rng.randrange(2) :]
    return bytes(out)


def mutated_within(data: bytes, rng: random.Random) -> bytes:
    """Return an archive with one of its parts damaged, so that it opens all the same."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        chosen = rng.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, mutated(part, rng) if name == chosen else part)
    return stream.getvalue()


def files(count: int, seed: int) -> Iterator[Original]:
    """Yield damaged files of all kinds in turn."""
    rng = random.Random(seed)
    made = samples()
    names = list(made)
    for number in range(count):
        name = names[number % len(names)]
        data = made[name]
        inside = data.startswith(b"PK") and rng.random() < 0.7
        changed = mutated_within(data, rng) if inside else mutated(data, rng)
        yield Original(f"{number} {name}", name, data=changed)


@dataclass
class Report:
    """What became of the files: how many were read or refused, and what nobody expected."""

    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0


def run(count: int, seed: int, *, seconds: float = 20.0) -> Report:
    """Add damaged files in processes with the limits of ``sourcebot add``."""
    report = Report()
    with Workers(extract, 2, seconds=seconds) as workers:
        before = time.monotonic()
        for original, result in workers.run(files(count, seed)):
            report.slowest = max(report.slowest, time.monotonic() - before)
            before = time.monotonic()
            report.told["refused" if isinstance(result, ExtractionError) else "read"] += 1
            if problem := _problem(result):
                report.wrong.append(f"{original.origin}: {problem}")
    return report


def _problem(result: tuple[Draft, ...] | ExtractionError) -> str:
    """Return what is wrong with a result: refusals have reasons, articles have text."""
    if isinstance(result, ExtractionError):
        return result.message if any(part in result.message for part in _UNEXPECTED) else ""
    return "" if all(d.title and any(map(str.isalnum, d.body)) for d in result) else "no text"
