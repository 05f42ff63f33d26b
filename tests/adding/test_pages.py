"""Web pages: nothing of an article is lost in silence, and nothing is made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lxml import html

from sourcebot.adding.blocks import Block, Kind, to_markdown
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.page_calls import without_calls
from sourcebot.adding.pages import read_page
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from sourcebot.adding.model import Draft

SENTENCES = [
    f"In chapter {n} the harbour office of Lowmere counted {n + 7} boats that had left the quay "
    f"without paying, and wrote to each of their owners before the end of the month."
    for n in range(1, 15)
]
PROSE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def page(body: str, head: str = "", title: str = "The boats of Lowmere") -> Draft:
    """Return the article of a page made of a body and what its head holds besides the title."""
    text = f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
    return read_page(text.encode(), "", "")


def article(inside: str, head: str = "") -> Draft:
    """Return the article of a page that marks it as such."""
    return page(f"<main><article><h1>The boats of Lowmere</h1>{inside}</article></main>", head)


def linked_data(**values: object) -> str:
    """Return values as a script of JSON-LD on an article of the news."""
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_ids_that_are_slugs_of_headings_are_no_class_names() -> None:
    """Sections that documentation tools name after their headings stay, whatever they are called."""
    headings = ["Sidebar notes", "Comments list", "Share of fish", "Teaser trailer", "Print run"]
    sections = "".join(
        f'<section id="{h.lower().replace(" ", "-")}"><h2>{h}</h2><p>{s}</p></section>'
        for h, s in zip(headings, SENTENCES, strict=False)
    )
    draft = article(sections)
    assert all(words in draft.body for words in (*headings, *SENTENCES[: len(headings)]))
    assert draft.kept == 1.0


def test_class_names_do_not_take_most_of_a_page() -> None:
    """An article in an element that is called as furniture is, is kept."""
    draft = page(f"<div class='sidebar-right widget'><h1>The boats of Lowmere</h1>{PROSE}</div>")
    assert all(sentence in draft.body for sentence in SENTENCES)


@pytest.mark.parametrize("heading", ["Notes", "Sources", "References", "Literatur"])
def test_references_end_an_article_only_at_its_end(heading: str) -> None:
    """What follows such a heading stays when it is prose; entries at the very end go with a remark."""
    middle = (
        f"{PROSE}<h2>{heading}</h2><p>{SENTENCES[0]}</p><h2>Afterwards</h2><p>{SENTENCES[1]}</p>"
    )
    draft = article(middle)
    assert heading in draft.body
    assert draft.body.count(SENTENCES[1]) == 2
    entries = "".join(f"<li>Smith, J. (200{n}). Boats.</li>" for n in range(5))
    draft = article(f"{PROSE}<h2>{heading}</h2><ul>{entries}</ul>")
    assert "Smith" not in draft.body
    assert "5 entries of references at the end were left out" in draft.notes


def test_a_live_blog_keeps_all_posts() -> None:
    """Every post with its heading, however short it is."""
    posts = "".join(
        f"<div class='post'><time>1{n}:05</time><h2>Post number {n}</h2><p>{s}</p></div>"
        for n, s in enumerate(SENTENCES[:6])
    )
    draft = article(f"<div class='liveblog'>{posts}</div>")
    assert [line for line in draft.body.splitlines() if line.startswith("## ")] == [
        f"## Post number {n}" for n in range(6)
    ]
    assert all(sentence in draft.body for sentence in SENTENCES[:6])


def test_a_text_that_stands_in_json_ld_alone() -> None:
    """A page that a script builds gives the text that it states; paragraphs stay apart."""
    head = linked_data(headline="Boats", articleBody="\n\n".join(SENTENCES[:3]))
    draft = page("<div id=root></div>", head)
    assert draft.body == "\n\n".join(SENTENCES[:3]) + "\n"
    assert "states for machines" in draft.notes[0]
    graph = '<script type="application/ld+json">{"@graph": [{"@type": ["Thing", "BlogPosting"], "articleBody": "<p>One &amp; two.</p><p>Three.</p>"}]}</script>'
    assert page("<div></div>", graph).body == "One & two.\n\nThree.\n"


@pytest.mark.parametrize("data", ["{", "[1, [2", '{"@type": "Article", "articleBody": 7}', "null"])
def test_broken_json_ld_says_nothing(data: str) -> None:
    """What machines are told wrongly neither fails nor replaces the page's own text."""
    draft = article(PROSE, f'<script type="application/ld+json">{data}</script>')
    assert all(sentence in draft.body for sentence in SENTENCES)
    with pytest.raises(ExtractionError, match="no article"):
        page("<div></div>", f'<script type="application/ld+json">{data}</script>')


