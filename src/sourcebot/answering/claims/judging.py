"""Readings of windows -> what the articles say of a claim, with calibrated probabilities.

"Supports" needs the model and the values to agree: where the claim names a number, a date or a sum
that the deciding sentence has otherwise, or a name that its paragraph does not hold, it is not
shown. Nor is "contradicts" where the quote has every value and name of the claim.

The four probabilities come from a multinomial logistic regression over named features, fitted by
``training/claim_stages.py`` on claims that the weights have not seen.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.text.terms import terms_of
from sourcebot.text.values import ValueKind, agree, values_of
from sourcebot.types import Span
from sourcebot.types.claims import Part, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from sourcebot.answering.claims.model import ClaimReading
    from sourcebot.answering.windows import Sentence
    from sourcebot.text.values import Value

    Vector = npt.NDArray[np.float64]

CLASSES = (Verdict.SUPPORTS, Verdict.CONTRADICTS, Verdict.PARTLY, Verdict.SILENT)

FEATURES = (
    "supports",
    "contradicts",
    "silent",
    "both",
    "cover",
    "part_cover",
    "values_lacking",
    "names_lacking",
    "log_terms",
    "cover_supporting",
    "cover_contradicting",
    "sentence_supporting",
    "sentence_contradicting",
)
"""Names of the columns: the greatest log odds of each of the model's classes over the windows (of
"silent" the least), how much supports and contradicts stand against each other, the share of the
claim's terms in the best window, the least such share of a part of the claim, the shares of its
values and names that stand nowhere in the windows read, the length of the claim, and the shares of
its terms in the window that supports and that contradicts the most, and in their deciding
sentences: the model is sure too soon of sentences that speak of something else."""

_CLAUSE = re.compile(
    r"[,;:]\s+|(?<!\s)\s+(?:(?:and|but|while|which|who|whereas|although|because)|[–—])\s+"
)
_SHORTEST_PART = 1
_BY = re.compile(r"\bby\b")
_CAPITALISED = re.compile(
    r"(?:(?<![\w’'])[^\W\d_a-zß-öø-ÿ][^\W\d_]+\s+)*([^\W\d_a-zß-öø-ÿ][^\W\d_]+)"
)
_WORD = re.compile(r"[^\W\d_]+")
_LINKING = frozenset({"a", "an", "and", "at", "in", "met", "of", "on", "or", "the", "with"})
"""What joins two names in either order."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibrated probabilities of a claim's verdicts, and what speaks of it.

    Attributes:
        probabilities: by verdict, adding up to 1.
        readings: the windows, the most decided first, each with its leaning and log odds.
        lacking: the values of the claim that no window states.
    """

    probabilities: dict[Verdict, float]
    readings: tuple[tuple[ClaimReading, Verdict, float], ...]
    lacking: tuple[Value, ...]

    @property
    def leaning(self) -> Verdict:
        """The most probable verdict."""
        return max(self.probabilities, key=lambda verdict: self.probabilities[verdict])


def judge(claim: str, readings: Sequence[ClaimReading], language: str = "en") -> Judgement:
    """Return what the windows say of a claim together."""
    if not readings:
        return Judgement({v: float(v is Verdict.SILENT) for v in CLASSES}, (), ())
    columns = features(claim, readings, language)
    probabilities = _stage().probabilities(columns)
    text = " ".join(s.text for reading in readings for s in reading.sentences)
    return Judgement(
        dict(zip(CLASSES, (float(p) for p in probabilities), strict=True)),
        tuple(sorted((_leaning(reading) for reading in readings), key=lambda found: -found[2])),
        _lacking(claim, text),
    )


def features(claim: str, readings: Sequence[ClaimReading], language: str = "en") -> Vector:
    """Return the features of a claim and at least one reading, float64 of shape (FEATURES,)."""
    odds = np.array([_log_odds(reading.logits) for reading in readings])
    texts = [" ".join(s.text for s in reading.sentences) for reading in readings]
    titles = [reading.sentences[0].evidence.source.title for reading in readings]
    bags = [
        set(terms_of(f"{title} {text}", language))
        for title, text in zip(titles, texts, strict=True)
    ]
    wanted = set(terms_of(claim, language))
    parts = [set(terms_of(part.of(claim), language)) for part in parts_of(claim)] or [wanted]
    best = max(bags, key=lambda bag: len(wanted & bag))
    everything = " ".join((*titles, *texts))
    values = values_of(claim)
    names = [v for v in values if v.kind is ValueKind.NAME]
    lacking = _lacking(claim, everything)
    supports, contradicts, silent = odds[:, 0].max(), odds[:, 1].max(), odds[:, 2].min()
    most = (readings[int(odds[:, 0].argmax())], readings[int(odds[:, 1].argmax())])
    return np.array(
        [
            supports,
            contradicts,
            silent,
            min(supports, contradicts),
            _share(wanted, best),
            min(_share(part, best) for part in parts),
            _part(sum(v.kind is not ValueKind.NAME for v in lacking), len(values) - len(names)),
            _part(sum(v.kind is ValueKind.NAME for v in lacking), len(names)),
            np.log1p(len(wanted)),
            *(cover(claim, reading.sentences) for reading in most),
            *(cover(claim, (decisive(reading),)) for reading in most),
        ]
    )


def cover(claim: str, sentences: Sequence[Sentence], *, titled: bool = True) -> float:
    """Return the share of a claim's terms that sentences hold, with their title or without."""
    source = sentences[0].evidence.source
    wanted = set(terms_of(claim, source.language))
    titles = (source.title,) if titled else ()
    texts = " ".join((*titles, *(sentence.text for sentence in sentences)))
    return _share(wanted, set(terms_of(texts, source.language)))


