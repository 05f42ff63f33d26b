"""Checked claims as embeds: harmless whatever the sources say, and within Discord's limits."""

from __future__ import annotations

import re

import pytest
from discord_hostile import HOSTILE, assert_harmless, assert_within_limits, quoted, quotes
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.frontends.discord.claims import check_embed, checks_embed
from sourcebot.frontends.discord.languages import LANGUAGES
from sourcebot.types import Span
from sourcebot.types.claims import Check, Edit, Part, Quotation, Stance, Verdict, Wording
from sourcebot.types.waiting import Happened

SIDES = st.sampled_from([Verdict.SUPPORTS, Verdict.CONTRADICTS, Verdict.UNSURE])


@st.composite
def stances(draw: st.DrawFn, texts: st.SearchStrategy[str] = HOSTILE) -> Stance:
    """Quotes with any parts of them deciding, in order or not."""
    quote = draw(quotes(texts))
    places = st.integers(quote.span.start, quote.span.end)
    spans = draw(st.lists(st.tuples(places, places), max_size=4))
    return Stance(quote, draw(SIDES), 0.5, tuple(Span(*sorted(pair)) for pair in spans))


@st.composite
def checks(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Check:
    """Checks with any of some texts in them."""
    said = texts.filter(lambda text: bool(text.strip()))
    claim = draw(said)
    edits = st.lists(st.builds(Edit, texts, texts), max_size=9).map(tuple)
    quotation = st.builds(
        Quotation,
        said,
        st.sampled_from(Wording),
        st.none() | quotes(texts).map(lambda quote: quote.source),
        texts,
        st.none(),
        edits,
        st.lists(said, max_size=5).map(tuple),
        st.lists(said, max_size=5).map(tuple),
        texts,
    )
    return Check(
        claim,
        draw(st.sampled_from(Verdict)),
        draw(st.floats(0, 1)),
        stances=tuple(draw(st.lists(stances(texts), max_size=3))),
        parts=tuple(draw(st.lists(st.just(Part(Span(0, len(claim)), Verdict.SILENT)), max_size=3))),
        quotations=tuple(draw(st.lists(quotation, max_size=3))),
        reason="no quote says it clearly",
    )


def several_checks() -> st.SearchStrategy[list[Check]]:
    """Lists of checks with a few hostile texts and one of plain words."""
    pool = st.lists(HOSTILE, max_size=6).map(lambda texts: st.sampled_from([*texts, "A claim."]))
    return pool.flatmap(lambda texts: st.lists(checks(texts), min_size=1, max_size=6))


@given(several_checks(), st.sampled_from(sorted(LANGUAGES)))
def test_checks_are_within_limits(found: list[Check], language: str) -> None:
    """Alone and as the sentences of a text; what is left out is counted."""
    words = LANGUAGES[language]
    assert_within_limits(check_embed(found[0], words))
    embed, shown = checks_embed(found * 5, words)
    assert_within_limits(embed)
    assert 0 <= shown == len(embed.fields) <= 25
    if shown < 5 * len(found):
        assert str(5 * len(found)) in str(embed.footer.text)


@given(stances())
def test_a_marked_quote_is_harmless(stance: Stance) -> None:
    """Only the words that decide are bold; nothing in a quote has an effect."""
    check = Check("A claim.", stance.verdict, 0.9, stances=(stance,))
    value = str(check_embed(check).fields[0].value)
    first = value.removeprefix("> ").partition("\n")[0]
    assert_harmless(re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1 ", first))


def test_a_check_as_people_see_it() -> None:
    """The verdict first, then for and against with the words that decide."""
    text = "The bridge was closed on 3 March."
    stance = Stance(quoted(text), Verdict.CONTRADICTS, 0.9, (Span(125, 132),))
    embed = check_embed(
        Check("It was closed in May.", Verdict.CONTRADICTS, 0.93, stances=(stance,))
    )
    assert embed.description == "**The articles contradict this (93 %).**"
    assert embed.fields[0].name == "Against"
    assert str(embed.fields[0].value).startswith("> The bridge was closed on **3 March**.\n")
    assert embed.footer.text == "what the articles say, not whether it is true"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_all_words(language: str) -> None:
    """No verdict, side, wording or happening is left without words."""
    words = LANGUAGES[language]
    assert words.verdicts.keys() == set(Verdict)
    assert words.wordings.keys() == set(Wording)
    assert words.happened.keys() == set(Happened)
    assert words.stances.keys() == {Verdict.SUPPORTS, Verdict.CONTRADICTS, Verdict.UNSURE}
