"""``sourcebot ask`` and ``sourcebot chat``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import (
    EXPLAIN,
    PROJECT,
    Exit,
    filtered,
    make_filters,
    project_config,
    shown_folder,
    tell_changes,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")
@EXPLAIN
@filtered
@PROJECT
@click.pass_context
def ask(
    context: click.Context,
    /,
    question: tuple[str, ...],
    as_json: bool,
    explain: bool,
    project: Path | None,
    **filters: str,
) -> None:
    """Answer one QUESTION with quotes, or say that the articles do not answer it.

    Exit status: 0 answered, 3 not covered, 1 error, 2 usage.
    """
    from concurrent.futures import ThreadPoolExecutor

    from sourcebot.answering.service import clean_question, open_service
    from sourcebot.articles.files import require_sources
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_reply
    from sourcebot.types import Answer

    words = clean_question(" ".join(question))
    allowed = make_filters(**filters)
    config = project_config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    if not config.sources_elsewhere:
        require_sources(config.sources_folder)
    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(service.changed_files)
        reply = service.ask(words, allowed)
        if as_json:
            from sourcebot.render.as_json import reply_to_json

            sys.stdout.write(reply_to_json(reply) + "\n")
        else:
            print_reply(make_console(), reply, shown_folder(config), explain=explain)
        sys.stdout.flush()
        # A large folder takes longer to look through than the question to answer.
        tell_changes(errors, changed.result())
    context.exit(Exit.ANSWERED if isinstance(reply, Answer) else Exit.NOT_COVERED)


@click.command()
@EXPLAIN
@filtered
@PROJECT
@click.pass_context
def chat(context: click.Context, /, explain: bool, project: Path | None, **filters: str) -> None:
    """Ask questions one after another; they may also be piped in, one a line."""
    from sourcebot.answering.service import open_service
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.repl import Session, run_interactive, run_piped
    from sourcebot.frontends.cli.terminal import make_console

    allowed = make_filters(**filters)
    config = project_config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    tell_changes(errors, service.changed_files())
    session = Session(service, make_console(), shown_folder(config), allowed, explain=explain)
    if sys.stdin.isatty():
        run_interactive(session, config.history_file)
    else:
        run_piped(session, sys.stdin)
