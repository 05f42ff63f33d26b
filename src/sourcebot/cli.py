"""The command line. Heavy modules are imported by the commands that need them."""

from __future__ import annotations

import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sourcebot import __version__
from sourcebot.cli_options import EXPLAIN, PROJECT, filtered
from sourcebot.errors import QuestionError, SourcebotError

if TYPE_CHECKING:
    from rich.console import Console

    from sourcebot.config import Config
    from sourcebot.types import Filters


class Exit(IntEnum):
    """The exit statuses."""

    ANSWERED = 0
    ERROR = 1
    USAGE = 2
    NOT_COVERED = 3
    STOPPED = 130


@click.group(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@PROJECT
@click.version_option(__version__, prog_name="sourcebot", message="%(prog)s %(version)s")
@click.pass_context
def app(context: click.Context, /, project: Path | None) -> None:
    """Answer questions with verbatim quotes from a folder of articles.

    Every quote comes with its source. When the articles do not answer, sourcebot says so.
    """
    context.obj = project


@app.command()
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

    from sourcebot.articles import require_sources
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console, print_reply
    from sourcebot.service import clean_question, open_service
    from sourcebot.types import Answer

    words = clean_question(" ".join(question))
    allowed = make_filters(**filters)
    config = _config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    require_sources(config.sources_folder)
    with ThreadPoolExecutor(1) as pool:
        changed = pool.submit(service.changed_files)
        reply = service.ask(words, allowed)
    if as_json:
        from sourcebot.render.as_json import reply_to_json

        sys.stdout.write(reply_to_json(reply) + "\n")
    else:
        print_reply(make_console(), reply, shown_folder(config), explain=explain)
    _tell_changes(errors, changed.result())
    context.exit(Exit.ANSWERED if isinstance(reply, Answer) else Exit.NOT_COVERED)


@app.command()
@EXPLAIN
@filtered
@PROJECT
@click.pass_context
def chat(context: click.Context, /, explain: bool, project: Path | None, **filters: str) -> None:
    """Ask questions one after another; they may also be piped in, one a line."""
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console
    from sourcebot.repl import Session, run_interactive, run_piped
    from sourcebot.service import open_service

    allowed = make_filters(**filters)
    config = _config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    _tell_changes(errors, service.changed_files())
    session = Session(service, make_console(), shown_folder(config), allowed, explain=explain)
    if sys.stdin.isatty():
        run_interactive(session, config.index_folder / "history")
    else:
        run_piped(session, sys.stdin)


@app.command()
@click.option(
    "--rebuild", is_flag=True, help="Start from nothing: export the model and embed all again."
)
@PROJECT
@click.pass_context
def index(context: click.Context, /, rebuild: bool, project: Path | None) -> None:
    """Build the index, or bring it up to date with the sources."""
    from sourcebot.articles import require_sources
    from sourcebot.indexer import build_index
    from sourcebot.model_store import open_embedder
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console, print_summary

    config = _config(project or context.obj)
    require_sources(config.sources_folder)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        embedder = open_embedder(config, notify_on(errors), check=True, fresh=rebuild)
        summary = build_index(config, embedder, rebuild=rebuild, progress=progress)
    print_summary(make_console(), summary)


@app.command()
@PROJECT
@click.pass_context
def sources(context: click.Context, /, project: Path | None) -> None:
    """List the articles that are indexed."""
    from sourcebot.articles import list_sources
    from sourcebot.changes import sources_changed
    from sourcebot.generation import open_current
    from sourcebot.render.terminal import make_console, print_sources

    config = _config(project or context.obj)
    store = open_current(config.index_folder).store
    print_sources(make_console(), store.articles())
    changed = sources_changed(list_sources(config.sources_folder), store.files())
    _tell_changes(make_console(stderr=True), changed)


@app.command()
@PROJECT
@click.pass_context
def doctor(context: click.Context, /, project: Path | None) -> None:
    """Say what is wrong with the project, and what to do about it."""
    from sourcebot.doctor import diagnose
    from sourcebot.render.terminal import make_console, print_findings

    findings = diagnose(project or context.obj)
    print_findings(make_console(), findings)
    if any(not finding.ok for finding in findings):
        context.exit(Exit.ERROR)


@app.command("eval")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option(
    "--sources",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Articles to ask, indexed apart (and cached). [default: the project's]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--worst", metavar="N", default=0, type=click.IntRange(0), help="Show the N surest mistakes."
)
@click.option(
    "--plot",
    metavar="FILE.png",
    type=click.Path(path_type=Path),
    help="Draw risk against coverage, and calibration.",
)
@click.option(
    "--calibrate",
    metavar="RATE",
    type=click.FloatRange(0, 1),
    help="Suggest the threshold for at most this share of wrong answers.",
)
@click.option("--write", is_flag=True, help="Write the suggested threshold to config.toml.")
@PROJECT
@click.pass_context
def evaluate(
    context: click.Context,
    /,
    questions: Path,
    sources: Path | None,
    project: Path | None,
    **options: Any,  # noqa: ANN401 (of several types, checked by click)
) -> None:
    """Measure the answers on QUESTIONS, a JSON Lines file (see docs/eval.md)."""
    from sourcebot.eval_command import run_eval

    run_eval(questions, sources, project or context.obj, **options)


def make_filters(source: str, publisher: str, since: str, until: str) -> Filters:
    """Return the filters that the options name.

    Raises:
        QuestionError: when a date is none.
    """
    from sourcebot.dates import required_bound
    from sourcebot.types import Filters

    return Filters(
        source, publisher, required_bound("since", since), required_bound("until", until)
    )


def shown_folder(config: Config) -> Path:
    """Return the sources folder as people would name it from here."""
    folder = config.sources_folder
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _config(project: Path | None) -> Config:
    from sourcebot.config import find_project, load_config

    return load_config(find_project(project))


def _tell_changes(console: Console, changed: int) -> None:
    from rich.text import Text

    from sourcebot.render.wording import counted

    if changed:
        what = counted(changed, "source file")
        note = f"{what} changed since the indexing: run `sourcebot index`."
        console.print(Text(note, style="yellow"))


def main() -> None:
    """Run the command line; the one place where errors become messages."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_run())


def _run() -> int:
    """Return the exit status of the command named by the arguments."""
    try:
        status = app(prog_name="sourcebot", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except SourcebotError as error:
        from sourcebot.render.wording import one_line

        _tell(f"error: {one_line(error.message)}", one_line(error.hint))
        return Exit.USAGE if isinstance(error, QuestionError) else Exit.ERROR
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _tell("stopped")
        return Exit.STOPPED
    except OSError as error:
        # Python would try again to write what is left when it ends.
        sys.stdout = None
        if isinstance(error, BrokenPipeError):
            # The reader of our output has gone (as `| head` does); nothing is left to say.
            return Exit.ANSWERED
        _tell(f"error: the output cannot be written: {error.strerror or error}")
        return Exit.ERROR
    return status if isinstance(status, int) else Exit.ANSWERED


def _tell(message: str, hint: str = "") -> None:
    if sys.stderr:
        click.echo(f"{message}\n  {hint}" if hint else message, err=True)
