"""A question and the sentences of its evidence, with what the features are computed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.answering.details import (
    Details,
    details_of,
    full_names,
    placed_names,
    together,
    words_of,
)
from sourcebot.text.answer_types import held, names_in, type_of
from sourcebot.text.languages import CAPITAL_NOUNS, ENGLISH
from sourcebot.text.tables import as_read
from sourcebot.text.terms import terms_of, weights_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from sourcebot.types import AnswerType, Evidence, Retrieval

_DIFFERING = "ar bg cs de el et fi he hi hr hu lb lt lv mk pl ro ru sk sl sr ta tr uk"
_OTHERWISE = frozenset(_DIFFERING.split())
"""Languages whose names stand in cases, or where other words have capitals too.

There, and in another language than the question's, a name that is not found may stand otherwise.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, as texts of one language can answer it.

    Attributes:
        text: its words.
        kind: the kind of fact that it asks for.
        weights: its terms, each with what it tells.
        names: the terms of its names.
        details: its years, numbers and names.
        placed: its names after words of place or direction; see ``placed_names``.
        full_names: its names of two words; see ``details.full_names``.
    """

    text: str
    kind: AnswerType
    weights: Mapping[str, float]
    names: AbstractSet[str]
    details: Details
    placed: AbstractSet[tuple[str, str]]
    full_names: AbstractSet[tuple[str, str]]

    @classmethod
    def of(cls, retrieval: Retrieval, language: str) -> Asked:
        """Return the question of a retrieval, as texts of ``language`` can answer it."""
        question, asked_in = retrieval.question, retrieval.language
        named = () if asked_in in CAPITAL_NOUNS else names_in(question)
        names = (term for name in named for term in terms_of(name, language))
        alike = (asked_in or ENGLISH) == (language or ENGLISH) and language not in _OTHERWISE
        details = details_of(question)
        return cls(
            question,
            type_of(question, asked_in),
            weights_in(retrieval.weights, language),
            frozenset(names),
            details if alike else replace(details, names=frozenset()),
            placed_names(question) if alike else frozenset(),
            full_names(question) if alike else frozenset(),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence where it stands.

    Attributes:
        evidence: its paragraph.
        number: which of the paragraph's sentences it is, from 0.
        text: its words.
        terms: its terms in order.
        context: its terms, those of the sentence before it, of the title and the headings.
        paragraph: the terms of its paragraph, the title and the headings.
        details: the years, numbers and names of the sentence.
        around: those of its paragraph, the neighbours, the title, the headings and the date;
            of a row or an item only its own, of the title, the headings and what opens the list.
        words: all words of what ``around`` is about, in small letters.
        near: all words of the sentence, the one before it, the title and the headings.
        placed: names after words of place or direction in the sentence, title and headings.
        full_names: names of two words in the sentence, the one before it, the title and headings;
            none where the question has none.
        held: whether it holds the kind of fact that is asked for; None when that cannot be told.
    """

    evidence: Evidence
    number: int
    text: str
    terms: list[str]
    context: AbstractSet[str]
    paragraph: AbstractSet[str]
    details: Details
    around: Details
    words: AbstractSet[str]
    near: AbstractSet[str]
    placed: AbstractSet[tuple[str, str]]
    full_names: AbstractSet[tuple[str, str]]
    held: bool | None


class Surroundings:
    """What the paragraphs of the evidence and their neighbours in it name."""

    def __init__(self, retrieval: Retrieval) -> None:
        """Look at all paragraphs of the evidence."""
        self._of = {e.paragraph.id: e for e in retrieval.evidence}
        self._details = {
            n: details_of(f"{_above(e)} {e.paragraph.text}") for n, e in self._of.items()
        }
        self._words = {n: words_of(f"{_above(e)} {e.paragraph.text}") for n, e in self._of.items()}

    def of(self, evidence: Evidence) -> tuple[Details, AbstractSet[str]]:
        """Return the details around a paragraph, and all words there."""
        here = evidence.paragraph
        near = [
            number
            for number in (here.id - 1, here.id, here.id + 1)
            if number in self._of and self._of[number].paragraph.article == here.article
        ]
        return (
            together(*(self._details[number] for number in near)),
            frozenset[str]().union(*(self._words[number] for number in near)),
        )


def _above(evidence: Evidence) -> str:
    """Return what says what a paragraph is about: attribution, headings and what opens a list."""
    source, paragraph = evidence.source, evidence.paragraph
    dated = str(source.published.year) if source.published else ""
    opening = paragraph.opening.text if paragraph.opening else ""
    return f"{source.title} {paragraph.heading} {source.publisher} {opening} {dated}"


def places_of(evidence: Evidence, asked: Asked, surroundings: Surroundings) -> list[Place]:
    """Return the sentences of a paragraph, each where it stands."""
    language = evidence.source.language
    title = set(terms_of(above := _above(evidence), language))
    texts = [as_read(evidence.paragraph, s).text for s in evidence.paragraph.sentences]
    bags = [terms_of(text, language) for text in texts]
    paragraph = title.union(*bags)
    around, words = surroundings.of(evidence)
    apart = evidence.paragraph.table or evidence.paragraph.opening
    over, over_words, over_placed = details_of(above), words_of(above), placed_names(above)
    own_words = [words_of(text) for text in texts]
    whole = [full_names(text) if asked.full_names else frozenset() for text in (above, *texts)]
    return [
        Place(
            evidence,
            number,
            text,
            bag,
            title.union(bag, bags[number - 1] if number and not apart else ()),
            paragraph,
            own,
            together(over, own) if apart else around,
            over_words | own_words[number] if apart else words,
            over_words.union(
                own_words[number], own_words[number - 1] if number and not apart else ()
            ),
            over_placed | placed_names(text),
            whole[0].union(whole[number + 1], whole[number] if number and not apart else ()),
            held(asked.kind, text, asked.text, language),
        )
        for number, (text, bag) in enumerate(zip(texts, bags, strict=True))
        for own in (details_of(text),)
    ]