def decisive(reading: ClaimReading) -> Sentence:
    """Return the sentence of a window that decides the most."""
    return reading.sentences[int(reading.deciding.argmax())]


def parts_of(claim: str) -> tuple[Span, ...]:
    """Return the parts of a claim that may each be stated or not; none when it is all one."""
    spans: list[Span] = []
    start = 0
    for cut in [*_CLAUSE.finditer(claim), None]:
        end = cut.start() if cut else len(claim)
        if len(terms_of(claim[start:end])) >= _SHORTEST_PART:
            spans.append(Span(start, end))
            start = cut.end() if cut else end
    if spans and start < len(claim):
        spans[-1] = Span(spans[-1].start, len(claim))
    return tuple(spans) if len(spans) > 1 else ()


def judged_parts(claim: str, text: str, language: str = "en") -> tuple[Part, ...]:
    """Return the parts of a claim: a text says nothing of those that none of its words is in."""
    bag = set(terms_of(text, language))
    judged = []
    for span in parts_of(claim):
        share = _share(set(terms_of(span.of(claim), language)), bag)
        verdict = Verdict.SUPPORTS if share > 0 else Verdict.SILENT
        judged.append(Part(span, verdict))
    return tuple(judged)


def deciding(claim: str, sentence: Sentence, verdict: Verdict) -> tuple[Span, ...]:
    """Return the words of a sentence that decide, in the article.

    Those are its values of the kinds that the claim names: the same ones where it supports, the
    others where it contradicts; without such values none.
    """
    asked = values_of(claim)
    return tuple(
        sentence.readable.place(v.span.start, v.span.end)
        for v in values_of(sentence.text)
        if any(v.kind is other.kind for other in asked)
        and any(agree(v, other) for other in asked) == (verdict is Verdict.SUPPORTS)
    )


def unnamed(claim: str, text: str) -> str:
    """Return a name of the claim that a text does not hold, or ""."""
    there = set(terms_of(text))
    for value in values_of(claim):
        if value.kind is ValueKind.NAME and not there.issuperset(terms_of(value.value)):
            return value.span.of(claim)
    return ""


