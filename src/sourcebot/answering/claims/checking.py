"""A claim -> what the articles say of it: search, read, judge, quote."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.claims.comparing import (
    agreed,
    cover,
    deciding,
    disputed,
    figures_stated,
    judged_parts,
    names_other,
    reordered,
    subject,
    unnamed,
)
from sourcebot.answering.claims.judging import judge, telling
from sourcebot.answering.claims.phrasing import disowned, hedged, in_order, opposed, turned
from sourcebot.answering.claims.quotations import find_quotation, quotations_in
from sourcebot.answering.composer import quoted
from sourcebot.answering.retriever import retrieve
from sourcebot.answering.validity import parted
from sourcebot.answering.windows import sentences_of, windows_of
from sourcebot.text.likeness import alike
from sourcebot.text.terms import terms_of
from sourcebot.types import Candidate
from sourcebot.types.claims import Check, Part, Run, Stance, Verdict, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sourcebot.answering.claims.judging import Judgement
    from sourcebot.answering.claims.model import ClaimModel
    from sourcebot.answering.windows import Sentence, Window
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Snapshot
    from sourcebot.types import Filters, Paragraph, Quote, Retrieval
    from sourcebot.types.claims import Quotation

MOST_CLAIM = 1000
"""The longest claim in characters."""

_READ_WORDS = 600
_MOST_STANCES = 3
_DISAGREE = "the articles disagree"
_SHOWN = {Verdict.SUPPORTS: 0.5, Verdict.CONTRADICTS: 0.55, Verdict.PARTLY: 0.5}
"""The least probability at which each verdict is shown; under it, it is UNSURE."""

_SILENT_FROM = 0.4
"""The least probability of SILENT for it to be shown where no window is sure enough to be quoted;
under it the nearest is, and the verdict is UNSURE."""

_STANCE_ODDS = 0.0
_OTHER_ODDS = 1.5
_PARTLY_ODDS = -2.0
"""The least log odds of the model for a window to be quoted: for one that says what the others say
together, for one that says otherwise, and for one that speaks of a part of the claim."""

_STANCE_COVER = 0.4
_SENTENCE_COVER = 0.2
"""The least share of the claim's terms in a window with its title, and in the sentence alone.

The first quote of the most probable verdict needs neither odds nor cover: the probability has
weighed both."""

_SURE = 0.8
"""From this probability on a quote that names nothing else need not name all that the claim names:
"he also directed it" in an article about him."""

_ALIKE, _VERY_ALIKE = 0.6, 0.8
"""A sentence that has so much of the claim's words in their order speaks of its subject, and one
that has the second much says the same or, where a word turns it around, the opposite."""

_QUOTATION_DEPTH = 100
_QUOTATION_RUNS = 40


def check_claim(
    claim: str,
    snapshot: Snapshot,
    embedder: Embedder,
    model: ClaimModel,
    filters: Filters,
    *,
    paragraphs: int,
    dense_weight: float,
) -> Check:
    """Return what the articles of a snapshot say of a claim, never whether it is true.

    Raises:
        IndexStoreError: when the index cannot be read.
    """
    retrieval = retrieve(
        snapshot, embedder, claim, filters, paragraphs=paragraphs, dense_weight=dense_weight
    )
    retrieval, _ = parted(retrieval, filters)
    readings = model.read(claim, _worth_reading(retrieval))
    judgement = judge(claim, readings)
    quotations = tuple(
        find_quotation(span.of(claim), _runs(snapshot, span.of(claim), filters))
        for span in quotations_in(claim)
    )
    return decide(claim, judgement, quotations)


def decide(claim: str, judgement: Judgement, quotations: tuple[Quotation, ...] = ()) -> Check:
    """Return the verdict that a judgement allows: UNSURE where model and values disagree."""
    leaning = judgement.leaning
    probability = judgement.probabilities[leaning]
    stances = _stances(claim, judgement)
    verdict, reason = _allowed(claim, judgement, stances)
    parts: tuple[Part, ...] = ()
    if verdict in {Verdict.SUPPORTS, Verdict.PARTLY}:
        said = [s.quote for s in stances if s.verdict is Verdict.SUPPORTS or verdict is leaning]
        parts = judged_parts(claim, " ".join(_around(judgement, quote) for quote in said))
        unsaid = [part for part in parts if part.verdict is Verdict.SILENT]
        if verdict is Verdict.SUPPORTS and unsaid:
            verdict = Verdict.PARTLY
    if not reason and (reason := _quoted_otherwise(claim, verdict, quotations)):
        verdict = Verdict.UNSURE
    if verdict is Verdict.UNSURE and reason != _DISAGREE:
        # The quotes are shown as what speaks of it, without the model's opinion.
        stances = tuple(replace(s, verdict=verdict, deciding=()) for s in stances)
    return Check(
        claim=claim,
        verdict=verdict,
        probability=probability,
        scores=judgement.probabilities,
        stances=stances if verdict is not Verdict.SILENT else (),
        parts=parts if verdict is Verdict.PARTLY else (),
        quotations=quotations,
        reason=reason,
    )


def _quoted_otherwise(claim: str, verdict: Verdict, quotations: Sequence[Quotation]) -> str:
    """Return why the wording of a claim's quotations does not allow a verdict, or ""."""
    stand = [quotation.wording is Wording.VERBATIM for quotation in quotations]
    if verdict in {Verdict.SUPPORTS, Verdict.PARTLY} and not all(stand):
        return "the words do not stand in an article as quoted"
    quoted_words = sum(len(quotation.text.split()) for quotation in quotations)
    mostly = 2 * quoted_words >= len(claim.split())
    if verdict is Verdict.CONTRADICTS and stand and all(stand) and mostly:
        return "the words stand in an article as quoted"
    return ""


