"""PDF files: what a page shows is what can be quoted, in the order in which it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_files import drawn_pdf, prose_at, text_at

from sourcebot.adding.extract import extract
from sourcebot.adding.model import Draft, Original
from sourcebot.adding.pdf.legible import is_garbage
from sourcebot.errors import ExtractionError
from sourcebot.text.hyphenation import joined

if TYPE_CHECKING:
    from pathlib import Path

MILL = [
    "The mill on the Varn was shut on Friday after the miller had found",
    "a crack in its wheel, and the town said that a new one would cost",
    "ninety thousand crowns. Ada Lund, who owns it, hopes for a grant.",
]
GEESE = [
    "Barnacle geese came to the coast of Varn in numbers that nobody had",
    "seen before: the wardens counted more than fifty thousand of them on",
    "a single morning. Farmers ask the county to pay for the lost grass.",
]


def draft_of(data: bytes, name: str = "a.pdf") -> Draft:
    """Return the article of a PDF file."""
    (draft,) = extract(Original(origin=name, shown=name, data=data))
    return draft


def paragraphs(data: bytes) -> list[str]:
    """Return the blocks of a PDF file without the marks of its pages."""
    blocks = draft_of(data).body.strip().split("\n\n")
    return [block for block in blocks if not block.startswith("<!--")]


def one(lines: list[str]) -> str:
    """Return lines as a paragraph."""
    return " ".join(lines)


def test_type_scaled_by_the_matrix() -> None:
    """A font of size 1 in a scaled matrix is as large as it is drawn: headings are told by it."""

    def scaled(size: float, y: float, text: str) -> str:
        return f"BT /F1 1 Tf {size} 0 0 {size} 60 {y} Tm ({text}) Tj ET"

    page = [
        scaled(22, 780, "The mill is shut"),
        *(scaled(10, 740 - 12.4 * n - 0.6 * (n == 1), line) for n, line in enumerate(MILL)),
        scaled(14, 680, "Geese"),
        *(scaled(10, 660 - 12.4 * n, line) for n, line in enumerate(GEESE)),
    ]
    draft = draft_of(drawn_pdf([page]))
    assert draft.title == "The mill is shut"
    assert paragraphs(drawn_pdf([page])) == [one(MILL), "## Geese", one(GEESE)]


@pytest.mark.parametrize(
    ("end", "begin", "whole"),
    [
        ("the Franco-", "Prussian war", "the Franco-Prussian war"),
        ("a self-", "taught pilot", "a self-taught pilot"),
        ("from 1914-", "1918 on", "from 1914-1918 on"),
        ("a long co-", "operation", "a long co-operation"),
        ("the gov-", "ernment of Varn", "the government of Varn"),
        ("the Tarn-", "wick mill", "the Tarn-wick mill"),
        ("both pre-", "and post-war", "both pre- and post-war"),
        ("the may-", "or of the town", "the mayor of the town"),
        ("an old news-", "paper of Varn", "an old newspaper of Varn"),
        ("the Boeing 737–", "9 of Varn", "the Boeing 737–9 of Varn"),
    ],
)
def test_hyphens_at_line_ends(end: str, begin: str, whole: str) -> None:
    """A divided word is joined where no other is meant; every other hyphen stays as printed."""
    lines = [f"The wardens of the coast wrote at great length of {end}", f"{begin} in the spring."]
    (found,) = paragraphs(drawn_pdf([prose_at(60, 700, lines)]))
    assert found == f"The wardens of the coast wrote at great length of {whole} in the spring."


def test_words_of_the_document_decide() -> None:
    """A name divided at one line's end is joined when it stands whole elsewhere."""
    lines = ["The people of Kellport are proud, and few places are older than Kell-", "port."]
    assert paragraphs(drawn_pdf([prose_at(60, 700, lines)])) == [
        "The people of Kellport are proud, and few places are older than Kellport."
    ]


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [("计入营", "业外收入", "计入营业外收入"), ("収入は、", "前年より", "収入は、前年より"), ("计入 12", "万元", "计入 12 万元")],
)  # fmt: skip
def test_lines_of_scripts_without_spaces(before: str, after: str, whole: str) -> None:
    """Chinese and Japanese lines are joined without a space that no page shows."""
    assert joined(before, after, "zh") == whole


