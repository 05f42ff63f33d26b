"""Questions with known answers -> how good the replies are."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import statistics
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcebot.checks.calibration import Bin, bins_of, expected_error
from sourcebot.checks.counts import by_kind, by_language
from sourcebot.errors import EvaluationError
from sourcebot.text.lengths import is_unspaced
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from sourcebot.answering.service import Service
    from sourcebot.config.settings import Config
    from sourcebot.types import Quote, Retrieval

ANY = "*"
"""An answer that accepts any quote: the question is answerable, the text not known."""

RECALL_AT = (1, 5, 10)
_KEYS = ("question", "answers", "sources", "kind")
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a question file; no answers means that the question must be refused.

    ``kind`` is what the file calls this kind of question, or "".
    """

    question: str
    answers: tuple[str, ...]
    sources: tuple[str, ...]
    kind: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.answers)

    def accepts(self, text: str) -> bool:
        """Return whether an accepted answer stands in ``text``, by case- and mark-free words.

        In scripts without spaces there are no words to keep to: it may stand anywhere.
        """
        words = f" {normalized(text)} "
        tight = words.replace(" ", "")
        return any(
            answer == ANY
            or f" {normalized(answer)} " in words
            or (is_unspaced(answer) and normalized(answer).replace(" ", "") in tight)
            for answer in self.answers
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; ``quotes`` are those of the answer, or the nearest ones.

    ``rank`` is the 1-based rank of the first paragraph from a right article, 0 if none;
    ``seconds`` is how long the question took. ``language`` is the question's, as an ISO 639 code,
    and where a right article is in another one both, as "de about en"; "" where all is English.
    """

    case: Case
    answered: bool
    confidence: float
    quotes: tuple[Quote, ...]
    rank: int
    seconds: float
    language: str = ""

    @property
    def right(self) -> bool:
        """Whether an accepted answer stands in the first quote."""
        return bool(self.quotes) and self.case.accepts(self.quotes[0].text)


def normalized(text: str) -> str:
    """Return text without case and punctuation, words parted by single spaces."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", text.casefold()).split())


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a JSON Lines file.

    Raises:
        EvaluationError: when the file or a line of it cannot be used.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise EvaluationError(f"{path} is larger than 64 MB")
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise EvaluationError(f"{path} cannot be read: {reason}") from error
    cases = tuple(_case(path, n, line) for n, line in enumerate(lines, 1) if line.strip())
    if not cases:
        raise EvaluationError(f"{path} holds no questions")
    return cases


def _case(path: Path, number: int, line: str) -> Case:
    hint = 'write {"question": "…", "answers": ["…"], "sources": ["…"]} on each line'
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"line {number} of {path} is not JSON", hint) from error
    question = data.get("question") if isinstance(data, dict) else None
    if not isinstance(question, str) or not question.strip():
        raise EvaluationError(f'line {number} of {path} has no "question"', hint)
    if unknown := [key for key in data if key not in _KEYS]:
        close = difflib.get_close_matches(unknown[0], _KEYS, n=1)
        raise EvaluationError(
            f'line {number} of {path} has an unknown key "{unknown[0]}"; valid: {", ".join(_KEYS)}',
            f'did you mean "{close[0]}"?' if close else hint,
        )
    kind = data.get("kind", "")
    if not isinstance(kind, str):
        raise EvaluationError(f'"kind" in line {number} of {path} is not a text', hint)
    lists = {}
    for key in ("answers", "sources"):
        values = data.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise EvaluationError(
                f'"{key}" in line {number} of {path} is not a list of texts', hint
            )
        lists[key] = tuple(values)
    for answer in lists["answers"]:
        if answer != ANY and not normalized(answer):
            raise EvaluationError(f"line {number} of {path} has an answer without words", hint)
    return Case(question, lists["answers"], lists["sources"], kind)


def evaluate(
    service: Service, cases: Sequence[Case], progress: Callable[[str, int, int], None]
) -> list[Outcome]:
    """Ask every question and return what became of it."""
    outcomes = []
    for done, case in enumerate(cases):
        progress("Asking", done, len(cases))
        started = time.perf_counter()
        reply, retrieval = service.ask_with_evidence(case.question)
        seconds = time.perf_counter() - started
        quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
        outcomes.append(
            Outcome(
                case,
                isinstance(reply, Answer),
                reply.confidence,
                quotes,
                _rank(retrieval, case),
                seconds,
                _language(retrieval, case),
            )
        )
    progress("Asking", len(cases), len(cases))
    return outcomes


def _rank(retrieval: Retrieval, case: Case) -> int:
    for rank, evidence in enumerate(retrieval.evidence, start=1):
        if evidence.source.path in case.sources:
            return rank
    return 0


def _language(retrieval: Retrieval, case: Case) -> str:
    right = (e for e in retrieval.evidence if e.source.path in case.sources)
    foreign = next((e.source.language for e in right if e.source.foreign), "")
    return f"{retrieval.language} about {foreign}" if foreign else retrieval.language