def _allowed(claim: str, judgement: Judgement, stances: Sequence[Stance]) -> tuple[Verdict, str]:
    """Return the verdict that quotes and values allow, and why it is unsure if it is."""
    leaning = judgement.leaning
    sides = [s for s in stances if s.verdict is leaning or leaning is Verdict.PARTLY]
    if not stances:
        return Verdict.SILENT, ""
    for open_, why in (
        (leaning is Verdict.SILENT, "quotes speak of it, and none says all of it"),
        (not sides, "no quote says it clearly"),
        (
            judgement.probabilities[leaning] < _SHOWN.get(leaning, 0.0),
            "the quotes speak of it, and not clearly",
        ),
        (leaning is not Verdict.PARTLY and len({s.verdict for s in stances}) > 1, _DISAGREE),
    ):
        if open_:
            return Verdict.UNSURE, why
    reason = _overruled(claim, judgement, sides[0].quote)
    return (Verdict.UNSURE, reason) if reason else (leaning, "")


def _overruled(claim: str, judgement: Judgement, first: Quote) -> str:
    """Return why the values and words of claim and quote do not allow a verdict, or ""."""
    text, around = first.text, f"{first.source.title} {first.paragraph}"
    supports = judgement.leaning is Verdict.SUPPORTS
    contradicts = judgement.leaning is Verdict.CONTRADICTS
    if disowned(claim, text):
        return "the quote only reports that it is denied or alleged"
    if contradicts and agreed(claim, text) and not turned(claim, text):
        return "a quote states the same values"
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: disputed(claim, text, around), "the quote states another value"),
        (
            lambda: not figures_stated(claim, _around(judgement, first)),
            "the article does not state a figure of the claim",
        ),
        (lambda: reordered(claim, text), "the quote has the same values in another order"),
        (lambda: opposed(claim, text), "the quote has the opposite of a word"),
        (
            lambda: turned(claim, text) and in_order(claim, text) >= _VERY_ALIKE,
            "the quote says the opposite in the same words",
        ),
        (lambda: hedged(claim, text), "the quote tells of what may or is to be"),
    )
    for stops, why in checks if supports else ():
        if stops():
            return why
    missing = _not_named(claim, judgement, first)
    return f"the quote does not name “{missing[0]}”" if missing else ""


def _not_named(claim: str, judgement: Judgement, first: Quote) -> tuple[str, ...]:
    """Return the names of a claim that a quote would have to name and does not."""
    text, around = first.text, f"{first.source.title} {first.paragraph}"
    missing = unnamed(claim, around)
    if judgement.leaning is Verdict.CONTRADICTS:
        alike = in_order(claim, text) >= _ALIKE
        return missing[:1] if subject(claim) in missing and not alike else ()
    if judgement.leaning is not Verdict.SUPPORTS:
        return ()
    if names_other(claim, text, around):
        own = unnamed(claim, f"{first.source.title} {text}")
        return own if subject(claim) in own else missing
    sure = judgement.probabilities[judgement.leaning] >= _SURE
    return () if sure else unnamed(claim, _around(judgement, first))


