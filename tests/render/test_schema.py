"""The JSON of replies as models."""

from __future__ import annotations

from sourcebot.render.schema import ReplyModel


def source(file: str) -> dict[str, object]:
    """Return an attribution."""
    return {"file": file, "title": file}


def quote(file: str, *also: str) -> dict[str, object]:
    """Return a quote of a file that others carry, too."""
    words = {"start": 0, "end": 1}
    others = [source(name) for name in also]
    return {
        "text": "x",
        "start": 0,
        "end": 1,
        "words": words,
        "source": source(file),
        "also": others,
    }


def test_every_source_counts() -> None:
    """Sources are found wherever a reply names them, so that none escapes a scope."""
    given = {
        "schema": 1,
        "question": "Who?",
        "answered": True,
        "confidence": 0.5,
        "quotes": [quote("a", "b")],
        "nearest": [quote("c")],
        "covered": [source("d")],
        "later": [quote("e")],
        "conflict": {
            "relation": "contradiction",
            "groups": [{"value": "1", "quotes": [quote("f", "g")]}],
        },
        "parts": [{"question": "What?", "answered": True, "quotes": [quote("h")]}],
        "added_later": {"deep": [quote("i")]},
    }
    reply = ReplyModel.model_validate(given)
    assert {found.file for found in reply.sources()} == set("abcdefghi")
    again = ReplyModel.model_validate_json(reply.model_dump_json(by_alias=True))
    assert again == reply
