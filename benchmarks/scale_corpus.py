"""A project of up to millions of paragraphs out of public texts; known questions stay answerable.

``python benchmarks/scale_corpus.py --shared DIR --project DIR --paragraphs N [--seed 7]``

DIR holds ``eval/SET/{sources,questions.jsonl}`` and ``train/sentences.jsonl.gz`` (lines with a list
``sentences``: consecutive sentences of one passage). The same seed writes the same:

- ``sources/eval/SET``: the evaluation articles, whole and unchanged, the smallest sets first, as
  many as fit into half of N;
- ``sources/made``: articles of ten paragraphs of 25 to 45 words. Each draws from a stretch of 60
  sentences of the training file, so that it keeps to a subject; half of its sentences stand as
  they were, the others are the first part of one, up to a comma, and the second part of another.
  No two paragraphs are the same, and a smaller corpus is the beginning of a larger one;
- ``questions.jsonl``: the questions to the evaluation articles that were taken, with their files,
  and those to be refused.

Known answers stay the only ones: no made sentence shares eight words in a row with an evaluation
article, and no made paragraph holds an accepted answer together with half or more of its question's
terms (as the lexical index cuts them), nor an accepted answer of eight words or more at all.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.checks.evaluation import Case, normalized, read_cases
from sourcebot.text.terms import terms_of

SETS = ("seeds", "xquad-en", "clapnq", "nq")
PARAGRAPHS = 10
LEAST_WORDS, MOST_WORDS = 25, 45
STRETCH = 60
RUN = 8
PUBLISHERS = 40
A_FOLDER = 500

_SENTENCE = re.compile(r"[A-Z][^\n\r*_#<>\[\]|`{}\\~]*[.?!]")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")


def runs(words: Sequence[str], length: int = RUN) -> Iterator[tuple[str, ...]]:
    """Yield all runs of ``length`` neighbouring words."""
    return zip(*(words[place:] for place in range(length)), strict=False)


class KnownAnswers:
    """What the evaluation questions accept, to keep made paragraphs from answering them."""

    def __init__(self, cases: Sequence[Case]) -> None:
        """Index the accepted answers by their first word."""
        self._answers: dict[str, set[tuple[tuple[str, ...], int]]] = defaultdict(set)
        self._terms = [frozenset(terms_of(case.question)) for case in cases]
        for number, case in enumerate(cases):
            for answer in case.answers:
                words = tuple(re.sub(r"^(?:the|an?) ", "", normalized(answer)).split())
                self._answers[words[0]].add((words, number))

    def given_by(self, paragraph: str) -> bool:
        """Return whether a paragraph could be taken for the answer to one of the questions."""
        words = tuple(normalized(paragraph).split())
        terms: set[str] | None = None
        for place, word in enumerate(words):
            for answer, number in self._answers.get(word, ()):
                if words[place : place + len(answer)] != answer:
                    continue
                terms = set(terms_of(paragraph)) if terms is None else terms
                asked = self._terms[number]
                if len(answer) >= RUN or 2 * len(asked & terms) >= len(asked):
                    return True
        return False


@dataclass(frozen=True)
class Made:
    """A made article."""

    number: int
    title: str
    publisher: str
    published: str
    paragraphs: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Write the article below ``folder``."""
        place = folder / f"{self.number // A_FOLDER:04}"
        place.mkdir(parents=True, exist_ok=True)
        header = (
            f"---\ntitle: {json.dumps(self.title, ensure_ascii=False)}\n"
            f"publisher: {self.publisher}\npublished: {self.published}\n---\n\n"
        )
        text = header + "\n\n".join(self.paragraphs) + "\n"
        (place / f"{self.number:07}.md").write_text(text, "utf-8")


