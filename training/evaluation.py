"""Figures on question sets the reader was never trained on.

`python -m training.evaluation --reader reader.onnx --tokenizer tokenizer.json SET …`, where a set
is a folder with `questions.jsonl` and `sources/`. It measures the reader alone, without the
retriever and the calibration of the product:

- gold: the best sentence of the windows of the articles that hold the answer holds it;
- open: the same over the windows of the READ paragraphs that BM25 finds in all the set;
- auroc: the best sentence logit of `open`, answerable against to be refused.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from training.encode import Encoder
from training.metrics import auroc, mean
from training.mining import bm25_weights
from training.scoring import Run, onnx_run, score
from training.text import holds
from training.windows import Window

READ = 12
WINDOW_WORDS = 110
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Sr|Jr|vs|No|Prof|Gen|Lt|Col|Sen|Rep|c)\.)$"
)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the texts any of which must stand in the quote, and the files that hold it."""

    text: str
    answers: tuple[str, ...]
    sources: tuple[str, ...]


def sentences(paragraph: str) -> list[str]:
    """Split a paragraph after full stops, but not after initials and common abbreviations."""
    parts: list[str] = []
    for part in _END.split(paragraph.strip()):
        if parts and _ABBREVIATION.search(parts[-1]):
            parts[-1] += f" {part}"
        elif part:
            parts.append(part)
    return parts


def article_windows(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the sentences of an article, neighbouring paragraphs merged up to WINDOW_WORDS."""
    merged: list[str] = []
    for paragraph in re.split(r"\n+", _FRONT_MATTER.sub("", text)):
        for sentence in sentences(paragraph):
            if merged and len(" ".join([*merged, sentence]).split()) > WINDOW_WORDS:
                yield tuple(merged)
                merged = []
            merged.append(sentence)
    if merged:
        yield tuple(merged)


def evaluate(folder: Path, run: Run, encoder: Encoder) -> dict[str, float]:
    """Return the figures of one set, as described at the top of this module."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [
        Question(record["question"], tuple(record["answers"]), tuple(record["sources"]))
        for record in map(json.loads, lines)
    ]
    owners: list[str] = []
    windows: list[tuple[str, ...]] = []
    for path in sorted((folder / "sources").iterdir()):
        for window in article_windows(path.read_text(encoding="utf-8")):
            owners.append(path.name)
            windows.append(window)
    vectorizer = CountVectorizer(stop_words="english", dtype=np.float32)
    weights = bm25_weights(vectorizer.fit_transform([" ".join(window) for window in windows]))
    asked = vectorizer.transform([question.text for question in questions])
    ranks = np.argsort(-(asked @ weights.T).toarray(), axis=1, kind="stable")
    gold_hits: list[float] = []
    open_hits: list[float] = []
    known: list[float] = []
    refused: list[float] = []
    for question, ranked in zip(questions, ranks, strict=True):
        quote, best = _best(question, [windows[place] for place in ranked[:READ]], run, encoder)
        (known if question.answers else refused).append(best)
        if question.answers:
            open_hits.append(_right(question, quote))
            own = [w for w, owner in zip(windows, owners, strict=True) if owner in question.sources]
            gold_hits.append(_right(question, _best(question, own, run, encoder)[0]))
    return {
        "questions": len(questions),
        "gold": round(mean(gold_hits), 4),
        "open": round(mean(open_hits), 4),
        "auroc": round(auroc(known, refused), 4),
    }


def _best(
    question: Question, windows: list[tuple[str, ...]], run: Run, encoder: Encoder
) -> tuple[str, float]:
    """Return the sentence with the highest logit in the windows, and that logit."""
    asked = [Window("", "", question.text, window, (0,) * len(window), None) for window in windows]
    quote, best = "", -np.inf
    for window, scored in zip(windows, score(run, encoder, asked), strict=True):
        place = int(scored.sentences.argmax())
        if scored.sentences[place] > best:
            quote, best = window[place], float(scored.sentences[place])
    return quote, best


def _right(question: Question, quote: str) -> float:
    return float(any(answer == "*" or holds(quote, answer) for answer in question.answers))


def main() -> None:
    """Read the command line and print one line of figures for each set."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluation", description=__doc__)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("sets", type=Path, nargs="+")
    arguments = parser.parse_args()
    run, encoder = onnx_run(arguments.reader, arguments.threads), Encoder(arguments.tokenizer)
    for folder in arguments.sets:
        print(json.dumps({"set": folder.name, **evaluate(folder, run, encoder)}), flush=True)


if __name__ == "__main__":
    main()
