"""A shim in the shape of OpenAI's chat completions, so that chat programs can ask.

The quotes and their sources stand in the text and in ``citations``; no model generates text.
(https://platform.openai.com/docs/api-reference/chat)
"""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from sourcebot.errors import QuestionError
from sourcebot.frontends.web.api import body_of, json_response
from sourcebot.frontends.web.models import (
    ChatCompletion,
    ChatMessage,
    ChatModel,
    Choice,
    FilterModel,
    ModelList,
)
from sourcebot.render.citations import as_markdown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request

    from sourcebot.frontends.web.models import Message
    from sourcebot.frontends.web.site import Site
    from sourcebot.render.schema import ReplyModel


class Chat:
    """Handlers of one site."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site

    async def models(self, request: Request) -> Response:
        """Name the one model that there is."""
        self._site.caller(request, "ask")
        return json_response(ModelList())

    async def complete(self, request: Request) -> Response:
        """Answer the last message of the user, at once or as a stream."""
        self._site.caller(request, "ask")
        given = await body_of(ChatModel, request)
        asked = await self._site.ask(request, question_of(given.messages), FilterModel())
        name = f"chatcmpl-{secrets.token_hex(12)}"
        created = int(time.time())
        if given.stream:
            events = _events(asked.reply, name, created)
            return StreamingResponse(events, media_type="text/event-stream")
        message = ChatMessage(content="\n".join(said(asked.reply)))
        return json_response(
            ChatCompletion(
                id=name,
                created=created,
                model="sourcebot",
                choices=(Choice(message=message),),
                citations=asked.reply.quotes,
            )
        )


def question_of(messages: Sequence[Message]) -> str:
    """Return the text of the last message of the user.

    Raises:
        QuestionError: when there is none.
    """
    for message in reversed(messages):
        if message.role == "user":
            content = message.content or ""
            if isinstance(content, str):
                return content
            texts = [part.get("text") for part in content if part.get("type") == "text"]
            return "\n".join(text for text in texts if isinstance(text, str))
    raise QuestionError("no message has the role 'user'", "send the question as such a message")


def said(reply: ReplyModel) -> tuple[str, ...]:
    """Return a reply as pieces of Markdown: each quote with its source, or the refusal."""
    if reply.answered:
        return tuple(as_markdown([quote.cited()]) for quote in reply.quotes)
    return (reply.message or "",)


async def _events(reply: ReplyModel, name: str, created: int) -> AsyncIterator[str]:
    def event(delta: dict[str, str], finish: str | None = None, **more: Any) -> str:  # noqa: ANN401
        value = {
            "id": name,
            "object": "chat.completion.chunk",
            "created": created,
            "model": "sourcebot",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            **more,
        }
        return f"data: {json.dumps(value)}\n\n"

    yield event({"role": "assistant", "content": ""})
    for piece in said(reply):
        yield event({"content": f"{piece}\n"})
    citations = [quote.model_dump(mode="json") for quote in reply.quotes]
    yield event({}, "stop", citations=citations)
    yield "data: [DONE]\n\n"