def test_a_stub_before_a_paywall_is_remarked() -> None:
    """Only the beginning is there: the user is told, and the call to subscribe is no text."""
    stub = f"<p>{SENTENCES[0]}</p><div class='paywall'><p>Subscribe now to read on.</p></div>"
    for head in (linked_data(isAccessibleForFree="False"), ""):
        draft = article(stub, head)
        assert "Subscribe" not in draft.body
        assert any("for subscribers" in note for note in draft.notes)
    assert article(PROSE, linked_data(isAccessibleForFree=True)).notes == ()


def test_hidden_text_is_left_out_and_said_so() -> None:
    """What a page hides is no quote; a page that a script shows as a whole is."""
    hidden = f"<p style='display: none'>{SENTENCES[-1]}</p>"
    draft = article(f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>{hidden}")
    assert SENTENCES[-1] not in draft.body
    assert any("hides" in note for note in draft.notes)
    assert (
        SENTENCES[3]
        in page(f"<div style='visibility:hidden'><article>{PROSE}</article></div>").body
    )


def test_lists_tables_and_breaks_stay_in_place() -> None:
    """Items in any wrapping, rows with their header, lines parted by breaks, leads above."""
    body = (
        f"<p class='teaser-text'>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"
        "<ul><li><span>cracks in two of the four pillars</span></li><li><p>a report of last May</p></li>"
        "<li><a href='/x'>the weight of the lorries</a></li></ul>"
        f"<p>{SENTENCES[2]}</p><table><tr><th>Year</th><th>Boats</th></tr><tr><td>2019</td><td>H<sub>2</sub>O 1,204</td></tr></table>"
        f"<p>{SENTENCES[3]}</p>"
    )
    text = article(body).body
    assert text.index(SENTENCES[0]) < text.index("- cracks in two") < text.index("- a report")
    assert "- the weight of the lorries" in text
    assert "| Year | Boats |\n| --- | --- |\n| 2019 | H2O 1,204 |" in text


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    """Cells that hold paragraphs are read one after the other."""
    body = f"<table><tr><td><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></td><td><h2>Second</h2><p>{SENTENCES[2]}</p></td></tr></table>"
    text = page(f"<h1>The boats of Lowmere</h1>{body}").body
    assert f"{SENTENCES[0]}\n\n{SENTENCES[1]}" in text
    assert "|" not in text


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("ARRAY(0x55d0c8)", ""),
        ("admin", ""),
        ("https://a.example/u/7", ""),
        ("Ines Okoro", "Ines Okoro"),
    ],
)
def test_what_templates_put_for_an_author_is_none(stated: str, author: str) -> None:
    """A field that nobody has filled in names nobody."""
    assert article(PROSE, f'<meta name="author" content="{stated}">').author == author


def test_how_much_was_kept_is_known() -> None:
    """The share counts the prose outside of navigation, and little of it is remarked on."""
    other = "".join(f"<div class='sidebar'><p>{s}</p></div>" for s in SENTENCES)
    assert article(PROSE).kept == 1.0
    assert (
        page(f"<nav>{PROSE}</nav><main><article><h1>B</h1>{PROSE}</article></main>{other}").kept
        == 1.0
    )


QUESTIONS = (
    (
        "How do I get a library card?",
        "Come to the desk with a passport and a proof of your address. It costs nothing.",
    ),
    (
        "How long may I keep a book?",
        "Books may be kept for four weeks. They can be renewed twice unless another reader waits.",
    ),
    ("Is there parking?", "No."),
    (
        "What does a late book cost?",
        "Each day costs twenty cents for a book and fifty cents for a film.",
    ),
    ("May I bring a dog?", "Yes."),
)


