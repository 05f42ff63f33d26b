"""Files and pages of every kind -> drafts; what a person would keep of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from made_files import bomb, docx, epub, packed, pdf

from sourcebot.adding.blocks import Block, Kind, escaped, to_markdown
from sourcebot.adding.extract import extract
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.model import Draft, Original
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.errors import ExtractionError

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
WATER = [
    [
        "# The water supply of Lowmere",
        "The town of Lowmere draws its water from three wells below the chalk. The oldest of them was dug in 1802 by the monks of Penfold Abbey, who needed it for their brewery.",
        "In a dry summer the wells give 4,100 cubic metres a day, which is just what the town needs. A fourth well was bored in 2011 but has never been connected because of",
    ],
    [
        "a dispute about the land above it. The dispute ended in 2019 with a settlement of 310,000 crowns.",
        "Since then the council has waited for a pump that was ordered from Kellport.",
    ],
    ["The last page says little, but it says it clearly."],
]


def draft_of(data: bytes, name: str, **known: Any) -> Draft:
    """Extract the bytes of a page or file."""
    (draft,) = extract(Original(origin=name, shown=name, data=data, **known))
    return draft


def refusal(data: bytes, name: str) -> ExtractionError:
    """Return why nothing can be made of bytes; every refusal says what to do where one can."""
    with pytest.raises(ExtractionError) as caught:
        draft_of(data, name)
    return caught.value


def words(text: str) -> Counter[str]:
    """Count the words of a text."""
    return Counter(re.findall(r"\w+", text.casefold()))


def sentences(draft: Draft) -> list[str]:
    """Return what could be quoted of a draft."""
    article, _ = parse_article("a.md", draft.body.encode())
    return [s.of(article.text) for p in segment(article) for s in p.sentences]


def test_pages_keep_what_a_person_would() -> None:
    """Of 16 saved pages: nearly all words of the article, and hardly any others, are kept."""
    figures = []
    for path in PAGES:
        wanted = words(path.with_suffix(".txt").read_text("utf-8"))
        found = words(draft_of(path.read_bytes(), path.name).body)
        both = sum((wanted & found).values())
        figures.append((both / sum(found.values()), both / sum(wanted.values())))
    assert len(figures) >= 12
    precision, recall = (sum(column) / len(figures) for column in zip(*figures, strict=True))
    assert precision >= 0.97
    assert recall >= 0.98
    assert min(r for _, r in figures) >= 0.9


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_furniture_becomes_a_quote(path: Path) -> None:
    """Navigation, notices, captions, "read more" boxes and pleas are not quotable."""
    kept = words(path.with_suffix(".txt").read_text("utf-8"))
    furniture = re.compile(
        r"cookie|newsletter|subscri|read more|share|photograph|caption|sign up|most read|follow us|copyright"
        r"|comment|previous article|related",
        re.IGNORECASE,
    )
    for sentence in sentences(draft_of(path.read_bytes(), path.name)):
        strange = set(words(sentence)) - set(kept)
        assert not (strange and furniture.search(sentence)), sentence


def test_page_says_where_it_comes_from() -> None:
    """Title, publisher, author, day, address and language are read from the page."""
    data = next(p for p in PAGES if p.stem == "news-classic").read_bytes()
    draft = draft_of(data, "x", url="https://quay.example/news/harbour-bridge-shut?utm=1")
    assert (draft.title, draft.publisher, draft.author, str(draft.published), draft.language) == (
        "Harbour bridge to stay shut until autumn", "The Quay Gazette", "Ines Okoro", "2024-03-04", "en",
    )  # fmt: skip
    assert draft.url == "https://quay.example/news/harbour-bridge-shut"


GERMAN = "Die alte Hafenbrücke in Lauental wurde am Montag gesperrt, weil Ingenieure Risse in zwei Trägern fanden. Die Reparaturen kosten zwei Millionen und dauern bis in den Herbst. Lastwagen fahren inzwischen über Pfennigau."


def test_language_is_what_the_original_states_or_its_text_is_surely_in() -> None:
    """Files of every kind get their language; a template's "en" over German text is not believed."""
    made = {
        "a.txt": GERMAN.encode(),
        "a.md": f"# Lauental\n\n{GERMAN}\n".encode(),
        "a.docx": docx([GERMAN]),
        "a.epub": epub([f"<p>{GERMAN}</p>"]),  # says that it is in English
        "a.html": f"<html lang='en'><body><main><p>{GERMAN}</p></main></body></html>".encode(),
        "a.pdf": pdf([[GERMAN]]),
    }
    assert {name: draft_of(data, name).language for name, data in made.items()} == dict.fromkeys(
        made, "de"
    )
    danish = f"<html lang='da'><body><main><p>{GERMAN}</p></main></body></html>".encode()
    assert draft_of(danish, "a.html").language == "da"
    assert draft_of(f"---\nlanguage: nds\n---\n{GERMAN}\n".encode(), "a.md").language == "nds"
    assert draft_of(b"Bonjour.", "a.txt").language == ""


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<p>The court of Grimsby rejected the appeal on 4 May 2021, with costs.</p>", None),
        ("<div>GRIMSBY, 4 May 2021</div>", "2021-05-04"),
        ("<div><span>Ivo Petrov</span> · <span>May 4, 2021</span></div>", "2021-05-04"),
        ("<div>4 May 2021 to 6 May 2021</div>", None),
    ],
)
def test_days_in_the_prose_are_not_the_day_of_publication(line: str, day: str | None) -> None:
    """Only a short line between heading and prose dates a page that does not state its day."""
    prose = (
        "The owner of the quarry has to pay 3,000 crowns more than before, the court found. " * 4
    )
    markup = f"<html><body><div>Today: 1 June 2026</div><main><h1>Appeal</h1>{line}<p>{prose}</p><p>It sat on 9 June 2019.</p></main></body></html>"
    draft = draft_of(markup.encode(), "a.html")
    assert (str(draft.published) if draft.published else None) == day


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "cp1252", "utf-16"])
def test_page_in_any_encoding(encoding: str) -> None:
    """The site's word, the page's own, and the bytes themselves tell the encoding."""
    text = "Der Müller über dem Fluss öffnet seine Mühle am Dienstag um zehn Uhr, sagte er. " * 5
    head = f'<html><head><meta charset="{encoding}"><title>Mühle</title></head>'
    data = f"{head}<body><main><h1>Mühle</h1><p>{text}</p></main></body></html>".encode(encoding)
    assert text.strip() in draft_of(data, "muehle.html").body
    bare = f"<html><head><title>Mühle</title></head><body><main><p>{text}</p></main></body></html>"
    assert text.strip() in draft_of(bare.encode(encoding), "a.html", charset=encoding).body


