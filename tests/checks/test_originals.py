"""`verify --originals`: what add read wrong, or somebody changed since, is found."""

from __future__ import annotations

import io
import json
import random
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest
from conftest import Project, run_cli
from made_files import docx, drawn_pdf, epub, odt, pdf, pptx, prose_at, shape, text_at

from sourcebot.adding.extract import extract
from sourcebot.adding.model import Original
from sourcebot.adding.plain import read_plain
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.checks.matching import Lines
from sourcebot.checks.originals import compared_with
from sourcebot.errors import ExtractionError
from sourcebot.types.comparison import Found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = [
    "The mill on the Varn was not shut on 14 March, although the miller had found a crack in its wheel.",
    "Ada Lund, who owns it, will not pay more than 96,000 crowns for a new one before the autumn.",
    "Barnacle geese came to the coast in numbers that the wardens had never seen: they counted 58,300.",
    "The council did not say in 2019 which of the four bridges would be closed, nor for how long.",
    "Farmers ask the county to pay for the grass; the county answered that it could not do so this year.",
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _lines(width: int = 60) -> list[str]:
    import textwrap

    return textwrap.wrap(" ".join(TEXTS), width)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Text", "Count"], *([text, 1204.5 + n] for n, text in enumerate(TEXTS))):
        book.active.append(row)
        book.active.cell(book.active.max_row, 2).number_format = "#,##0.00"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _columns() -> bytes:
    left, right = _lines(38)[:8], _lines(38)[8:]
    page = [text_at(60, 800, "A headline that goes over both of the columns of this page", 16)]
    for n, line in enumerate(left):
        page.append(text_at(60, 740 - 14 * n, line))
        page += [text_at(310, 740 - 14 * n, right[n])] if n < len(right) else []
    return drawn_pdf([page])


MADE: dict[str, Callable[[], bytes]] = {
    "a.pdf": lambda: drawn_pdf([prose_at(60, 760, _lines()[:4]), prose_at(60, 760, _lines()[4:])]),
    "columns.pdf": _columns,
    "b.pdf": lambda: pdf([TEXTS], head="Report of the year"),
    "a.docx": lambda: docx(TEXTS),
    "a.odt": lambda: odt("".join(f"<text:p>{text}</text:p>" for text in TEXTS)),
    "a.pptx": lambda: pptx([shape(*TEXTS)]),
    "a.epub": lambda: epub(["".join(f"<p>{t.replace('mill', '<i>mill</i>')}</p>" for t in TEXTS)]),
    "a.html": lambda: b"".join(
        (b"<html><body><main><h1>Varn</h1>", *(f"<p>{t}</p>".encode() for t in TEXTS), b"</main></body></html>")
    ),
    "a.eml": lambda: b"From: a@x.example\nSubject: Varn\n\n" + "\n\n".join(TEXTS).encode(),
    "a.srt": lambda: "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{line}\n\n" for n, line in enumerate(_lines(40), 1)
    ).encode(),
    "a.rtf": lambda: b"{\\rtf1\\ansi " + "\\par ".join(TEXTS).encode() + b"}",
    "a.csv": lambda: "".join(f'"{text}",{n}\n' for n, text in enumerate(TEXTS)).encode(),
    "a.xlsx": _workbook,
    "a.txt": lambda: "\n\n".join(TEXTS).encode(),
    "a.md": lambda: "\n\n".join(text.replace("mill", "*mill*") for text in TEXTS).encode(),
}  # fmt: skip


def lines_and_sentences(name: str, folder: Path) -> tuple[Lines, list[str]]:
    """Return the lines of an original of a kind, and the sentences of its article."""
    path = folder / name
    path.write_bytes(MADE[name]())
    (draft,) = extract(Original(name, name, file=path))
    article, _ = parse_article("a.md", draft.body.encode())
    sentences = [s.of(article.text) for p in segment(article) for s in p.sentences]
    return Lines(read_plain(Original(name, name, file=path)), draft.language), sentences


def altered(sentence: str, rng: random.Random) -> str:
    """Return a sentence with one letter, word or number changed, or "not" left out."""
    kind = rng.choice(["letter", "letter", "word", "number", "not"])
    if kind == "not" and " not " in sentence:
        return sentence.replace(" not ", rng.choice([" … ", " "]), 1)
    if kind == "number" and (found := list(re.finditer(r"\d", sentence))):
        at = rng.choice(found).start()
        return sentence[:at] + str((int(sentence[at]) + 1) % 10) + sentence[at + 1 :]
    words = list(re.finditer(r"[A-Za-z]{3,}", sentence))
    if kind == "word" and len(words) > 3:
        word = rng.choice(words)
        return sentence[: word.start()] + "village" + sentence[word.end() :]
    word = rng.choice(words)
    at = rng.randrange(word.start(), word.end())
    change = rng.choice(["", LETTERS[(LETTERS.index(sentence[at].lower()) + 1) % 26]])
    return sentence[:at] + change + sentence[at + 1 :]


