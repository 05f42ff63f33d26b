"""Each paragraph goes to the reader that knows its language and the question's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hypothesis import given
from hypothesis import strategies as st
from test_composer import candidate

from sourcebot.answering.by_language import ReaderByLanguage
from sourcebot.types import Retrieval

if TYPE_CHECKING:
    from sourcebot.answering.reader import Reader
    from sourcebot.types import Candidate

LANGUAGES = st.sampled_from(["", "en", "de", "zh"])


class Recording:
    """A reader that notes what it was given, and finds what was prepared for it."""

    def __init__(self, found: list[Candidate]) -> None:
        """Take what is found where it is looked for."""
        self.found = found
        self.given: set[int] = set()

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Note the paragraphs and return what was prepared for them."""
        self.given = {e.paragraph.id for e in retrieval.evidence}
        return tuple(c for c in self.found if c.evidence.paragraph.id in self.given)


def spoken(language: str, probability: float, number: int) -> Candidate:
    """Return a candidate in an article in a language."""
    one = candidate(f"Sentence {number}.", probability, number=number)
    evidence = replace(one.evidence, source=replace(one.evidence.source, language=language))
    return replace(one, evidence=evidence)


@given(
    st.booleans(),
    LANGUAGES,
    st.lists(st.tuples(LANGUAGES, st.floats(0, 1, width=16)), min_size=1, max_size=8),
)
def test_every_sentence_is_read_once_by_the_right_reader(
    across: bool, asked: str, rows: list[tuple[str, float]]
) -> None:
    """Only English goes to the reader of English, in questions, too, where another reads across.

    Neither order changes.
    """
    found = [spoken(language, p, n) for n, (language, p) in enumerate(rows, 1)]
    english, others = Recording(found), Recording(found)
    retrieval = Retrieval("Why?", {}, tuple(c.evidence for c in found), asked)
    merged = ReaderByLanguage(cast("Reader", english), cast("Reader", others), across=across).read(
        retrieval
    )

    both = {asked} if across else set()
    own = {n for n, (language, _) in enumerate(rows, 1) if {*both, language} <= {"", "en"}}
    assert (english.given or set()) == own
    assert (others.given or set()) == set(range(1, len(rows) + 1)) - own
    numbers = [c.evidence.paragraph.id for c in merged]
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert [n for n in numbers if n in own] == sorted(own)
    assert merged[0].probability == max(
        next((c.probability for c in found if c.evidence.paragraph.id in part), -1.0)
        for part in (own, set(numbers) - own)
    )
