"""The table of formats: complete, without contradictions, and known to the sources folder."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from sourcebot.adding.extract import format_of
from sourcebot.adding.formats import BY_SUFFIX, BY_TYPE, FORMATS, PACKED, READ
from sourcebot.adding.model import Original
from sourcebot.articles.files import ADDABLE, SUFFIXES
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from sourcebot.adding.formats import Format


def test_each_ending_and_type_belongs_to_one_format() -> None:
    """No row of the table hides another."""
    counted = Counter(name for form in FORMATS for name in (*form.suffixes, *form.types))
    assert set(counted.values()) == {1}
    assert all(form.name in READ for form in FORMATS)


def test_the_sources_folder_knows_what_can_be_added() -> None:
    """An ending is read by the index itself or named as one for `sourcebot add`, never both."""
    assert set(BY_SUFFIX) == ADDABLE | set(SUFFIXES)
    assert not ADDABLE & set(SUFFIXES)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_name_or_type_tells_the_format(form: Format) -> None:
    """Bytes that could be anything are what their name or type says."""
    head = form.begins if form.begins else b"Nothing here tells the kind."
    for original in (
        *(Original("x", f"letter{suffix}", data=head) for suffix in form.suffixes),
        *(Original("x", "letter", data=head, content_type=name) for name in form.types),
    ):
        assert format_of(original, head) is form


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.pdf", b"no PDF"), ("a.docx", b"no archive"), ("a.xyz", b"text"), ("a", PACKED)],
)
def test_what_is_no_format_is_refused(name: str, head: bytes) -> None:
    """Neither a false name nor an unknown archive becomes an article."""
    with pytest.raises(ExtractionError):
        format_of(Original("x", name, data=head), head)


def test_every_type_is_in_lower_case() -> None:
    """Types are compared with what sites say in lower case."""
    assert all(name == name.lower() for name in (*BY_TYPE, *BY_SUFFIX))
