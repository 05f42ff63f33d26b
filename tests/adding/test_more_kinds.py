"""Mail, subtitles, spreadsheets, presentations and documents of other programs -> articles."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import openpyxl
import openpyxl.comments
import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st
from made_files import docx, epub, odt, packed, pptx, shape

from sourcebot.adding.add import AddOptions, add
from sourcebot.adding.extract import extract
from sourcebot.adding.model import Draft, Original
from sourcebot.adding.number_formats import shown
from sourcebot.adding.plain import read_plain
from sourcebot.adding.remove import remove
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.checks.matching import Lines
from sourcebot.checks.originals import compared_with
from sourcebot.errors import ExtractionError
from sourcebot.types import Status

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("read_here")

MAIL = b"""From: Ada Lund <ada@varn.example>
To: ivo@varn.example
Subject: =?utf-8?q?The_m=C3=BChle?=
Date: Tue, 3 Mar 2026 23:30:00 -0500
Message-ID: <m1@varn.example>
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Dear Ivo,

the m=FChle stays shut until the wheel is mended, =
which takes three weeks.

On Monday, Ivo Petrov wrote:
> When does the mill open?
> The bakers ask.

Tell them to wait.

--=20
Ada Lund
Miller of Varn
"""


def drafts_of(data: bytes, name: str) -> tuple[Draft, ...]:
    """Return the articles in a file."""
    return extract(Original(origin=name, shown=name, data=data))


def draft_of(data: bytes, name: str) -> Draft:
    """Return the article in a file that holds one."""
    (draft,) = drafts_of(data, name)
    return draft


def located(draft: Draft) -> list[tuple[str, str]]:
    """Return the paragraphs of a draft with where in the original they stand."""
    article, _ = parse_article("a.md", draft.body.encode())
    return [(str(p.locator), p.span.of(article.text)) for p in segment(article)]


@pytest.mark.parametrize("name", ["a.eml", "saved.txt"])
def test_message(name: str) -> None:
    """Subject, sender and day are known; what is quoted or signed with stands under headings."""
    draft = draft_of(MAIL, name)
    assert (draft.title, draft.author, str(draft.published), draft.suffix) == (
        "The mühle", "Ada Lund", "2026-03-03", ".eml",
    )  # fmt: skip
    assert draft.body.split("\n\n") == [
        "Dear Ivo,",
        "the mühle stays shut until the wheel is mended, which takes three weeks.",
        "### On Monday, Ivo Petrov wrote:",
        "> When does the mill open?",
        "> The bakers ask.",
        "### The sender again",
        "Tell them to wait.",
        "### Signature",
        "Ada Lund",
        "Miller of Varn\n",
    ]


def test_message_with_parts() -> None:
    """The plain text is read, else the HTML; attachments are named as not read."""
    head = b'From: a@x.example\nSubject: Geese\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    page = b"--b\nContent-Type: text/html\n\n<p>The geese came <b>early</b>.</p><blockquote>When?</blockquote>\n"
    attached = b'--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="count.pdf"\n\nx\n--b--\n'
    draft = draft_of(head + page + attached, "g.eml")
    assert draft.body == "The geese came early.\n\n> When?\n"
    assert draft.notes == ("attachments are not read: count.pdf",)
    plain = b"--b\nContent-Type: text/plain\n\nThe geese came late.\n"
    assert draft_of(head + plain + page + attached, "g.eml").body == "The geese came late.\n"


def test_mailbox_gives_an_article_a_message(tmp_path: Path) -> None:
    """Each message is added, kept and removed by itself; the mailbox removes all of them."""
    (tmp_path / "project" / "sources").mkdir(parents=True)
    place = Project(tmp_path / "project")
    second = (
        MAIL.replace(b"m1@", b"m2@")
        .replace(b"The_m=C3=BChle", b"Geese")
        .replace(b"three weeks", b"a year")
    )
    box = tmp_path / "letters.mbox"
    box.write_bytes(
        b"".join(b"From x Tue Mar 3 10:00:00 2026\n" + m + b"\n" for m in (MAIL, second, MAIL))
    )

    def added() -> list[tuple[Status, str]]:
        found = add(place.config, [str(box)], AddOptions(), open_fetcher=lambda: pytest.fail("web"))
        return [(o.status, o.article) for o in found]

    assert added() == [(Status.ADDED, "letters/the-mühle.md"), (Status.ADDED, "letters/geese.md")]
    assert {status for status, _ in added()} == {Status.UNCHANGED}
    kept = [p.read_bytes() for p in place.config.originals_folder.rglob("*.eml")]
    assert sorted(map(len, kept)) == sorted([len(MAIL), len(second)])
    gone = remove(place.config, [str(box)], purge=False, dry_run=False)
    assert {o.article for o in gone} == {"letters/the-mühle.md", "letters/geese.md"}


def test_lines_that_a_mailbox_escapes_are_no_quotations() -> None:
    """A line that begins with "From " is written with ">" before it, with either line end."""
    body = b"The geese came late.\n\n>From here to the coast nobody saw them.\n\n> Who did?\n"
    box = b"From x Tue Mar 3 10:00:00 2026\nFrom: Ada <a@q.example>\nSubject: Geese\n\n" + body
    for data in (box, box.replace(b"\n", b"\r\n")):
        (draft,) = extract(Original("b", "b.mbox", data=data))
        assert "\nFrom here to the coast nobody saw them.\n" in draft.body
        assert "> Who did?" in draft.body


SRT = """1
00:00:01,000 --> 00:00:03,000
The mill on the Varn
is shut until

