"""Measure checking, quotations, conflicts and spans of time on sets in JSON Lines.

    python -m benchmarks.claims check FILE.jsonl.gz … [--most 200]
    python -m benchmarks.claims quotations SOURCES [--count 500]
    python -m benchmarks.claims conflicts FILE.jsonl.gz [--most 100]

check: {claim, evidence: [{title, sentences}], label}; conflicts: {question, documents: [{title,
text}], values: [{value, kind}]}. `quotations` takes a folder of articles.
"""

from __future__ import annotations

import argparse
import random
import re
import zlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.claim_sets import SEED, asked, rows, stands
from sourcebot.answering.claims.checking import decide
from sourcebot.answering.claims.judging import judge
from sourcebot.answering.claims.model import ClaimModel
from sourcebot.answering.claims.quotations import find_quotation
from sourcebot.answering.windows import Sentence
from sourcebot.articles.files import list_sources, read_article
from sourcebot.articles.paragraphs import segment
from sourcebot.text.tables import Readable
from sourcebot.text.terms import terms_of
from sourcebot.types import Answer, Attribution, Evidence, Paragraph, Relation, Span
from sourcebot.types.claims import Run, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sourcebot.answering.windows import Window

WINDOW_WORDS, READ_WORDS = 110, 600


def source_of(title: str) -> Attribution:
    """Return an attribution that has a title and nothing else."""
    return Attribution(
        path=title or "a", title=title or "a", publisher="", author="", published=None, url="",
        sha256="", encoding="utf-8", language="", paragraph=1, locator=None,
    )  # fmt: skip


def windows(evidence: Iterable[dict[str, Any]]) -> Iterator[Window]:
    """Yield given evidence in windows of ``WINDOW_WORDS`` words."""
    number = 0
    for document in evidence:
        source, words = source_of(document.get("title") or ""), 0
        window: list[Sentence] = []
        for text in filter(str.strip, document["sentences"]):
            span = Span(0, len(text))
            paragraph = Paragraph(
                id=number, article="a", ordinal=1, heading="", span=span, text=text,
                sentences=(span,),
            )  # fmt: skip
            found = Evidence(paragraph, source, 0.0, 0.0, 0.0, ())
            size = len(text.split())
            if window and words + size > WINDOW_WORDS:
                yield tuple(window)
                window, words = [], 0
            window.append(Sentence(number, found, span, Readable(text, ((0, span),))))
            words, number = words + size, number + 1
        if window:
            yield tuple(window)


def nearest(claim: str, found: Iterable[Window]) -> list[Window]:
    """Return the windows that share the most terms with a claim, ``READ_WORDS`` words of them."""
    wanted = set(terms_of(claim))
    left = READ_WORDS
    chosen: list[Window] = []

    def shared(window: Window) -> int:
        texts = (window[0].evidence.source.title, *(s.text for s in window))
        return len(wanted & set(terms_of(" ".join(texts))))

    for window in sorted(found, key=shared, reverse=True):
        size = sum(len(s.text.split()) for s in window)
        if not chosen or size <= left:
            chosen.append(window)
            left -= size
    return chosen


def macro_f1(labels: Sequence[str], given: Sequence[str]) -> float:
    """Return the mean of the classes' F1, over the classes that there are."""
    scores = []
    for name in sorted(set(labels)):
        right = sum(a == b == name for a, b in zip(labels, given, strict=True))
        scores.append(2 * right / (labels.count(name) + list(given).count(name)))
    return sum(scores) / len(scores)


def kept_back(claim: str) -> bool:
    """Return whether a claim is one of the half that the probabilities were not fitted on."""
    return zlib.crc32(claim.encode()) % 2 == 1


def measure_check(paths: Sequence[Path], most: int) -> None:
    """Print macro-F1 of the likeliest class and of what is shown, "unsure" being no class."""
    model = ClaimModel()
    binned: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for path in paths:
        labels, likeliest, shown = [], [], []
        sample = [r for r in rows(path, 10 * most) if r["evidence"] and kept_back(r["claim"])]
        sample = sample[:most]
        classes = sorted({row["label"] for row in sample})
        for row in sample:
            claim = row["claim"]
            judgement = judge(claim, model.read(claim, nearest(claim, windows(row["evidence"]))))
            scores = {v.value: p for v, p in judgement.probabilities.items()}
            labels.append(row["label"])
            likeliest.append(max(classes, key=lambda name: scores[name]))
            shown.append(decide(claim, judgement).verdict.value)
            sure = judgement.probabilities[judgement.leaning]
            binned[min(9, int(10 * sure))].append((sure, judgement.leaning.value == row["label"]))
        pairs = zip(labels, shown, strict=True)
        against = [label == verdict for label, verdict in pairs if verdict == "contradicts"]
        print(
            f"{path.name}: {len(labels)} claims, macro-F1 {macro_f1(labels, likeliest):.3f}, shown"
            f" {macro_f1(labels, shown):.3f}, contradicts right {sum(against)} of {len(against)},"
            f" unsure {shown.count('unsure')}"
        )
    total = sum(map(len, binned.values()))
    error = sum(
        abs(sum(p for p, _ in part) - sum(right for _, right in part)) for part in binned.values()
    )
    print(f"expected calibration error {error / max(1, total):.3f} over {total} claims")


