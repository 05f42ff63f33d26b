"""Front matter and dates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.frontmatter import Header, infer_header, read_front_matter
from sourcebot.text.dates import parse_date
from sourcebot.text.languages import known_language

DAY = dt.date(2021, 7, 20)


@pytest.mark.parametrize(
    "written",
    [
        "2021-07-20",
        "20210720",
        "2021/07/20",
        "2021-07-20T18:49:00+01:00",
        "2021-07-20 18:49",
        "20/07/2021",
        "20.7.2021",
        "07/20/2021",
        "20 July 2021",
        "20th July 2021",
        "July 20, 2021",
        "Jul 20th 2021",
        " 20 Jul 2021 ",
    ],
)
def test_dates(written: str) -> None:
    """A day is understood in the ways that people write it."""
    assert parse_date(written) == DAY


def test_ambiguous_numbers_are_day_first() -> None:
    """Numbers that could be read both ways are read day first."""
    assert parse_date("03/04/2021") == dt.date(2021, 4, 3)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2021", "31/02/2021", "32 July 2021", "0000-00-00"]
)
def test_no_date(written: str) -> None:
    """What names no day for certain is no date, and no error."""
    assert parse_date(written) is None


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    """No text makes the reading of a date fail."""
    assert isinstance(parse_date(text), dt.date | None)


@given(st.dates(dt.date(1000, 1, 1)))
def test_iso_dates_come_back(day: dt.date) -> None:
    """Every ISO date is read as itself."""
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("closing", ["---", "..."])
def test_all_keys(newline: str, closing: str) -> None:
    """Title, publisher, author, date and URL are read, and the body starts behind them."""
    text = newline.join(
        [
            "---",
            "title: 'A: B'",
            "publisher: The Gazette",
            "author: [Ann Lee, Bo Ray]",
            "published: 20 July 2021",
            "url: https://x.example/a",
            closing,
            "Body.",
        ]
    )
    header = read_front_matter(text)
    assert header == Header(
        "A: B", "The Gazette", "Ann Lee, Bo Ray", DAY, "https://x.example/a", text.index("Body.")
    )


def test_date_is_another_word_for_published() -> None:
    """`date` and `authors` are taken where `published` and `author` are not given."""
    header = read_front_matter("---\nTitle: A\ndate: 2021-07-20\nauthors: Ann Lee\n---\nBody.")
    assert (header.title, header.published, header.author) == ("A", DAY, "Ann Lee")


def test_bad_date_is_noted() -> None:
    """A date that cannot be read is told to the user, and the article goes on without it."""
    header = read_front_matter("---\ntitle: A\npublished: last spring\n---\nBody.")
    assert header.published is None
    assert len(header.notes) == 1
    assert "last spring" in header.notes[0]


@pytest.mark.parametrize("mark", ["---", "+++"])
def test_front_matter_without_an_end_is_told(mark: str) -> None:
    """It is read as text, which nobody meant, so the line that is missing is named."""
    header = read_front_matter(f"{mark}\ntitle: never closed\npublished: 2021-07-20\n\nBody.")
    assert header == Header(notes=header.notes)
    assert [f"a line of {mark}" in note for note in header.notes] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "No front matter.",
        "---\nA line of prose.\n---\nMore.",
        "--- \n",
        "---\nNota bene: it was never closed.\nBody.",
    ],
)
def test_none(text: str) -> None:
    """A rule of dashes around prose is no front matter."""
    assert read_front_matter(text) == Header()


@pytest.mark.parametrize(
    "yaml",
    [
        "title: [open",
        "title: 'open",
        "title: a: b",
        "title: *nothing",
        "title: A\n? {a: b}\n: c",
        "title: " + "[" * 5000,
    ],
    ids=lambda yaml: yaml[:24],
)
def test_broken_yaml_is_read_line_by_line(yaml: str) -> None:
    """Front matter that YAML cannot read gives what stands behind its keys, with a remark."""
    text = f"---\n{yaml}\n---\nBody."
    header = read_front_matter(text)
    assert header.title == yaml.splitlines()[0].removeprefix("title: ")
    assert text[header.body_start :] == "Body."
    assert [note for note in header.notes if "line by line" in note and "\n" not in note]


@pytest.mark.parametrize(
    ("yaml", "title", "remarked"),
    [
        ("title: Harbour bridge: why it stays shut", "Harbour bridge: why it stays shut", True),
        ("title: [Draft] The bridge", "[Draft] The bridge", True),
        ("title: @home in Lowmere", "@home in Lowmere", True),
        ("title: 100% of it\ntags:\n\t- bridge", "100% of it", True),
        ("title: % of all boats", "% of all boats", True),
        ('title: "The bridge" stays shut', '"The bridge" stays shut', True),
        ("title: Platform #5 is shut", "Platform #5 is shut", True),
        ("title: 'Platform #5'  # a remark", "Platform #5", False),
        ("title: C# for ferries", "C# for ferries", False),
        ('title: "A: quoted"\ntags:\n\t- x', "A: quoted", True),
        ("- a\ntitle: After a list", "After a list", True),
    ],
)
def test_titles_as_authors_write_them(yaml: str, title: str, remarked: bool) -> None:
    """Nothing of a title is cut or lost, and what was not read as YAML is told."""
    header = read_front_matter(f"---\nauthor: Ines Okoro\n{yaml}\n---\nBody.")
    assert (header.title, header.author) == (title, "Ines Okoro")
    assert bool(header.notes) == remarked


@pytest.mark.parametrize(
    ("toml", "notes"),
    [
        ('title = "The bridge"\ndate = 2021-07-20\nauthors = ["Ines Okoro"]', 0),
        ('title = "The bridge"\ndate = "20 July 2021"\n[extra]\nauthor = "Ines Okoro"', 0),
        ("title = The bridge\ndate = 2021-07-20\nauthor = 'Ines Okoro'", 1),
    ],
)
def test_toml(toml: str, notes: int) -> None:
    """Front matter of Hugo and Zola is read, and never quoted."""
    text = f"+++\n{toml}\n+++\nBody."
    header = read_front_matter(text)
    assert (header.title, header.author, header.published) == ("The bridge", "Ines Okoro", DAY)
    assert text[header.body_start :] == "Body."
    assert len(header.notes) == notes


@pytest.mark.parametrize(
    ("yaml", "title"),
    [
        ("!!int many", "many"),
        ("!!bool maybe", "maybe"),
        ("!!timestamp soon", "soon"),
        ("!!python/object:os.system x", "x"),
        ("2021-07-20", "2021-07-20"),
        ("1_000", "1_000"),
        ('"half \\ud83d of it"', "half ? of it"),
    ],
)
def test_values_are_texts(yaml: str, title: str) -> None:
    """No value is turned into anything but the text that stands there, whatever its tag."""
    assert read_front_matter(f"---\ntitle: {yaml}\n---\nBody.").title == title


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_front_matter(yaml: str) -> None:
    """Whatever stands between the dashes is read, or refused with a reason."""
    text = f"---\ntitle: {yaml}\n---\nBody."
    try:
        header = read_front_matter(text)
    except ValueError as error:
        assert str(error)
    else:
        assert 0 <= header.body_start <= len(text)
        assert all(len(value.splitlines()) <= 1 for value in (header.title, header.publisher))


@pytest.mark.parametrize(
    ("text", "title", "author", "published"),
    [
        ("A Title Alone\n\nThe body begins here.", "A Title Alone", "", None),
        ("A Title\n\nBy Ann Lee\n\n20 July 2021\n\nThe body.", "A Title", "Ann Lee", DAY),
        ("Published: 20 July 2021, 6:49pm BST\n\nA Title\n\nThe body.", "A Title", "", DAY),
        ("Is this a title?\n\nThe body begins here.", "Is this a title?", "", None),
        ("This is a first sentence.\n\nThis is a second one.", "", "", None),
        ("Words that wrap\nover two lines of prose.", "", "", None),
        ("On 20 July 2021 it rained.\n\nThe body.", "", "", None),
    ],
)
def test_bare_headers(text: str, title: str, author: str, published: dt.date | None) -> None:
    """Dateline, title and byline of bare text are told from its prose."""
    header = infer_header(text, 0)
    assert (header.title, header.author, header.published) == (title, author, published)


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 5))
def test_any_bare_text(text: str, start: int) -> None:
    """Any bare text has a header whose body lies in the text."""
    start = min(start, len(text))
    assert start <= infer_header(text, start).body_start <= len(text)


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("english", "en"),
        ("Deutsch", "de"),
        ("fra", "fr"),
        ("pt-BR", "pt"),
        ("日本語", "ja"),
        ("cy", "cy"),
    ],
)
def test_languages_by_name(stated: str, known: str) -> None:
    """A language is stated by its code or by what people call it."""
    header = read_front_matter(f"---\ntitle: The mill\nlanguage: {stated}\n---\nText.\n")
    assert (known_language(header.language), header.notes) == (known, ())


def test_a_language_that_nobody_knows_is_told() -> None:
    """It is named, and the text decides."""
    header = read_front_matter("---\ntitle: The mill\nlang: the usual one\n---\nText.\n")
    assert header.notes == (
        "language: 'the usual one' is no language such as en; told from the text",
    )


@pytest.mark.parametrize(
    ("written", "title", "author"),
    [
        (
            '{\n  "title": "Bridge",\n  "date": "2026-03-02",\n  "author": "Ada"\n}\n',
            "Bridge",
            "Ada",
        ),
        ("% Bridge\n% Ada; Tomas\n% 2 March 2026\n", "Bridge", "Ada, Tomas"),
        ("+++\ntitle: Bridge\ndate: 2026-03-02\nauthor: Ada\n+++\n", "Bridge", "Ada"),
        ('+++\ntitle = "Bridge "two" here"\ndate = 2026-03-02\n+++\n', 'Bridge "two" here', ""),
        ('---\ntitle: "Bridge\ndate: 2. März 2026\n---\n', "Bridge", ""),
        (
            "---\ntitle: Bridge\ndate: 2026-03-02\nauthor:\n  name: Ada\n  mail: a@b\n---\n",
            "Bridge",
            "Ada",
        ),
        (
            "---\ntitle: Bridge\ndate: 2026-03-02\nauthors:\n- name: Ada\n- Tomas\n---\n",
            "Bridge",
            "Ada, Tomas",
        ),
    ],
)
def test_other_forms_of_front_matter_are_read(written: str, title: str, author: str) -> None:
    """JSON as Hugo has it, Pandoc's lines, mixed signs, odd quotes, persons as mappings."""
    header = read_front_matter(f"{written}\nThe bridge was closed.\n")
    assert (header.title, header.author) == (title, author)
    assert header.published == dt.date(2026, 3, 2)
    assert (
        f"{written}\nThe bridge was closed.\n"[header.body_start :].strip()
        == "The bridge was closed."
    )


def test_text_before_a_rule_is_no_front_matter() -> None:
    """A header that nobody ended loses no sentence to a rule further down."""
    text = "---\ntitle: Bridge\n\nThe bridge was closed on Monday.\n\n---\n\nMore of it.\n"
    header = read_front_matter(text)
    assert header.title == "Bridge"
    assert text[header.body_start :].startswith("The bridge was closed")
    assert header.notes == (
        "its front matter has no end before the text: put a line of --- above that",
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"text": "The bridge stays shut."}]}\n',
        '{"title": "Bridge", "text": "It is shut."}\n',
        "{not json}\n\nThe bridge was closed.\n",
        "50 % of the boats left.\n",
    ],
)
def test_data_and_signs_are_no_front_matter(text: str) -> None:
    """A file that is all JSON, and text that begins with a sign, are read as text."""
    assert read_front_matter(text).body_start == 0
