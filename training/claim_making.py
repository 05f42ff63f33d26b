"""Claims made from the rows of questions: statements, altered sentences, and what is not said.

- A **statement** of a question and its answer: its window supports it; with another answer of the
  same kind contradicts; without the answering sentence is silent.
- A sentence with another value, an opposite word, or "not" put in or taken out, beside its
  original: contradicts. Shortened: supports. Where its original is not: silent.
- A short claim of a sentence that **introduces** something ("… is a Danish actress"; `leads.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from training.claim_windows import CONTRADICTS, MOST_WORDS, QUIET, SUPPORTS, Judged
from training.leads import contradicted, lead_of, rephrased, supported
from training.rows import ANSWERS, SILENT, Corpus, Row
from training.statements import Verbs, statement
from training.swaps import Lexicon, opposites, other_details
from training.text import holds, normalise, words
from training.windows import Window, blurred, from_row, remove_answer

STATED = {
    **dict.fromkeys(("squad2", "squad1_cs224n", "squad1_flan", "squad2_train_part"), 1.0),
    **dict.fromkeys(("squad2_unansq", "squadshifts_wiki", "nq", "nq_qed", "bioasq"), 1.0),
    **dict.fromkeys(("timeqa", "covidqa", "quotesum", "quoref_contrast"), 0.6),
    **dict.fromkeys(("qamr", "squadshifts_reddit", "squadshifts_amazon", "fairytaleqa"), 0.2),
}
"""The sets whose questions become statements, and the share of their rows."""

SHARES = {"supports": 0.37, "contradicts": 0.37, "silent": 0.26}
REPHRASED = 0.7
"""So many altered or shortened sentences also have coarser dates, or figures in another form."""

LONG = 0.15
"""So many windows keep all their sentences; the others stay under ``MOST_WORDS`` words."""

_NOT = re.compile(r"\b(is|was|are|were|has|had|have|can|could|will|would|should|may|must|did)\b")
_NEGATED = re.compile(r"\b(?:not|never)\s+")
_CUT = re.compile(r"(?<=\w)[,;] ")


class ClaimMaker:
    """Makes claims from a corpus; what is held out is left out."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._rows = [row for number, row in enumerate(corpus.rows) if number not in corpus.held]
        sentences = [s for row in self._rows[::3] for s in row.sentences]
        self._verbs, self._lexicon = Verbs(sentences), Lexicon(sentences)
        self._answers: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for row in self._rows:
            if row.answer:
                self._answers[row.passage].append((_asks(row.question), row.answer))

    def statements(self, count: int, random: Random) -> Iterator[Judged]:
        """Yield at most so many statements of questions and answers, each with a window."""
        rows = [r for r in self._rows if r.answer and ANSWERS in r.labels and r.dataset in STATED]
        random.shuffle(rows)
        for row in rows:
            if random.random() > STATED[row.dataset]:
                continue
            (kind,) = random.choices(list(SHARES), weights=list(SHARES.values()))
            made = self._stated(row, kind, random)
            if made is not None:
                yield _trimmed(made, random)
                count -= 1
            if not count:
                return

    def brought(self, count: int, random: Random) -> Iterator[Judged]:
        """Yield statements beside what BM25 finds for their question without the answer: silent."""
        numbers = [n for n in self._corpus.mined if n not in self._corpus.held]
        random.shuffle(numbers)
        for number in numbers:
            row = self._corpus.rows[number]
            if STATED.get(row.dataset, 0.0) <= random.random() or not row.answer:
                continue
            claim = statement(row.question, row.answer, self._verbs)
            if claim:
                other = self._corpus.rows[random.choice(self._corpus.mined[number])]
                window = replace(from_row(other, "statement brought"), question=claim, answer=None)
                window = replace(window, labels=(SILENT,) * len(window.sentences))
                yield _trimmed(Judged(blurred(window, random), QUIET), random)
                count -= 1
            if not count:
                return

    def altered(self, count: int, random: Random) -> Iterator[Judged]:
        """Yield at most so many sentences of passages, altered or not, each with a window."""
        rows = [row for row in self._rows if len(row.sentences) > 1]
        random.shuffle(rows)
        seen: set[int] = set()
        for row in rows:
            place = random.randrange(len(row.sentences))
            if row.passage in seen or not 6 <= len(row.sentences[place].split()) <= 35:
                continue
            seen.add(row.passage)
            (kind,) = random.choices(list(SHARES), weights=list(SHARES.values()))
            made = self._changed(row, place, kind, random)
            if made is not None:
                yield _trimmed(made, random)
                count -= 1
            if not count:
                return

    def introduced(self, count: int, random: Random) -> Iterator[Judged]:
        """Yield at most so many short claims of sentences that introduce something."""
        leads = [
            (row, place, lead)
            for row in {row.passage: row for row in self._rows}.values()
            for place, sentence in enumerate(row.sentences)
            if (lead := lead_of(sentence))
        ]
        random.shuffle(leads)
        for row, place, lead in (leads * 12)[:count]:
            (kind,) = random.choices(list(SHARES), weights=list(SHARES.values()))
            _, _, other = random.choice(leads)
            claim = supported(lead, random)
            if kind == "contradicts":
                claim = contradicted(lead, other, random)
            labels = [ANSWERS if n == place else SILENT for n in range(len(row.sentences))]
            sentences = list(row.sentences)
            if kind == "silent":
                del sentences[place], labels[place]
            if not claim or not sentences:
                continue
            window = Window(
                row.dataset,
                f"introduced {kind}",
                row.title,
                claim,
                tuple(sentences),
                tuple(labels),
                None,
            )
            verdict = {"supports": SUPPORTS, "contradicts": CONTRADICTS}.get(kind, QUIET)
            yield _trimmed(Judged(blurred(window, random), verdict), random)

    def _stated(self, row: Row, kind: str, random: Random) -> Judged | None:
        answer = row.answer or ""
        window: Window | None = from_row(row, f"statement {kind}")
        assert window is not None
        if kind == "contradicts":
            answer = self._other_answer(row, random)
        elif kind == "silent":
            window = remove_answer(window)
        claim = statement(row.question, answer, self._verbs) if answer else ""
        if window is None or not claim:
            return None
        window = blurred(replace(window, question=claim, answer=None), random)
        return Judged(window, {"supports": SUPPORTS, "contradicts": CONTRADICTS}.get(kind, QUIET))

    def _other_answer(self, row: Row, random: Random) -> str:
        """Return an answer of the same kind that is not the row's, or ""."""
        answer = row.answer or ""
        asks = _asks(row.question)
        near = [
            other
            for kind, other in self._answers[row.passage]
            if kind == asks and not _overlap(other, answer) and not holds(row.question, other)
        ]
        places = (row.sentences,)
        values = other_details(answer, "", places, self._lexicon, random)
        fitting = [*near, *values]
        return random.choice(fitting) if fitting else ""

    def _changed(self, row: Row, place: int, kind: str, random: Random) -> Judged | None:
        sentence = row.sentences[place]
        others = [s for s in row.sentences if s != sentence]
        labels = [ANSWERS if s == sentence else SILENT for s in row.sentences]
        claim, sentences = sentence, list(row.sentences)
        if kind == "contradicts":
            claim = against(sentence, others, self._lexicon, random)
            if random.random() < REPHRASED and _NEGATED.search(claim) is None:
                # So that it is the change that tells, and not that something was changed.
                claim = rephrased(claim, random)
        elif kind == "supports":
            claim = shortened(sentence, random)
            if random.random() < REPHRASED:
                claim = rephrased(claim, random)
        else:
            sentences, labels = others, [SILENT] * len(others)
        if not claim or not sentences:
            return None
        window = Window(
            row.dataset, f"altered {kind}", row.title, claim, tuple(sentences), tuple(labels), None
        )
        verdict = {"supports": SUPPORTS, "contradicts": CONTRADICTS}.get(kind, QUIET)
        return Judged(blurred(window, random), verdict)


