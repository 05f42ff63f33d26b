"""What all tools share: who calls, what they may see, and what becomes of errors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from sourcebot.errors import NotFound, SourcebotError
from sourcebot.text.display import one_line
from sourcebot.types import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.mcpserver import Context

SCOPE = "sourcebot.scope"
"""Key of the ASGI scope under which a server that mounts the tools says what a caller may see."""

LIMIT = "sourcebot.limit"
"""Key of a function that counts a question and returns the seconds to wait, 0 for none."""

PLACE = "sourcebot.place"
"""Key under which such a server says where the notices of a caller's questions belong."""

READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Question = Annotated[str, Field(description="A whole question", min_length=1, max_length=1000)]


def count_question(context: Context[Any, Any]) -> None:
    """Count a question.

    Raises:
        ToolError: when there were too many within a minute.
    """
    request = context.request_context.request
    count = request.scope.get(LIMIT) if request is not None else None
    if count and (seconds := count()):
        raise ToolError(f"too many questions: ask again in {seconds} s")


def scope_of(context: Context[Any, Any]) -> Scope:
    """Return what the caller may see: all, on standard input and output."""
    request = context.request_context.request
    found = request.scope.get(SCOPE) if request is not None else Scope()
    if not isinstance(found, Scope):
        raise ToolError("nobody has said what may be seen")
    return found


def place_of(context: Context[Any, Any]) -> str:
    """Return where the notices of the caller's questions belong: the terminal's, by default."""
    request = context.request_context.request
    return str(request.scope.get(PLACE, "")) if request is not None else ""


async def done(work: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 (as the work)
    """Return what work gives on another thread; its errors are told to the caller."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except (NotFound, SourcebotError) as error:
        raise ToolError(one_line(str(error))) from error