2
00:00:03,100 --> 00:00:05,000
the wheel is mended. <i>Ada Lund</i>

3
00:00:05,200 --> 00:00:08,000
hopes for a grant.

4
01:01:05,200 --> 01:01:08,000
- Who pays?
- The town does.
"""


@pytest.mark.parametrize("name", ["a.srt", "saved.txt"])
def test_subtitles(name: str) -> None:
    """Sentences go on over cues, and each has the time at which it begins."""
    assert located(draft_of(SRT.encode(), name)) == [
        ("time 00:00:01", "The mill on the Varn is shut until the wheel is mended."),
        ("time 00:00:03", "Ada Lund hopes for a grant."),
        ("time 01:01:05", "Who pays?"),
        ("time 01:01:05", "The town does."),
    ]


def test_webvtt() -> None:
    """Notes and settings are no words; who speaks stands above as a heading."""
    text = (
        "WEBVTT\n\nNOTE made by hand\n\nfirst\n00:01.000 --> 00:03.000 align:start\n<v Ada Lund>The mill is\n\n"
        "00:03.000 --> 00:04.000\nshut.\n\n00:05.000 --> 00:06.000\n<v Ivo>Who <c.loud>pays</c> &amp; when?\n"
    )
    draft = draft_of(text.encode(), "a.vtt")
    assert located(draft) == [
        ("time 00:00:01", "The mill is shut."),
        ("time 00:00:05", "Who pays & when?"),
    ]
    assert [line for line in draft.body.splitlines() if line.startswith("#")] == [
        "### Ada Lund",
        "### Ivo",
    ]


def test_rolling_captions_are_said_once() -> None:
    """Captions that show the line before again do not repeat it."""
    cues = ["the mill on", "the mill on\nthe Varn is", "the Varn is\nshut for good."]
    text = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n\n" for n, cue in enumerate(cues, start=1)
    )
    assert (
        located(draft_of(text.encode(), "a.srt"))[0][1] == "the mill on the Varn is shut for good."
    )


def test_rich_text() -> None:
    """Letters of other alphabets, tables and what the file says; nothing hidden or struck through."""
    draft = draft_of(
        rb"{\rtf1\ansi\ansicpg1252{\info{\title The mill}{\author Ada Lund}}{\fonttbl{\f0 Arial;}}"
        rb"\f0 The m\'fchle is shut.\par {\v A hidden remark.}The wheel {\strike is broken}\strike0  is mended.\par "
        rb"\u1052?\u1086?\u1089?\u1090?\par\trowd Ward\cell Votes\cell\row\trowd Mill\cell 20\cell\row \pard Done.\par}",
        "a.rtf",
    )
    assert (draft.title, draft.author) == ("The mill", "Ada Lund")
    assert draft.notes == ("hidden text is left out", "struck-through text is left out")
    assert draft.body == (
        "The mühle is shut.\n\nThe wheel is mended.\n\nМост\n\n| Ward | Votes |\n| --- | --- |\n| Mill | 20 |\n\nDone.\n"
    )


def test_footnotes_of_rich_text() -> None:
    """They stand below the text, not within the sentence that they are about, nor are they lost."""
    draft = draft_of(
        rb"{\rtf1\ansi\ansicpg1252 The mill{\super\chftn{\footnote\pard {\super\chftn} Built in 1801 by {\i M\'fcller}.}} is shut.\par"
        rb" It burnt.{\footnote See the log.}\par}",
        "a.rtf",
    )
    assert draft.body == (
        "The mill is shut.\n\nIt burnt.\n\nBuilt in 1801 by Müller.\n\nSee the log.\n"
    )


def test_open_document() -> None:
    """Headings, lists, tables and footnotes; deleted, hidden and struck-through words are not read."""
    draft = draft_of(
        odt(
            '<text:tracked-changes><text:changed-region><text:p>Gone.</text:p></text:changed-region></text:tracked-changes>'
            '<text:h text:outline-level="1">Costs</text:h><text:p>The wheel<text:s/>costs '
            '<text:span text:style-name="S">ten</text:span><text:span>ninety</text:span> crowns.'
            '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Letter of May.</text:p></text:note-body></text:note></text:p>'
            '<text:p text:style-name="H">A hidden remark.</text:p>'
            '<text:list><text:list-item><text:p>Oak</text:p><text:list><text:list-item><text:p>Old</text:p></text:list-item></text:list></text:list-item></text:list>'
            '<table:table><table:table-row><table:table-cell><text:p>Ward</text:p></table:table-cell><table:table-cell><text:p>Votes</text:p></table:table-cell></table:table-row>'
            '<table:table-row><table:table-cell><text:p>Mill</text:p></table:table-cell><table:table-cell><text:p>20</text:p></table:table-cell></table:table-row></table:table>',
            styles='<style:style style:name="S"><style:text-properties style:text-line-through-style="solid"/></style:style>'
            '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>',
            title="On the mill",
        ),
        "a.odt",
    )  # fmt: skip
    assert draft.title == "On the mill"
    assert draft.body == (
        "## Costs\n\nThe wheel costs ninety crowns.\n\n1 Letter of May.\n\n- Oak\n  - Old\n\n"
        "| Ward | Votes |\n| --- | --- |\n| Mill | 20 |\n"
    )
    assert draft.notes == (
        "hidden text is left out",
        "struck-through text is left out",
        "it holds tracked changes: it is read as if all of them were accepted",
    )


def test_presentation() -> None:
    """Slides in the order of the show, with their numbers, tables and notes; none that is hidden."""
    cells = "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{c}</a:t></a:r></a:p></a:txBody></a:tc>" for c in row) + "</a:tr>"
        for row in (("Ward", "Votes"), ("Mill", "20"))
    )  # fmt: skip
    draft = draft_of(
        pptx(
            [
                shape("The mill", kind="ctrTitle") + shape("A town and its wheel.", kind="subTitle"),
                shape("Nobody sees this."),
                shape("Costs", kind="title") + shape("The wheel costs ninety crowns.") + f"<a:tbl>{cells}</a:tbl>" + shape("3", kind="sldNum"),
            ],
            hidden=[2],
            notes=shape("Say this slowly.", kind="body"),
        ),
        "a.pptx",
    )  # fmt: skip
    assert draft.title == "The mill"
    assert located(draft)[:2] == [
        ("slide 1", "A town and its wheel."),
        ("slide 1", "Say this slowly."),
    ]
    assert located(draft)[2][0] == "slide 3"
    assert "| Ward | Votes |\n| --- | --- |\n| Mill | 20 |" in draft.body
    assert "### Notes" in draft.body
    assert "Nobody" not in draft.body
    assert draft.notes == ("hidden slides are left out: 2",)


def test_workbook() -> None:
    """Rows as they are shown, with their header; titles above, further tables and sheets apart."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Votes <2024>"
    for row in (["Council of Varn"], ["Ward", "Votes", "Share", "Day"], ["Mill", 1204, 0.542, dt.date(2024, 5, 4)], [], ["Year", 2019], ["Cost", "=1+1"]):  # fmt: skip
        sheet.append(row)
    for cell, form in zip(sheet[3][1:], ["#,##0", "0.0%", "dd.mm.yyyy"], strict=True):
        cell.number_format = form
    secret = book.create_sheet("Drafts")
    secret.append(["Not", "shown"])
    secret.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    draft = draft_of(stream.getvalue(), "votes.xlsx")
    assert draft.body == (
        "<!-- sheet Votes 2024 -->\n\nCouncil of Varn\n\n| Ward | Votes | Share | Day |\n| --- | --- | --- | --- |\n"
        "| Mill | 1,204 | 54.2% | 04.05.2024 |\n\n| Year | 2019 |\n| --- | --- |\n| Cost |  |\n"
    )
    assert draft.notes == (
        "hidden sheets are left out: Drafts",
        "1 formula without a result: open and save it in a spreadsheet program",
    )


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1204, "General", "1204"),
        (0.1 + 0.2, "General", "0.3"),
        (1204.5, "#,##0.00", "1,204.50"),
        (-3, "#,##0;(#,##0)", "(3)"),
        (0.5, "0%", "50%"),
        (12, '"£"#,##0', "£12"),
        (12, "#,##0.00 [$€-407]", "12.00 €"),
        (7, "000", "007"),
        (1.5, "0.##", "1.5"),
        (1500000, '0.0,, "m"', "1.5 m"),
        (True, "General", "TRUE"),
        (dt.date(2024, 5, 4), "General", "2024-05-04"),
        (dt.datetime.fromisoformat("2024-05-04T09:05"), "d mmmm yyyy hh:mm", "4 May 2024 09:05"),
        (dt.time(15, 5), "h:mm AM/PM", "3:05 PM"),
        (None, "0", ""),
    ],
)
def test_numbers_as_they_are_shown(value: object, form: str, text: str) -> None:
    """A cell is quoted as the spreadsheet shows it."""
    assert shown(value, form) == text


