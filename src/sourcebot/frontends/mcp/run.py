"""Running the tools: on standard input and output, or mounted in a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.transport_security import TransportSecuritySettings

from sourcebot.frontends.mcp.tools import make_server

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from sourcebot.project import Project

PATH = "/mcp"


def run_stdio(project: Project) -> None:
    """Serve the tools of a project on standard input and output until the input ends."""
    make_server(project).run("stdio")


def mounted(project: Project) -> Starlette:
    """Return an application that serves the tools at ``/mcp`` within another one.

    That one checks hosts, origins and tokens, and puts into the ASGI scope of each request what
    the caller may see. Its lifespan must be run. No session is kept, so none can be taken over.
    """
    trusting = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server: Any = make_server(project)
    application: Starlette = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        transport_security=trusting,
    )
    return application
