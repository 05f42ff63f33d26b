"""Figures on the held-out passages: the right sentence, the refusals, the answering words."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from training.context import Corpus
from training.encode import NO_SPAN, Encoder
from training.metrics import auroc, mean, token_f1
from training.rows import ANSWERS
from training.scoring import Run, Scored, score
from training.swaps import Lexicon, swap_detail
from training.text import normalise
from training.windows import Window, from_row, join_near, remove_answer

DEV_SEED = 20
QAMR_SHARE = 0.3  # its many short questions would outweigh the other sets

Figures = dict[str, dict[str, float]]


def dev_windows(corpus: Corpus) -> list[Window]:
    """Return the held-out rows as they are, and near-misses made from the answerable ones."""
    lexicon = Lexicon(sentence for row in corpus.rows for sentence in row.sentences)
    windows: list[Window] = []
    for number, row in enumerate(corpus.rows):
        windows.append(from_row(row, "answerable" if row.answerable else "natural"))
        random = Random(f"{DEV_SEED}/{number}")
        if not row.answerable or (row.dataset == "qamr" and random.random() < 1 - QAMR_SHARE):
            continue
        removed = remove_answer(join_near(windows[-1], corpus, number, random))
        near = corpus.near_sentences(number)
        swapped = swap_detail(windows[-1], near, lexicon, random)
        windows.extend(made for made in (removed, swapped) if made is not None)
    return windows


def measure(run: Run, encoder: Encoder, windows: list[Window], threads: int) -> Figures:
    """Return figures by data set, and under `all` over all windows.

    sentence: share of answerable windows whose best sentence answers. natural, removed,
    swapped: AUROC of the best sentence logit, answerable windows against those. none: AUROC of
    best sentence logit minus none logit against all three. span, f1: the best span in the right
    sentence equals the answer's text, or its word overlap.
    """
    pairs = list(zip(windows, score(run, encoder, windows, threads), strict=True))
    datasets = sorted({window.dataset for window in windows})
    figures = {
        name: _figures([pair for pair in pairs if pair[0].dataset == name], encoder)
        for name in datasets
    }
    figures["all"] = _figures(pairs, encoder)
    return figures


def _figures(pairs: Sequence[tuple[Window, Scored]], encoder: Encoder) -> dict[str, float]:
    kinds = ("answerable", "natural", "removed", "swapped")
    best: dict[str, list[float]] = {kind: [] for kind in kinds}
    margin: dict[bool, list[float]] = {True: [], False: []}
    right, exact, overlap = [], [], []
    for window, scored in pairs:
        top = float(scored.sentences.max())
        best[window.kind].append(top)
        margin[window.kind == "answerable"].append(top - scored.none)
        if window.kind != "answerable":
            continue
        labels = scored.example.labels
        right.append(float(labels[int(scored.sentences.argmax())] == ANSWERS))
        if scored.example.span[0] != NO_SPAN and window.answer:
            first, last = scored.span(labels.index(ANSWERS))
            found = encoder.decode(scored.example.ids[first : last + 1])
            first, last = scored.example.span
            wanted = encoder.decode(scored.example.ids[first : last + 1])
            exact.append(float(normalise(found) == normalise(wanted)))
            overlap.append(token_f1(found, wanted))
    return {
        "windows": len(pairs),
        "sentence": mean(right),
        "natural": auroc(best["answerable"], best["natural"]),
        "removed": auroc(best["answerable"], best["removed"]),
        "swapped": auroc(best["answerable"], best["swapped"]),
        "none": auroc(margin[True], margin[False]),
        "span": mean(exact),
        "f1": mean(overlap),
    }