def disputed(claim: str, sentence: str, around: str) -> bool:
    """Return whether a sentence has another value of a kind where the claim has its own.

    Not where the text around the sentence states the claim's.
    """
    stated = [v for v in values_of(sentence) if v.kind is not ValueKind.NAME]
    return any(
        value.kind is not ValueKind.NAME and any(v.kind is value.kind for v in stated)
        for value in _lacking(claim, f"{sentence} {around}")
    )


def agreed(claim: str, sentence: str) -> bool:
    """Return whether a sentence states every value and name of a claim that has a value."""
    valued = any(v.kind is not ValueKind.NAME for v in values_of(claim))
    return valued and not _lacking(claim, sentence) and not reordered(claim, sentence)


def reordered(claim: str, sentence: str) -> bool:
    """Return whether a sentence has two values or names of a claim the other way round.

    "20 votes to 12" is not "12 votes to 20", nor "Ash beat Elm" "Elm beat Ash". Names may change
    places with the passive.
    """
    stated, asked = values_of(sentence), values_of(claim)
    for kind in ValueKind:
        there = [v for v in stated if v.kind is kind]
        wanted = [v for v in asked if v.kind is kind]
        if kind is not ValueKind.NAME and _crossed(
            [next((at for at, v in enumerate(there) if agree(one, v)), -1) for one in wanted]
        ):
            return True
    if (_BY.search(claim) is None) is not (_BY.search(sentence) is None):
        return False
    backwards = {(right, left): words for left, words, right in _joined_names(sentence)}
    return any(
        words & backwards.get((left, right), set()) for left, words, right in _joined_names(claim)
    )


def _joined_names(text: str) -> Iterator[tuple[str, set[str], str]]:
    """Yield the last words of each two names that follow each other, and what stands between."""
    found = list(_CAPITALISED.finditer(text))
    for one, other in pairwise(found):
        between = set(_WORD.findall(text[one.end() : other.start()])) - _LINKING
        if between:
            yield one[1].casefold(), between, other[1].casefold()


def _crossed(places: Sequence[int]) -> bool:
    """Return whether places, without those that are nowhere (-1), do not rise."""
    found = [place for place in places if place >= 0]
    return found != sorted(found)


@dataclass(frozen=True, slots=True)
class Stage:
    """Multinomial logistic regression: logits = x·weights + bias, for ``CLASSES``."""

    weights: Vector
    bias: Vector

    def probabilities(self, columns: Vector) -> Vector:
        """Return probabilities, float64 of shape (classes,), for columns of shape (features,)."""
        logits = columns @ self.weights + self.bias
        scaled = np.exp(logits - logits.max())
        result: Vector = scaled / scaled.sum()
        return result


@cache
def _stage() -> Stage:
    where = files("sourcebot.answering") / "weights" / "claims" / "stage.json"
    data = json.loads(where.read_text("utf-8"))
    weights = np.array([[data["weights"][name][c] for c in CLASSES] for name in FEATURES])
    return Stage(weights, np.array([data["bias"][c] for c in CLASSES]))


def _log_odds(logits: npt.NDArray[np.float32]) -> Vector:
    """Return the log odds of each class against the others, of shape (3,)."""
    scaled = np.exp(logits.astype(np.float64) - logits.max())
    p = np.clip(scaled / scaled.sum(), 1e-6, 1 - 1e-6)
    result: Vector = np.log(p / (1 - p))
    return result


def _leaning(reading: ClaimReading) -> tuple[ClaimReading, Verdict, float]:
    odds = _log_odds(reading.logits)
    verdict = Verdict.SUPPORTS if odds[0] >= odds[1] else Verdict.CONTRADICTS
    return reading, verdict, float(max(odds[0], odds[1]))


def _lacking(claim: str, text: str) -> tuple[Value, ...]:
    stated = values_of(text)
    folded = " ".join(terms_of(text))
    return tuple(
        value
        for value in values_of(claim)
        if not any(agree(value, other) for other in stated)
        and not (
            value.kind is ValueKind.NAME
            and all(term in folded for term in terms_of(value.span.of(claim)))
        )
    )


def _share(wanted: set[str], there: set[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _part(some: int, whole: int) -> float:
    return some / whole if whole else 0.0