@pytest.mark.parametrize("around", ["<main>{}</main>", "<div><div>{}</div></div>"])
@pytest.mark.parametrize(
    "form",
    [
        "<h2>{q}</h2><p>{a}</p>",
        "<h4>{q}</h4><p>{a}</p>",
        "<section class=q><h3>{q}</h3><p>{a}</p></section>",
        "<p><strong>{q}</strong></p><p>{a}</p>",
        "<div class=q>{q}</div><div class=a>{a}</div>",
        "<details><summary>{q}</summary><p>{a}</p></details>",
        "<details><summary><h3>{q}</h3></summary><p>{a}</p></details>",
        "<div class=i><h3><button aria-controls=p{i}>{q}</button></h3><div id=p{i} hidden><p>{a}</p></div></div>",
        "<div class=i><h2><button data-bs-target='#p{i}'>{q}</button></h2><div id=p{i} class=collapse>{a}</div></div>",
        "<div class=i><button class=toggle>{q}</button><div style='display: none'><p>{a}</p></div></div>",
        "<div class=i><h3><a href='#p{i}' data-toggle=collapse>{q}</a></h3><div id=p{i}><p>{a}</p></div></div>",
        "<div class=i><div class=q>{q}</div><div class=a style='display:none'><p>{a}</p></div></div>",
    ],
)
def test_pages_of_questions_keep_the_first_and_the_last(form: str, around: str) -> None:
    """However questions are set and folded, each stands once, directly above its answer."""
    items = "".join(form.format(q=q, a=a, i=i) for i, (q, a) in enumerate(QUESTIONS))
    body = around.format(f"<h1>Questions and answers</h1>{items}")
    page = (
        "<html><head><title>Questions - Library</title></head><body><header><nav><a href='/'>Home</a>"
        "<button aria-controls=menu aria-expanded=false>All our pages</button><ul id=menu hidden><li>Books"
        f"</ul></nav></header>{body}<footer>Town library</footer></body></html>"
    )
    draft = read_page(page.encode(), "", "")
    shown = [line.strip("#* ") for line in draft.body.splitlines() if line]
    assert shown == [text for pair in QUESTIONS for text in pair]
    assert draft.notes == ()


def test_only_series_of_sections_are_unfolded() -> None:
    """A single button that opens something is none of the article, nor is what it opens."""
    page = (
        "<html><head><title>The mill</title></head><body><main><h1>The mill</h1>"
        "<p>Tarnwick Mill ground oats and barley from 1743 until 1958 and has been a museum since 1971.</p>"
        "<div><button aria-controls=s aria-expanded=false>Send this to friends</button>"
        "<div id=s hidden><p>Write their addresses here, one on each line, and we tell them.</p></div></div>"
        "<p>Its breastshot wheel has a diameter of 5.2 metres and forty-eight buckets of oak.</p></main></body></html>"
    )
    draft = read_page(page.encode(), "", "")
    assert len([line for line in draft.body.splitlines() if line]) == 2
    assert draft.notes == ("12 words that the page hides were left out",)


@pytest.mark.parametrize(
    "holder",
    [
        "<div class=nav-menu><div>{}</div></div>",
        "<nav><main>{}</main></nav>",
        "<form action=/buy>{}</form>",
        "<ul><li class='menu-item sub-menu'><div>{}</div></li></ul>",
        "<h2 class=excerpt>{}</h2>",
        "<footer><div class=overlay>{}</div></footer>",
    ],
)
def test_what_holds_an_article_is_no_furniture(holder: str) -> None:
    """Menus, forms and headings that a page does not close hold what follows them."""
    draft = page(holder.format(f"<div><h1>The boats of Lowmere</h1>{PROSE}</div>"))
    assert all(sentence in draft.body for sentence in SENTENCES)


def test_a_text_in_a_template_is_read() -> None:
    """A page whose text a script shows holds it as a template; a widget's template is none."""
    template = f"<div class=post><script type='text/template'><h2>Boats</h2>{PROSE}</script></div>"
    draft = page(f"<main><h1>The boats of Lowmere</h1>{template}<p>Posted by Ada.</p></main>")
    assert all(sentence in draft.body for sentence in SENTENCES)
    widget = "<script type='text/template'><p>{{name}} likes this.</p></script>"
    assert "likes" not in article(f"{PROSE}{widget}").body


