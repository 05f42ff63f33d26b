"""Figures of a reader alone, on the held-out passages.

    python -m training.figures --data DATA --weights runs/reader/weights.safetensors
    python -m training.figures --data DATA --exported src/sourcebot/answering/weights/judge

sentence: share of answerable windows whose best sentence answers. natural, removed, swapped: AUROC
of the best sentence's logit, answerable windows against those unanswerable as the set has them,
with the answer taken out, and with a changed question. How good the answers of the whole program
are, `benchmarks/quality.py` measures.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime
import torch
from sklearn.metrics import roc_auc_score

from training.bases import minilm
from training.encode import Batch, Encoder, Floats, collate
from training.model import Reader
from training.rows import UNKNOWN, Corpus, read_corpus
from training.windows import Maker, Window, from_row, remove_answer

BATCH = 16
SEED = 20
AGAINST = ("natural", "removed", "swapped")

Scores = Callable[[Batch], Floats]
"""What gives the sentence logits of a batch, float32 [B, S]."""


def dev_windows(corpus: Corpus, most: int) -> list[Window]:
    """Return held-out rows as they are, and near-misses made from the answerable ones."""
    maker, windows = Maker(corpus), []
    numbers = sorted(corpus.held)
    for number in Random(SEED).sample(numbers, min(most, len(numbers))):
        row = corpus.rows[number]
        random = Random(f"{SEED}/{number}")
        if row.answerable:
            window = from_row(row, "answerable")
            made = (window, remove_answer(window), maker.swapped(window, number, random))
            kinds = ("answerable", "removed", "swapped")
            windows += [(kind, each) for kind, each in zip(kinds, made, strict=True) if each]
        elif UNKNOWN not in row.labels:
            windows.append(("natural", from_row(row, "natural")))
    return [replace(window, kind=kind) for kind, window in windows]


def torch_scores(model: Reader, device: str) -> Scores:
    """Return a function that scores with a model."""

    def scores(batch: Batch) -> Floats:
        with torch.inference_mode():
            found: Floats = model(*batch.tensors(device))[0].float().cpu().numpy()
        return found

    return scores


def exported_scores(folder: Path) -> Scores:
    """Return a function that scores with an exported reader or judge."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    path = next(folder.glob("*.onnx"))
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def scores(batch: Batch) -> Floats:
        inputs = {
            "input_ids": batch.input_ids,
            "attention_mask": batch.attention_mask,
            "token_type_ids": batch.token_type_ids,
            "sentence_mask": batch.sentence_mask,
        }
        found: Floats = session.run(["sentence_logits"], inputs)[0]
        return found

    return scores


def measure(
    scores: Scores, corpus: Corpus, *, most: int = 10_000, batch: int = BATCH
) -> dict[str, dict[str, float]]:
    """Return figures by set, and under `all` over all windows, as said above."""
    encoder = Encoder(minilm() / "tokenizer.json")
    windows = dev_windows(corpus, most)
    examples = [encoder.example(window) for window in windows]
    order = sorted(range(len(examples)), key=lambda place: len(examples[place].ids))
    best: dict[tuple[str, str], list[float]] = defaultdict(list)
    right: dict[str, list[bool]] = defaultdict(list)
    for first in range(0, len(order), batch):
        part = order[first : first + batch]
        logits = scores(collate([examples[place] for place in part]))
        for line, place in zip(logits, part, strict=True):
            window, labels = windows[place], examples[place].labels
            own = line[: len(labels)]
            for name in (window.dataset, "all"):
                best[name, window.kind].append(float(own.max()))
                if window.kind == "answerable":
                    right[name].append(labels[int(own.argmax())] != 0)
    return {
        name: {
            "windows": len(right[name]),
            "sentence": round(float(np.mean(right[name])), 4),
            **{
                kind: _auroc(best[name, "answerable"], best[name, kind])
                for kind in AGAINST
                if best[name, kind]
            },
        }
        for name in sorted(right)
    }


def _auroc(high: list[float], low: list[float]) -> float:
    truth = [1] * len(high) + [0] * len(low)
    return round(float(roc_auc_score(truth, [*high, *low])), 4)


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m training.figures")
    parser.add_argument("--data", type=Path, required=True, help="what training.data wrote")
    parser.add_argument("--weights", type=Path, help="of training.train")
    parser.add_argument("--exported", type=Path, help="folder of training.export")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--most", type=int, default=10_000, help="held-out rows at most")
    options = parser.parse_args()
    corpus = read_corpus(options.data)
    if options.exported:
        # Alone: int8 scales over the whole batch.
        scores = exported_scores(options.exported)
        figures = measure(scores, corpus, most=options.most, batch=1)
    elif options.weights:
        model = Reader.read(options.weights).to(options.device).eval()
        figures = measure(torch_scores(model, options.device), corpus, most=options.most)
    else:
        parser.error("give --weights or --exported")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
