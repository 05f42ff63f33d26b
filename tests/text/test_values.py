"""Values in text: dates, numbers, sums and names in any usual form."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.index.embedded.lexical import LexicalIndex, add_to_lexical
from sourcebot.text.terms import terms_of
from sourcebot.text.values import ValueKind, agree, values_of

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.text.values import Value

DAYS = st.dates(dt.date(1100, 1, 1), dt.date(2099, 12, 31))
SPACES = (" ", "\u00a0", "\u202f", "\u2009")


def forms_of(day: dt.date) -> list[str]:
    """Return a day in the usual forms, all of one meaning."""
    forms = [
        f"{day.day} {day:%B} {day.year}",
        f"{day.day:02} {day:%b} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%b}. {day.day} {day.year}",
        f"{day.day}th of {day:%B}, {day.year}",
        f"{day.year}-{day:%m-%d}",
        f"{day.year}/{day:%m/%d}",
        f"{day:%d.%m}.{day.year}",
        f"{day.day}.{day.month}.{day.year}",
    ]
    if day.day > 12 or day.day == day.month:
        forms += [f"{day.day}/{day.month}/{day.year}", f"{day.month}/{day.day}/{day.year}"]
    return forms


def grouped(number: int) -> list[str]:
    """Return a number of five digits and more as it may be written."""
    return [str(number), *(f"{number:,}".replace(",", by) for by in (",", "'", "’", *SPACES))]


def only(text: str, kind: ValueKind, language: str = "") -> list[tuple[str, str]]:
    """Return the values of a kind in a text, with their units."""
    return [(v.value, v.unit) for v in values_of(text, language) if v.kind is kind]


@given(DAYS, st.data())
def test_a_day_is_one_in_every_form(day: dt.date, data: st.DataObject) -> None:
    """Whatever the form, a day is the same value and the same terms."""
    one, other = (data.draw(st.sampled_from(forms_of(day))) for _ in range(2))
    for form in (one, other):
        (value,) = values_of(f"it opened on {form}, at last")
        assert (value.kind, value.value) == (ValueKind.DATE, day.isoformat())
        assert value.span.of(f"it opened on {form}, at last") == form
    assert sorted(terms_of(one)) == sorted(terms_of(other))


@given(DAYS, st.data())
def test_parts_of_a_day_are_found_in_it(day: dt.date, data: st.DataObject) -> None:
    """A month, a year or a day without its year is part of the whole date, in terms as in value."""
    whole = data.draw(st.sampled_from(forms_of(day)))
    for part in (f"{day:%B} {day.year}", f"{day.day} {day:%B}", str(day.year)):
        assert set(terms_of(part)) <= set(terms_of(whole))
        (inner,), (outer,) = values_of(f"on {part}"), values_of(f"on {whole}")
        assert agree(inner, outer)
        assert agree(outer, inner)


@given(st.integers(1_000, 10**12), st.data())
def test_a_number_is_one_in_every_form(number: int, data: st.DataObject) -> None:
    """Figures with any mark between their groups are one value and one term."""
    one, other = (data.draw(st.sampled_from(grouped(number))) for _ in range(2))
    assert terms_of(f"{one} houses") == terms_of(f"{other} houses")
    assert only(f"about {one} houses", ValueKind.NUMBER) == [(str(number), "houses")]


@given(st.integers(1, 999), st.sampled_from(["million", "m", "mn"]), st.integers(0, 9))
def test_magnitudes(whole: int, magnitude: str, tenth: int) -> None:
    """A sum in millions is the sum in full, by its sign, its code and its name."""
    full = Decimal(f"{whole}.{tenth}") * 10**6
    said = f"£{whole}.{tenth}{' ' if magnitude == 'million' else ''}{magnitude}"
    for form in (said, f"£{int(full):,}", f"GBP {int(full)}", f"{whole}.{tenth} million pounds"):
        assert only(f"It cost {form}.", ValueKind.SUM) == [(str(int(full)), "GBP")]
        assert str(int(full)) in terms_of(form)
        assert "pound" in terms_of(form)


@given(st.text(max_size=300), st.sampled_from(["", "en", "de", "fr", "ja", "xx"]))
def test_any_text(text: str, language: str) -> None:
    """Values of any text are ordered, disjoint and within it; terms never fail."""
    end = 0
    for value in values_of(text, language):
        assert end <= value.span.start < value.span.end <= len(text)
        end = value.span.end
    terms_of(text, language)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1.480 Besucher", "de", [("1480", "besucher")]),
        ("1.480.000 people", "", [("1480000", "people")]),
        ("1.480 kg", "", []),
        ("1,480 kg", "de", []),
        ("1480 houses in 1480", "", [("1480", "houses")]),
        ("3,50,000 voters", "", [("350000", "voters")]),
        ("eleven tonnes and twenty-five crates", "", [("11", "tonnes"), ("25", "crates")]),
        ("two million people", "", [("2000000", "people")]),
        (
            "half a dozen eggs, 12k steps over 5m",
            "",
            [("6", "eggs"), ("12000", "steps"), ("5", "m")],
        ),
        ("Bus 7 leaves at 10:30", "", [("7", "leaves")]),
    ],
)
def test_numbers(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    """What marks and words mean depends on the language; what is unsure is left out."""
    assert only(text, ValueKind.NUMBER, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("₹ 1,480", "", ("1480", "INR")),
        ("1 480 kr", "", ("1480", "KR")),
        ("SEK 1480", "", ("1480", "SEK")),
        ("CHF 40", "", ("40", "CHF")),
        ("40 Swiss francs", "", ("40", "CHF")),
        ("Fr. 40", "", ("40", "CHF")),
        ("250 zł", "", ("250", "PLN")),
        ("¥1,480", "", ("1480", "JPY")),
        ("1,480円", "ja", ("1480", "JPY")),
        ("$12.50", "", ("12.5", "USD")),
        ("€12k", "", ("12000", "EUR")),
        ("ten pence", "", ("0.1", "GBP")),
        ("2,5 Millionen Euro", "de", ("2500000", "EUR")),
        ("40 Schweizer Franken", "de", ("40", "CHF")),
        ("3,5 millones de euros", "es", ("3500000", "EUR")),
        ("A$20", "", ("20", "AUD")),
    ],
)
def test_sums(text: str, language: str, expected: tuple[str, str]) -> None:
    """Sums of money are told by sign, code and name, before and behind the figure."""
    assert only(f"it was {text} then", ValueKind.SUM, language) == [expected]


@pytest.mark.parametrize(
    "text",
    ["14 may be too many", "the march 3 of them led", "1998-99", "5/6", "version 2.1.2026.4"],
)
def test_no_days(text: str) -> None:
    """What only looks like a date is none."""
    assert not any(
        "-0" in v.value for v in values_of(f"He said {text}.") if v.kind is ValueKind.DATE
    )


def test_a_form_with_two_meanings() -> None:
    """Of 05/06/2026 only the year is sure; both days are found by their terms."""
    assert only("on 05/06/2026", ValueKind.DATE) == [("2026", "")]
    for day in ("5 June 2026", "May 6, 2026"):
        assert set(terms_of(day)) <= set(terms_of("05/06/2026"))


def test_names() -> None:
    """Names are runs of capitals; the first word of a sentence tells nothing by its capital."""
    text = "The Kaiser Bridge was built by Otto von Kaiser. Later Marta Lindqvist left Lowmere."
    found = [v.span.of(text) for v in values_of(text)]
    assert found == ["Kaiser Bridge", "Otto von Kaiser", "Marta Lindqvist", "Lowmere"]


def value(text: str) -> Value:
    """Return the one value of a text."""
    (found,) = values_of(text)
    return found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("in May 2026", "on 2026-05-14", True),
        ("in June 2026", "on 2026-05-14", False),
        ("in 2025", "on 2026-05-14", False),
        ("on 14 May", "on 2026-05-14", True),
        ("for 250 kr", "for SEK 250", True),
        ("for 250 kr", "for €250", False),
        ("for £2.4m", "for 2,400,000 pounds", True),
        ("by Marta Lindqvist", "by Lindqvist", True),
        ("by Marta Lindqvist", "by Otto Kaiser", False),
        ("12 %", "12 per cent", True),
        ("12 %", "12 houses", False),
    ],
)
def test_agreement(one: str, other: str, same: bool) -> None:
    """Values agree when both can be right of one thing, the more precise with the less precise."""
    assert agree(value(one), value(other)) is same
    assert agree(value(other), value(one)) is same


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("It opened on 14 May 2026.", "2026-05-14"),
        ("It opened on 2026-05-14.", "May 14, 2026"),
        ("Opened 14.05.2026", "14 May 2026"),
        ("It has 1 480 seats.", "1,480"),
        ("It has 1480 seats.", "1 480"),
        ("It cost £2.4m.", "2,400,000"),
    ],
)
def test_a_question_finds_the_other_form(tmp_path: Path, written: str, asked: str) -> None:
    """By words alone, a date or number finds the paragraph that has it in another form."""
    others = ["It opened on 15 June 2027.", "It has 1,840 seats.", "It cost £4.2m in May."]
    rows = [(n, 1, text, "Hall", "en") for n, text in enumerate([*others, written], 1)]
    add_to_lexical(tmp_path / "lexical", rows)
    index = LexicalIndex(tmp_path / "lexical")
    ids, _ = index.search(index.weights(asked), 4)
    assert ids[0] == len(rows)


def test_dates_without_a_common_part_do_not_agree() -> None:
    """A day without its year and a bare year say nothing of each other."""
    (day,) = values_of("It opened on 14 April.")
    (year,) = values_of("It opened in 2024.")
    assert not agree(day, year)


@pytest.mark.parametrize(
    ("one", "other", "agreeing"),
    [
        ("41 feet", "41 metres", False),
        ("41 feet", "12.5 m", True),
        ("41ft", "41 feet", True),
        ("5 km", "3.1 miles", True),
        ("5 km", "4 miles", False),
        ("two hours", "120 minutes", True),
        ("41 feet", "41 square metres", False),
        ("80 kg", "80 km", False),
        ("1.2 million people", "1,200,000 inhabitants", True),
        ("1.2 million people", "1,200 people", False),
        ("30 °C", "30 °F", False),
        ("41", "41 feet", True),
    ],
)
def test_measures(one: str, other: str, *, agreeing: bool) -> None:
    """Figures in different units agree when they can be of one size, in either order."""
    (first,), (second,) = values_of(one), values_of(other)
    assert agree(first, second) is agree(second, first) is agreeing