def test_pages_that_a_script_turns_are_all_read() -> None:
    """What is hidden beside a part of the same form goes on from it."""
    parts = "".join(
        f"<div class=part{chr(32) + 'style=display:none' if n else ''}><p>{a}</p><p>{b}</p></div>"
        for n, (a, b) in enumerate(zip(SENTENCES[::2], SENTENCES[1::2], strict=True))
    )
    draft = article(parts)
    assert all(sentence in draft.body for sentence in SENTENCES)
    assert draft.notes == ()


def test_captions_that_were_left_out_are_counted() -> None:
    """Of pictures within the article, not of those around it."""
    figure = "<figure><img src=a.png><figcaption>The quay of Lowmere, by Ada.</figcaption></figure>"
    draft = page(
        f"<main><h1>The boats of Lowmere</h1>{figure}{PROSE[:400]}</p>{figure}{PROSE}</main>{figure}"
    )
    assert "by Ada" not in draft.body
    assert draft.notes == ("2 captions of pictures left out",)


def test_what_does_not_fit_the_summary_of_the_page_is_doubted() -> None:
    """A page that only a script fills may show something else: that is said."""
    summary = "<meta property='og:description' content='A bakery opened beside the railway station yesterday morning'>"
    draft = page(
        f"<main>{PROSE}</main>", summary, title="Fresh bread opposite Penfold station again"
    )
    assert any("may not be the article" in note for note in draft.notes)
    fitting = summary.replace(
        "A bakery opened beside the railway station", "The harbour office counted boats"
    )
    assert article(PROSE, fitting).notes == ()


def test_what_stands_beside_an_article_is_told() -> None:
    """A box within the article is left out with a remark, one around it or of links without."""
    box = "<aside><p>Lowmere has had a harbour office since 1804; it stands on the old quay.</p></aside>"
    links = f"<aside><a href=b>{SENTENCES[3]}</a></aside>"
    draft = page(f"<main>{box}<h1>The boats of Lowmere</h1>{PROSE}{box}{links}{PROSE}</main>{box}")
    assert "1804" not in draft.body
    assert draft.notes == (
        "text beside the article left out (14 words): “Lowmere has had a harbour office since 1804; it stands on th…”",
    )


def test_numbered_lists_keep_their_numbers() -> None:
    """The numbers that a page shows stand before the items, and are no part of what they say."""
    listed = (
        '<ol start="4"><li>Shut the gate.<ul><li>It is heavy.</li></ul></li><li><p>Call Ada.</p>'
        '<p>She is in.</p></li><li value="9">Wait for her.</li></ol><ol type="a"><li>Leave.</li></ol>'
        "<ul><li>Or stay.</li></ul>"
    )
    body = to_markdown(blocks_of(html.fromstring(f"<div>{listed}</div>")))
    assert body == (
        "4. Shut the gate.\n   - It is heavy.\n5. Call Ada.\n- She is in.\n9. Wait for her.\n"
        "- Leave.\n- Or stay.\n"
    )
    read, _ = parse_article("a.md", body.encode())
    said = [s.of(read.text) for p in segment(read) for s in p.sentences]
    assert said == [words.lstrip("0123456789.- ") for words in body.splitlines()]


@pytest.mark.parametrize(
    "call",
    [
        "Follow us on Instagram and never miss a story.",
        "Du willst mehr lesen? Abonniere unseren Kanal!",
        "Únete a nuestro canal de Telegram para recibir las noticias.",
        "Sign up here and support our work.",
    ],
)
def test_calls_below_an_article_are_left_out(call: str) -> None:
    """They are no part of it; within it, or in somebody's mouth, such sentences stay."""
    prose = [Block(Kind.PARAGRAPH, sentence) for sentence in SENTENCES]
    found = Block(Kind.PARAGRAPH, call)
    assert without_calls([*prose, found]) == prose
    assert without_calls([found, *prose]) == [found, *prose]
    said = Block(Kind.PARAGRAPH, f"“{call}” was what the harbour office wrote to the owners.")
    assert without_calls([*prose, said]) == [*prose, said]
    assert call not in article(f"{PROSE}<p>{call}</p>").body


def test_calls_that_are_left_out_are_told() -> None:
    """A paragraph goes only with a remark."""
    draft = article(f"{PROSE}<p>Sign up here and support our work.</p>")
    assert draft.notes == ("1 call to subscribe or follow below the article left out",)
