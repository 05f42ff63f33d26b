"""Train and export the model of claims, bounded by the clock.

    python -m training.claims --claims SETS --data DATA --judge runs/teacher/weights.safetensors \
        --out runs/claims --minutes 60

SETS holds the files of `claim_windows.SETS`, DATA what `training.data` wrote. It starts from the
judge's upper layers; `--start WEIGHTS` goes on from a model of claims. A run that was stopped goes
on with the same command. `claims.onnx` and `digests.json` of the folder belong into the package;
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
from torch import Tensor, nn
from torch.nn import functional

from sourcebot.answering.window_model import HIDDEN
from training.bases import minilm
from training.claim_making import ClaimMaker
from training.claim_model import ClaimReader, of_window
from training.claim_windows import Judged, of_sets
from training.digests import write_digests
from training.encode import Batch, Encoder, Example, collate
from training.export import OPSET, WATCHED, quantise
from training.model import Reader
from training.rows import read_corpus
from training.smoothing import smooth
from training.train import SAVE_SECONDS, SHOW_EVERY, WEIGHTS, Recipe, Run, log, make_run, rate

SEED = 3
RECIPE = Recipe(rate=7e-5, head_rate=2.8e-4, batch=0, dropout=0.1, decay=0.995)
BATCH_TOKENS, SORTED_TOGETHER = 3600, 600
SMOOTHING, SENTENCE_SHARE = 0.05, 0.3
STATEMENTS, BROUGHT, ALTERED, INTRODUCED = 12_000, 4_000, 16_000, 6_000
WEIGHT = {"factcheckgpt": 1.6, "scifact": 2.0, "cadnli": 0.8, "snlidev": 0.7}
"""How often a window of a set is drawn in one pass; other sets once."""

CLAIM_OUTPUTS = ("sentence_logits", "verdict_logits")

Sample = tuple[Example, tuple[float, float, float]]


def made(claims: Path, data: Path, random: Random) -> list[Judged]:
    """Return all windows to learn from."""
    maker = ClaimMaker(read_corpus(data))
    return [
        *of_sets(claims, random),
        *maker.statements(STATEMENTS, random),
        *maker.brought(BROUGHT, random),
        *maker.altered(ALTERED, random),
        *maker.introduced(INTRODUCED, random),
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
    ids, attention, types, mask = batch.tensors(device)
    hidden = model.hidden(ids, attention, types)
    with torch.autocast(device, torch.bfloat16):
        scores, found = model(hidden, mask, attention)
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


class _Serving(nn.Module):  # type: ignore[misc]  # as in training.model
    """The model as it is served: one window, nothing padded."""

    def __init__(self, model: ClaimReader) -> None:
        super().__init__()
        self.model = model

    def forward(self, hidden: Tensor, sentence_mask: Tensor) -> tuple[Tensor, Tensor]:
        scores, verdicts = self.model(hidden, sentence_mask)
        return scores, verdicts


def export_claims(model: ClaimReader, judged: Sequence[Judged], out: Path) -> None:
    """Write `claims.onnx` and `digests.json`; the model is smoothed on some windows first.

    The graph takes hidden, float32 [B, T, width], and sentence_mask, float32 [B, S, T], and gives
    sentence_logits [B, S] and verdict_logits [B, S, 3].
    """
    encoder = Encoder(minilm() / "tokenizer.json")
    examples = [encoder.example(each.window) for each in judged[:WATCHED]]
    batches = [collate([each]).tensors() for each in examples if each.bounds]
    hidden = [(model.hidden(*inputs[:3]), inputs[3]) for inputs in batches]
    smooth(model, hidden)
    sample = hidden[0]
    axes = {HIDDEN: {0: "batch", 1: "tokens"}}
    axes["sentence_mask"] = {0: "batch", 1: "sentences", 2: "tokens"}
    axes |= {name: {0: "batch", 1: "sentences"} for name in CLAIM_OUTPUTS}
    with tempfile.TemporaryDirectory(dir=out) as folder:
        floats, ints = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        torch.onnx.export(
            _Serving(model).eval(),
            sample,
            floats,
            input_names=list(axes)[:2],
            output_names=list(CLAIM_OUTPUTS),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(floats, ints)
        ints.replace(out / "claims.onnx")
    write_digests(out, ["claims.onnx"])


def main() -> None:
    """Read the command line, train and export."""
    parser = argparse.ArgumentParser(prog="python -m training.claims")
    parser.add_argument("--claims", type=Path, required=True, help="folder of sets of claims")
    parser.add_argument("--data", type=Path, required=True, help="what training.data wrote")
    parser.add_argument("--judge", type=Path, required=True, help="weights of the judge")
    parser.add_argument("--start", type=Path, help="weights of a model of claims to go on from")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--minutes", type=float, default=90.0, help="time for training")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    model = ClaimReader(Reader.read(options.judge), dropout=RECIPE.dropout)
    if options.start:
        model.load(options.start)
    judged = made(options.claims, options.data, Random(SEED))
    run = make_run(model, RECIPE, options.device)
    run.resume(options.out)
    train(run, judged, options)
    run.model.load_state_dict(run.average.weights, strict=False)
    run.model.cpu().eval().write(options.out / WEIGHTS)
    export_claims(model, Random(SEED).sample(judged, len(judged)), options.out)


if __name__ == "__main__":
    main()
