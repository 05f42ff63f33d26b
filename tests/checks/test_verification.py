"""Proof that quotes stand in the sources, through the command line."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, BRIDGE, OFF_TOPIC, run_cli

from sourcebot.checks.verification import Sources, read_answer, verify_answer, verify_index
from sourcebot.errors import VerificationError
from sourcebot.index import schema
from sourcebot.index.embedded import store
from sourcebot.index.embedded.generation import open_current
from sourcebot.render.as_json import reply_to_json
from sourcebot.types import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.types import Checked

SHIFTED = BRIDGE.replace("---\nThe old", "---\nAn opening. The old")


def verdicts(given: str, project: Project) -> list[Verdict]:
    """Return the verdicts on the JSON of an answer."""
    return [item.verdict for item in checked(given, project)]


def checked(given: str, project: Project) -> tuple[Checked, ...]:
    """Return what verifying the JSON of an answer finds."""
    return verify_answer(read_answer(given.encode(), "answer"), Sources(project.sources))


@pytest.fixture
def answer(project: Project, embedder: OnnxEmbedder) -> str:
    """The JSON of an answer from a fresh project."""
    project.index(embedder)
    return reply_to_json(project.service().ask("How much will the repairs of the bridge cost?"))


def test_index_is_proven(shared_project: Project) -> None:
    """Of an untouched project every sentence of every article is proven."""
    ran = run_cli("verify", cwd=shared_project.folder)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("sentences of 5 articles stand in the sources at their offsets.\n")
    proof = json.loads(run_cli("verify", "--json", cwd=shared_project.folder).out)
    assert proof["articles"] == 5
    assert proof["sentences"] > 15
    assert proof["not_proven"] == []


def test_changed_and_gone_sources(project: Project, embedder: OnnxEmbedder) -> None:
    """What changed or went since the indexing is named, with status 4; bytes count, not times."""
    project.index(embedder)
    project.write("bridge.md", SHIFTED)
    (project.sources / "copy.md").unlink()
    os.utime(project.sources / "bees.md", (1, 1))
    ran = run_cli("verify", cwd=project.folder)
    assert (ran.status, ran.err) == (4, "")
    assert "of 3 articles stand" in ran.out
    assert "source gone  copy.md" in ran.out
    assert "bridge.md: it has changed since it was indexed" in ran.out


def test_sentence_at_a_wrong_place(project: Project, embedder: OnnxEmbedder) -> None:
    """A paragraph whose offsets are wrong, with a right checksum, is found by reading the source."""
    project.index(embedder)
    path = open_current(project.embeddings).folder / "articles.sqlite"
    connection = sqlite3.connect(path)
    row = list(connection.execute("SELECT * FROM paragraphs WHERE id = 2").fetchone())
    row[5] += 1
    row[-1] = schema.row_mark(row[:-1])
    connection.execute("DELETE FROM paragraphs WHERE id = 2")
    connection.execute(f"INSERT INTO paragraphs VALUES ({', '.join('?' * len(row))})", row)
    connection.commit()
    connection.close()
    proof = verify_index(store.ArticleStore(path), Sources(project.sources), lambda *_: None)
    (found,) = proof.checked
    assert found.verdict is Verdict.FALSE
    assert "does not stand" in found.detail
    assert proof.articles == 4
    ran = run_cli("verify", cwd=project.folder)
    assert (ran.status, "articles.sqlite is damaged" in ran.err) == (1, True)


def test_answer_given_earlier(shared_project: Project, tmp_path: Path) -> None:
    """The output of `ask --json` is proven from a file and from standard input."""
    for question, status in ((ANSWERED, 0), (OFF_TOPIC, 3)):
        asked = run_cli("ask", "--json", question, cwd=shared_project.folder)
        assert asked.status == status
        (tmp_path / "answer.json").write_text(asked.out, "utf-8")
        ran = run_cli("verify", tmp_path / "answer.json", cwd=shared_project.folder)
        piped = run_cli("verify", "-", "--json", cwd=shared_project.folder, stdin=asked.out)
        assert (ran.status, piped.status, ran.err) == (0, 0, "")
        quotes = json.loads(piped.out)["quotes"]
        assert {quote["verdict"] for quote in quotes} == {"proven"}
        assert ran.out.count("proven  ") == len(quotes) > 0


def test_answer_whose_source_changed(project: Project, answer: str) -> None:
    """A source that changed is told, and whether the quote still stands in it; so is one that went."""
    assert set(verdicts(answer, project)) == {Verdict.PROVEN}
    project.write("bridge.md", SHIFTED)
    first = [i.verdict for i in checked(answer, project) if i.file == "bridge.md"]
    assert set(first) == {Verdict.STILL_THERE}
    project.write("bridge.md", "# Another\n\nText.\n")
    first = [i.verdict for i in checked(answer, project) if i.file == "bridge.md"]
    assert set(first) == {Verdict.NOT_THERE}
    project.write("bridge.md", b"\xff\xfe\x00")
    assert Verdict.NOT_THERE in verdicts(answer, project)
    (project.sources / "bridge.md").unlink()
    assert Verdict.GONE in verdicts(answer, project)
    ran = run_cli("verify", "-", cwd=project.folder, stdin=answer)
    assert (ran.status, "source gone  bridge.md" in ran.out) == (4, True)


@pytest.mark.parametrize(
    "forge",
    [
        {"text": "The repairs will cost nothing."},
        {"text": ""},
        {"start": -10, "end": -2},
        {"start": 10**30},
        {"end": 5},
    ],
)
def test_forged_answers(project: Project, answer: str, forge: dict[str, object]) -> None:
    """Words or offsets that were altered are not proven: status 1."""
    data = json.loads(answer)
    data["quotes"][0] |= forge
    ran = run_cli("verify", "-", cwd=project.folder, stdin=json.dumps(data))
    assert ran.status == 1


@pytest.mark.parametrize("file", ["../config.toml", "/etc/passwd", ".hidden.md", "bridge.md/", ""])
def test_answers_cannot_lead_out(project: Project, answer: str, file: str) -> None:
    """A file that is none of the sources is never opened, whatever the answer says."""
    (project.folder / "config.toml").write_text("", "utf-8")
    data = json.loads(answer)
    data["quotes"][0]["source"]["file"] = file
    assert verdicts(json.dumps(data), project)[0] is Verdict.GONE


def test_unknown_codec_is_false(project: Project, answer: str) -> None:
    """A codec that sourcebot never reads with proves nothing."""
    data = json.loads(answer)
    data["quotes"][0]["source"]["encoding"] = "utf-7"
    assert verdicts(json.dumps(data), project)[0] is Verdict.FALSE


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"question": 1, "quotes": []}']
)
def test_what_is_no_answer(data: bytes) -> None:
    """What is not the output of `ask --json` is refused with a hint."""
    with pytest.raises(VerificationError) as caught:
        read_answer(data, "answer.json")
    assert "ask --json" in caught.value.hint


def test_missing_answer(shared_project: Project) -> None:
    """A file that is not there is an error that names it."""
    ran = run_cli("verify", "none.json", cwd=shared_project.folder)
    assert (ran.status, "none.json cannot be read" in ran.err) == (1, True)