@given(st.one_of(st.integers(), st.floats(), st.datetimes(), st.text()), st.text(max_size=20))
def test_any_number_format(value: object, form: str) -> None:
    """Whatever a format holds, a value is shown in some way."""
    assert isinstance(shown(value, form), str)


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ('name,votes\nBrandt,"1,204"\n', "| name | votes |\n| --- | --- |\n| Brandt | 1,204 |\n"),
        ("name;votes\nBrandt;1,5\nReyl;2,5\n", "| name | votes |\n| --- | --- |\n| Brandt | 1,5 |\n| Reyl | 2,5 |\n"),
        ("Mill\t20\nHarbour\t9\n", "|  |  |\n| --- | --- |\n| Mill | 20 |\n| Harbour | 9 |\n"),
        ("\ufeffa,b\n\nc,d\n", "| a | b |\n| --- | --- |\n\n| c | d |\n| --- | --- |\n"),
    ],
)  # fmt: skip
def test_separated_values(data: str, body: str) -> None:
    """The first row is the header unless it holds figures; whatever parts the cells is found."""
    assert draft_of(data.encode(), "a.csv").body == body


STRUCK_OFF = '<w:strike w:val="0"/>'


def test_word_document_as_it_is_printed() -> None:
    """Changes are accepted; hidden and struck-through words are left out with a remark."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def run(words: str, look: str = "") -> str:
        return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'

    body = (
        f"<w:p>{run('The wheel costs ')}<w:del>{run('ten').replace('w:t', 'w:delText')}</w:del><w:ins>{run('ninety')}</w:ins>{run(' crowns.')}</w:p>"
        f"<w:p>{run('The mill opens in May.', '<w:strike/>')}</w:p><w:p>{run('Only for us.', '<w:vanish/>')}</w:p>"
        f"<w:p>{run('A non', STRUCK_OFF)}<w:r><w:noBreakHyphen/></w:r>{run('stop wh')}<w:r><w:softHyphen/></w:r>{run('eel.')}</w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("It goes on ") + "</w:p>" + f"<w:p>{run('in one paragraph.')}</w:p>"
    )  # fmt: skip
    made = docx(["x"])
    parts: dict[str, str | bytes] = {
        **_parts(made),
        "word/document.xml": f'<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>',
    }
    draft = draft_of(packed(parts), "a.docx")
    assert (
        draft.body
        == "The wheel costs ninety crowns.\n\nA non-stop wheel.\n\nIt goes on in one paragraph.\n"
    )
    assert draft.notes == (
        "hidden text is left out (3 words): “Only for us.”",
        "struck-through text is left out (5 words): “The mill opens in May.”",
        "it holds tracked changes: it is read as if all of them were accepted",
    )


def test_fields_and_formulas_of_a_word_document() -> None:
    """What a field shows is text; formulas cannot be written as such, so they are counted."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    body = (
        '<w:p><w:r><w:t xml:space="preserve">It was opened on </w:t></w:r>'
        '<w:fldSimple w:instr="DATE"><w:r><w:t>4 May 2020</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> by the mayor. </w:t></w:r>'
        "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>"
    )
    parts: dict[str, str | bytes] = {
        **_parts(docx(["x"])),
        "word/document.xml": f'<w:document xmlns:w="{main}" xmlns:m="{math}"><w:body>{body}</w:body></w:document>',
    }
    draft = draft_of(packed(parts), "a.docx")
    assert draft.body == "It was opened on 4 May 2020 by the mayor.\n"
    assert draft.notes == ("1 formula left out",)


