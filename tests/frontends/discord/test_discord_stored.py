"""Replies in the bot's database: read as they were written, whichever version wrote them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, NOT_STATED, OFF_TOPIC
from pydantic import TypeAdapter

from sourcebot.frontends.discord.stored import FORM, Damaged, decode, encode
from sourcebot.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerType,
    Cell,
    Conflict,
    Excerpt,
    Relation,
    Reply,
    ValueGroup,
)
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from sourcebot.answering.service import Service


@pytest.fixture(scope="module")
def replies(shared_service: Service) -> list[Reply]:
    """Replies of every kind."""
    asked = [shared_service.ask(q) for q in (ANSWERED, NOT_STATED, OFF_TOPIC)]
    quotes = next(r for r in asked if isinstance(r, Answer)).quotes
    covered = tuple(quote.source for quote in quotes)
    excerpt = Excerpt(quotes[0].text, quotes[0].span)
    of_table = replace(
        quotes[0],
        source=replace(quotes[0].source, locator=Locator(LocatorKind.PAGE, "iv"), foreign=True),
        headings=(excerpt,),
        opening=excerpt,
        cells=(Cell(excerpt, excerpt), Cell(excerpt)),
    )
    groups = (ValueGroup("3 March", quotes), ValueGroup("4 March", (of_table,)))
    conflict = Conflict(Relation.CONTRADICTION, groups)
    refused = asked[1]
    assert isinstance(refused, Abstention)
    return [
        *asked,
        replace(refused, unread="de"),
        Answer("Which row?", (of_table,), 0.7),
        replace(asked[0], meant="Since when is Oskar Fjeld captain?"),
        replace(asked[0], later=quotes),
        replace(asked[1], later=quotes),
        Answer("Both?", quotes, 0.7, conflict=conflict, parts=tuple(asked)),
        *(
            Abstention("When?", AbstentionReason.NOT_STATED, quotes, 0.1, kind, covered)
            for kind in (None, *(kind for kind in AnswerType if kind))
        ),
    ]


def test_a_reply_is_kept_as_it_is(replies: list[Reply]) -> None:
    """What is written is read again, with codes for what has codes."""
    for reply in replies:
        assert decode(encode(reply)) == reply
        assert json.loads(encode(reply))["form"] == FORM
    assert any('"missing": "date"' in encode(reply) for reply in replies)


def test_the_form_before_is_read(replies: list[Reply]) -> None:
    """Version 0.1.0 wrote the types themselves, with kinds of facts by their wording."""
    worded = {AnswerType.DATE: "a date or time", AnswerType.SUM: "a sum of money"}
    for reply in [reply for reply in replies if reply.question not in {"Which row?", "Both?"}]:
        data = TypeAdapter(Reply).dump_python(reply, mode="json")
        for name in ("meant", "unclear", "options", "parts", "conflict"):
            data.pop(name, None)
        if data.get("missing"):
            kind = AnswerType(data["missing"])
            data["missing"] = worded.get(kind, f"a {kind.value}")
        read = decode(json.dumps(data))
        assert read == replace(reply, meant="")


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", '{"question": 1}', '{"form": 99}', '{"form": "x"}', "[" * 9000]
)
def test_damage_is_told(text: str) -> None:
    """Whatever else stands there is damaged, and nothing worse."""
    with pytest.raises(Damaged):
        decode(text)


def test_every_missing_field_is_damage(replies: list[Reply]) -> None:
    """A reply that lacks what cannot be left out is not guessed at."""
    whole = json.loads(encode(replies[0]))
    for key in ("question", "confidence"):
        with pytest.raises(Damaged):
            decode(json.dumps({k: v for k, v in whole.items() if k != key}))
    del whole["quotes"][0]["span"]
    with pytest.raises(Damaged):
        decode(json.dumps(whole))
