"""``sourcebot serve``, ``sourcebot mcp`` and ``sourcebot token``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette

    from sourcebot.project import Project

_EXTRA = 'pip install "sourcebot[web]"'


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on. [default: from [web]]")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; 0 takes a free one.")
@PROJECT
@click.pass_context
def serve(
    context: click.Context, /, host: str | None, port: int | None, project: Path | None
) -> None:
    """Serve the page and the API until stopped (see docs/page.md and docs/api.md)."""
    from dataclasses import replace

    from sourcebot.errors import WebError
    from sourcebot.frontends.cli.logs import set_up
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import Project, open_project

    try:
        from sourcebot.frontends.web.server import serve as serve_project
    except ModuleNotFoundError as error:
        raise WebError(f"the page needs the package {error.name}", _EXTRA) from error
    errors = make_console(stderr=True)
    notify = notify_on(errors)
    with open_project(project or context.obj, notify=notify) as named:
        web = replace(
            named.config.web,
            host=named.config.web.host if host is None else host,
            port=named.config.web.port if port is None else port,
        )
        config = replace(named.config, web=web)
    with Project(config, notify=notify) as opened:
        set_up(config.log)
        with progress_on(errors) as progress:
            opened.prepare(progress)
        tools = _tools(opened)
        at = ", the tools at /mcp" if tools else ""
        serve_project(
            opened, lambda address: click.echo(f"Serving at {address}{at} (end: Ctrl+C)"), tools
        )


def _tools(project: Project) -> Starlette | None:
    """Return what serves the tools of other programs, None when that is not installed."""
    try:
        from sourcebot.frontends.mcp.run import mounted
    except ModuleNotFoundError:
        return None
    return mounted(project)


@click.command()
@PROJECT
@click.pass_context
def mcp(context: click.Context, /, project: Path | None) -> None:
    """Serve the tools of other programs on standard input and output (MCP; see docs/api.md)."""
    from sourcebot.errors import IndexStoreError, WebError
    from sourcebot.frontends.cli.logs import set_up
    from sourcebot.project import open_project

    try:
        from sourcebot.frontends.mcp.run import run_stdio
    except ModuleNotFoundError as error:
        raise WebError(
            f"the tools need the package {error.name}", 'pip install "sourcebot[mcp]"'
        ) from error
    # Standard output belongs to the protocol.
    with open_project(
        project or context.obj, notify=lambda text: click.echo(text, err=True)
    ) as opened:
        set_up(opened.config.log)
        try:
            opened.prepare()
        except IndexStoreError as error:
            # Whoever uses the tools does not see this end; each tool says it again.
            click.echo(f"{error.message}; {error.hint}", err=True)
        run_stdio(opened)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(["ask", "read", "add", "admin"]),
    default=("ask", "read"),
    show_default=True,
    help="What it lets do; may be given several times.",
)
@click.option("--source", "sources", multiple=True, metavar="PATTERN", help="Only such articles.")
@click.option("--publisher", "publishers", multiple=True, metavar="TEXT", help="Only this one.")
@click.option("--list", "listed", is_flag=True, help="List the tokens of the project.")
@PROJECT
@click.pass_context
def token(
    context: click.Context,
    /,
    name: str | None,
    scopes: tuple[str, ...],
    sources: tuple[str, ...],
    publishers: tuple[str, ...],
    listed: bool,
    project: Path | None,
) -> None:
    """Make a token for the page and the API, and print what lets it in.

    The token itself is shown this once and kept nowhere. To revoke one, remove its lines from
    config.toml and restart the server.
    """
    from sourcebot.errors import ConfigError
    from sourcebot.frontends.web.access import new_token, token_table
    from sourcebot.project import open_project
    from sourcebot.types import Scope

    if listed == bool(name and name.strip()):
        raise click.UsageError("give the NAME of a new token, or --list")
    with open_project(project or context.obj) as opened:
        known = opened.config.web.tokens
    if listed:
        for one in known:
            opens = ", ".join((*one.sources, *one.publishers)) or "all articles"
            click.echo(f"{one.name}: {', '.join(one.scopes)}; {opens}")
        if not known:
            click.echo("There are no tokens.")
        return
    assert name is not None
    if name in {one.name for one in known}:
        raise ConfigError(
            f"there is a token of the name {name!r} already",
            "choose another name, or remove its lines from config.toml first",
        )
    made = new_token()
    click.echo(f"The token, shown this once: {made}", err=True)
    click.echo("Put this at the end of config.toml, and start the server again:", err=True)
    click.echo(token_table(name, made, scopes, Scope(sources, publishers)), nl=False)