def test_footnotes_of_a_word_document() -> None:
    """The marks that the converter puts in are no words of the document; the notes are."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    made = _parts(docx(["x"]))
    parts: dict[str, str | bytes] = {**made}
    parts["word/document.xml"] = (
        f'<w:document xmlns:w="{main}"><w:body><w:p><w:r><w:t>It closed.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        '<w:r><w:t xml:space="preserve"> It opened.</w:t></w:r></w:p></w:body></w:document>'
    )
    parts["word/footnotes.xml"] = (
        f'<w:footnotes xmlns:w="{main}"><w:footnote w:id="2"><w:p><w:r><w:t>Letter of May.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    links = str(made["word/_rels/document.xml.rels"], "utf-8")
    parts["word/_rels/document.xml.rels"] = links.replace(
        "</Relationships>",
        f'<Relationship Id="n" Type="{kind}" Target="footnotes.xml"/></Relationships>',
    )
    assert draft_of(packed(parts), "a.docx").body == "It closed. It opened.\n\n1. Letter of May.\n"


def _parts(archive: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_books_with_faults() -> None:
    """A missing chapter costs only itself; declared encodings and other types are read."""
    chapters = ["<h1>One</h1><p>The mill is shut.</p>", "<p>Gone.</p>", "<p>The wheel is old.</p>"]
    parts = _parts(epub(chapters))
    del parts["OEBPS/c1.xhtml"]
    draft = draft_of(packed(parts), "a.epub")
    assert draft.body == "The mill is shut.\n\nThe wheel is old.\n"
    assert draft.notes == ("1 of its 3 chapters cannot be read (c1.xhtml): get the file anew",)
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><style/></head><body><a id="x"/><p>Die Mühle&nbsp;steht.</p><div/><p>Über Nacht.</p></body></html>'
    for codec in ("iso-8859-1", "utf-16"):
        data = latin.replace("iso-8859-1", codec).encode(codec)
        parts = {**_parts(epub(["x"])), "OEBPS/c0.xhtml": data}
        parts["OEBPS/book.opf"] = parts["OEBPS/book.opf"].replace(
            b"application/xhtml+xml", b"application/xml"
        )
        assert draft_of(packed(parts), "a.epub").body == "Die Mühle steht.\n\nÜber Nacht.\n"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.eml", b"Just words.\n", "no e-mail"),
        ("a.eml", b"From: a@x\nSubject: s\nContent-Type: application/pkcs7-mime\n\nMIIB\n", "encrypted"),
        ("a.mbox", b"Just words.\n", "no mailbox"),
        ("a.srt", b"Just words.\n", "cues"),
        ("a.rtf", b"Just words.\n", "does not begin as one"),
        ("a.odt", packed({"content.xml": " ", "mimetype": "application/vnd.oasis.opendocument.text"}), "no XML"),
        ("a.odt", packed({"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "password"),
        ("a.pptx", packed({"x": "y"}), "ppt/presentation.xml is missing"),
        ("a.xlsx", packed({"x": "y"}), "damaged or no workbook"),
        ("a.csv", b"\x00\x01\x02" * 99, "not text"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said(name: str, data: bytes, message: str) -> None:
    """Whatever a file is that it is not named after, the reason is given in words."""
    with pytest.raises(ExtractionError, match=message):
        drafts_of(data, name)


def test_workbook_without_what_it_hides(tmp_path: Path) -> None:
    """Hidden rows and columns and comments are left out with a remark; wide headers are spread."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bridges"
    for row in (
        ["Bridges of the county"],
        ["Name", "Length", None, "Cost", None, "Secret"],
        [None, "2023", "2024", "Plan", "Paid"],
        ["Kaiser", 10.5, 11, "3,000", "2,500", "x"],
        [None, 12, 13, "4,000", "none", "y"],
        ["Lund", 1, 2, "5", "6", "z"],
        ["Hidden", 1, 2, "5", "6", "z"],
    ):
        sheet.append(row)
    for cells in ("A1:F1", "B2:C2", "D2:E2", "A2:A3", "A4:A5"):
        sheet.merge_cells(cells)
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[7].hidden = True
    sheet["B4"].comment = openpyxl.comments.Comment("check this", "Ada")
    people = book.create_sheet("People")
    for row in (
        ["Name", "Contact"],
        ["Ada", "ada@x.example", "twelve"],
        ["Bo", "b@x.example", "3"],
    ):
        people.append(row)
    people.merge_cells("B1:C1")
    path = tmp_path / "bridges.xlsx"
    book.save(path)
    draft = draft_of(path.read_bytes(), "bridges.xlsx")
    assert draft.body == (
        "<!-- sheet Bridges -->\n\nBridges of the county\n\n"
        "| Name | Length 2023 | Length 2024 | Cost Plan | Cost Paid |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| Kaiser | 10.5 | 11 | 3,000 | 2,500 |\n"
        "| Kaiser | 12 | 13 | 4,000 | none |\n"
        "| Lund | 1 | 2 | 5 | 6 |\n\n"
        "<!-- sheet People -->\n\n| Name | Contact | Contact |\n| --- | --- | --- |\n"
        "| Ada | ada@x.example | twelve |\n| Bo | b@x.example | 3 |\n"
    )
    assert draft.notes == (
        "hidden on sheet Bridges, and left out: 1 row and 1 column",
        "1 comment on cells of sheet Bridges left out",
    )
    article, _ = parse_article("a.md", draft.body.encode())
    lines = Lines(read_plain(Original("a", "a", file=path)), "en")
    said = [s.of(article.text) for p in segment(article) for s in p.sentences]
    assert [s for s in said if compared_with("a", s, lines)] == []
    (told,) = [s for s in said if "12" in s]
    for wrong in (
        told.replace("12", "11"),
        told.replace("13", "10.5"),
        told.replace("none", "2,500"),
    ):
        assert compared_with("a", wrong, lines) is not None