def test_columns_drawn_row_by_row() -> None:
    """Columns are told by where their lines stand, not by the order in which they are drawn."""
    left = ["The mill on the Varn was shut on", "Friday after the miller had found", "a crack in its great wheel."]  # fmt: skip
    right = ["Barnacle geese came to the coast of", "Varn in numbers that nobody had", "seen there ever before."]  # fmt: skip
    page = [text_at(60, 790, "A headline that goes over both of the columns of this page", 16)]
    for n, (a, b) in enumerate(zip(left, right, strict=True)):
        page += [text_at(60, 740 - 14 * n, a), text_at(310, 740 - 14 * n, b)]
    assert paragraphs(drawn_pdf([page])) == [one(left), one(right)]


def test_footnotes_stand_after_the_sentence_that_runs_over_the_page() -> None:
    """A sentence goes on over footnote and page; the note is a paragraph of its own."""
    first = [
        *prose_at(60, 700, [*MILL, "The council will meet again on the ninth of June to decide whether"]),
        text_at(60, 90, "1 Letter of the miller to the council, kept in the archive.", 8),
    ]  # fmt: skip
    second = prose_at(60, 780, ["it can bear the costs, and in which year.", *GEESE])
    assert draft_of(drawn_pdf([first, second])).body.split("\n\n") == [
        "<!-- page 1 -->",
        f"{one(MILL)} The council will meet again on the ninth of June to decide whether it can bear the costs, and in which year.",
        "1 Letter of the miller to the council, kept in the archive.",
        "<!-- page 2 -->",
        f"{one(GEESE)}\n",
    ]


@pytest.mark.parametrize("turned", [(90, "0 1 -1 0 {y} {x}"), (270, "0 -1 1 0 {y} {x}")])
def test_turned_pages(turned: tuple[int, str]) -> None:
    """A page whose text is drawn turned, and shown turned back, is read like any other."""
    angle, matrix = turned
    steps = [300 + 14 * n if angle == 90 else 300 - 14 * n for n in range(3)]
    page = [
        f"BT /F1 11 Tf {matrix.format(x=100 if angle == 90 else 700, y=y)} Tm ({line}) Tj ET"
        for y, line in zip(steps, MILL, strict=True)
    ]
    assert paragraphs(drawn_pdf([page], page=f"/Rotate {angle}")) == [one(MILL)]


@pytest.mark.parametrize(
    ("code", "letter"),
    [("D835DC5D", "\U0001d45d"), ("D83DDE00", "\U0001f600"), ("DC5D", "\ufffd")],
)
def test_letters_beyond_the_bmp_are_kept(code: str, letter: str) -> None:
    """A letter of mathematics is not left out of its sentence; half of one is shown as unknown."""
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap /CMapName /X def 1 begincodespacerange <00>"
        f" <FF> endcodespacerange 1 beginbfchar <50> <{code}> endbfchar endcmap end"
    )
    stream = f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream"
    page = [text_at(60, 700, "Let P be a prime that divides the number of the boats.")]
    data = drawn_pdf([page], font="/ToUnicode 6 0 R", objects=[stream])
    assert paragraphs(data) == [f"Let {letter} be a prime that divides the number of the boats."]


@pytest.mark.parametrize("flip", ["-1 0 0 1 595 0", "1 0 0 -1 0 842", "-1 0 0 -1 595 842"])
def test_mirrored_pages(flip: str) -> None:
    """Text that is drawn as in a mirror, or upside down, is read in its own order."""
    page = [f"{flip} cm", *prose_at(60, 700, MILL), *prose_at(60, 600, GEESE)]
    assert paragraphs(drawn_pdf([page])) == [one(MILL), one(GEESE)]