def measures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of a run by name; None where there is nothing to measure.

    ``hit@1`` looks at the best quote whether it was shown as an answer or, in a refusal, as
    the nearest; ``answered_right`` counts only answers.
    """
    asked = [o for o in outcomes if o.case.answerable]
    others = [o for o in outcomes if not o.case.answerable]
    located = [o for o in asked if o.case.sources]
    lengths = [len(o.quotes[0].text) for o in outcomes if o.answered]
    times = sorted(1000 * o.seconds for o in outcomes)
    return {
        "questions": len(outcomes),
        "answerable": len(asked),
        "hit@1": _share(o.right for o in asked),
        "hit@3": _share(any(o.case.accepts(q.text) for q in o.quotes[:3]) for o in asked),
        "answered_right": _share(o.right and o.answered for o in asked),
        "source@1": _share(
            bool(o.quotes) and o.quotes[0].source.path in o.case.sources for o in located
        ),
        **{f"recall@{k}": _share(0 < o.rank <= k for o in located) for k in RECALL_AT},
        "auroc": auroc([o.confidence for o in asked], [o.confidence for o in others]),
        "refused_answerable": _share(not o.answered for o in asked),
        "refused_unanswerable": _share(not o.answered for o in others),
        "wrong_among_answered": _share(not o.right for o in outcomes if o.answered),
        "calibration_error": round(expected_error(bins(outcomes)), 4),
        "mean_quote_length": round(statistics.mean(lengths), 1) if lengths else None,
        "latency_p50_ms": round(times[len(times) // 2], 1),
        "latency_p95_ms": round(times[int(0.95 * (len(times) - 1))], 1),
    }


def bins(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    """Return the questions by tenths of confidence, with the share of right first quotes."""
    confidence = np.array([outcome.confidence for outcome in outcomes])
    return bins_of(confidence, np.array([outcome.right for outcome in outcomes]))


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the probability that a random positive scores above a random negative."""
    if not positive or not negative:
        return None
    high, low = np.array(positive)[:, np.newaxis], np.array(negative)
    return round(float((high > low).mean() + (high == low).mean() / 2), 4)


def suggest_threshold(outcomes: Sequence[Outcome], rate: float) -> float | None:
    """Return the lowest threshold with at most ``rate`` wrong among the answers, or None.

    An answer is wrong when its first quote holds no accepted answer, or when the question
    should have been refused.
    """
    ordered = sorted(outcomes, key=lambda o: -o.confidence)
    best = None
    wrong = 0
    for count, outcome in enumerate(ordered, start=1):
        wrong += not outcome.right
        following = ordered[count].confidence if count < len(ordered) else 0.0
        if wrong <= rate * count and following < outcome.confidence:
            best = (outcome.confidence + following) / 2
    return None if best is None else min(0.999, max(0.001, round(best, 3)))


def worst(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """Return the surest mistakes: wrong answers first, then refusals of answerable questions."""
    wrong = [o for o in outcomes if o.answered and not o.right]
    refused = [o for o in outcomes if not o.answered and o.case.answerable]
    wrong.sort(key=lambda o: -o.confidence)
    refused.sort(key=lambda o: o.confidence)
    return [*wrong, *refused][:count]


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None


def apart(config: Config, sources: Path) -> Config:
    """Return the settings for an index of other sources, kept apart from the user's.

    All else is as the project has it; only the embedded engine keeps such an index.
    """
    folder = sources.resolve()
    key = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    place = str(config.index_folder.resolve() / "eval" / key)
    return replace(
        config,
        sources=replace(config.sources, folder=str(folder)),
        index=replace(config.index, folder=place, engine="embedded"),
    )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What asking questions with known answers gave; ``config`` is the project's."""

    config: Config
    outcomes: tuple[Outcome, ...]

    def measures(self) -> dict[str, Any]:
        """Return the figures by name, as the function ``measures`` does, and the threshold."""
        return {**measures(self.outcomes), "threshold": self.config.answer.threshold}

    def details(self) -> dict[str, Any]:
        """Return what is behind the figures: counts by kind and language, and the confidences."""
        tenths = [asdict(tenth) for tenth in bins(self.outcomes)]
        return {
            "kinds": by_kind(self.outcomes),
            "languages": self.languages(),
            "calibration": tenths,
        }

    def languages(self) -> dict[str, dict[str, int]]:
        """Return for each language how many questions there are, answered rightly, refused."""
        return by_language(self.outcomes)

    def suggest_threshold(self, rate: float) -> float | None:
        """Return the lowest threshold with at most ``rate`` wrong among the answers, or None."""
        return suggest_threshold(self.outcomes, rate)

    def worst(self, count: int) -> list[Outcome]:
        """Return the surest mistakes, at most ``count``."""
        return worst(self.outcomes, count)

    def plot(self, path: Path) -> None:
        """Draw risk against coverage, and how well the confidence is calibrated.

        Raises:
            EvaluationError: when matplotlib is missing or the file cannot be written.
        """
        from sourcebot.checks.calibration import plot

        plot(self.outcomes, path)

    def write_threshold(self, threshold: float) -> Path:
        """Set the threshold in the project's config.toml, and return that file.

        Raises:
            ConfigError: when the file cannot be read or written.
        """
        from sourcebot.checks.calibration import write_threshold
        from sourcebot.config.settings import CONFIG_NAME

        write_threshold(self.config.project, threshold)
        return self.config.project / CONFIG_NAME
