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

from sourcebot.errors import NotFound, QuestionError
from sourcebot.frontends.web.api import body_of, json_response
from sourcebot.frontends.web.models import (
    ChatCompletion,
    ChatMessage,
    ChatModel,
    Choice,
    FilterModel,
    ModelCard,
    ModelList,
    Usage,
)
from sourcebot.render.citations import as_markdown
from sourcebot.text.questions import LONGEST_QUESTION

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

    async def model(self, request: Request) -> Response:
        """Describe the one model that there is."""
        self._site.caller(request, "ask")
        card = ModelCard()
        name = request.path_params["id"]
        if name != card.id:
            raise NotFound(f"there is no model {name[:80]!r}", f"use {card.id!r}")
        return json_response(card)

    async def complete(self, request: Request) -> Response:
        """Answer the last message of the user, at once or as a stream."""
        self._site.caller(request, "ask")
        given = await body_of(ChatModel, request)
        *before, question = questions_of(given.messages)
        after = [text for text in before if 0 < len(text) <= LONGEST_QUESTION]
        asked = await self._site.ask(request, question, FilterModel(), after)
        name = f"chatcmpl-{secrets.token_hex(12)}"
        created = int(time.time())
        if given.stream:
            usage = bool(given.stream_options and given.stream_options.include_usage)
            events = _events(asked.reply, name, created, usage=usage)
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


def questions_of(messages: Sequence[Message]) -> list[str]:
    """Return the texts of the user's messages, in order; the last is what is asked.

    Raises:
        QuestionError: when there is none.
    """
    found = [_text_of(message) for message in messages if message.role == "user"]
    if not found:
        raise QuestionError("no message has the role 'user'", "send the question as such a message")
    return found


def _text_of(message: Message) -> str:
    content = message.content or ""
    if isinstance(content, str):
        return content
    texts = [part.get("text") for part in content if part.get("type") == "text"]
    return "\n".join(text for text in texts if isinstance(text, str))


def said(reply: ReplyModel) -> tuple[str, ...]:
    """Return a reply as pieces of Markdown: each quote with its source, or the refusal."""
    if reply.answered:
        return tuple(as_markdown([quote.cited()]) for quote in reply.quotes)
    return (reply.message or "",)


async def _events(reply: ReplyModel, name: str, created: int, *, usage: bool) -> AsyncIterator[str]:
    def event(choices: list[dict[str, Any]], **more: Any) -> str:  # noqa: ANN401 (JSON)
        value = {
            "id": name,
            "object": "chat.completion.chunk",
            "created": created,
            "model": "sourcebot",
            "choices": choices,
            **more,
        }
        return f"data: {json.dumps(value)}\n\n"

    def choice(delta: dict[str, str], finish: str | None = None) -> list[dict[str, Any]]:
        return [{"index": 0, "delta": delta, "finish_reason": finish}]

    yield event(choice({"role": "assistant", "content": ""}))
    for piece in said(reply):
        yield event(choice({"content": f"{piece}\n"}))
    citations = [quote.model_dump(mode="json") for quote in reply.quotes]
    yield event(choice({}, "stop"), citations=citations)
    if usage:
        yield event([], usage=Usage().model_dump())
    yield "data: [DONE]\n\n"