def test_letters_of_rich_text_in_other_alphabets() -> None:
    """Letters are read in the encoding of their font; those written in two halves are one."""
    head = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    text = (
        rb"{\f1 \'cc\'ee\'f1\'f2} is a bridge, \u-10179?\u-8704? a smile and caf\'e9 a house.\par}"
    )
    assert draft_of(head + text, "a.rtf").body == "Мост is a bridge, 😀 a smile and café a house.\n"


def test_tables_of_documents_and_slides_stand_below_their_headers() -> None:
    """Cells that span rows are repeated, and headers that span columns stand over each of them."""
    body = (
        "| Name | Length 2023 | Length 2024 |\n| --- | --- | --- |\n"
        "| Kaiser | 10 | 11 |\n| Kaiser | 12 | 13 |\n"
    )
    rows = (
        [("Name", 2, 1), ("Length", 1, 2), None],
        [None, ("2023", 1, 1), ("2024", 1, 1)],
        [("Kaiser", 2, 1), ("10", 1, 1), ("11", 1, 1)],
        [None, ("12", 1, 1), ("13", 1, 1)],
    )
    cells = "</table:table-row><table:table-row>".join(
        "".join(
            "<table:covered-table-cell/>"
            if cell is None
            else f'<table:table-cell table:number-rows-spanned="{cell[1]}"'
            f' table:number-columns-spanned="{cell[2]}"><text:p>{cell[0]}</text:p></table:table-cell>'
            for cell in row
        )
        for row in rows
    )
    table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    assert draft_of(odt(table), "a.odt").body == body
    drawn = "</a:tr><a:tr>".join(
        "".join(
            '<a:tc hMerge="1"/>'
            if cell is None
            else f'<a:tc rowSpan="{cell[1]}" gridSpan="{cell[2]}"><a:txBody><a:p><a:r><a:t>{cell[0]}'
            "</a:t></a:r></a:p></a:txBody></a:tc>"
            for cell in row
        )
        for row in rows
    )
    slide = f"<a:tbl><a:tr>{drawn}</a:tr></a:tbl>"
    assert draft_of(pptx([slide]), "a.pptx").body == f"<!-- slide 1 -->\n\n{body}"


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        ("From: Ada Lund, miller\nTo: the readers of this paper", ".txt"),
        ("From: our man in Varn\nDate: Monday\nSubject: the mill", ".txt"),
        ("From: ada@varn.example\nTo: the editor", ".eml"),
        ("From: Ada Lund\nDate: Tue, 3 Mar 2026 23:30:00 -0500", ".eml"),
    ],
)
def test_articles_that_begin_like_letters(head: str, suffix: str) -> None:
    """Only what programs write makes a text a message; else all of it is the article's."""
    text = f"{head}\n\nThe mill stays shut until the wheel is mended, which takes three weeks.\n"
    draft = draft_of(text.encode(), "letter.txt")
    assert draft.suffix == suffix
    assert (head.partition("\n")[0] in f"{draft.title}\n{draft.body}") is (suffix == ".txt")


