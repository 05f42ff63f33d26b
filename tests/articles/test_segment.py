"""Articles -> paragraphs and sentences."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import BEES, FERRY, LIBRARY
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import MAX_PARAGRAPH, segment
from sourcebot.errors import ArticleError
from sourcebot.text.sentences import MAX_SENTENCE

if TYPE_CHECKING:
    from sourcebot.types import Article, Passage

ANY = st.text(st.characters(codec="utf-8"), max_size=400)
MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# ",
            "- ",
            "* ",
            "1. ",
            "> ",
            "```\n",
            "~~~\n",
            "| a | b |\n",
            "| - | - |\n",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "\r\n",
            "\r",
            "Words here. ",
            "More of it ",
            "*so*",
            "`code`",
            "[a](b)",
            "![p](q)",
            "<div>",
            "</div>\n",
            "---\n",
            "===\n",
            "\\",
            "&amp;",
            "[r]: /u\n",
            "“Yes.” ",
            "é",
            "\u2028",
            "\x0b",
            "\xa0",
            "+ ",
            "2) ",
            ":",
        ]
    ),
    max_size=60,
).map("".join)
WORD = st.text("abcdefghijklmnopqrstuvwxyzäöüßéçñ", min_size=2, max_size=9)


def parsed(name: str, text: str) -> Article:
    """Return the article with the given text."""
    return parse_article(name, text.encode())[0]


def passages(name: str, text: str) -> list[str]:
    """Return the paragraphs of a text as strings."""
    article = parsed(name, text)
    return [passage.span.of(article.text) for passage in segment(article)]


def check(article: Article, found: tuple[Passage, ...]) -> None:
    """Hold what every segmentation must be."""
    place = article.body.start
    ordinal = 0
    for passage in found:
        assert place <= passage.span.start < passage.span.end <= article.body.end
        assert ordinal <= passage.ordinal <= ordinal + 1
        assert passage.sentences
        assert passage.span.start == passage.sentences[0].start
        assert passage.span.end == passage.sentences[-1].end
        ordinal, inner = passage.ordinal, passage.span.start
        for sentence in passage.sentences:
            words = sentence.of(article.text)
            assert inner <= sentence.start < sentence.end <= passage.span.end
            assert words == words.strip()
            assert len(words) <= MAX_SENTENCE
            inner = sentence.end
        place = passage.span.end
    assert not found or found[0].ordinal == 1


@given(ANY, st.sampled_from(["\n", "\n\n", "\r\n", "\r", " "]))
def test_text_properties(text: str, joint: str) -> None:
    """All but white space, photo credits, and headings (bold, or asking) are paragraphs."""
    try:
        article = parsed("a.txt", f"Some words.{joint}{text}{joint}Some more of them.")
    except ArticleError:
        return
    found = segment(article)
    check(article, found)
    place = article.body.start
    lost = []
    for sentence in (s for passage in found for s in passage.sentences):
        lost += article.text[place : sentence.start].split("\n")
        place = sentence.end
    lost += article.text[place : article.body.end].split("\n")
    for line in filter(None, (part.strip() for piece in lost for part in piece.split("\r"))):
        assert line.startswith(("©", "**", "__")) or line.endswith(("?", "؟", "？"))


@given(st.one_of(ANY, MARKDOWN))
def test_markdown_properties(text: str) -> None:
    """Of any Markdown the paragraphs and sentences are ordered, disjoint and in bounds."""
    try:
        article = parsed("a.md", f"Some words.\n\n{text}")
    except ArticleError:
        return
    check(article, segment(article))


@given(
    st.lists(st.lists(WORD, min_size=1, max_size=30), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_markdown_loses_no_words(blocks: list[list[str]], random: object) -> None:
    """Every word of paragraphs, lists, block quotes and tables is in a paragraph or above it, once, in order."""
    shapes = [
        "{}",
        "{}.",
        "- {}\n- {}",
        "1. {}\n2. {}",
        "> {}\n> {}",
        "| h | h |\n| - | - |\n| {} | {} |",
        "**{}**",
        "- {}\n\n  {}",
        "> - {}",
    ]
    written = [
        random.choice(shapes).replace("{}", " ".join(words))  # type: ignore[attr-defined]
        for words in blocks
    ]
    text = "\n\n".join(f"# heading\n\n{block}" for block in written)
    article = parsed("a.md", text)
    found = segment(article)
    check(article, found)
    wanted = [w for block in written for w in _words(block)]
    kept = []
    above: tuple[object, ...] = ()
    for passage in found:
        if passage.headings != above:  # a line in bold that stands over others
            kept += [word for heading in passage.headings for word in _words(heading.text)]
        above = passage.headings
        header = passage.table.header if passage.table else ()
        kept += [word for cell in header for word in _words(cell.text)]
        kept += [word for s in passage.sentences for word in _words(s.of(article.text))]
    assert kept == wanted


def _words(text: str) -> list[str]:
    """Return the words without markers."""
    return list("".join(c if c.isalpha() else " " for c in text).split())


def test_dateline_article() -> None:
    """Header lines and the photo credit are no paragraphs; the others are numbered in order."""
    article = parsed("library.txt", LIBRARY)
    found = segment(article)
    texts = [passage.span.of(article.text) for passage in found]
    assert [passage.ordinal for passage in found] == list(range(1, len(found) + 1))
    assert texts[-3].startswith("The public library")
    assert texts[-1].endswith("on Sundays.")
    assert not any("Getty" in text or "BST" in text or "Roof Garden" in text for text in texts)


def test_one_paragraph_a_line() -> None:
    """Without blank lines, every line of unwrapped text is a paragraph."""
    assert passages("ferry.txt", FERRY) == FERRY.strip().split("\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_wrapped_lines_are_joined(newline: str) -> None:
    """Lines that only fill a width make one paragraph, whose sentences cross the line ends."""
    lines = [
        "The keeper of the lighthouse wrote every evening of",
        "his life what the weather had been. He never missed",
        "a day, and when he died his daughter kept on writing",
        "in the same book until the light was put out.",
    ]
    article = parsed("a.txt", newline.join(lines) + newline * 2 + "Another paragraph stands here.")
    found = segment(article)
    assert [p.span.of(article.text) for p in found] == [
        newline.join(lines),
        "Another paragraph stands here.",
    ]
    assert found[0].sentences[1].of(article.text).startswith("He never missed")
    assert len(found[0].sentences) == 2


def test_overlong_paragraphs_are_divided_between_sentences() -> None:
    """A paragraph that the model could not read is divided; its parts share one number."""
    text = " ".join(
        f"This is sentence number {n} of a paragraph without an end." for n in range(90)
    )
    article = parsed("a.txt", f"Start of it all.\n\n{text}\n\nThe end of it all.")
    found = segment(article)
    parts = [p for p in found if p.ordinal == 2]
    assert len(parts) > 2
    assert all(len(p.span) <= MAX_PARAGRAPH for p in parts)
    assert " ".join(p.span.of(article.text) for p in parts) == text
    assert found[-1].ordinal == 3


def test_markdown_blocks() -> None:
    """Lists and tables are paragraphs of their own; headings are none."""
    found = passages("bees.md", BEES)
    assert found[0].startswith("Beekeepers on Mount Ansel")
    assert found[1].startswith("A warm May")
    assert found[1].endswith("mites.")
    assert found[2].endswith("2022 | eleven tonnes")
    assert not any("Why" in text or "# " in text for text in found)
    article = parsed("bees.md", BEES)
    quoted = [s.of(article.text) for p in segment(article) for s in p.sentences]
    assert not any("---" in sentence for sentence in quoted)


def test_list_items_are_sentences() -> None:
    """A sentence never crosses two list items, whose markers are not quoted."""
    article = parsed(
        "a.md", "The rules:\n\n1. be kind\n2. be brief\n   and clear\n\n- [ ] be early\n"
    )
    quoted = [s.of(article.text) for p in segment(article) for s in p.sentences]
    assert quoted[:2] == ["The rules:", "be kind"]
    assert quoted[2].split() == ["be", "brief", "and", "clear"]


def test_code_html_and_pictures_are_not_quoted() -> None:
    """Code blocks, marks of HTML, link definitions and pictures are no paragraphs."""
    text = (
        "Words before.\n\n```python\nprint('secret code')\n```\n\n    indented code\n\n<div class='x'></div>\n\n"
        "![a picture](p.png)\n\n[ref]: https://x.example\n\nSetext heading\n---\n\nWords after.\n"
    )
    assert passages("a.md", text) == ["Words before.", "Words after."]


def test_texts_in_raw_html_and_indented_prose_are_quoted() -> None:
    """What a page would show is text; scripts and comments within the HTML are not."""
    text = (
        "Words before.\n\n<div class='note'>\nThe ferry <b>Norvik Queen</b> sank.\n</div>\n\n"
        "<p>The captain was cleared in 1932.</p>\n<script>\nlet secret = 1\n</script>\n<!-- a comment -->\n\n"
        "<details><summary>More of it</summary>\n\nThe wreck was raised.\n\n</details>\n\n"
        "    An indented paragraph that is prose, not code.\n\n    print(code); return {}\n"
    )
    assert passages("a.md", text) == [
        "Words before.",
        "The ferry <b>Norvik Queen</b> sank.",
        "The captain was cleared in 1932.",
        "More of it",
        "The wreck was raised.",
        "An indented paragraph that is prose, not code.",
    ]


def test_block_quotes_are_quoted() -> None:
    """The words of a block quote are paragraphs without the first marker."""
    assert passages("a.md", "> “We left at dawn.”\n\nSo they said.") == [
        "“We left at dawn.”",
        "So they said.",
    ]


def test_repeated_words_keep_their_own_places() -> None:
    """The same sentence in two places has two spans: offsets are carried, not searched for."""
    article = parsed(
        "a.md", "The bell rang.\n\nThe bell rang.\n\n- The bell rang.\n- The bell rang.\n"
    )
    spans = [s for p in segment(article) for s in p.sentences]
    assert len(set(spans)) == 4
    assert {s.of(article.text) for s in spans} == {"The bell rang."}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "'x' * 1_000_000"),
        ("a.md", "'x' * 1_000_000"),
        ("a.md", "'# a' + '#' * 300_000 + 'b'"),
        ("a.md", "'# a' + ' #' * 150_000 + 'b'"),
        ("a.md", "'Words. ' + '[' * 50_000"),
        ("a.md", "'Words. ' + '*a ' * 50_000"),
        ("a.md", "'>' * 20_000 + ' words'"),
        ("a.txt", "'a' + ' ' * 1_000_000 + 'b'"),
        ("a.txt", "'a\\n' * 200_000"),
    ],
)
def test_absurd_files_finish(name: str, text: str) -> None:
    """A megabyte of nonsense is segmented or refused in bounded time."""
    program = (
        "from sourcebot.articles.files import parse_article; from sourcebot.articles.paragraphs import segment\n"
        "from sourcebot.errors import ArticleError\n"
        f"try: print(len(segment(parse_article({name!r}, ({text}).encode())[0])))\n"
        "except ArticleError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout.strip()


COPIED = """Bridge shut after cracks are found
Published
20 July 2021
Share
Image source, Getty Images
Image caption, The bridge on Monday.
The old bridge of Lowmere was closed on Monday after engineers found cracks in two of its beams.
Read more:
Why the mill was saved
“We could not wait,” the county engineer Marta Lindqvist said.
Related Topics
"""


def test_page_copied_with_its_furniture() -> None:
    """Text copied from a news page is quoted without buttons, credits and captions."""
    article, _ = parse_article("copied.txt", COPIED.encode())
    texts = [p.span.of(article.text) for p in segment(article)]
    assert (article.title, article.published) == (
        "Bridge shut after cracks are found",
        dt.date(2021, 7, 20),
    )
    assert texts == [
        "The old bridge of Lowmere was closed on Monday after engineers found cracks in two of its beams.",
        "“We could not wait,” the county engineer Marta Lindqvist said.",
    ]


def test_marks_of_places() -> None:
    """Marks between paragraphs tell page, slide, sheet or time, and are never quoted."""
    text = (
        "Before.\n\n<!-- page iv -->\n\nOn four.\n\n<!-- slide 4 -->\n\nOn a slide.\n\nStill there.\n\n"
        "<!-- sheet Votes of 2024 -->\n\nIn a sheet.\n\n<!-- time 00:01:02 -->\n\nSaid.\n\n<!-- note x -->\n\nAfter.\n"
    )
    article, _ = parse_article("a.md", text.encode())
    found = [(p.span.of(text), str(p.locator), p.ordinal) for p in segment(article)]
    assert found == [
        ("Before.", "None", 1),
        ("On four.", "page iv", 2),
        ("On a slide.", "slide 4", 3),
        ("Still there.", "slide 4", 4),
        ("In a sheet.", "sheet Votes of 2024", 5),
        ("Said.", "time 00:01:02", 6),
        ("After.", "time 00:01:02", 7),
    ]


def test_marks_of_callouts_notes_and_tasks_are_no_words() -> None:
    """What a page shows as a box, a note or a tick is no part of a quote; an embedded note is one."""
    text = (
        "> [!note] Of the wreck\n> It was raised by a tug.\n\n> [!tip]\n> Look at low water.\n\n"
        "See ![[map.png]] and [[Quay]].\n\n- [ ] Call Ada.\n- [x] Shut the gate.\n\n"
        "It sank[^1].\n\n[^1]: The log says so.\n"
    )
    article, _ = parse_article("a.md", text.encode())
    said = [s.of(article.text) for p in segment(article) for s in p.sentences]
    assert said == [
        "Of the wreck",
        "It was raised by a tug.",
        "Look at low water.",
        "See ![[map.png]] and [[Quay]].",
        "Call Ada.",
        "Shut the gate.",
        "It sank[^1].",
        "The log says so.",
    ]
