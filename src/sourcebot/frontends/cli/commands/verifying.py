"""``sourcebot verify``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, Exit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcebot.types import Checked
    from sourcebot.types.comparison import Compared


@click.command()
@click.argument("answer", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--originals",
    is_flag=True,
    help="Look for every sentence in the original that was added, too.",
)
@PROJECT
@click.pass_context
def verify(
    context: click.Context,
    /,
    answer: Path | None,
    as_json: bool,
    originals: bool,
    project: Path | None,
) -> None:
    """Prove that what is quoted stands in the sources.

    Without ANSWER, every source is read again and every indexed sentence held against it. ANSWER
    is a file with the output of `ask --json`, or - for standard input: its quotes are checked.
    With --originals each sentence is also looked for in the page or file that `sourcebot add` kept,
    read by other means than the first time; the words that differ are shown.

    Exit status: 0 all proven, 4 a source has changed or gone, 1 something is false or damaged.
    """
    from sourcebot.frontends.cli import verified
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import open_project

    checked: Iterable[Checked]
    compared: tuple[Compared, ...] = ()
    errors = make_console(stderr=True)
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        if answer:
            given, checked = opened.verify_answer(
                _bytes_of(answer), str(answer), originals=originals
            )
            if as_json:
                sys.stdout.write(verified.checked_to_json(given.question, checked) + "\n")
            else:
                verified.print_checked(make_console(), checked)
        else:
            with progress_on(errors) as progress:
                proof = opened.verify(progress=progress, originals=originals)
            checked = proof.checked
            compared = proof.compared.compared if proof.compared else ()
            if as_json:
                sys.stdout.write(verified.proof_to_json(proof) + "\n")
            else:
                verified.print_proof(make_console(), proof, opened.advice())
        compared = (*compared, *(item.compared for item in checked if item.compared))
    context.exit(_status(checked, compared))


def _bytes_of(path: Path) -> bytes:
    from sourcebot.errors import VerificationError

    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise VerificationError(f"{path} cannot be read: {error.strerror}") from error


def _status(checked: Iterable[Checked], compared: Iterable[Compared]) -> Exit:
    from sourcebot.types import CHANGED, Verdict
    from sourcebot.types.comparison import WRONG

    verdicts = {item.verdict for item in checked}
    if Verdict.FALSE in verdicts or any(item.found in WRONG for item in compared):
        return Exit.ERROR
    return Exit.CHANGED if verdicts & CHANGED else Exit.ANSWERED
