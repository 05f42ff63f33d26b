"""Time of one question: `python -m training.latency --reader reader.onnx`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from training.encode import Batch
from training.scoring import onnx_run

WINDOWS, TOKENS, SENTENCES = 8, 180, 6
REPEATS = 40


def sample_batch() -> Batch:
    """Return WINDOWS windows of TOKENS tokens, all different, without padding."""
    shape = (WINDOWS, TOKENS)
    mask = np.zeros((WINDOWS, SENTENCES, TOKENS), np.float32)
    for place in range(SENTENCES):
        mask[:, place, 15 + 27 * place : 42 + 27 * place] = 1
    ids = np.random.default_rng(0).integers(1000, 30000, shape)
    labels = np.zeros((WINDOWS, SENTENCES), np.float32)
    spans = np.zeros((WINDOWS, 2), np.int64)
    return Batch(ids, np.ones(shape, np.int64), np.zeros(shape, np.int64), mask, labels, spans)


def main() -> None:
    """Print the median and the 95th percentile in milliseconds."""
    parser = argparse.ArgumentParser(prog="python -m training.latency", description=__doc__)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    run, batch = onnx_run(arguments.reader, arguments.threads), sample_batch()
    run(batch)
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        run(batch)
        times.append(1000 * (time.perf_counter() - began))
    p50, p95 = np.percentile(times, [50, 95])
    print(f"{WINDOWS} windows of {TOKENS} tokens: p50 {p50:.0f} ms, p95 {p95:.0f} ms")


if __name__ == "__main__":
    main()
