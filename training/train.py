"""Train a reader, bounded by the clock.

    python -m training.train teacher --data DATA --out runs/teacher --minutes 10 --device cuda \
        --base all-mpnet-base-v2
    python -m training.train reader --data DATA --out runs/reader --minutes 6 --device cuda \
        --teacher runs/teacher/weights.safetensors
    python -m training.train judge --data DATA --out runs/judge --minutes 6 --device cuda \
        --teacher runs/teacher/weights.safetensors --layers 0,2,4,6,8,11

`teacher` learns from the labels. `reader`, the small one, and `judge`, a shallower copy of the
teacher, learn from the teacher too. The judge that comes with sourcebot is the teacher itself.
`--start WEIGHTS` goes on from weights. A run that was stopped goes on with the same command: its
checkpoint is written every minute and at SIGTERM, and the schedule follows the seconds spent.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from training.bases import minilm
from training.encode import Batch, Encoder
from training.feed import Feed
from training.figures import measure, torch_scores
from training.losses import label_loss, teacher_loss
from training.mix import STUDENT_KINDS, TEACHER_KINDS, Mix
from training.model import Reader, shallower
from training.rows import Corpus, read_corpus

SEED = 7
WARM_UP, COOL_DOWN = 0.04, 0.7
"""Shares of the time: the rate rises until the first and falls from the second on."""

LEAST_RATE = 0.02
WEIGHT_DECAY = 0.01
TEACHING = 0.75
"""Share of the loss that is the teacher's."""

