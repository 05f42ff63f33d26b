"""``sourcebot check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import (
    PROJECT,
    Exit,
    filtered,
    make_filters,
    shown_folder,
)
from sourcebot.frontends.cli.exporting import BUNDLE, EXPORT, MARKDOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.project import Project
    from sourcebot.types import Filters, Progress
    from sourcebot.types.claims import Check


@click.command()
@click.argument("claim", nargs=-1)
@click.option(
    "--file",
    "claims",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Check each line of a file.",
)
@click.option(
    "--text",
    "draft",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Check the sentences and quotations of a text, such as a draft (.md or .txt).",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")
@MARKDOWN
@EXPORT
@BUNDLE
@filtered
@PROJECT
@click.pass_context
def check(
    context: click.Context,
    /,
    claim: tuple[str, ...],
    claims: Path | None,
    draft: Path | None,
    as_json: bool,
    markdown: bool,
    export: Path | None,
    bundle: Path | None,
    project: Path | None,
    **filters: str,
) -> None:
    """Say what the articles say of a CLAIM: supports, contradicts, partly, silent, or unsure.

    It is never said whether a claim is true: only what stands in the articles, word for word.
    Words in quotation marks are looked up as well: verbatim, altered, or not found.

    Exit status: 0 supported, 3 silent or unsure, 4 contradicted, partly or misquoted, 1 error,
    2 usage; of several claims the greatest.
    """
    from sourcebot.errors import QuestionError
    from sourcebot.frontends.cli import checked
    from sourcebot.frontends.cli.exporting import Report, check_form, keep
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import open_project
    from sourcebot.render.claims import checks_to_json, checks_to_markdown, quotes_of

    if sum((bool(claim), bool(claims), bool(draft))) != 1:
        raise click.UsageError("give one of: a claim, --file, --text")
    check_form(export, as_json=as_json, markdown=markdown)
    allowed = make_filters(**filters)
    errors = make_console(stderr=True)
    if claim and not " ".join(claim).strip():
        raise QuestionError("the claim is empty", "give a sentence, such as: the bridge is closed")
    if len(claim) == 1 and " " not in claim[0] and Path(claim[0]).is_file():
        raise click.UsageError(
            f"{claim[0]} is a file; check its lines with --file, or its sentences with --text"
        )
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        with progress_on(errors) as progress:
            opened.prepare(progress)
            checks = _checks(opened, claim, claims, draft, allowed, progress)
        if not checks:
            raise QuestionError(
                f"{claims or draft} holds nothing to check", "a claim is a sentence of three words"
            )
        report = Report(
            quotes_of(checks),
            lambda: checks_to_json(checks),
            lambda: checks_to_markdown(checks, _title(claims or draft)),
        )
        if not report.print_as(as_json=as_json, markdown=markdown):
            checked.print_checks(make_console(), checks, shown_folder(opened.config))
        keep(report, errors, export, bundle, lambda file: opened.bundle(checks, file))
    context.exit(_status(checks))


def _checks(
    project: Project,
    claim: Sequence[str],
    claims: Path | None,
    draft: Path | None,
    filters: Filters,
    progress: Progress,
) -> tuple[Check, ...]:
    if draft:
        return project.check_text(_read(draft), draft.name, filters, progress)
    words = _read(claims).decode("utf-8", "replace").splitlines() if claims else [" ".join(claim)]
    lines = [line for line in words if line.strip()]
    checks = []
    for number, line in enumerate(lines, start=1):
        checks.append(project.check(line, filters))
        progress("checking", number, len(lines))
    return tuple(checks)


def _read(path: Path) -> bytes:
    from sourcebot.errors import QuestionError

    try:
        return path.read_bytes()
    except OSError as error:
        raise QuestionError(f"{path} cannot be read: {error.strerror}") from error


def _title(path: Path | None) -> str:
    return f"What the articles say of {path.name}" if path else "What the articles say"


def _status(checks: Sequence[Check]) -> Exit:
    from sourcebot.types.claims import Verdict, Wording

    verdicts = {check.verdict for check in checks}
    wordings = {quotation.wording for check in checks for quotation in check.quotations}
    if verdicts & {Verdict.CONTRADICTS, Verdict.PARTLY} or Wording.ALTERED in wordings:
        return Exit.CHANGED
    if verdicts & {Verdict.SILENT, Verdict.UNSURE} or Wording.NOT_FOUND in wordings:
        return Exit.NOT_COVERED
    return Exit.ANSWERED
