"""The command line. Heavy modules are imported by the commands that need them."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import click

from sourcebot import __version__
from sourcebot.errors import DiscordRefused, QuestionError, SourcebotError
from sourcebot.frontends.cli.commands.adding import add, remove
from sourcebot.frontends.cli.commands.asking import ask, chat
from sourcebot.frontends.cli.commands.checking import check
from sourcebot.frontends.cli.commands.discord import discord
from sourcebot.frontends.cli.commands.evaluating import evaluate
from sourcebot.frontends.cli.commands.following import follow
from sourcebot.frontends.cli.commands.indexing import doctor, index, sources
from sourcebot.frontends.cli.commands.options import PROJECT, Exit
from sourcebot.frontends.cli.commands.serving import mcp, serve, token
from sourcebot.frontends.cli.commands.timelines import timeline
from sourcebot.frontends.cli.commands.verifying import verify
from sourcebot.frontends.cli.commands.watching import watch
from sourcebot.frontends.cli.memory import limit_arenas

if TYPE_CHECKING:
    from pathlib import Path


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


for commands in (
    (ask, chat, check, timeline, follow, add, remove, index, watch, sources),
    (serve, mcp, token, discord, doctor, verify, evaluate),
):
    for command in commands:
        app.add_command(command)


def main() -> None:
    """Run the command line; the one place where errors become messages."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    limit_arenas()
    # Imports make objects that stay: looking through them for garbage every 700 takes a twentieth
    # of the time to the first answer.
    gc.set_threshold(50_000)
    status = _run()
    # And the interpreter would look through them once more when it ends, for nothing.
    gc.freeze()
    sys.exit(status)


def _run() -> int:
    """Return the exit status of the command named by the arguments."""
    try:
        status = app(prog_name="sourcebot", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except SourcebotError as error:
        from sourcebot.text.display import one_line

        _tell(f"error: {one_line(error.message)}", one_line(error.hint))
        return _status_of(error)
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


def _status_of(error: SourcebotError) -> Exit:
    if isinstance(error, DiscordRefused):
        return Exit.REFUSED
    return Exit.USAGE if isinstance(error, QuestionError) else Exit.ERROR


def _tell(message: str, hint: str = "") -> None:
    if sys.stderr:
        click.echo(f"{message}\n  {hint}" if hint else message, err=True)