def measure_quotations(folder: Path, count: int) -> None:
    """Print how many untouched runs of words are verbatim, and how many altered ones are not."""
    rng = random.Random(SEED)
    runs = []
    for file in list_sources(folder).files:
        article, _ = read_article(file)
        for passage in segment(article):
            text = passage.span.of(article.text)
            if len(text.split()) >= 12:
                runs.append(Run(source_of(article.title), passage.span.start, text))
    kept = altered = 0
    for number in range(2 * count):
        run = rng.choice(runs)
        words = list(re.finditer(r"\S+", run.text))
        first = rng.randrange(len(words) - 8)
        last = min(len(words), first + rng.randint(8, 25))
        quotation = run.text[words[first].start() : words[last - 1].end()]
        if number < count:
            kept += find_quotation(quotation, [run]).wording is Wording.VERBATIM
        else:
            found = find_quotation(altered_words(quotation, rng), [run])
            altered += found.wording is not Wording.VERBATIM
    print(f"untouched called verbatim: {kept} of {count}")
    print(f"altered not called verbatim: {altered} of {count}")


def altered_words(quotation: str, rng: random.Random) -> str:
    """Return a quotation with another letter, number or word, or with one word missing."""
    words = quotation.split()
    usable = [n for n, word in enumerate(words[1:-1], 1) if re.search(r"\w", word)]
    place = rng.choice(usable)
    word = words[place]
    number = re.search(r"\d", word)
    kind = rng.choice(["letter", "word", "drop"])
    if number:
        words[place] = word.replace(number[0], str((int(number[0]) + 1) % 10), 1)
    elif kind == "letter":
        at = next(m.start() for m in re.finditer(r"\w", word))
        words[place] = word[:at] + ("q" if word[at] != "q" else "z") + word[at + 1 :]
    elif kind == "word":
        words[place] = "zeppelin"
    elif words[place - 1] != word:
        del words[place]
    else:
        words[place] = "zeppelin"
    return " ".join(words)


def measure_conflicts(path: Path, most: int) -> None:
    """Print recall and precision of the values shown, and how often a relation is wrong."""
    known = found = shown = right = false = single = wrong = namesakes = 0
    for row in rows(path, most):
        reply = asked(row, row["documents"])
        groups = []
        if isinstance(reply, Answer):
            groups = [reply.quotes[0].text]
            if reply.conflict:
                groups = [group.quotes[0].text for group in reply.conflict.groups]
        own = [v["value"] for v in row["values"] if v["kind"] in {"right", "wrong"}]
        other = [v["value"] for v in row["values"] if v["kind"] == "other subject"]
        known += len(own)
        found += sum(any(stands(text, value) for text in groups) for value in own)
        shown += len(groups)
        right += sum(any(stands(text, v["value"]) for v in row["values"]) for text in groups)
        relation = reply.conflict.relation if isinstance(reply, Answer) and reply.conflict else None
        if len(set(own)) == 1 and not other:
            single += 1
            false += relation in {Relation.CONTRADICTION, Relation.LATER}
        if other:
            namesakes += 1
            wrong += relation is Relation.CONTRADICTION and any(
                stands(text, value) for text in groups for value in other
            )
    print(f"values: recall {found / known:.3f}, precision {right / max(1, shown):.3f}")
    print(f"one value alone, panel shown: {false} of {single}")
    print(f"other subjects called a contradiction: {wrong} of {namesakes}")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=__doc__)
    parser.add_argument("what", choices=["check", "quotations", "conflicts"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    if options.what == "check":
        measure_check(options.paths, options.most)
    elif options.what == "quotations":
        measure_quotations(options.paths[0], options.count)
    else:
        measure_conflicts(options.paths[0], options.most)


if __name__ == "__main__":
    main()