def test_text_along_the_margin_does_not_enter_sentences() -> None:
    """A stamp that is turned beside the text comes after it."""
    stamp = "BT /F1 9 Tf 0 1 -1 0 40 600 Tm (Draft of 9 June) Tj ET"
    lines = prose_at(60, 700, MILL)
    assert paragraphs(drawn_pdf([[lines[0], stamp, *lines[1:]]])) == [one(MILL), "Draft of 9 June"]


@pytest.mark.parametrize("first", [True, False])
def test_line_numbers_in_the_margin(first: bool) -> None:
    """Numbers of lines never stand within sentences, whether drawn first or line by line."""
    numbers = [text_at(40, 700 - 14 * n, str(n + 1), 9) for n in range(6)]
    lines = prose_at(70, 700, [*MILL, *GEESE])
    page = [*numbers, *lines] if first else [x for pair in zip(numbers, lines, strict=True) for x in pair]  # fmt: skip
    found = " ".join(paragraphs(drawn_pdf([page])))
    assert found == f"{one(MILL)} {one(GEESE)}"


def test_running_heads_differ_on_odd_and_even_pages() -> None:
    """Heads of left and right pages and page numbers in Roman figures are no part of the text."""
    numbers = ["iii", "iv", "v", "vi"]
    pages = [
        [
            text_at(60, 810, "The chronicle of Varn" if n % 2 else "Ada Lund", 9),
            *prose_at(60, 760, MILL if n % 2 else GEESE),
            text_at(290, 40, number, 9),
        ]
        for n, number in enumerate(numbers)
    ]
    assert paragraphs(drawn_pdf(pages)) == [one(GEESE), one(MILL)] * 2


def test_lines_of_forms_that_are_the_same_on_every_page_are_kept() -> None:
    """What is repeated within the text is text."""
    pages = [
        prose_at(60, 780, ["Application for a permit to fish", f"Name: {name}", "The permit is valid for one year."], step=20)
        for name in ("Ada Lund", "Ivo Petrov", "Mei Tanaka")
    ]  # fmt: skip
    found = " ".join(paragraphs(drawn_pdf(pages)))
    assert found.count("Application for a permit to fish") == 3
    assert found.count("The permit is valid for one year.") == 3


def test_initials_belong_to_their_words() -> None:
    """A large letter over two lines begins the first of them."""
    page = [
        text_at(60, 686, "T", 34),
        text_at(84, 700, "he mill on the Varn was shut on Friday after the miller had"),
        text_at(84, 686, "found a crack in its wheel, and the town said that a new one"),
        text_at(60, 672, "would cost ninety thousand crowns, which it does not have."),
    ]
    assert paragraphs(drawn_pdf([page])) == [
        "The mill on the Varn was shut on Friday after the miller had found a crack in its wheel, and the town said that a new one would cost ninety thousand crowns, which it does not have."
    ]


def test_headings_in_bold_and_run_in() -> None:
    """A bold line of its own is a heading; bold words that begin a paragraph are part of it."""
    page = [
        text_at(60, 720, "Costs", 11, "F2"),
        *prose_at(60, 700, MILL),
        "BT /F2 11 Tf 60 640 Td (Geese.) Tj /F1 11 Tf ( They came in numbers that nobody had seen) Tj ET",
        text_at(60, 626, "before, and the wardens counted them all on a single morning."),
    ]
    assert paragraphs(drawn_pdf([page])) == [
        "### Costs",
        one(MILL),
        "Geese. They came in numbers that nobody had seen before, and the wardens counted them all on a single morning.",
    ]


def test_headings_in_bold_between_lines_of_one_pitch() -> None:
    """A bold line that stands alone after a sentence is a heading, with a capital or without one."""
    below = 720 - 14 * len(MILL)
    page = [
        *prose_at(60, 720, MILL),
        text_at(60, below, "wheel (W)", 11, "F2"),
        *prose_at(60, below - 14, MILL),
    ]
    assert paragraphs(drawn_pdf([page])) == [one(MILL), "### wheel (W)", one(MILL)]


