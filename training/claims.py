"""Train and export the model of claims, bounded by the clock.

    python -m training.claims --claims SETS --data DATA --start runs/reader/weights.safetensors \
        --out runs/claims --minutes 90

SETS holds the files of `claim_windows.SETS`, DATA what `training.data` wrote. It starts from the
small reader, or goes on from a model of claims. A run that was stopped goes on with the same
command. `claims.onnx` and `digests.json` of the folder belong into the package;
`training.claim_stages` then fits the probabilities.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from torch.nn import functional

from training.bases import minilm
from training.claim_making import ClaimMaker
from training.claim_model import ClaimReader, of_window
from training.claim_windows import Judged, of_sets
from training.digests import write_digests
from training.encode import Batch, Encoder, Example, collate
from training.export import CLAIM_OUTPUTS, export_float, quantise
from training.rows import read_corpus
from training.train import SAVE_SECONDS, SHOW_EVERY, WEIGHTS, Recipe, Run, log, make_run, rate

SEED = 3
RECIPE = Recipe(rate=6e-5, head_rate=1.2e-4, batch=0, dropout=0.0, decay=0.998)
BATCH_TOKENS, SORTED_TOGETHER = 3000, 400
SMOOTHING, SENTENCE_SHARE = 0.05, 0.3
STATEMENTS, BROUGHT, ALTERED = 9_000, 3_000, 6_500
WEIGHT = {"factcheckgpt": 1.6, "scifact": 2.0, "cadnli": 0.7, "snlidev": 0.6}
"""How often a window of a set is drawn in one pass; other sets once."""

Sample = tuple[Example, tuple[float, float, float]]


def made(claims: Path, data: Path, random: Random) -> list[Judged]:
    """Return all windows to learn from."""
    maker = ClaimMaker(read_corpus(data))
    return [
        *of_sets(claims, random),
        *maker.statements(STATEMENTS, random),
        *maker.brought(BROUGHT, random),
        *maker.altered(ALTERED, random),
    ]


def batches(judged: Sequence[Judged], encoder: Encoder, random: Random) -> Iterator[list[Sample]]:
    """Yield batches of windows of about one length, without end."""
    while True:
        drawn = [
            each
            for each in judged
            for _ in range(int(WEIGHT.get(each.window.dataset, 1.0) + random.random()))
        ]
        random.shuffle(drawn)
        for first in range(0, len(drawn), SORTED_TOGETHER):
            part = drawn[first : first + SORTED_TOGETHER]
            samples = [(encoder.example(each.window), each.verdict) for each in part]
            samples = [sample for sample in samples if sample[0].bounds]
            groups: list[list[Sample]] = [[]]
            for sample in sorted(samples, key=lambda each: len(each[0].ids)):
                if groups[-1] and (len(groups[-1]) + 1) * len(sample[0].ids) > BATCH_TOKENS:
                    groups.append([])
                groups[-1].append(sample)
            random.shuffle(groups)
            yield from groups


def loss_of(model: ClaimReader, batch: Batch, verdicts: Tensor, device: str) -> Tensor:
    """Return the loss of the verdicts, and of the sentences whose part in it is known."""
    labels = torch.from_numpy(batch.labels).to(device)
    with torch.autocast(device, torch.bfloat16):
        scores, found = model(*batch.tensors(device))
    wanted = verdicts.to(device) * (1 - SMOOTHING) + SMOOTHING / 3
    told = -(wanted * functional.log_softmax(of_window(scores, found), -1)).sum(-1).mean()
    known = (labels >= 0).float()
    each = functional.binary_cross_entropy_with_logits(
        scores.clamp(min=-50), labels.clamp(min=0), reduction="none"
    )
    return told + SENTENCE_SHARE * (each * known).sum() / known.sum().clamp(min=1)


def train(run: Run, judged: Sequence[Judged], options: argparse.Namespace) -> None:
    """Train until the time is over."""
    encoder = Encoder(minilm() / "tokenizer.json")
    limit = 60 * options.minutes
    began, saved = time.monotonic() - run.seconds, time.monotonic()
    trained = [p for group in run.optimizer.param_groups for p in group["params"]]
    for samples in batches(judged, encoder, Random(SEED + run.steps)):
        if run.seconds >= limit:
            break
        for group in run.optimizer.param_groups:
            group["lr"] = group["peak"] * rate(run.seconds / limit)
        batch = collate([example for example, _ in samples])
        verdicts = torch.tensor([verdict for _, verdict in samples])
        loss = loss_of(run.model, batch, verdicts, options.device)
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        run.optimizer.step()
        run.average.update(run.model)
        run.steps += 1
        run.seconds = time.monotonic() - began
        if run.steps % SHOW_EVERY == 0:
            told = {"step": run.steps, "loss": round(float(loss.detach()), 4)}
            log(options.out, {"seconds": round(run.seconds), **told})
        if time.monotonic() - saved > SAVE_SECONDS:
            run.save(options.out)
            saved = time.monotonic()
    run.save(options.out)


def export_claims(model: ClaimReader, out: Path) -> None:
    """Write `claims.onnx` and `digests.json`."""
    with tempfile.TemporaryDirectory(dir=out) as folder:
        floats, ints = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        export_float(model, floats, CLAIM_OUTPUTS)
        quantise(floats, ints)
        ints.replace(out / "claims.onnx")
    write_digests(out, ["claims.onnx"])


def main() -> None:
    """Read the command line, train and export."""
    parser = argparse.ArgumentParser(prog="python -m training.claims")
    parser.add_argument("--claims", type=Path, required=True, help="folder of sets of claims")
    parser.add_argument("--data", type=Path, required=True, help="what training.data wrote")
    parser.add_argument("--start", type=Path, required=True, help="weights of the small reader")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--minutes", type=float, default=90.0, help="time for training")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    model = ClaimReader.of_reader(options.start)
    model.encoder.embeddings.requires_grad_(requires_grad=False)
    run = make_run(model, RECIPE, options.device)
    run.resume(options.out)
    train(run, made(options.claims, options.data, Random(SEED)), options)
    run.model.load_state_dict(run.average.weights, strict=False)
    run.model.cpu().eval().write(options.out / WEIGHTS)
    export_claims(model, options.out)


if __name__ == "__main__":
    main()
