"""Build what everything is trained on from the public sets' own files.

    python -m training.data --downloads DIR --out DATA [--apart SET …]

DIR holds the files of `public.PUBLIC`, by the names given there; the command says which are
missing, where they are and under which licence, and goes on with the others. `--apart` names sets
of `benchmarks/quality.py`: what shares a question with them, or twelve words in a row with the
articles that answer, is left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import tantivy

from training.public import PUBLIC, Passage, read
from training.rows import ANSWERS, EXTRA, ROWS, SILENT, UNKNOWN
from training.text import holds, normalise, words

MOST_SENTENCES = 10
"""In a row: a longer passage is cut around what answers."""

HELD_SHARE = 0.02
MOST_HELD = 700
NEAR = 6
MINED, FOUND, DEEPEST = 4, 10, 25
MOST_ASKED = 40_000
_RUN = 12
SEED = 3


@dataclass(frozen=True, slots=True)
class Apart:
    """What is kept apart for measuring: questions, and runs of words of their articles."""

    questions: frozenset[str] = frozenset()
    runs: frozenset[int] = frozenset()

    @classmethod
    def of(cls, folders: Iterable[Path]) -> Apart:
        """Read sets in the form of docs/eval.md."""
        questions: set[str] = set()
        runs: set[int] = set()
        for folder in folders:
            named: set[str] = set()
            for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
                record = json.loads(line)
                questions.add(normalise(record["question"]))
                named.update(record["sources"])
            for name in named:
                runs.update(_runs((folder / "sources" / name).read_text("utf-8", "replace")))
        return cls(frozenset(questions), frozenset(runs))

    def touches(self, sentences: Sequence[str]) -> bool:
        """Return whether a passage shares twelve words in a row with what is kept apart."""
        return any(run in self.runs for run in _runs(" ".join(sentences)))


def _runs(text: str) -> Iterator[int]:
    cut = words(text)
    return (hash(tuple(cut[at : at + _RUN])) for at in range(len(cut) - _RUN + 1))


@dataclass(slots=True)
class Built:
    """Passages and rows as they are written; a row is a list in the order of `rows.jsonl.xz`."""

    passages: list[tuple[str, list[str]]] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, passage: Passage, apart: Apart, random: Random) -> None:
        """Add a passage with its questions."""
        sentences, places = _without_repeats(passage.sentences)
        if not sentences or apart.touches(sentences):
            self.dropped[name] += len(passage.asked)
            return
        number = len(self.passages)
        self.passages.append((passage.title, sentences))
        for asked in passage.asked:
            if not asked.question or normalise(asked.question) in apart.questions:
                self.dropped[name] += 1
                continue
            right = {places[place] for place in asked.right}
            first = _first(len(sentences), right, random)
            until = min(len(sentences), first + MOST_SENTENCES)
            labels = [
                _label(place in right, sentences[place], asked.answer)
                for place in range(first, until)
            ]
            self.rows.append([name, number, first, until, asked.question, labels, asked.answer])
            self.sets.append(name)

    def number(self, row: int) -> int:
        """Return the passage of a row."""
        passage = self.rows[row][1]
        assert isinstance(passage, int)
        return passage

    def texts(self, row: int) -> list[str]:
        """Return the sentences of a row."""
        first, until = self.rows[row][2:4]
        assert isinstance(first, int)
        assert isinstance(until, int)
        return self.passages[self.number(row)][1][first:until]


def _without_repeats(sentences: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the sentences, each once, and the new place of each."""
    kept: dict[str, int] = {}
    places = [kept.setdefault(sentence, len(kept)) for sentence in sentences]
    return list(kept), places


def _first(count: int, right: set[int], random: Random) -> int:
    """Return where a row begins, so that it holds a sentence that answers, if there is one."""
    if count <= MOST_SENTENCES:
        return 0
    if not right:
        return random.randint(0, count - MOST_SENTENCES)
    pivot = random.choice(sorted(right))
    lowest, highest = max(0, pivot - MOST_SENTENCES + 1), min(pivot, count - MOST_SENTENCES)
    return random.randint(lowest, highest)


def _label(right: bool, sentence: str, answer: str | None) -> int:  # noqa: FBT001
    if right:
        return ANSWERS
    return UNKNOWN if answer and holds(sentence, answer) else SILENT


