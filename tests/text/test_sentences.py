"""Text -> sentences."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sourcebot.text.sentences import MAX_SENTENCE, split_sentences
from sourcebot.types import Span

ANY = st.text(st.characters(codec="utf-8"), max_size=300)
PROSE = st.lists(
    st.sampled_from(
        [
            "The",
            "dog",
            "barked",
            "Mr.",
            "3.5",
            "U.S.",
            ". ",
            "! ",
            "?",
            "”",
            "“",
            "’",
            "‘",
            '"',
            "…",
            "(",
            ")",
            "\n",
            " ",
            "  ",
            "said",
            "e.g.",
            "—",
            ";",
            "\r\n",
            "\u2028",
            "\xa0",
            "é",
            "é",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "漢字。",
        ]
    ),
    max_size=60,
).map("".join)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text as strings."""
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


@given(st.one_of(ANY, PROSE), st.integers(0, 20), st.integers(0, 20))
@example("a" * 3000, 0, 0)
@example("” ” ”", 0, 0)
@example("A. ” B.", 0, 0)
def test_properties(text: str, before: int, after: int) -> None:
    """Sentences are ordered, disjoint, in bounds, trimmed, and only white space is between them."""
    within = Span(min(before, len(text)), max(min(before, len(text)), len(text) - after))
    spans = split_sentences(text, within)
    place = within.start
    for span in spans:
        assert place <= span.start < span.end <= within.end
        assert not text[place : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        assert len(span) <= MAX_SENTENCE
        place = span.end
    assert not text[place : within.end].strip()


@given(PROSE)
def test_place_does_not_matter(text: str) -> None:
    """The same words are cut alike wherever they stand in an article."""
    alone = split_sentences(text, Span(0, len(text)))
    moved = split_sentences(f"Before. {text} After.", Span(8, 8 + len(text)))
    assert moved == tuple(Span(s.start + 8, s.end + 8) for s in alone)


@pytest.mark.parametrize(
    "parts",
    [
        ["The dog barked.", "The cat left."],
        ["“We will stay.”", "She sat down."],
        ["He said: “It is over.”", "Nobody answered."],
        ["‘It was late,’ she said.", "‘I left.’", "He stayed."],
        ['"Enough!"', "The hall fell silent."],
        ["(They never met.)", "It was 1931."],
        ["Mr. Lee met Dr. Oyelaran at St. Anne’s.", "They spoke."],
        ["The U.S. Senate met on Jan. 5 at 9 a.m. in Room 4.", "It rose at noon."],
        ["Prices rose by 3.5 per cent, i.e. faster than wages.", "Rents fell."],
        ["Lt. Col. Ines Okoro spoke for Acme Inc. and Bolt Ltd. on Friday.", "No one else did."],
        ["See No. 7 and p. 12 of the report.", "It is long."],
        ["Is it true?", "Yes!", "Why?"],
        ["She waited … and waited.", "Then she left."],
    ],
    ids=lambda parts: parts[0][:24],
)
def test_boundaries(parts: list[str]) -> None:
    """Sentences end where readers say that they end; quotation marks and abbreviations included."""
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize("mark", ["”", "’", '"', "»", "”)"])
def test_closing_marks_stay(mark: str) -> None:
    """A sentence never loses its closing quotation mark to the next one."""
    opening = {"”": "“", "’": "‘", '"': '"', "»": "«", "”)": "(“"}[mark]
    text = f"{opening}The bridge is shut.{mark} The road is open. {opening}Go home!{mark} He left."
    found = sentences(text)
    assert " ".join(found) == text
    assert found[0] == f"{opening}The bridge is shut.{mark}"
    assert not any(sentence[0] in "”’»)" for sentence in found)
    assert f"{opening}Go home!{mark}" in found


def test_short_quotations_stay_whole() -> None:
    """A quotation of several short sentences is quoted with both of its marks."""
    text = "She said: “I came. I saw. I left.” Then it rained."
    assert sentences(text) == ["She said: “I came. I saw. I left.”", "Then it rained."]


def test_overlong_runs_are_cut_between_words() -> None:
    """A sentence too long to show is cut at a clause, not inside a word."""
    words = ", ".join(f"item number {n}" for n in range(200)) + "."
    found = sentences(words)
    assert len(found) > 1
    assert all(len(sentence) <= MAX_SENTENCE for sentence in found)
    assert " ".join(found) == words


@pytest.mark.parametrize(
    "text",
    [
        "'x' * 1_000_000",
        "'漢' * 300_000",
        "'word ' + '! ' * 50_000",
        "'Mr. ' * 50_000",
        "'“A b. ' * 30_000",
    ],
)
def test_absurd_runs_finish(text: str) -> None:
    """Text without sentence ends, or with nothing else, is cut in bounded time."""
    program = (
        "from sourcebot.text.sentences import split_sentences; from sourcebot.types import Span\n"
        f"text = {text}\n"
        "spans = split_sentences(text, Span(0, len(text)))\n"
        "print(sum(len(s.of(text).split()) for s in spans) >= len(text.split()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "True\n"
