"""The tools of other programs on the server, if they are installed: only for known callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from sourcebot.frontends.web.site import Site

SCOPE = "sourcebot.scope"
LIMIT = "sourcebot.limit"
PLACE = "sourcebot.place"


class Known:
    """Lets in who may ask and read, and says in the ASGI scope what they may see."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        """Take what to guard."""
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            Refused: when a token is needed, or theirs does not allow it.
        """
        request = Request(scope)
        site = self._site
        site.caller(request, "ask")
        caller = site.caller(request, "read")
        who = site.who(request, caller)
        scope = {
            **scope,
            SCOPE: caller.scope,
            LIMIT: lambda: site.limit.wait(who),
            PLACE: caller.place,
        }
        await self._app(scope, receive, send)
