"""Quotes that cannot be understood alone get the sentences before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_values import source_of

from sourcebot.answering.joining import MOST_ADDED, MOST_JOINED, joined, joined_all, need_of
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import gap_between, segment
from sourcebot.types import Article, Paragraph, Quote, Span

NAMED = "Marta Lindqvist has been the county engineer since 2016."
EVENT = "The parish of Tarnwick voted on Monday to keep its library."

EDITED = [
    # (the sentence before, the quote, whether a careful editor would quote both)
    (NAMED, "She closed the bridge on 3 March.", True),
    (NAMED, "Her report found cracks in two beams.", True),
    (NAMED, "“She was right to close it,” the mayor said.", True),
    (NAMED, "When she looked at the beams, the bolts were gone.", True),
    (NAMED, "In 2019 she warned of rust.", True),
    (NAMED, "Later, she closed a second bridge.", True),
    (NAMED, "“We could not wait for another inspection.”", True),
    (NAMED, "When she looked at the beams, Lindqvist found the bolts gone.", False),
    (NAMED, "“We could not wait,” said Oskar Fjeld, the captain.", False),
    (NAMED, "Lindqvist closed the bridge on 3 March.", False),
    (NAMED, "The captain said she would not sail.", False),
    (NAMED, "Herbert Ash took over in May.", False),
    (EVENT, "It was the third vote in two years.", True),
    (EVENT, "They want it open on Sundays too.", True),
    (EVENT, "This cost the parish £4,000.", True),
    (EVENT, "That decision surprised the county.", True),
    (EVENT, "These plans are opposed by the county.", True),
    (EVENT, "The decision came after a long debate.", True),
    (EVENT, "The result was read out at nine.", True),
    (EVENT, "The latter had asked for a delay.", True),
    (EVENT, "Most of them had never been inside.", True),
    (EVENT, "Both were surprised.", True),
    (EVENT, "Such votes are rare.", True),
    (EVENT, "However, the county may still close it.", True),
    (EVENT, "But the county may still close it.", True),
    (EVENT, "As a result, the roof will be mended.", True),
    (EVENT, "For example, the roof will be mended.", True),
    (EVENT, "Two days later, the roof fell in.", True),
    (EVENT, "The next day the roof fell in.", True),
    (EVENT, "Among those present was the bishop.", True),
    (EVENT, "Second, the boiler must go.", True),
    ("Can dogs be brought to the library?", "Yes, on a lead.", True),
    ("“We could not wait.", "Cracks were growing,” said Ada Brandt.", True),
    ("The council gave two reasons:", "The roof leaks when the wind is in the west.", True),
    (EVENT, "The decision of the county court to close it stands.", False),
    (EVENT, "The results of the vote were read out at nine.", False),
    (EVENT, "It is clear that the county disagrees.", False),
    (EVENT, "It took four years to build the roof garden.", False),
    (EVENT, "It’s been 15 months since the roof fell in.", False),
    (EVENT, "At the time of the vote the county was silent.", False),
    (EVENT, "Soon after Ada Brandt’s wedding the roof fell in.", False),
    (EVENT, "This year the library lent 84,000 books.", False),
    (EVENT, "This page was last changed in May.", False),
    (EVENT, "These days few people own a lorry.", False),
    (EVENT, "Those who voted against were mostly farmers.", False),
    (EVENT, "Most people in Tarnwick own a bicycle.", False),
    (EVENT, "All 84,000 books were saved.", False),
    (EVENT, "Butter was sold at the door.", False),
    (EVENT, "Italy lent two paintings.", False),
    (EVENT, "Two fires in the same year destroyed the roof of the mill.", False),
    (EVENT, "Later that evening the mayor spoke in Varn.", False),
    (EVENT, "The 29-year-old building has a roof garden.", False),
    (EVENT, "On Tuesday the county sent an engineer.", False),
    (EVENT, "No books were lost.", False),
    (EVENT, "Nobody was hurt.", False),
    ("Read more about Tarnwick", "It opened in 1931.", False),
    (EVENT, "这座桥于1931年开放。", False),
    (EVENT, "Le pont fut ouvert en 1931.", False),
]  # fmt: skip
SENTENCES = sorted({*(row[0] for row in EDITED), *(row[1] for row in EDITED)})


def paragraphs_of(article: Article) -> list[Paragraph]:
    """Return the paragraphs of an article as the index keeps them."""
    passages = segment(article)
    return [
        Paragraph(
            number, article.path, p.ordinal, p.heading, p.span, p.span.of(article.text), p.sentences,
            gap_between(article.text, before, p),
        )
        for number, (before, p) in enumerate(zip((None, *passages), passages, strict=False), 1)
    ]  # fmt: skip


def quote_of(paragraph: Paragraph, sentence: Span) -> Quote:
    """Return a sentence of a paragraph as a quote whose answering words are all of it."""
    return Quote(
        paragraph.sentence_text(sentence), sentence, source_of(paragraph.article), 0.9, sentence,
        paragraph.id, paragraph.text, paragraph.span,
    )  # fmt: skip


def last_joined(text: str, name: str = "a.txt") -> str:
    """Return the last sentence of an article, joined with what it needs."""
    article, _ = parse_article(name, text.encode())
    around = paragraphs_of(article)
    quote = joined(quote_of(around[-1], around[-1].sentences[-1]), around)
    assert quote.span.of(article.text) == quote.text
    return quote.text


@pytest.mark.parametrize("gap", [" ", "\n\n"], ids=["same paragraph", "paragraph before"])
@pytest.mark.parametrize(("before", "sentence", "together"), EDITED)
def test_as_an_editor_would(before: str, sentence: str, together: bool, gap: str) -> None:
    """The sentence before is joined where, and only where, an editor would quote it too."""
    text = f"The Tarnwick Herald\n\nThe wind was in the west.\n\n{before}{gap}{sentence}\n"
    article, _ = parse_article("a.md", text.encode())
    around = paragraphs_of(article)
    place = text.index(sentence)
    quotes = [quote_of(p, s) for p in around for s in p.sentences if s.end == place + len(sentence)]
    quote = joined(quotes[0], around)
    assert quote.text == (f"{before}{gap}{sentence}" if together else quotes[0].text)


def test_as_far_back_as_needed() -> None:
    """Where the sentence before cannot be understood either, the one before that is joined too."""
    assert last_joined(f"T\n\n{NAMED} She studied in Varn. She lives in Penfold.") == (
        f"{NAMED} She studied in Varn. She lives in Penfold."
    )


def test_not_too_far_back() -> None:
    """Where what is needed stands too far away, nothing is joined: half of it would not help."""
    filler = " ".join(f"She worked for {n} years in a town by the sea." for n in range(8))
    assert last_joined(f"T\n\n{NAMED} {filler} She lives in Penfold.") == "She lives in Penfold."


def test_long_quotes_grow_no_further() -> None:
    """A quote that is long already gets nothing before it."""
    long = f"She {'said and ' * 70}left."
    assert last_joined(f"T\n\n{NAMED} {long}") == long


def test_headings_part() -> None:
    """Nothing is joined over a heading."""
    assert last_joined(f"# T\n\n{EVENT}\n\n## Roof\n\nIt leaks.", "a.md") == "It leaks."


def test_first_sentence() -> None:
    """The first sentence of an article has nothing before it."""
    article, _ = parse_article("a.md", b"It opened in 1931.")
    (paragraph,) = paragraphs_of(article)
    quote = quote_of(paragraph, paragraph.sentences[0])
    assert joined(quote, [paragraph]) == quote


def test_list_items_get_their_lead_in() -> None:
    """An item of a list is quoted from the line above the list on."""
    text = "T\n\nThe council gave two reasons:\n\n- the roof leaked\n- the boiler was old"
    assert last_joined(text, "a.md").startswith("The council gave two reasons:")
    assert last_joined(text).startswith("The council gave two reasons:")


def test_block_quotations() -> None:
    """The marks of a block quotation do not part its paragraphs."""
    text = f"# T\n\n> {NAMED}\n>\n> She lives in Penfold.\n"
    assert last_joined(text, "a.md") == f"{NAMED}\n>\n> She lives in Penfold."


def test_nothing_is_quoted_twice() -> None:
    """A quote within one above it is left out; what stands above is not joined again."""
    article, _ = parse_article("a.txt", f"T\n\n{NAMED} She lives in Penfold.".encode())
    (paragraph,) = paragraphs_of(article)
    first, second = (quote_of(paragraph, s) for s in paragraph.sentences)
    assert [q.text for q in joined_all([second, first], lambda _: [paragraph])] == [
        f"{NAMED} She lives in Penfold."
    ]
    assert joined_all([first, second], lambda _: [paragraph]) == (first, second)


@given(
    st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), min_size=1, max_size=4),
    st.sampled_from(["\n\n", "\r\n\r\n", "\n\n> ", "\n\n## Why\n\n"]),
    st.sampled_from(["a.md", "a.txt"]),
)
def test_properties(parts: list[list[str]], gap: str, name: str) -> None:
    """A joined quote is one verbatim piece that ends with the quote, bounded and self-contained."""
    text = "# T\n\n" + gap.join(" ".join(sentences) for sentences in parts)
    article, _ = parse_article(name, text.encode())
    around = paragraphs_of(article)
    quotes = [quote_of(p, s) for p in around for s in p.sentences]
    for quote in quotes:
        longer = joined(quote, around)
        assert longer.span.of(article.text) == longer.text
        assert longer.span.end == quote.span.end
        assert (longer.words, longer.probability) == (quote.words, quote.probability)
        if longer != quote:
            assert quote.span.start - MOST_ADDED - 40 <= longer.span.start < quote.span.start
            assert len(longer.text) <= MOST_JOINED
            assert (
                need_of(quote.text) or article.text[: quote.span.start].rstrip(" \n\r>-")[-1] == ":"
            )
        assert joined(quote, [p for p in around if p.id == quote.paragraph_id]).span.of(
            article.text
        )
    shown = joined_all(quotes, lambda _: around)
    for one in shown:
        overlapping = [
            q for q in shown if q.span.start < one.span.end and one.span.start < q.span.end
        ]
        assert overlapping == [one]


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    """No sentence, however odd, is too much for the signs."""
    need_of(text)
