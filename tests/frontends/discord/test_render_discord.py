"""Embeds: harmless whatever the sources say, and within Discord's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.types import Reply

import re
from dataclasses import replace

import pytest
from discord_hostile import (
    HOSTILE,
    UNESCAPED,
    assert_harmless,
    assert_within_limits,
    quoted,
    quotes,
    several_quotes,
    visible,
)
from hypothesis import example, given
from hypothesis import strategies as st

from sourcebot.frontends.discord import rendering as render
from sourcebot.frontends.discord.german import GERMAN
from sourcebot.frontends.discord.records import Gap
from sourcebot.frontends.discord.tables import gaps_csv
from sourcebot.frontends.discord.text import clip, emphasized, escape, link, safe_url, shown, width
from sourcebot.frontends.discord.words import ENGLISH, Words
from sourcebot.text.display import one_line
from sourcebot.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerType,
    Conflict,
    Paragraph,
    Quote,
    Relation,
    Span,
    ValueGroup,
)


@given(HOSTILE)
@example("1. x")
@example("a_b*c")
@example("see https://evil.example")
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    """Escaped text has no effect, and shows exactly the words of the source on one line."""
    escaped = escape(text)
    assert_harmless(escaped)
    assert visible(escaped) == one_line(text)


@given(HOSTILE, st.integers(2, 300), st.booleans())
def test_cut_text_is_still_harmless(text: str, limit: int, from_end: bool) -> None:
    """Cutting keeps to the limit and splits neither an escape nor a surrogate pair."""
    escaped = escape(text)
    cut = clip(escaped, limit, from_end=from_end)
    assert width(cut) <= limit
    assert cut == escaped or "…" in cut
    kept = cut.removeprefix("…") if from_end else cut.removesuffix("…")
    assert len(re.search(r"\\*$", kept)[0]) % 2 == 0  # type: ignore[index]
    assert visible(kept.strip()) in visible(escaped)


def test_joined_characters_are_not_split() -> None:
    """A cut never leaves a letter without its accent, or half an emoji."""
    assert clip("cafe\u0301s are open", 5) == "caf…"
    assert clip("aa👩\u200d🚀 flies", 6) == "aa…"


@given(quotes(), st.integers(80, 3000))
def test_words_that_answer_stay_in_sight(quote: Quote, limit: int) -> None:
    """A quote keeps to its limit, and begins its bold words however long the rest is."""
    text = emphasized(quote, limit)
    assert width(text) <= limit
    start, end = quote.words.start - quote.span.start, quote.words.end - quote.span.start
    words = escape(quote.text[start:end])
    if words and not quote.cells:  # made-up cells are not those of the text
        assert f"**{words}**" in text or "…" in text
        assert len(re.findall(UNESCAPED + r"\*\*", text)) >= 2


@given(quotes(), HOSTILE, several_quotes(0, 4))
def test_answers_are_within_limits(quote: Quote, question: str, more: list[Quote]) -> None:
    """No source and no question makes an answer that Discord refuses."""
    also = tuple(q.source for q in more)
    best = replace(quote, probability=0.9, also=also)
    reply = Answer(question, (best, *more), 0.9)
    embed = render.reply_embed(replace(reply, meant="a" + "b" * 999))
    assert_within_limits(embed)
    assert width(render.as_text(embed)) <= 2000
    further = render.quotes_embed(reply)
    assert (further is None) == (not more)
    if further:
        assert_within_limits(further)


@given(several_quotes(), HOSTILE, st.sampled_from(AbstentionReason))
def test_refusals_are_within_limits(
    nearest: list[Quote], question: str, reason: AbstentionReason
) -> None:
    """Nor does a refusal, with what is missing and what is covered."""
    covered = tuple(q.source for q in nearest[:3])
    reply = Abstention(question, reason, tuple(nearest), 0.1, AnswerType.DATE, covered)
    embed = render.reply_embed(reply, note=question)
    assert_within_limits(embed)
    assert width(render.as_text(embed)) <= 2000


@given(
    several_quotes(2, 8),
    st.lists(HOSTILE, max_size=5),
    st.sampled_from(Relation),
    st.sampled_from([ENGLISH, GERMAN]),
)
def test_several_questions_and_values_are_within_limits(
    found: list[Quote], asked: list[str], relation: Relation, words: Words
) -> None:
    """Nor does an answer to several questions, with what is open and what sources differ in."""
    parts: tuple[Reply, ...] = (
        *(Answer(q.text[:300], (q,), 0.5) for q in found),
        *(Abstention(text, AbstentionReason.NOT_STATED, (), 0.1) for text in asked),
    )
    groups = tuple(ValueGroup(q.text[:200], (q,)) for q in found)
    conflict = Conflict(relation, groups)
    reply = Answer("What?", tuple(found), 0.5, conflict=conflict, parts=parts)
    embed = render.reply_embed(reply, words)
    assert_within_limits(embed)
    assert width(render.as_text(embed)) <= 2000


def test_two_questions_and_what_sources_differ_in() -> None:
    """Each answered part has its quote, the open one is named, and each value its source."""
    one = quoted("The hall cost £2 million.", 14, 24)
    two = quoted("The tower is 40 m high.", 13, 17, title="Tower")
    parts = (
        Answer("What did the hall cost?", (one,), 0.7),
        Answer("How high is the tower?", (two,), 0.7),
        Abstention(
            "Who built it?", AbstentionReason.NOT_STATED, (), 0.1, meant="Who built the hall?"
        ),
    )
    groups = (ValueGroup("£2 million", (one,)), ValueGroup("£3 million", (two,)))
    conflict = Conflict(Relation.CONTRADICTION, groups)
    reply = Answer("What and how high?", (one, two), 0.7, conflict=conflict, parts=parts)
    fields = {f.name: f.value for f in render.reply_embed(reply).fields}
    assert fields["\u21b3"] == (
        "Taken as 3 questions: What did the hall cost? How high is the tower? Who built the hall?"
    )
    assert "The tower is **40 m** high." in (fields["How high is the tower?"] or "")
    assert fields["Not answered"] == "- Who built the hall?"
    differ = (fields["The sources differ:"] or "").splitlines()
    assert differ[0].startswith("- “£2 million” — [A title](https://quay.example/a)")
    assert differ[1].startswith("- “£3 million” — [Tower](https://quay.example/a)")


def test_a_question_is_asked_back() -> None:
    """Where a word may refer to several things they are named."""
    reply = Abstention(
        "How much?", AbstentionReason.UNCLEAR, (), 0.0, unclear="it", options=("a", "b")
    )
    text = render.reply_embed(reply, GERMAN).description or ""
    assert text.endswith("Worauf bezieht sich „it“: a oder b?")


@given(quotes(), HOSTILE)
def test_contexts_are_within_limits(quote: Quote, neighbour: str) -> None:
    """Nor does the paragraph around a quote between overlong neighbours."""
    around = tuple(
        Paragraph(i, "a.md", i, "", span, text, ())
        for i, (span, text) in enumerate(
            [
                (Span(0, len(neighbour)), neighbour),
                (quote.paragraph_span, quote.paragraph),
                (Span(9000, 9000 + len(neighbour)), neighbour),
            ]
        )
    )
    assert_within_limits(render.context_embed(quote, around))


def test_a_quote_over_two_paragraphs_in_its_context() -> None:
    """What leads up to the answer is in bold in its own paragraph; no text is lost or doubled."""
    first, second = "One. The mayor spoke.", "He resigned. Two."
    spans = Span(100, 100 + len(first)), Span(123, 123 + len(second))
    text = "The mayor spoke.\n\nHe resigned."
    quote = replace(
        quoted(text), span=Span(105, 105 + len(text)), paragraph=second, paragraph_span=spans[1]
    )
    around = tuple(
        Paragraph(i, "a.md", i, "", s, t, ())
        for i, (s, t) in enumerate(zip(spans, (first, second), strict=True))
    )
    description = render.context_embed(quote, around).description or ""
    assert description.startswith("One. **The mayor spoke.**\n\n**He resigned.** Two.\n\n")


@given(HOSTILE, HOSTILE)
def test_links_lead_where_the_source_says_or_nowhere(text: str, url: str) -> None:
    """A link's address ends where it should, and other schemes than the web's make none."""
    for address in (url, f"https://e.example/{url}", f"javascript:{url}"):
        safe = safe_url(address)
        assert not re.search(r"[\s()<>\[\]\\]", safe)
        assert not safe or safe.startswith(("http://", "https://"))
        assert width(link(text, (address,), 700)) <= 700


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("https://a.example/Lowmere_(bridge)", "https://a.example/Lowmere_%28bridge%29"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("javascript:alert(1)", ""),
        ("https://bank.example@evil.example/", ""),
        ("https://a.example/x y", ""),
        ("ftp://a.example", ""),
        ("", ""),
    ],
)
def test_addresses(url: str, safe: str) -> None:
    """Only plain web addresses become links."""
    assert safe_url(url) == safe


def test_an_answer_as_people_see_it() -> None:
    """Question, quote with the answering words in bold, linked source, confidence."""
    quote = quoted("The bridge was closed on 3 March 2022.", 25, 37)
    embed = render.reply_embed(Answer("When?", (quote,), 0.7))
    assert embed.title == "When?"
    assert embed.description == (
        "> The bridge was closed on **3 March 2022**.\n\n"
        "[A title](https://quay.example/a#:~:text=The%20bridge%20was%20closed%20on%203%20March%202022.)"
        " · The Gazette · Ada · 4 March 2022 · paragraph 2"
    )
    assert embed.footer.text == "confidence 70 % · verbatim quote · a.md"


@given(several_quotes(1, 12))
def test_what_was_said_later_stands_beside(later: list[Quote]) -> None:
    """Each later quote has its line, within the limits, beside answers and refusals."""
    given_ = quoted("The bridge was closed on 3 March 2022.")
    for reply in (
        Answer("When?", (given_,), 0.7, later=tuple(later)),
        Abstention("When?", AbstentionReason.NOT_STATED, (given_,), 0.1, later=tuple(later)),
    ):
        embed = render.reply_embed(reply)
        assert_within_limits(embed)
        field = next(f for f in embed.fields if f.name == "Said later")
        assert len((field.value or "").splitlines()) == len(later)


def test_a_refusal_looks_different_and_helps() -> None:
    """Another colour and title; the kind of fact that is missing, what is covered, what is near."""
    near = quoted("The bridge was built of iron.")
    reply = Abstention(
        "When was it built?", AbstentionReason.NOT_STATED, (near,), 0.1, AnswerType.DATE, (near.source,)
    )  # fmt: skip
    embed = render.reply_embed(reply)
    answer = render.reply_embed(Answer("When?", (near,), 0.7))
    assert embed.colour != answer.colour
    assert embed.title == "No answer in the articles"
    for words in ("When was it built?", "a date or time", "[A title](https://quay.example/a)"):
        assert words in (embed.description or "")
    assert "The bridge was built of iron." in (embed.fields[0].value or "")
    assert "**" not in (embed.fields[0].value or "")


def test_choices_and_cells() -> None:
    """Text for lists is cut; a spreadsheet gets no formula from a question."""
    assert shown("x" * 200, 100) == "x" * 99 + "…"
    rows = gaps_csv([Gap("=HYPERLINK(1)", "nothing_relevant", 2, 1, 0.0)]).splitlines()
    assert rows[1] == "'=HYPERLINK(1),2,1,0,1970-01-01 00:00,nothing_relevant"
