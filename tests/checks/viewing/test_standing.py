"""What became of quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcebot.checks.viewing.standing import Standing, standing_of
from sourcebot.types import Span

TEXT = "Before. The bridge was closed. After."
QUOTE = "The bridge was closed."


def test_each_standing() -> None:
    """Intact at its place, moved elsewhere, altered when it is not there, gone with the file."""
    for text, standing, place in [
        (TEXT, Standing.INTACT, 8),
        (f"New words. {TEXT}", Standing.MOVED, 19),
        (TEXT.replace("closed", "opened"), Standing.ALTERED, None),
    ]:
        found = standing_of(QUOTE, 8, "utf-8", text.encode())
        assert found.standing is standing
        assert found.span == (None if place is None else Span(place, place + len(QUOTE)))
    assert standing_of(QUOTE, 8, "utf-8", None).standing is Standing.GONE


def test_nearest_place_counts() -> None:
    """Of several places where the words stand now, the nearest is named."""
    text = f"{QUOTE} and much later, after many words, {QUOTE}"
    found = standing_of(QUOTE, 30, "utf-8", text.encode())
    assert found.span == Span(text.rindex(QUOTE), len(text))


def test_bytes_that_are_no_text_any_more() -> None:
    """A file in another encoding, or an encoding that is none of ours, proves nothing."""
    assert standing_of(QUOTE, 0, "utf-8", b"\xff\xff").standing is Standing.ALTERED
    assert standing_of(QUOTE, 0, "rot13", QUOTE.encode()).standing is Standing.ALTERED
    assert standing_of("", 0, "utf-8", b"x").standing is Standing.ALTERED
    assert standing_of(QUOTE, -3, "utf-8", TEXT.encode()).standing is Standing.ALTERED


@given(st.text("ab ", max_size=30), st.text("ab", min_size=1, max_size=5), st.integers(0, 40))
def test_what_is_said_is_so(text: str, quote: str, start: int) -> None:
    """A place that is named holds the words, and none is named only if none does."""
    found = standing_of(quote, start, "utf-8", text.encode())
    if found.span is None:
        assert quote not in text
    else:
        assert found.span.of(text) == quote
        assert (found.standing is Standing.INTACT) == (found.span.start == start)