@pytest.mark.parametrize(
    ("head", "title", "sender"),
    [
        (
            "Von: Ada Öhler\nGesendet: Montag, 2. März 2026 09:14\nAn: T\nBetreff: Brücke",
            "Brücke",
            "Ada Öhler",
        ),
        (
            "De : Ada <a@b.example>\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : T\nObjet : Le pont",
            "Le pont",
            "Ada",
        ),
        ("From: Ada\nSent: Monday, 2 March 2026 09:14\nTo: T\nSubject: Bridge", "Bridge", "Ada"),
        ("Da: Ada\nData: 2 marzo 2026\nA: T\nOggetto: Ponte", "Ponte", "Ada"),
    ],
)
def test_messages_printed_in_other_languages(head: str, title: str, sender: str) -> None:
    """What a mail program prints or copies is a message whatever its user's language is."""
    draft = draft_of(f"{head}\n\nIt is shut until May.\n".encode(), "saved.txt")
    assert (draft.title, draft.author) == (title, sender)
    assert draft.published == dt.date(2026, 3, 2)
    assert draft.body == "It is shut until May.\n"


def test_old_line_ends_part_words() -> None:
    """Lines that end with a carriage return alone, or with other separators, are lines."""
    for end in ("\r", "\x85", "\u2028", "\x0b"):
        text = end.join(("The bridge", "was closed", "on Monday, said the mayor."))
        assert draft_of(text.encode(), "a.txt").body.split() == text.split()