def test_a_page_that_seems_to_be_all_bold() -> None:
    """Where the strokes that a font states make everything bold, only fonts called bold are."""
    stem = "<< /Type /FontDescriptor /FontName /Helvetica /Flags 32 /StemV 160 /ItalicAngle 0 /Ascent 718 /Descent -207 /CapHeight 718 /FontBBox [0 0 1000 1000] >>"
    page = [
        text_at(60, 720, "Costs", 11, "F2"),
        *prose_at(60, 700, MILL),
        text_at(60, 600, "Short words in a line of their own"),
    ]
    made = drawn_pdf([page], font="/FontDescriptor 6 0 R", objects=[stem])
    assert paragraphs(made) == ["### Costs", one(MILL), "Short words in a line of their own"]


def test_tables_keep_their_rows_and_headers() -> None:
    """Cells that stand in columns become a table, whose first row is its header."""
    rows = [("Ward", "Votes", "Share"), ("Harbour", "1,204", "54.2 %"), ("Old Town", "998", "44.9 %"), ("Mill Hill", "20", "0.9 %")]  # fmt: skip
    page = prose_at(60, 760, MILL)
    for n, row in enumerate(rows):
        page += [
            text_at(x, 690 - 16 * n, cell) for x, cell in zip((60, 220, 360), row, strict=True)
        ]
    assert paragraphs(drawn_pdf([page]))[1].splitlines() == [
        "| Ward | Votes | Share |",
        "| --- | --- | --- |",
        "| Harbour | 1,204 | 54.2 % |",
        "| Old Town | 998 | 44.9 % |",
        "| Mill Hill | 20 | 0.9 % |",
    ]


def test_pages_are_called_as_they_are_printed() -> None:
    """The numbers of pages are those that the file says are printed on them."""
    labels = "/PageLabels << /Nums [0 << /S /r /St 3 >> 1 << /S /D /St 214 >>] >>"
    body = draft_of(drawn_pdf([prose_at(60, 700, MILL), prose_at(60, 700, GEESE)], catalog=labels)).body  # fmt: skip
    assert "<!-- page iii -->" in body
    assert "<!-- page 214 -->" in body


def test_what_the_file_says_of_itself_is_believed_only_where_it_can_be() -> None:
    """A creation date is no day of publication; names of templates and programs are no title."""
    info = "/Title (Microsoft Word - Document1) /Author (ARRAY\\(0x1b2c\\)) /CreationDate (D:20190304)"  # fmt: skip
    draft = draft_of(drawn_pdf([prose_at(60, 700, MILL)], info=info), "the_mill.pdf")
    assert (draft.title, draft.author, draft.published) == ("the mill", "", None)
    named = draft_of(drawn_pdf([prose_at(60, 700, MILL)], info="/Title (The mill) /Author (Ada Lund)"))  # fmt: skip
    assert (named.title, named.author) == ("The mill", "Ada Lund")


def test_pages_without_text_are_told() -> None:
    """A file of which some pages are pictures is added with a remark that names them."""
    picture = ["0 0 m 100 100 l S"]
    draft = draft_of(drawn_pdf([prose_at(60, 700, MILL), picture, picture, [], picture]))
    assert len(draft.notes) == 1
    assert draft.notes[0].startswith("pages 2-3 and 5 hold no text")
    assert "ocrmypdf" in draft.notes[0]
    assert draft_of(drawn_pdf([["BT /F1 11 Tf 60 700 Td (Closed.) Tj ET"]])).notes == ()


def test_a_garbage_text_layer_is_refused() -> None:
    """Letters shifted by a font without a table of characters are no text."""
    shifted = [
        "".join(chr(ord(c) - 29) if c.isalpha() else c for c in line).upper() for line in MILL
    ]
    with pytest.raises(ExtractionError, match="text layer is garbage") as caught:
        draft_of(drawn_pdf([prose_at(60, 700, [*shifted, *shifted])]))
    assert "ocrmypdf" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        (one(MILL), False),
        ("DER MÜLLER SCHLOSS DIE MÜHLE AM FREITAG. " * 5, False),
        ("Мельницу на реке закрыли в пятницу. " * 5, False),
        ("磨坊在星期五关闭了。" * 9, False),
        ("A1 B2 C3 4.5 6,7 x y z " * 9, False),
        ("7KH FRXQFLO VKXW WKH PLOO RQ )ULGD\\ " * 5, True),
        ("\ue001\ue002\ue003 \ue004\ue005 " * 9, True),
    ],
)
def test_garbage_is_told_from_text(text: str, garbage: bool) -> None:
    """Scripts and capitals are no garbage; characters without meaning are."""
    assert is_garbage(text) is garbage