def public_sentences(shared: Path, barred: set[tuple[str, ...]]) -> list[str]:
    """Return the clean sentences of the training file in its order, none twice.

    ``barred`` holds runs of words that none of them may have.
    """
    found: dict[str, None] = {}
    with gzip.open(shared / "train" / "sentences.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for sentence in json.loads(line)["sentences"]:
                clean = " ".join(sentence.split())
                if (
                    clean not in found
                    and _SENTENCE.fullmatch(clean)
                    and RUN <= len(clean.split()) <= MOST_WORDS - 5
                    and barred.isdisjoint(runs(normalized(clean).split()))
                ):
                    found[clean] = None
    return list(found)


def halves(sentence: str) -> tuple[str, str] | None:
    """Return a sentence parted at the comma nearest to its middle; None without such a comma."""
    commas = [found.start() for found in re.finditer(", ", sentence)]
    cuts = [c for c in commas if min(sentence[:c].count(" "), sentence[c + 2 :].count(" ")) >= 3]
    if not cuts:
        return None
    cut = min(cuts, key=lambda c: abs(2 * c - len(sentence)))
    return sentence[:cut], sentence[cut + 2 :]


def made_articles(
    sentences: Sequence[str], known: KnownAnswers, seed: int, first: int = 0
) -> Iterator[Made]:
    """Yield made articles without end, from the number ``first`` on."""
    parted = [halves(sentence) for sentence in sentences]
    seen: set[bytes] = set()
    for number in itertools.count(first):
        rng = random.Random(f"{seed} {number}")
        start = rng.randrange(max(1, len(sentences) - STRETCH))
        whole = sentences[start : start + STRETCH]
        cut = [pair for pair in parted[start : start + STRETCH] if pair]
        paragraphs: list[str] = []
        while len(paragraphs) < PARAGRAPHS:
            paragraph = _paragraph(rng, whole, cut)
            digest = hashlib.blake2b(paragraph.encode(), digest_size=8).digest()
            if digest not in seen and not known.given_by(paragraph):
                seen.add(digest)
                paragraphs.append(paragraph)
        names = Counter(_NAME.findall(" ".join(paragraphs)))
        title = ", ".join(name for name, _ in names.most_common(3)) or f"Notes {number}"
        publisher = f"Made Paper {rng.randrange(PUBLISHERS):02}"
        published = f"{rng.randint(1990, 2024)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        yield Made(number, title, publisher, published, tuple(paragraphs))


def _paragraph(rng: random.Random, whole: Sequence[str], cut: Sequence[tuple[str, str]]) -> str:
    """Return sentences of 25 to 45 words in all."""
    while True:
        parts: list[str] = []
        words = 0
        while words < LEAST_WORDS:
            if len(cut) > 1 and rng.random() < 0.5:
                sentence = f"{rng.choice(cut)[0]}, {rng.choice(cut)[1]}"
            else:
                sentence = rng.choice(whole)
            if sentence not in parts:
                parts.append(sentence)
                words += len(sentence.split())
        if words <= MOST_WORDS:
            return " ".join(parts)


def evaluation_files(shared: Path, most: int) -> tuple[list[tuple[str, bytes]], int]:
    """Return the evaluation articles as (path, bytes), and how many paragraphs they have.

    They are taken in order until they would have more than ``most`` paragraphs.
    """
    files: list[tuple[str, bytes]] = []
    paragraphs = 0
    for name in SETS:
        for path in sorted((shared / "eval" / name / "sources").iterdir()):
            data = path.read_bytes()
            count = len(segment(parse_article(path.name, data)[0]))
            if paragraphs + count > most:
                return files, paragraphs
            files.append((f"{name}/{path.name}", data))
            paragraphs += count
    return files, paragraphs


def questions(shared: Path, files: set[str]) -> list[Case]:
    """Return the questions whose articles are all among ``files``, and those without any."""
    found = []
    for name in SETS:
        if not any(file.startswith(f"{name}/") for file in files):
            continue
        for case in read_cases(shared / "eval" / name / "questions.jsonl"):
            sources = tuple(f"{name}/{source}" for source in case.sources)
            if files.issuperset(sources):
                found.append(Case(case.question, case.answers, sources))
    return found


def open_texts(shared: Path) -> tuple[list[str], KnownAnswers]:
    """Return the sentences that articles are made of, and what these must not answer.

    Both depend on all evaluation sets, whatever the size of a corpus, so that corpora nest.
    """
    barred: set[tuple[str, ...]] = set()
    cases: list[Case] = []
    for name in SETS:
        for path in (shared / "eval" / name / "sources").iterdir():
            text = path.read_text("utf-8", errors="replace")
            barred.update(runs(normalized(text).split()))
        cases += read_cases(shared / "eval" / name / "questions.jsonl")
    return public_sentences(shared, barred), KnownAnswers(cases)


def write_scale_corpus(shared: Path, project: Path, paragraphs: int, seed: int = 7) -> int:
    """Write the corpus of about ``paragraphs`` paragraphs; return how many it has.

    The count is off by less than one made article, ten paragraphs.
    """
    files, count = evaluation_files(shared, paragraphs // 2)
    for name, data in files:
        path = project / "sources" / "eval" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    lines = [
        {
            "question": case.question,
            "answers": case.answers,
            "sources": [f"eval/{source}" for source in case.sources],
        }
        for case in questions(shared, {name for name, _ in files})
    ]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (project / "questions.jsonl").write_text(text, "utf-8")
    articles = made_articles(*open_texts(shared), seed)
    for article in itertools.islice(articles, (paragraphs - count) // PARAGRAPHS):
        article.write(project / "sources" / "made")
        count += len(article.paragraphs)
    return count


def main() -> None:
    """Write the corpus named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder of the public texts")
    parser.add_argument("--project", type=Path, required=True, help="folder that is made")
    parser.add_argument("--paragraphs", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if options.project.exists():
        parser.error(f"{options.project} is there already; name a new folder")
    options.project.mkdir(parents=True)
    count = write_scale_corpus(options.shared, options.project, options.paragraphs, options.seed)
    print(f"{count:,} paragraphs in {options.project}")


if __name__ == "__main__":
    main()
