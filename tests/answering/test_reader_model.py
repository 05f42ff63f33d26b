"""The learned part of the reader, as it ships."""

from __future__ import annotations

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from made_values import evidence_of

from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.window_model import DIGESTS, TOKENIZER, WEIGHTS
from sourcebot.answering.windows import Window, sentences_of
from sourcebot.errors import ModelError
from sourcebot.types import Retrieval

FILES = (TOKENIZER, "reader.onnx")
SENTENCES = (
    "The old harbour bridge at Lowmere was closed on 3 March 2022.",
    "Shopkeepers in the lower town fear a quiet spring.",
    "The council said that the repairs would cost £2.4 million.",
)


@pytest.fixture(scope="module", params=["reader", "judge"])
def model(request: pytest.FixtureRequest) -> ReaderModel:
    """The packaged reader, and the packaged judge."""
    return ReaderModel(name=request.param)


def window_of(*sentences: str, start: int = 100, title: str = "T", heading: str = "") -> Window:
    """Return one paragraph's sentences as a window, the paragraph at ``start`` in its article."""
    evidence = evidence_of(*sentences, start=start, title=title, heading=heading)
    return sentences_of(Retrieval("q", {}, (evidence,)))


@pytest.mark.parametrize(
    ("question", "place", "words"),
    [
        ("When was the old harbour bridge at Lowmere closed?", 0, "3 March 2022"),
        ("How much would the repairs cost?", 2, "2.4 million"),
    ],
)
def test_answering_sentence_and_words(
    model: ReaderModel, question: str, place: int, words: str
) -> None:
    """The sentence that answers gets the highest logit, and its answering words are found."""
    window = window_of(*SENTENCES)
    readings = model.read(question, [window])
    best = max(readings, key=lambda reading: reading.logit)
    assert best.sentence.text == SENTENCES[place]
    text = best.sentence.evidence.paragraph.text
    assert words in text[best.words.start - 100 : best.words.end - 100]
    for reading in readings:
        span = reading.sentence.span
        assert span.start <= reading.words.start < reading.words.end <= span.end


def test_title_and_headings_are_read(model: ReaderModel) -> None:
    """What a sentence leaves to its title or heading is known to the reader; spans stay right."""
    asked, told = "How much does a day ticket in Zurlach cost?", "It costs 12 francs."
    bare = model.read(asked, [window_of(told)])[0]
    titled = model.read(asked, [window_of(told, title="Day tickets in Zurlach")])[0]
    headed = model.read(asked, [window_of(told, heading="Day tickets in Zurlach")])[0]
    assert titled.logit > bare.logit
    assert headed.logit > bare.logit
    assert bare.sentence.span == titled.sentence.span == headed.sentence.span
    assert headed.words.end <= headed.sentence.span.end


def test_too_long_for_the_model(model: ReaderModel) -> None:
    """What does not fit is left out from the end; the first sentence is always read."""
    many = window_of(*(f"Sentence number {n} says nothing of note." for n in range(80)))
    readings = model.read("word " * 300, [many])
    assert [r.sentence.number for r in readings] == list(range(len(readings)))
    assert 1 <= len(readings) < 80
    huge = model.read("What?", [window_of("word " * 2000 + "end.")])
    assert len(huge) == 1
    assert huge[0].words.end <= huge[0].sentence.span.end


def test_company_changes_nothing(model: ReaderModel) -> None:
    """A window is judged alike alone, among others, and on several threads at once."""
    windows = [window_of(sentence) for sentence in SENTENCES]
    together = [reading.logit for reading in model.read("When?", windows)]
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda w: model.read("When?", [w])[0].logit, windows * 2))
    assert alone == together * 2


def test_nothing_to_read(model: ReaderModel) -> None:
    """No windows give no readings."""
    assert model.read("When?", []) == []


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the packaged reader."""
    return Path(shutil.copytree(str(WEIGHTS / "reader"), tmp_path / "own"))


@pytest.mark.parametrize("name", FILES)
def test_altered_reader(own: Path, name: str) -> None:
    """A reader with a single bit changed is not loaded; the error names the file."""
    data = bytearray((own / name).read_bytes())
    data[len(data) // 2] ^= 1
    (own / name).write_bytes(data)
    with pytest.raises(ModelError, match=f"damaged: {name}"):
        ReaderModel(own)


@pytest.mark.parametrize("name", [*FILES, DIGESTS])
def test_missing_file(own: Path, name: str) -> None:
    """A reader with a file missing is a model error that says where."""
    (own / name).unlink()
    with pytest.raises(ModelError, match="incomplete"):
        ReaderModel(own)


@pytest.mark.parametrize("noted", ["", "[]", "{}", "nothing", "\xff"])
def test_useless_digests(own: Path, noted: str) -> None:
    """Digests that cannot be read are no digests."""
    (own / DIGESTS).write_bytes(noted.encode("latin-1"))
    with pytest.raises(ModelError, match="incomplete"):
        ReaderModel(own)


@pytest.mark.parametrize("name", ["judge.onnx", "judge-lower.onnx", "judge-0.bin", "judge-1.bin"])
def test_judge_without_a_file(tmp_path: Path, name: str) -> None:
    """A judge that lacks a file of its weights is not loaded."""
    for file in (WEIGHTS / "judge").iterdir():
        if file.name != name:
            (tmp_path / file.name).symlink_to(str(file))
    with pytest.raises(ModelError, match="incomplete"):
        ReaderModel(tmp_path, name="judge")


def test_altered_judge(tmp_path: Path) -> None:
    """A judge with one bit of its weights changed is not loaded; the error names the file."""
    shutil.copytree(str(WEIGHTS / "judge"), tmp_path, dirs_exist_ok=True)
    with (tmp_path / "judge-1.bin").open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelError, match=r"damaged: judge-1\.bin"):
        ReaderModel(tmp_path, name="judge")


def test_unusable_reader(tmp_path: Path) -> None:
    """Files that are no reader, though as their digests say, are a model error too."""
    for name in FILES:
        (tmp_path / name).write_text("{}", "utf-8")
    empty = hashlib.sha256(b"{}").hexdigest()
    (tmp_path / DIGESTS).write_text(json.dumps(dict.fromkeys(FILES, empty)), "utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        ReaderModel(tmp_path)