def test_what_a_page_does_not_show_is_not_read() -> None:
    """Text beyond the edges of the page cannot be quoted."""
    page = [*prose_at(60, 700, MILL), text_at(60, -300, "Nobody can see this line of text.")]
    assert paragraphs(drawn_pdf([page])) == [one(MILL)]


def test_filled_fields_are_read() -> None:
    """What is filled into a form is shown on its page, and can be quoted."""
    look = "BT /F1 11 Tf 2 4 Td (Ada Lund of Varn) Tj ET"
    field = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada Lund of Varn) /F 4 /Rect [120 690 300 706]"
        " /AP << /N 7 0 R >> >>"
    )
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 180 16] /Resources << /Font << /F1 3 0 R >> >> /Length {len(look)} >>\nstream\n{look}\nendstream"
    data = drawn_pdf(
        [[text_at(60, 694, "Applicant:"), *prose_at(60, 640, MILL)]],
        page="/Annots [6 0 R]",
        objects=[field, form],
    )
    assert paragraphs(data)[0] == "Applicant: Ada Lund of Varn"


STANDIN = """#!{python}
import sys
assert sys.stdin.buffer.read(2) == b"P5"
if sys.argv[sys.argv.index("-l") + 1] != "deu":
    sys.exit("no such language")
print("level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height", "conf", "text", sep="\\t")
for n, line in enumerate({lines!r}):
    at = 250
    for m, word in enumerate(line.split()):
        print(5, 1, 1, 1, n, m, at, 300 + 60 * n, 20 * len(word), 45, 90, word, sep="\\t")
        at += 20 * len(word) + 12
"""


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for Tesseract, which gives the same words for every page, in its format."""
    import os
    import sys

    path = tmp_path / "tesseract"
    path.write_text(STANDIN.format(python=sys.executable, lines=MILL), "utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("tesseract")
def test_recognized_text_is_marked() -> None:
    """Only pages without text are recognized; a heading and a remark say so."""
    data = drawn_pdf([prose_at(60, 700, GEESE), ["0 0 m 100 100 l S"], prose_at(60, 700, GEESE)])
    (draft,) = extract(Original("a.pdf", "a.pdf", data=data, ocr="deu"))
    assert draft.body.split("\n\n") == [
        "<!-- page 1 -->",
        one(GEESE),
        "<!-- page 2 -->",
        "### Recognized text",
        one(MILL),
        "<!-- page 3 -->",
        "### Text layer of the file",
        f"{one(GEESE)}\n",
    ]
    assert draft.notes == ("the text of page 2 was recognized and may hold mistakes",)
    with pytest.raises(ExtractionError, match="no such language"):
        extract(Original("a.pdf", "a.pdf", data=data, ocr="eng"))
    with pytest.raises(ExtractionError, match="names no languages"):
        extract(Original("a.pdf", "a.pdf", data=data, ocr="eng; rm"))


def test_recognition_without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Tesseract is missing, the reason and the way are told; files with text need it not."""
    monkeypatch.setenv("PATH", "")
    (draft,) = extract(Original("a", "a", data=drawn_pdf([prose_at(60, 700, GEESE)]), ocr="eng"))
    assert one(GEESE) in draft.body
    with pytest.raises(ExtractionError, match="not installed") as caught:
        extract(Original("a.pdf", "a.pdf", data=drawn_pdf([["0 0 m 1 1 l S"]]), ocr="eng"))
    assert "ocrmypdf" in caught.value.hint