def test_a_stated_separator_is_no_row() -> None:
    """Spreadsheet programs write what parts the cells into the first line."""
    draft = draft_of(b"sep=;\nname;votes\nBrandt;1,204\n", "a.csv")
    assert draft.body == "| name | votes |\n| --- | --- |\n| Brandt | 1,204 |\n"


def test_marks_that_a_converter_does_not_know_cost_no_words() -> None:
    """Links to nothing, changed directions and tabs of a Word document are read; comments are told."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    body = (
        '<w:p><w:hyperlink r:id="gone"><w:r><w:t>A link</w:t></w:r></w:hyperlink><w:bdo w:val="ltr"><w:r>'
        "<w:t> turned</w:t></w:r></w:bdo><w:r><w:cr/><w:t>after</w:t><w:ptab/><w:t>a tab</w:t></w:r></w:p>"
    )
    parts: dict[str, str | bytes] = {
        **_parts(docx(["x"])),
        "word/document.xml": f'<w:document xmlns:w="{main}" xmlns:r="{relations}"><w:body>{body}</w:body></w:document>',
        "word/comments.xml": f'<w:comments xmlns:w="{main}"><w:comment w:id="0"/></w:comments>',
    }
    draft = draft_of(packed(parts), "a.docx")
    assert draft.body == "A link turned after a tab\n"
    assert draft.notes == ("1 comment left out",)
