"""The command line. Heavy modules are imported by the commands that need them."""

from __future__ import annotations

import sys
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sourcebot import __version__
from sourcebot.errors import QuestionError, SourcebotError

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import Console

    from sourcebot.config import Config
    from sourcebot.types import Filters


class Exit(IntEnum):
    """The exit statuses."""

    ANSWERED = 0
    ERROR = 1
    USAGE = 2
    NOT_COVERED = 3


app = typer.Typer(
    help="Answers questions only with verbatim quotes from a folder of articles, each with its "
    "source, and says so when the articles do not answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Project = Annotated[
    Path | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help="Folder with sources/, embeddings/ and config.toml. [default: $SOURCEBOT_PROJECT, "
        "else the current folder]",
    ),
]
SourceFilter = Annotated[
    str, typer.Option("--source", metavar="TEXT", help="Only articles whose file or title matches.")
]
PublisherFilter = Annotated[
    str, typer.Option("--publisher", metavar="TEXT", help="Only articles of this publisher.")
]
Since = Annotated[
    str,
    typer.Option("--since", metavar="DATE", help="Only articles published on this day or later."),
]
Until = Annotated[
    str,
    typer.Option("--until", metavar="DATE", help="Only articles published on this day or before."),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sourcebot {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    project: Project = None,
    version: Annotated[  # noqa: ARG001 (handled by its callback)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    context.obj = project


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print JSON (see docs/json.md).")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each quote's offsets, ranks and scores.")
    ] = False,
    source: SourceFilter = "",
    publisher: PublisherFilter = "",
    since: Since = "",
    until: Until = "",
    project: Project = None,
) -> None:
    """Answer one question with quotes, or say that the articles do not answer it.

    Exit status: 0 answered, 3 not covered, 1 error, 2 usage.
    """
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console, print_reply
    from sourcebot.service import clean_question, open_service
    from sourcebot.types import Answer

    words = clean_question(" ".join(question))
    filters = make_filters(source, publisher, since, until)
    config = _config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    reply = service.ask(words, filters)
    if json:
        from sourcebot.render.as_json import reply_to_json

        sys.stdout.write(reply_to_json(reply) + "\n")
    else:
        print_reply(make_console(), reply, shown_folder(config), explain=explain)
    _tell_changes(errors, service.changed_files())
    raise typer.Exit(Exit.ANSWERED if isinstance(reply, Answer) else Exit.NOT_COVERED)


@app.command()
def chat(
    context: typer.Context,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each quote's offsets, ranks and scores.")
    ] = False,
    source: SourceFilter = "",
    publisher: PublisherFilter = "",
    since: Since = "",
    until: Until = "",
    project: Project = None,
) -> None:
    """Ask questions one after another; questions may also be piped in, one a line."""
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console
    from sourcebot.repl import Session, run_interactive, run_piped
    from sourcebot.service import open_service

    filters = make_filters(source, publisher, since, until)
    config = _config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    _tell_changes(errors, service.changed_files())
    session = Session(service, make_console(), shown_folder(config), filters, explain=explain)
    if sys.stdin.isatty():
        run_interactive(session, config.index_folder / "history")
    else:
        run_piped(session, sys.stdin)


@app.command()
def index(
    context: typer.Context,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Start from nothing: export the model and embed all again."),
    ] = False,
    project: Project = None,
) -> None:
    """Build the index, or bring it up to date with the sources."""
    from sourcebot.embedder import open_embedder
    from sourcebot.indexer import build_index
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console, print_summary

    config = _config(project or context.obj)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        embedder = open_embedder(config, notify_on(errors), check=True, fresh=rebuild)
        summary = build_index(config, embedder, rebuild=rebuild, progress=progress)
    print_summary(make_console(), summary)


@app.command()
def sources(context: typer.Context, project: Project = None) -> None:
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
def doctor(context: typer.Context, project: Project = None) -> None:
    """Check configuration, model, index and sources; say what is wrong and what to do."""
    from sourcebot.doctor import diagnose
    from sourcebot.render.terminal import make_console, print_findings

    findings = diagnose(project or context.obj)
    print_findings(make_console(), findings)
    if any(not finding.ok for finding in findings):
        raise typer.Exit(Exit.ERROR)


def make_filters(source: str, publisher: str, since: str, until: str) -> Filters:
    """Return the filters that the options name.

    Raises:
        QuestionError: when a date is none.
    """
    from sourcebot.types import Filters

    return Filters(source, publisher, _date("since", since), _date("until", until))


def _date(name: str, value: str) -> dt.date | None:
    from sourcebot.frontmatter import parse_date

    if not value:
        return None
    date = parse_date(value)
    if date is None:
        raise QuestionError(f"{name} {value!r} is not a date", "write it as 2021-07-20")
    return date


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
        note = (
            f"{counted(changed, 'source file')} changed since the indexing: run `sourcebot index`."
        )
        console.print(Text(note, style="yellow"))


def main() -> None:
    """Run the command line; the one place where errors become messages."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except SourcebotError as error:
        sys.stderr.write(f"error: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"  {error.hint}\n")
        usage = isinstance(error, QuestionError)
        sys.exit(Exit.USAGE if usage else Exit.ERROR)
    except BrokenPipeError:
        # The reader of our output has gone (as `| head` does); nothing is left to say.
        sys.stderr.close()
        sys.exit(Exit.ANSWERED)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        sys.exit(130)