def test_pdf_pages() -> None:
    """Paragraphs are whole, heads are gone, and each quote knows the page on which it begins."""
    draft = draft_of(pdf(WATER, head="Annual report of the waterworks"), "water.pdf")
    assert (draft.title, draft.pages) == ("The water supply of Lowmere", 3)
    article, _ = parse_article("a.md", draft.body.encode())
    found = [
        (int(p.locator.label if p.locator else 0), p.span.of(article.text))
        for p in segment(article)
    ]
    assert found == [
        (1, WATER[0][1]),
        (1, f"{WATER[0][2]} a dispute about the land above it."),
        (2, "The dispute ended in 2019 with a settlement of 310,000 crowns."),
        (2, WATER[1][1]),
        (3, WATER[2][0]),
    ]


def test_word_document() -> None:
    """Headings, paragraphs, title and author of a Word document."""
    draft = draft_of(
        docx(
            ["# Flour", "Bakers rise early & sleep early.", "1. They count <loaves>."],
            title="On bakers",
            author="Mei",
        ),
        "bakers.docx",
    )
    assert (draft.title, draft.author) == ("On bakers", "Mei")
    assert (
        draft.body
        == "## Flour\n\nBakers rise early & sleep early.\n\n1\\. They count \\<loaves>.\n"
    )


def test_book() -> None:
    """The chapters of a book in the order of its spine."""
    chapters = [
        "<h1>Rain</h1><p>It began with rain.<br/>It went on.</p>",
        "<h1>Sun</h1><ul><li>One</li><li>Two<ul><li>Three</li></ul></li></ul>",
    ]
    draft = draft_of(
        epub(chapters, title="Weather", author="Ada", publisher="Quay Press"), "w.epub"
    )
    assert (draft.title, draft.author, draft.publisher, draft.language) == (
        "Weather",
        "Ada",
        "Quay Press",
        "en",
    )
    assert (
        draft.body
        == "## Rain\n\nIt began with rain. It went on.\n\n## Sun\n\n- One\n- Two\n  - Three\n"
    )


