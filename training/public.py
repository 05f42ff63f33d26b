"""The public sets, and reading their own files.

Three formats cover them: SQuAD's JSON, the JSON Lines of the shared task MRQA 2019, and SelQA's
JSON.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sourcebot.text.sentences import split_sentences
from sourcebot.types import Span

_MRQA_MARKS = re.compile(r"\[(?:TLE|DOC|PAR)\]|<[^<>]{1,12}>")
_MRQA_TITLE = re.compile(r"\[TLE\](.{1,200}?)\[(?:SEP|PAR|DOC)\]")


@dataclass(frozen=True, slots=True)
class Public:
    """A set of questions that anybody can download.

    Attributes:
        name: what its rows are called.
        files: its files below the folder of downloads.
        form: the format of these.
        licence: of the set and its text.
        origin: where the files are.
        alone: whether its questions make sense without their passage.
    """

    name: str
    files: tuple[str, ...]
    form: Literal["squad", "mrqa", "selqa"]
    licence: str
    origin: str
    alone: bool = True


_SHIFTS = "https://modestyachts.github.io/squadshifts-website/"
_MRQA = "https://github.com/mrqa/MRQA-Shared-Task-2019"
PUBLIC = (
    Public(
        "squad2",
        ("squad2/train-v2.0.json",),
        "squad",
        "CC BY-SA 4.0",
        "https://rajpurkar.github.io/SQuAD-explorer/",
    ),
    Public(
        "nq",
        ("mrqa/NaturalQuestionsShort-train.jsonl.gz", "mrqa/NaturalQuestionsShort-dev.jsonl.gz"),
        "mrqa",
        "CC BY-SA 3.0",
        _MRQA,
    ),
    Public(
        "bioasq", ("mrqa/BioASQ-dev.jsonl.gz",), "mrqa", "CC BY 2.5", f"{_MRQA} (out of domain)"
    ),
    Public(
        "selqa",
        ("selqa/selqa-ass-dev.json", "selqa/selqa-ass-test.json", "selqa/selqa-ass-train.json"),
        "selqa",
        "Apache-2.0",
        "https://github.com/emorynlp/selqa",
    ),
    Public(
        "squadshifts_wiki",
        ("squadshifts/new_wiki_v1.0.json",),
        "squad",
        "CC BY 4.0",
        _SHIFTS,
    ),
    Public(
        "squadshifts_amazon",
        ("squadshifts/amazon_reviews_v1.0.json",),
        "squad",
        "CC BY 4.0",
        _SHIFTS,
        alone=False,
    ),
    Public(
        "squadshifts_reddit",
        ("squadshifts/reddit_v1.0.json",),
        "squad",
        "CC BY 4.0",
        _SHIFTS,
        alone=False,
    ),
    Public(
        "policyqa",
        ("policyqa/train.json", "policyqa/dev.json"),
        "squad",
        "MIT",
        "https://github.com/wasiahmad/PolicyQA",
        alone=False,
    ),
    Public(
        "covidqa",
        ("covidqa/COVID-QA.json",),
        "squad",
        "Apache-2.0",
        "https://github.com/deepset-ai/COVID-QA",
    ),
    Public(
        "quoref",
        ("quoref/quoref-train-v0.1.json",),
        "squad",
        "CC BY 4.0",
        "https://allenai.org/data/quoref",
        alone=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a passage, and the numbers of the sentences that answer it."""

    question: str
    right: frozenset[int]
    answer: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in sentences, its title ("" when it is not known), and its questions."""

    title: str
    sentences: tuple[str, ...]
    asked: tuple[Asked, ...]


def read(public: Public, folder: Path) -> Iterator[Passage]:
    """Yield the passages of those of a set's files that are there.

    Raises:
        ValueError: when a file is not of the set's format.
    """
    reading = {"squad": _squad, "mrqa": _mrqa, "selqa": _selqa}[public.form]
    for name in public.files:
        path = folder / name
        if path.exists():
            try:
                yield from reading(path)
            except (KeyError, TypeError, AttributeError) as error:
                message = f"{path} is not in the format {public.form}: {error!r}"
                raise ValueError(message) from error


def _squad(path: Path) -> Iterator[Passage]:
    for article in json.loads(path.read_text("utf-8"))["data"]:
        title = str(article.get("title") or "").replace("_", " ")
        for paragraph in article["paragraphs"]:
            asked = []
            for question in paragraph["qas"]:
                answers = [] if question.get("is_impossible") else question["answers"]
                spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers]
                asked.append((question["question"], spans))
            yield _passage(title, paragraph["context"], asked)


def _mrqa(path: Path) -> Iterator[Passage]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record: dict[str, Any] = json.loads(line)
            if "header" in record:
                continue
            context = record["context"]
            named = _MRQA_TITLE.search(context)
            # Marks become spaces of the same length, so that the answers stay where they are.
            # So does the title, which is no sentence of the passage.
            body = context[named.end() - len("[PAR]") :] if named else context
            plain = _MRQA_MARKS.sub(lambda mark: " " * len(mark[0]), body).rjust(len(context))
            asked = []
            for question in record["qas"]:
                found = [s for a in question["detected_answers"] for s in a["char_spans"]]
                asked.append((question["question"], [(start, end + 1) for start, end in found]))
            yield _passage(named[1].strip() if named else "", plain, asked)


def _selqa(path: Path) -> Iterator[Passage]:
    for record in json.loads(path.read_text("utf-8")):
        kept = [(n, " ".join(s.split())) for n, s in enumerate(record["candidates"]) if s.strip()]
        right = frozenset(
            place for place, (number, _) in enumerate(kept) if number in record["answers"]
        )
        asked = Asked(" ".join(record["question"].split()), right, None)
        yield Passage(record["article"], tuple(sentence for _, sentence in kept), (asked,))


def _passage(title: str, text: str, asked: list[tuple[str, list[tuple[int, int]]]]) -> Passage:
    """Return a passage cut into sentences, its questions with those that hold an answer."""
    spans = [s for s in split_sentences(text, Span(0, len(text))) if s.of(text).strip()]
    found = []
    for question, answers in asked:
        right = frozenset(
            place
            for place, span in enumerate(spans)
            if any(start < span.end and end > span.start for start, end in answers)
        )
        answer = " ".join(text[slice(*answers[0])].split()) if answers and right else None
        found.append(Asked(" ".join(question.split()), right, answer))
    sentences = tuple(" ".join(span.of(text).split()) for span in spans)
    return Passage(title, sentences, tuple(found))