def _around(judgement: Judgement, quote: Quote) -> str:
    """Return a quote's title and paragraph and what was read of its article."""
    read = (
        sentence.text
        for reading, _, _ in judgement.readings
        for sentence in reading.sentences
        if sentence.evidence.source.path == quote.source.path
    )
    return " ".join((quote.source.title, quote.paragraph, *read))


def _worth_reading(retrieval: Retrieval) -> list[Window]:
    """Return the windows that share the most of the claim's weight, as many as may be read."""
    weights = retrieval.weights

    def promise(window: Window) -> tuple[float, float]:
        evidence = window[0].evidence
        words = set(terms_of(" ".join(s.text for s in window), evidence.source.language))
        title = set(terms_of(evidence.source.title, evidence.source.language))
        shared = sum(weight for term, weight in weights.items() if term in words | title)
        return shared, evidence.score

    chosen: list[Window] = []
    left = _READ_WORDS
    for window in sorted(windows_of(sentences_of(retrieval)), key=promise, reverse=True):
        size = sum(len(sentence.text.split()) for sentence in window)
        if chosen and size > left:
            continue
        chosen.append(window)
        left -= size
    return chosen


def _stances(claim: str, judgement: Judgement) -> tuple[Stance, ...]:
    """Return the sentences that speak of the claim, one a window, copies left out."""
    stances: list[Stance] = []
    least_odds = {Verdict.PARTLY: _PARTLY_ODDS, Verdict.SILENT: _OTHER_ODDS}
    for reading, verdict, odds in judgement.readings:
        least = least_odds.get(judgement.leaning, _OTHER_ODDS)
        if verdict is judgement.leaning:
            least = _STANCE_ODDS
        sentence = telling(claim, reading)
        first = verdict is judgement.leaning and all(s.verdict is not verdict for s in stances)
        if not first and (
            odds < least
            or cover(claim, reading.sentences) < _STANCE_COVER
            or cover(claim, (sentence,), titled=False) < _SENTENCE_COVER
        ):
            continue
        if any(alike(sentence.text, stance.quote.text) for stance in stances):
            continue
        if len(stances) == _MOST_STANCES:
            break
        stances.append(_stance(claim, sentence, verdict, odds))
    if not stances and judgement.probabilities[Verdict.SILENT] < _SILENT_FROM:
        for reading, verdict, odds in judgement.readings[:1]:
            stances.append(_stance(claim, telling(claim, reading), verdict, odds))
    return tuple(stances)


def _stance(claim: str, sentence: Sentence, verdict: Verdict, odds: float) -> Stance:
    words = deciding(claim, sentence, verdict)
    probability = 1 / (1 + math.exp(-max(-30.0, min(odds, 30.0))))
    candidate = Candidate(
        evidence=sentence.evidence,
        span=sentence.span,
        probability=probability,
        covered=0.0,
        features={},
        words=words[0] if words else sentence.span,
    )
    return Stance(quoted(candidate), verdict, probability, words)


def _runs(snapshot: Snapshot, quotation: str, filters: Filters) -> Iterator[Run]:
    """Yield the unbroken texts around the paragraphs that share the most words with a quotation."""
    ids, _ = snapshot.search_lexical(snapshot.weights(quotation), _QUOTATION_DEPTH, filters)
    stored = snapshot.store.paragraphs([int(number) for number in ids])
    seen: set[tuple[str, int]] = set()
    wanted = [int(number) for number in ids][:_QUOTATION_RUNS]
    around = snapshot.store.around(wanted, 1)
    for number in wanted:
        if number not in stored:
            continue
        _, source = stored[number]
        for text in unbroken(around.get(number, ())):
            start = text[0]
            if (source.path, start) not in seen:
                seen.add((source.path, start))
                yield Run(source, start, text[1])


def unbroken(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, str]]:
    """Yield the texts of adjoining paragraphs of an article, each with its place."""
    start, text = 0, ""
    for paragraph in paragraphs:
        joined = paragraph.gap is not None and text
        expected = start + len(text) + len(paragraph.gap or "")
        if joined and expected == paragraph.span.start:
            text += (paragraph.gap or "") + paragraph.text
            continue
        if text:
            yield start, text
        start, text = paragraph.span.start, paragraph.text
    if text:
        yield start, text