def test_text_and_markdown() -> None:
    """Wrapped text becomes paragraphs; Markdown stays as it is; front matter is taken over."""
    text = b"A Title\n\n20 July 2021\n\nThe first line of a paragraph that was wrapped\nat some width by whoever typed it in.\n\nShare\n\n# Not a heading.\n"
    draft = draft_of(text, "a.txt")
    assert (draft.title, str(draft.published)) == ("A Title", "2021-07-20")
    assert (
        draft.body
        == "The first line of a paragraph that was wrapped at some width by whoever typed it in.\n\n\\# Not a heading.\n"
    )
    markdown = "---\ntitle: T\npublisher: P\n---\n\n# T\r\n\r\nSome *stressed* words.\r\n"
    draft = draft_of(markdown.encode(), "a.md")
    assert (draft.title, draft.publisher, draft.body) == (
        "T",
        "P",
        "# T\n\nSome *stressed* words.\n",
    )


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("locked.pdf", lambda: pdf(WATER, password="secret"), "protected by a password"),
        ("scan.pdf", lambda: pdf([[], [], []]), "scanned"),
        ("cut.pdf", lambda: pdf(WATER)[:300], "damaged"),
        ("fake.pdf", lambda: b"not a pdf at all", "does not begin as one"),
        ("bomb.docx", bomb, "would unpack to 500 MB"),
        ("cut.docx", lambda: docx(["Words."])[:-40], "damaged"),
        ("fake.docx", lambda: b"plain words", "does not begin as one"),
        ("old.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        ("empty.docx", lambda: docx([]), "no text"),
        ("other.zip", lambda: packed({"a.txt": "x"}), "ZIP archive"),
        ("out.epub", lambda: epub(["<p>x</p>"], first="../../../etc/passwd"), "outside of itself"),
        ("drm.epub", lambda: epub(["<p>x</p>"], more={"META-INF/encryption.xml": '<e><EncryptedData><x Algorithm="http://aes"/></EncryptedData></e>'}), "rights management"),
        ("nothing.epub", lambda: packed({"mimetype": "application/epub+zip"}), "container.xml is missing"),
        ("empty.html", lambda: b"<html><body><script>go()</script></body></html>", "no article was found"),
        ("huge.html", lambda: b"<html><body>" + b"<p>word</p>" * 1_600_000, "MB of HTML"),
        ("picture.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(900), "PNG"),
        ("noise.bin", lambda: bytes(range(256)) * 20, "not text"),
        ("sheet.wk1", lambda: b"a,b\n1,2\n", ".wk1 files cannot be added"),
        ("void.txt", lambda: b"", "empty"),
        ("dashes.md", lambda: b"---\n\n---\n", "no words"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_the_reason(
    name: str, make: Callable[[], bytes], message: str
) -> None:
    """Whatever is wrong with a file is said in words; none is a crash."""
    assert message in refusal(make(), name).message


def test_entities_do_not_expand() -> None:
    """A book cannot grow in memory by entities that name entities."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    opf = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{lines}]><package><metadata><title>&e11;</title></metadata></package>'
    assert refusal(epub(["<p>x</p>"], more={"OEBPS/book.opf": opf}), "x.epub").message


SPECIAL = st.text(st.sampled_from(list("#>-+*=_~`1.)|<a/!? \t&[]:")), min_size=1, max_size=12)


@given(
    st.lists(
        st.tuples(st.sampled_from([Kind.PARAGRAPH, Kind.ITEM, Kind.QUOTATION]), SPECIAL), max_size=4
    )
)
def test_text_survives_as_text(blocks: list[tuple[Kind, str]]) -> None:
    """Whatever a paragraph begins with, Markdown takes it for text: as many blocks come back."""
    from markdown_it import MarkdownIt

    found = [Block(kind, f"{text} word") for kind, text in blocks]
    for block in found:
        tokens = MarkdownIt("commonmark").enable("table").parse(to_markdown([block]))
        kinds = {token.type for token in tokens}
        assert not kinds & {"heading_open", "hr", "fence", "html_block", "code_block", "table_open"}
        assert any(token.type == "inline" and "word" in token.content for token in tokens)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_escaping_changes_little(text: str) -> None:
    """Only backslashes are added, and never more than what needs them."""
    assert escaped(text).replace("\\", "") == text.replace("\\", "")
    assert len(escaped(text)) - len(text) <= 1 + text.count("<")


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_markup_gives_blocks(markup: str) -> None:
    """Any bytes that pass for HTML give blocks of words, or none."""
    for block in blocks_of(html.fromstring(f"<div>{markup.replace(chr(0), '')}<p>end</p></div>")):
        assert block.text.strip()
