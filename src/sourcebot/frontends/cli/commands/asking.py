"""``sourcebot ask`` and ``sourcebot chat``."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import (
    EXPLAIN,
    PLAIN,
    PROJECT,
    Exit,
    filtered,
    make_filters,
    shown_folder,
    tell_changes,
)
from sourcebot.frontends.cli.exporting import BUNDLE, EXPORT

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")
@EXPORT
@BUNDLE
@EXPLAIN
@PLAIN
@filtered
@PROJECT
@click.pass_context
def ask(
    context: click.Context,
    /,
    question: tuple[str, ...],
    as_json: bool,
    export: Path | None,
    bundle: Path | None,
    explain: bool,
    plain: bool,
    project: Path | None,
    **filters: str,
) -> None:
    """Answer one QUESTION with quotes, or say that the articles do not answer it.

    Exit status: 0 answered, 3 not covered, 1 error, 2 usage.
    """
    from concurrent.futures import ThreadPoolExecutor

    from sourcebot.frontends.cli.exporting import Report, check_ending, keep
    from sourcebot.frontends.cli.plain import print_plain
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import is_dumb, make_console, print_reply
    from sourcebot.project import open_project
    from sourcebot.render.as_json import reply_to_json
    from sourcebot.render.citations import quotes_of
    from sourcebot.render.transcript import transcript
    from sourcebot.text.questions import clean_question
    from sourcebot.types import Answer

    words = clean_question(" ".join(question))
    check_ending(export)
    allowed = make_filters(**filters)
    errors = make_console(stderr=True)
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        with progress_on(errors) as progress:
            opened.prepare(progress)
        opened.require_sources()
        with ThreadPoolExecutor(1) as pool:
            advice = pool.submit(opened.advice)
            reply = opened.ask(words, allowed)
            report = Report(
                quotes_of(reply),
                lambda: reply_to_json(reply),
                lambda: transcript([reply], dt.datetime.now().astimezone().date()),
            )
            if not report.print_as(as_json=as_json):
                if plain or is_dumb():
                    print_plain(make_console(plain=True), reply, explain=explain)
                else:
                    shown = shown_folder(opened.config)
                    print_reply(make_console(), reply, shown, explain=explain)
            sys.stdout.flush()
            keep(report, errors, export, bundle, lambda file: opened.bundle(reply, file))
            # A large folder takes longer to look through than the question to answer.
            tell_changes(errors, advice.result())
    context.exit(Exit.ANSWERED if isinstance(reply, Answer) else Exit.NOT_COVERED)


@click.command()
@EXPLAIN
@PLAIN
@filtered
@PROJECT
@click.pass_context
def chat(
    context: click.Context,
    /,
    explain: bool,
    plain: bool,
    project: Path | None,
    **filters: str,
) -> None:
    """Ask questions one after another; each may refer to those before it.

    They may also be piped in, one a line.
    """
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.repl import run_interactive, run_piped
    from sourcebot.frontends.cli.session import Session
    from sourcebot.frontends.cli.terminal import is_dumb, make_console
    from sourcebot.project import open_project

    allowed = make_filters(**filters)
    errors = make_console(stderr=True)
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        with progress_on(errors) as progress:
            opened.prepare(progress)
        tell_changes(errors, opened.advice())
        shown = shown_folder(opened.config)
        plain = plain or is_dumb()
        console = make_console(plain=plain)
        session = Session(opened, console, shown, allowed, explain=explain, plain=plain)
        if sys.stdin.isatty():
            run_interactive(session, opened.config.history_file)
        else:
            run_piped(session, sys.stdin)
