"""What was found -> a file, in the form that the ending of its name says."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcebot.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from sourcebot.types import Quote

EXPORT = click.option(
    "--export",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write it to a new file: .md, .txt, .bib, .ris, .csl.json or .json.",
)
BUNDLE = click.option(
    "--bundle",
    metavar="FILE.zip",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write it with the files that are quoted and a verifier.",
)


MARKDOWN = click.option("--markdown", is_flag=True, help="Print Markdown.")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, in the forms in which it can be printed and written."""

    quotes: Sequence[Quote]
    as_json: Callable[[], str]
    as_markdown: Callable[[], str]

    def print_as(self, *, as_json: bool, markdown: bool = False) -> bool:
        """Print it in the form that an option asks for; return whether one does."""
        if as_json:
            sys.stdout.write(f"{self.as_json()}\n")
        elif markdown:
            sys.stdout.write(self.as_markdown())
        return as_json or markdown


def check_form(export: Path | None, *, as_json: bool, markdown: bool) -> None:
    """Refuse what ``check_ending`` does, and two forms to print at once.

    Raises:
        QuestionError: when a file cannot be exported to.
        click.UsageError: when two forms are asked for.
    """
    if as_json and markdown:
        raise click.UsageError("--json and --markdown exclude each other")
    check_ending(export)


def check_ending(path: Path | None) -> None:
    """Refuse a file to export to whose name does not say its form, or that exists.

    Raises:
        QuestionError: in both cases, before anything is asked.
    """
    if path is None:
        return
    from sourcebot.render.citations import EXPORTS

    endings = (*(f".{ending}" for ending in EXPORTS), ".json")
    if not path.name.casefold().endswith(endings):
        raise QuestionError(
            f"{path} does not say in which form to write", f"end its name in {', '.join(endings)}"
        )
    if path.exists():
        raise _exists(path)


def write_export(path: Path, report: Report) -> None:
    """Write a new file: a report as JSON or Markdown, or its quotes as citations.

    Raises:
        QuestionError: when it exists or cannot be written.
    """
    from sourcebot.render.citations import EXPORTS, cited

    name = path.name.casefold()
    if name.endswith(".csl.json") or not name.endswith((".json", ".md")):
        make = next(make for ending, (_, _, make) in EXPORTS.items() if name.endswith(ending))
        text = make([cited(quote) for quote in report.quotes])
    else:
        text = f"{report.as_json()}\n" if name.endswith(".json") else report.as_markdown()
    write_new(path, text)


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet.

    Raises:
        QuestionError: when it exists or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise QuestionError(
            f"{path} cannot be written: {error.strerror or error}", "name another place"
        ) from error


def _exists(path: Path) -> QuestionError:
    return QuestionError(f"{path} exists already", "name another file; nothing is overwritten")


def keep(
    report: Report,
    console: Console,
    export: Path | None,
    bundle: Path | None,
    write_bundle: Callable[[Path], int],
) -> None:
    """Write what the options ask for, and say so of the archive and of quoted files it lacks.

    Raises:
        QuestionError: when a file cannot be exported to.
        VerificationError: when the archive cannot be written.
    """
    from sourcebot.text.display import counted

    if export:
        write_export(export, report)
    if not bundle:
        return
    missing = write_bundle(bundle)
    told = f"Written: {bundle}."
    if missing:
        told += f" {counted(missing, 'quoted file')} had changed since the indexing: left out."
    console.print(told, style="yellow" if missing else "")