SAVE_SECONDS = 60.0
SHOW_EVERY = 100
WEIGHTS, CHECKPOINT = "weights.safetensors", "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one of the three is trained.

    Attributes:
        rate: highest learning rate of the encoder; that of the heads is `head_rate`.
        head_rate: see there.
        batch: windows in a batch on a graphics card; an eighth of them on a CPU.
        dropout: of the encoder.
        decay: of the moving average of the weights.
        kinds: shares of the kinds of windows.
    """

    rate: float
    head_rate: float
    batch: int
    dropout: float
    decay: float
    kinds: dict[str, float] = field(default_factory=lambda: STUDENT_KINDS)


RECIPES = {
    "teacher": Recipe(4e-5, 3e-4, 96, 0.1, 0.998, TEACHER_KINDS),
    "reader": Recipe(2.5e-4, 7.5e-4, 192, 0.0, 0.9985),
    "judge": Recipe(1e-4, 3e-4, 160, 0.0, 0.9985),
}


class Average:
    """Moving average of the trained weights (Polyak and Juditsky 1992): what is kept."""

    def __init__(self, model: Reader, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self.weights = {
            name: value.detach().float().clone()
            for name, value in model.named_parameters()
            if value.requires_grad
        }

    @torch.no_grad()  # type: ignore[untyped-decorator]  # as in training.model
    def update(self, model: Reader) -> None:
        """Move the average towards the model."""
        self._steps += 1
        decay = min(self._decay, self._steps / (self._steps + 10))
        for name, value in model.named_parameters():
            if name in self.weights:
                self.weights[name].lerp_(value.detach().float(), 1 - decay)


@dataclass(slots=True)
class Run:
    """A training as it stands: what a checkpoint holds."""

    model: Reader
    average: Average
    optimizer: torch.optim.AdamW
    seconds: float = 0.0
    steps: int = 0

    def save(self, folder: Path) -> None:
        """Write the checkpoint whole, so that a crash leaves the last one."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.weights,
            "optimizer": self.optimizer.state_dict(),
            "seconds": self.seconds,
            "steps": self.steps,
        }
        partial = folder / f"{CHECKPOINT}.partial"
        torch.save(state, partial)
        partial.replace(folder / CHECKPOINT)

    def resume(self, folder: Path) -> None:
        """Take up the checkpoint, if there is one."""
        if not (folder / CHECKPOINT).exists():
            return
        state = torch.load(folder / CHECKPOINT, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.weights = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.seconds, self.steps = state["seconds"], state["steps"]


def rate(share: float) -> float:
    """Return the factor of the learning rate after a share of the time."""
    falling = max(LEAST_RATE, (1 - share) / (1 - COOL_DOWN))
    return min(1.0, (share + 1e-4) / WARM_UP, falling)


def opened(options: argparse.Namespace, teacher: Reader | None) -> Reader:
    """Return the reader to train, its word embeddings frozen."""
    which, recipe = options.which, RECIPES[options.which]
    if options.start:
        model = Reader.read(options.start, recipe.dropout)
    elif which == "reader":
        model = Reader.start(minilm())
    elif which == "judge":
        if teacher is None or not options.layers:
            message = "a judge is a shallower copy of its teacher: give --teacher and --layers"
            raise SystemExit(message)
        model = shallower(teacher, [int(number) for number in options.layers.split(",")])
    elif options.base:
        model = Reader.start(options.base, recipe.dropout)
    else:
        message = "a teacher starts from all-mpnet-base-v2: give its folder as --base"
        raise SystemExit(message)
    embeddings = model.encoder.embeddings
    frozen = embeddings.word_embeddings if which == "teacher" else embeddings
    frozen.requires_grad_(requires_grad=False)
    return model


def make_run(model: Reader, recipe: Recipe, device: str) -> Run:
    """Return a new run."""
    model = model.to(device).train()
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    encoder = [p for name, p in named if name.startswith("encoder.")]
    heads = [p for name, p in named if not name.startswith("encoder.")]
    groups = [
        {"params": encoder, "peak": recipe.rate},
        {"params": heads, "peak": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(
        groups, lr=recipe.rate, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98), fused=True
    )
    return Run(model, Average(model, recipe.decay), optimizer)


def one_step(run: Run, batch: Batch, teacher: Reader | None, share: float, device: str) -> float:
    """Make one step and return its loss."""
    inputs = batch.tensors(device)
    labels = torch.from_numpy(batch.labels).to(device)
    spans = torch.from_numpy(batch.spans).to(device)
    for group in run.optimizer.param_groups:
        group["lr"] = group["peak"] * rate(share)
    with torch.autocast(device, torch.bfloat16):
        outputs = run.model(*inputs)
        loss: Tensor = label_loss(outputs, labels, spans, inputs[3])
        if teacher is not None:
            with torch.no_grad():
                taught = tuple(each.float() for each in teacher(*inputs))
            taught_loss = teacher_loss(outputs, taught, inputs[3])
            loss = (1 - TEACHING) * loss + TEACHING * taught_loss
    run.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    trained = [p for group in run.optimizer.param_groups for p in group["params"]]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    run.optimizer.step()
    run.average.update(run.model)
    run.steps += 1
    return float(loss.detach()) if run.steps % SHOW_EVERY == 0 else 0.0


def train(
    run: Run, corpus: Corpus, recipe: Recipe, teacher: Reader | None, options: argparse.Namespace
) -> bool:
    """Train until the time is over and return whether it is; else the run was stopped."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    batch = recipe.batch if options.device == "cuda" else max(1, recipe.batch // 8)
    encoder = Encoder(minilm() / "tokenizer.json")
    mix = Mix(corpus, encoder, recipe.kinds, batch, SEED)
    log(options.out, {"shares": mix.shares(), "from": run.steps})
    limit = 60 * options.minutes
    began, saved = time.monotonic() - run.seconds, time.monotonic()
    with Feed(mix, options.workers, run.steps * batch // 4096) as batches:
        while run.seconds < limit and not stopped:
            loss = one_step(run, next(batches), teacher, run.seconds / limit, options.device)
            run.seconds = time.monotonic() - began
            if run.steps % SHOW_EVERY == 0:
                pace = run.steps * batch / run.seconds
                told = {"step": run.steps, "loss": round(loss, 4), "windows_a_second": round(pace)}
                log(options.out, {"seconds": round(run.seconds), **told})
            if time.monotonic() - saved > SAVE_SECONDS:
                run.save(options.out)
                saved = time.monotonic()
    run.save(options.out)
    return not stopped


def log(out: Path, record: dict[str, object]) -> None:
    """Show the record and add it to `log.jsonl`."""
    line = json.dumps({"at": time.strftime("%H:%M:%S", time.gmtime()), **record})
    print(line, flush=True)
    with (out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m training.train")
    parser.add_argument("which", choices=tuple(RECIPES))
    parser.add_argument("--data", type=Path, required=True, help="what training.data wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--minutes", type=float, default=10.0, help="time for training")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--workers", type=int, default=1, help="processes that make windows")
    parser.add_argument("--teacher", type=Path, help="weights to learn from")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--base", type=Path, help="folder of all-mpnet-base-v2")
    parser.add_argument("--layers", default="", help="which of the teacher's a judge keeps")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    recipe, corpus = RECIPES[options.which], read_corpus(options.data)
    teacher = Reader.read(options.teacher) if options.teacher else None
    run = make_run(opened(options, teacher), recipe, options.device)
    run.resume(options.out)
    if teacher is not None:
        teacher = teacher.to(options.device).eval()
    if not train(run, corpus, recipe, teacher, options):
        return
    run.model.load_state_dict(run.average.weights, strict=False)
    run.model.eval().write(options.out / WEIGHTS)
    log(options.out, {"figures": measure(torch_scores(run.model, options.device), corpus)})


if __name__ == "__main__":
    main()