@pytest.mark.parametrize("name", MADE)
def test_every_alteration_is_found_and_nothing_else(name: str, tmp_path: Path) -> None:
    """300 alterations over all kinds: every one is found, and no sentence as it was read."""
    lines, sentences = lines_and_sentences(name, tmp_path)
    assert sum(map(len, sentences)) > 0.9 * sum(map(len, TEXTS))
    assert [s for s in sentences if compared_with(name, s, lines)] == []
    rng = random.Random(name)
    wordy = [s for s in sentences if len(s.split()) > 8]
    for _ in range(20):
        changed = altered(rng.choice(wordy), rng)
        found = compared_with(name, changed, lines)
        assert found is not None, changed


LEFTWARDS = {
    "he": [
        "ראש העירייה סגרה את הגשר הישן ביום שני, 14 במרץ 2026, אף שאיש לא ראה בו סדקים.",
        "התיקון יעלה 96,000 כתרים ולא יסתיים לפני הסתיו, אמרה דוברת המחוז בשבוע שעבר.",
    ],
    "ar": [
        "أغلقت رئيسة البلدية الجسر القديم يوم الاثنين 14 مارس 2026 لأن المهندسين وجدوا فيه شقوقا.",
        "لن يكلف الإصلاح أكثر من 96,000 جنيه، ولن ينتهي قبل الخريف، كما قالت المتحدثة باسم المقاطعة.",
    ],
}
WRITTEN: dict[str, Callable[[list[str]], bytes]] = {
    "a.html": lambda texts: (
        "<html dir=rtl><meta charset=utf-8><body><main><h1>Varn</h1>"
        f"{''.join(f'<p>{text}</p>' for text in texts)}</main></body></html>"
    ).encode(),
    "a.txt": lambda texts: "\n\n".join(texts).encode(),
    "a.docx": docx,
    "a.odt": lambda texts: odt("".join(f"<text:p>{text}</text:p>" for text in texts)),
    "a.epub": lambda texts: epub(["".join(f"<p>{text}</p>" for text in texts)]),
    "a.csv": lambda texts: "".join(f'"{text}",{n}\n' for n, text in enumerate(texts)).encode(),
    "a.eml": lambda texts: (
        "From: a@x.example\nSubject: Varn\nContent-Type: text/plain; charset=utf-8\n\n"
        + "\n\n".join(texts)
    ).encode(),
}


@pytest.mark.parametrize("language", LEFTWARDS)
@pytest.mark.parametrize("name", WRITTEN)
def test_alterations_of_text_from_right_to_left_are_found(
    name: str, language: str, tmp_path: Path
) -> None:
    """A letter, a word or a figure of Hebrew and Arabic: each is found, and nothing else."""
    path = tmp_path / name
    path.write_bytes(WRITTEN[name](LEFTWARDS[language]))
    (draft,) = extract(Original(name, name, file=path))
    article, _ = parse_article("a.md", draft.body.encode())
    sentences = [s.of(article.text) for p in segment(article) for s in p.sentences]
    lines = Lines(read_plain(Original(name, name, file=path)), draft.language)
    assert len(sentences) >= len(LEFTWARDS[language])
    assert [s for s in sentences if compared_with(name, s, lines)] == []
    rng = random.Random(name)
    for text in LEFTWARDS[language]:
        sentence = next(s for s in sentences if text in s)
        words = text.split()
        for _ in range(5):
            at = rng.randrange(1, len(words) - 1)
            swapped = [*words[:at], *words[at + 1 :]]
            assert compared_with(name, sentence.replace(text, " ".join(swapped)), lines), swapped
            letter = rng.randrange(len(words[at]))
            word = words[at][:letter] + words[at][letter + 1 :]
            changed = " ".join([*words[:at], word, *words[at + 1 :]])
            assert compared_with(name, sentence.replace(text, changed), lines), changed
        figure = sentence.replace("2026", "2062").replace("96,000", "69,000")
        assert compared_with(name, figure, lines) is not None


def test_differences_word_by_word(tmp_path: Path) -> None:
    """What differs is shown: words of the article beside those of the original."""
    lines, sentences = lines_and_sentences("a.pdf", tmp_path)
    said = next(s for s in sentences if "will not pay" in s)
    found = compared_with("a", said.replace("will not pay", "will pay"), lines)
    assert found is not None
    assert (found.found, [(e.quoted, e.original) for e in found.edits]) == (
        Found.ALTERED,
        [("", "not")],
    )
    strange = compared_with("a", "Nobody has ever seen frogs that sing in choirs.", lines)
    assert strange is not None
    assert strange.found is Found.MISSING