def _asks(question: str) -> str:
    """Return what a question asks for, in its first words."""
    cut = words(question)
    return " ".join(cut[:2]) if cut[:1] in (["how"], ["what"], ["which"]) else " ".join(cut[:1])


def _overlap(left: str, right: str) -> bool:
    return bool(set(words(left)) & set(words(right)))


def _negated(sentence: str, random: Random) -> str:
    """Return the sentence with a "not" more or less, or ""."""
    if _NEGATED.search(sentence):
        return _NEGATED.sub("", sentence, count=1)
    found = [m for m in _NOT.finditer(sentence) if m.end() < len(sentence)]
    if not found:
        return ""
    place = random.choice(found[:2]).end()
    return f"{sentence[:place]} {random.choice(('not', 'not', 'never'))}{sentence[place:]}"


def against(sentence: str, others: list[str], lexicon: Lexicon, random: Random) -> str:
    """Return a sentence with one thing changed that it excludes, or "".

    ``others`` are sentences near by, from which other values and names are taken.
    """
    made = other_details(sentence, "", (others,), lexicon, random)
    made += [text for text in opposites(sentence, "") if normalise(text) != normalise(sentence)]
    negated = _negated(sentence, random)
    if negated and (not made or random.random() < 0.3):
        return negated
    return random.choice(made) if made else ""


def shortened(sentence: str, random: Random) -> str:
    """Return the sentence, or its first clause, or what stands between its commas left out."""
    parts = _CUT.split(sentence)
    if len(parts) > 2 and len(parts[0].split()) >= 2 and random.random() < 0.4:
        return f"{parts[0]} {' '.join(parts[2:])}"
    if len(parts) > 1 and len(parts[0].split()) >= 5 and random.random() < 0.7:
        return parts[0].rstrip(".") + "."
    return sentence


def _trimmed(judged: Judged, random: Random) -> Judged:
    """Return a window of at most ``MOST_WORDS`` words around what decides."""
    window = judged.window
    if random.random() < LONG:
        return judged
    sizes = [len(s.split()) for s in window.sentences]
    decides = [place for place, label in enumerate(window.labels) if label == ANSWERS]
    first = random.choice(decides) if decides else random.randrange(len(sizes))
    last, left = first + 1, random.randint(20, MOST_WORDS) - sizes[first]
    while last < len(sizes) or first:
        after = last < len(sizes) and (not first or random.random() < 0.5)
        left -= sizes[last] if after else sizes[first - 1]
        if left < 0:
            break
        first, last = (first, last + 1) if after else (first - 1, last)
    part = slice(first, last)
    cut = replace(window, sentences=window.sentences[part], labels=window.labels[part])
    return replace(judged, window=cut)