def held_out(built: Built) -> list[int]:
    """Return rows to keep back: about a fiftieth of each set, whole passages."""
    groups: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, name in enumerate(built.sets):
        groups[name][built.number(row)].append(row)
    held: list[int] = []
    for name, passages in sorted(groups.items()):
        order = list(passages.values())
        Random(f"{SEED}/{name}").shuffle(order)
        wanted = min(MOST_HELD, HELD_SHARE * sum(map(len, order)))
        taken: list[int] = []
        for rows in order:
            if len(taken) < wanted:
                taken += rows
        held += taken
    return sorted(held)


def near(built: Built) -> dict[int, list[int]]:
    """Return for each passage some others of the same set and title."""
    named: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row, name in enumerate(built.sets):
        passage = built.number(row)
        if built.passages[passage][0]:
            named[name, built.passages[passage][0]].add(passage)
    random = Random(SEED)
    return {
        passage: random.sample(sorted(same - {passage}), min(NEAR, len(same) - 1))
        for same in named.values()
        for passage in sorted(same)
        if len(same) > 1
    }


def searched(built: Built, held: set[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return what BM25 finds for answerable questions: what does not hold the answer, and all.

    Negatives mined by a retriever: Karpukhin et al. 2020, https://arxiv.org/abs/2004.04906.
    """
    alone = {public.name for public in PUBLIC if public.alone}
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=True, indexed=False)
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(200_000_000, 1)
    seen: set[tuple[object, ...]] = set()
    for row, name in enumerate(built.sets):
        window = tuple(built.rows[row][1:4])
        if name in alone and row not in held and window not in seen:
            seen.add(window)
            text = f"{built.passages[built.number(row)][0]} {' '.join(built.texts(row))}"
            writer.add_document(tantivy.Document(row=row, text=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    rows = [
        row
        for row, name in enumerate(built.sets)
        if name in alone and row not in held and built.rows[row][6]
    ]
    mined, found = {}, {}
    for row in Random(SEED).sample(rows, min(MOST_ASKED, len(rows))):
        question, answer = str(built.rows[row][4]), str(built.rows[row][6])
        query = index.parse_query(" ".join(words(question)), ["text"])
        own = set(built.texts(row))
        hits = (searcher.doc(at)["row"][0] for _, at in searcher.search(query, DEEPEST).hits)
        others = [hit for hit in hits if not own & set(built.texts(hit))]
        silent = [hit for hit in others if not holds(" ".join(built.texts(hit)), answer)]
        mined[row], found[row] = silent[:MINED], others[:FOUND]
    return {k: v for k, v in mined.items() if v}, {k: v for k, v in found.items() if v}


def build(downloads: Path, apart: Apart) -> Built:
    """Return all rows of the sets that are there, and print which are missing."""
    built = Built()
    for public in PUBLIC:
        missing = [name for name in public.files if not (downloads / name).exists()]
        if missing:
            print(f"missing: {', '.join(missing)} ({public.licence}), from {public.origin}")
        random = Random(f"{SEED}/{public.name}")
        before = len(built.rows)
        for passage in read(public, downloads):
            built.add(public.name, passage, apart, random)
        if len(built.rows) > before:
            dropped = built.dropped[public.name]
            print(f"{public.name}: {len(built.rows) - before:,} rows, {dropped:,} left out")
    return built


def write(built: Built, out: Path) -> None:
    """Write the rows, and what is found out about them."""
    held = held_out(built)
    mined, found = searched(built, set(held))
    out.mkdir(parents=True, exist_ok=True)
    with lzma.open(out / ROWS, "wt", preset=6, encoding="utf-8") as file:
        file.write(json.dumps({"passages": len(built.passages)}) + "\n")
        for line in (*built.passages, *built.rows):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    extra = {"held": held, "near": near(built), "mined": mined, "any": found}
    with gzip.open(out / EXTRA, "wt", encoding="utf-8") as file:
        json.dump(extra, file)
    print(f"{len(built.rows):,} rows, {len(held):,} kept back, {len(mined):,} with near-misses")


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(prog="python -m training.data")
    parser.add_argument("--downloads", type=Path, required=True, help="folder of the sets' files")
    parser.add_argument("--out", type=Path, required=True, help=f"folder of {ROWS} and {EXTRA}")
    parser.add_argument("--apart", type=Path, nargs="*", default=[], help="sets for measuring")
    options = parser.parse_args()
    built = build(options.downloads, Apart.of(options.apart))
    if not built.rows:
        raise SystemExit(f"{options.downloads} holds none of the sets' files")
    write(built, options.out)


if __name__ == "__main__":
    main()