def run(words: str, properties: str = "") -> str:
    """Return a run of a Word document."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


HIDDEN = (
    '<w:style w:type="character" w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
)
TRACKED = (
    f'<w:p>{run("The mill was ")}<w:del w:id="1"><w:r><w:delText>never </w:delText></w:r></w:del>'
    f'<w:ins w:id="2">{run("often ")}</w:ins>{run("secretly ", "<w:vanish/>")}'
    f'{run("strangely ", """<w:rStyle w:val="B"/>""")}{run("shut ")}'
    f'{run("up ", """<w:rStyle w:val="B"/><w:vanish w:val="0"/>""")}{run("for good", "<w:strike/>")}'
    f"{run('on Monday.')}</w:p>"
)
STYLES = (
    '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="I" style:parent-style-name="H"/>'
)
TEXT = (
    "<text:p>The mill<text:note><text:note-citation>1</text:note-citation><text:note-body>"
    "<text:p>See the book.</text:p></text:note-body></text:note> was <office:annotation>"
    '<text:p>Really?</text:p></office:annotation>often<text:span text:style-name="H"> secretly'
    '</text:span><text:span text:style-name="I"> strangely</text:span> shut<text:s/>up on '
    '<draw:frame xmlns:draw="x"><draw:text-box><text:p>Figure 1: the mill by night</text:p>'
    "</draw:text-box></draw:frame>Monday.</text:p>"
)
PAGE = (
    '<p>The mill was often <span style="display:none">secretly </span>shut <em hidden>never </em>'
    "up on <del>Sunday</del>Monday.</p>"
)
UNPRINTED = {
    "a.docx": docx([], content=TRACKED, styles=HIDDEN),
    "a.odt": odt(TEXT, styles=STYLES),
    "a.html": f"<html><body><main><h1>Varn</h1>{PAGE}</main></body></html>".encode(),
    "a.rtf": (
        rb"{\rtf1\ansi The mill was often{\*\bkmkstart b} {\v secretly \u1055?}shut {\footnote See it.}"
        rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt up}} {\strike for good }on Monday.\par}"
    ),
}


@pytest.mark.parametrize("name", UNPRINTED)
def test_what_is_not_printed_is_no_part_of_a_sentence(name: str, tmp_path: Path) -> None:
    """Hidden, deleted and struck-through words, notes and frames stand in no sentence."""
    path = tmp_path / name
    path.write_bytes(UNPRINTED[name])
    (draft,) = extract(Original(name, name, file=path))
    said = "The mill was often shut up on Monday."
    assert said in draft.body.splitlines()
    lines = Lines(read_plain(Original(name, name, file=path)), "en")
    assert compared_with(name, said, lines) is None
    for words in ("secretly", "never"):
        assert compared_with(name, said.replace("often", words), lines) is not None


def test_joined_words_that_no_page_shows_are_found(tmp_path: Path) -> None:
    """A page that divides "self-governing" does not say "selfgoverning"; "gov-ernment" is a word."""
    page = ["The islands of the coast have long been self-", "governing, and their gov-", "ernment is proud."]  # fmt: skip
    (tmp_path / "a.pdf").write_bytes(drawn_pdf([prose_at(60, 700, page)]))
    lines = Lines(read_plain(Original("a", "a", file=tmp_path / "a.pdf")), "en")
    said = "The islands of the coast have long been self-governing, and their government is proud."
    assert lines.hold(said)
    assert not lines.hold(said.replace("self-governing", "selfgoverning"))


def test_glyphs_without_letters_are_passed_over(tmp_path: Path) -> None:
    """The second reader writes their numbers, which no page shows; a file of them is unreadable."""
    path = tmp_path / "a.pdf"
    original = Original("a", "a", file=path)
    path.write_bytes(drawn_pdf([[text_at(60, 700, "copyright (cid:13) of the mill")]]))
    assert Lines(read_plain(original), "en").hold("copyright of the mill")
    path.write_bytes(drawn_pdf([[text_at(60, 700, "(cid:13)(cid:7)")]]))
    with pytest.raises(ExtractionError, match="no letters"):
        read_plain(original)


def test_command(tmp_path: Path, make_project: Callable[..., Project]) -> None:
    """The whole way: add, index, verify; then an article and an original are changed."""
    own = "The tram of Kellport stays shut until June, as its driver said.\n"
    project = make_project(tmp_path / "project", {"own.md": own})
    (tmp_path / "varn.docx").write_bytes(docx(TEXTS))
    run_cli("add", "../varn.docx", cwd=project.folder)
    ran = run_cli("verify", "--originals", cwd=project.folder)
    assert ran.status == 0, ran.out
    assert "5 sentences of 1 article stand in the originals" in ran.out
    assert "No original is kept of 1 article." in ran.out
    article = (project.sources / "varn.md").read_text("utf-8")
    project.write("varn.md", article.replace("will not pay", "will gladly pay"))
    run_cli("index", cwd=project.folder)
    ran = run_cli("verify", "--originals", "--json", cwd=project.folder)
    assert ran.status == 1
    others = json.loads(ran.out)["originals"]["others"]
    assert {o["found"] for o in others} == {"differs from the original", "no original is kept"}
    (edits,) = [o["edits"] for o in others if o["edits"]]
    assert edits == [{"here": "gladly", "original": "not"}]
    question = "How much will Ada Lund pay for a new wheel?"
    answer = run_cli("ask", "--json", question, cwd=project.folder).out
    ran = run_cli("verify", "--originals", "-", cwd=project.folder, stdin=answer)
    assert "here “gladly”, in the original “not”" in ran.out
    (kept,) = project.config.originals_folder.rglob("*.docx")
    kept.write_bytes(kept.read_bytes() + b"x")
    ran = run_cli("verify", "--originals", cwd=project.folder)
    assert "the kept original has changed" in ran.out
