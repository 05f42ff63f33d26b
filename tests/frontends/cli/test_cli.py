"""The command line, run as users run it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import sysconfig
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ANSWERED, BRIDGE, NOT_STATED, OFF_TOPIC, run_cli
from test_indexer import lock_held

from sourcebot import __version__
from sourcebot.__main__ import main as started
from sourcebot.embedding.exported import model_folder
from sourcebot.frontends.cli.commands.asking import ask
from sourcebot.index.embedded.generation import Manifest
from sourcebot.project import Project as Opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x1b[31m\x9b31m\u202eevil\u2066\u200b\x08\r"
HARMLESS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


CAREFUL = {"SOURCEBOT_ANSWER_THRESHOLD": "0.999"}
"""So careful that nothing is answered, whatever the weights."""


def check_json(text: str, project: Project, *, answered: bool) -> dict[str, Any]:
    """Hold a JSON reply against its schema, and its offsets against the files."""
    reply: dict[str, Any] = json.loads(text)
    assert list(reply) == [
        "schema", "question", "meant", "answered", "reason", "message", "missing", "unread", "covered", "options", "confidence",
        "quotes", "conflict", "later", "nearest", "open", "parts",
    ]  # fmt: skip
    assert (reply["schema"], reply["answered"]) == (1, answered)
    assert bool(reply["quotes"]) == answered
    assert (reply["reason"] is None) == (reply["message"] is None) == answered
    assert 0 <= reply["confidence"] <= 1
    for quote in (*reply["quotes"], *reply["nearest"]):
        assert list(quote) == [
            "text", "start", "end", "link", "words", "headings", "opening", "cells", "probability", "source", "also",
            "ranks", "scores"
        ]  # fmt: skip
        source = quote["source"]
        assert set(source) == {
            "file", "title", "publisher", "author", "published", "url", "language", "foreign", "page", "slide", "sheet", "time", "paragraph", "encoding", "sha256"
        }  # fmt: skip
        path = project.sources / source["file"]
        with path.open(encoding=source["encoding"], newline="") as stream:
            assert stream.read()[quote["start"] : quote["end"]] == quote["text"]
        words = quote["words"]
        assert quote["start"] <= words["start"] < words["end"] <= quote["end"]
        assert quote["ranks"].keys() <= {"dense", "lexical"}
        assert {"cosine", "bm25"} <= quote["scores"].keys()
    return reply


def test_answered(shared_project: Project) -> None:
    """An answer is the verbatim quote with title, publisher, date, paragraph and file; status 0."""
    ran = run_cli("ask", ANSWERED, cwd=shared_project.folder)
    assert (ran.status, ran.err) == (0, "")
    assert "1  The old harbour bridge at Lowmere was closed on 3 March 2022 after" in ran.out
    for part in (
        "Harbour bridge at Lowmere closed", "The Quay Gazette", "4 March 2022", "paragraph 1",
        "bridge.md", "Northern Wire", "copy.md", "confidence",
    ):  # fmt: skip
        assert part in ran.out
    assert "\x1b" not in ran.out


def test_not_covered(shared_project: Project) -> None:
    """What is off topic is refused shortly, with what to do next; status 3."""
    ran = run_cli("ask", *OFF_TOPIC.split(), cwd=shared_project.folder)
    assert (ran.status, ran.err) == (3, "")
    assert ran.out == (
        "Nothing relevant to this was found in the articles.\n"
        "Ask in other words, or see the list of sources for what they cover.\n"
    )


def test_not_stated(shared_project: Project) -> None:
    """What is on topic but not stated is refused with the articles and quotes that come near.

    They name people, so it is not said that a name is missing.
    """
    ran = run_cli("ask", NOT_STATED, cwd=shared_project.folder, env=CAREFUL)
    assert (ran.status, ran.err) == (3, "")
    reason, closest, marked, *quotes = ran.out.splitlines()
    assert reason.endswith("no quote is likely to answer.")
    assert closest.startswith("The closest articles: “")
    assert "“Harbour bridge at Lowmere closed”" in closest
    assert marked == "Closest quotes, none of them sure to answer:"
    assert quotes[1].startswith("1  ")
    assert "confidence" not in ran.out


def test_json_of_what_is_not_stated(shared_project: Project) -> None:
    """--json names the articles on the subject, and no fact as missing that a near quote holds."""
    ran = run_cli("ask", "--json", NOT_STATED, cwd=shared_project.folder, env=CAREFUL)
    reply = check_json(ran.out, shared_project, answered=False)
    assert (ran.status, reply["reason"], reply["missing"]) == (3, "not_stated", None)
    assert {"bridge.md"} <= {source["file"] for source in reply["covered"]}
    assert "missing" not in reply["message"]


def test_json(shared_project: Project) -> None:
    """--json prints the documented schema, whose offsets count in the file as it is read; status 0."""
    ran = run_cli("ask", "--json", ANSWERED, cwd=shared_project.folder)
    reply = check_json(ran.out, shared_project, answered=True)
    assert (ran.status, reply["question"]) == (0, ANSWERED)
    assert [s["file"] for s in reply["quotes"][0]["also"]] in (["copy.md"], ["bridge.md"])


def test_json_of_an_abstention(shared_project: Project) -> None:
    """--json says why there is no answer, with the closest quotes; status 3."""
    ran = run_cli("ask", "--json", OFF_TOPIC, cwd=shared_project.folder)
    reply = check_json(ran.out, shared_project, answered=False)
    assert (ran.status, reply["reason"]) == (3, "nothing_relevant")
    assert (reply["missing"], reply["covered"]) == (None, [])
    assert len(reply["nearest"]) == 3


def test_json_offsets_in_any_encoding(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """The offsets are right for every encoding, with line ends of Windows and letters beyond the BMP."""
    words = BRIDGE.replace("The council", "🐝 The council").replace("\n", "\r\n")
    articles = {
        f"{number}.md": words.replace("2.4", f"{number}.4").encode(codec)
        for number, codec in enumerate(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
    }
    articles["w.md"] = words.replace("🐝", "–").encode("cp1252")
    project = make_project(tmp_path / "project", articles, "[answer]\nquotes = 10\n")
    project.index(embedder)
    for name in articles:
        asked = ("ask", "--json", "What will the repairs cost?", "--source", name)
        ran = run_cli(*asked, cwd=project.folder)
        reply = json.loads(ran.out)
        check_json(ran.out, project, answered=reply["answered"])
        shown = reply["quotes"] or reply["nearest"]
        assert {quote["source"]["file"] for quote in shown} == {name}


def test_explain(shared_project: Project) -> None:
    """--explain shows offsets, ranks and scores of every quote."""
    ran = run_cli("ask", "--explain", ANSWERED, cwd=shared_project.folder)
    line = next(line for line in ran.out.splitlines() if "characters" in line)
    assert re.search(r"characters \d+-\d+; dense rank \d+ \(score .*lexical rank \d+ \(score", line)
    assert "probability 0." in line
    assert "Its paragraph was found" in ran.out


def test_filters(shared_project: Project) -> None:
    """Filters keep the answer to the articles that they allow."""
    ran = run_cli(
        "ask", "--json", "--publisher", "wire", "--source", "*.md", "--since", "5 March 2022",
        "--until", "2022-03-05", ANSWERED, cwd=shared_project.folder,
    )  # fmt: skip
    reply = check_json(ran.out, shared_project, answered=True)
    assert {q["source"]["file"] for q in reply["quotes"]} == {"copy.md"}
    assert reply["quotes"][0]["also"] == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask"], "QUESTION"),
        (["ask", ""], "empty"),
        (["ask", "a" * 1001], "1,001"),
        (["ask", "--nonsense", "x"], "--nonsense"),
        (["ask", "--since", "soon", "x"], "2021-07-20"),
        (["ask", "--publisher", "Nobody at all", "x"], "Nobody at all"),
        (["nonsense"], "nonsense"),
        (["index", "extra"], "extra"),
    ],
    ids=lambda value: " ".join(value)[:20] if isinstance(value, list) else "",
)
def test_usage(shared_project: Project, arguments: list[str], named: str) -> None:
    """A wrong command, option or question ends with status 2 and says what is wrong."""
    ran = run_cli(*arguments, cwd=shared_project.folder)
    assert (ran.status, ran.out) == (2, "")
    assert named in ran.err


def test_errors(tmp_path: Path) -> None:
    """An error ends with status 1 and says on standard error what to do."""
    for arguments in (["ask", "x"], ["chat"], ["index"], ["sources"]):
        ran = run_cli(*arguments, cwd=tmp_path)
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("error: ")
        assert "sourcebot index" in ran.err or "--project" in ran.err


def test_wrong_configuration(tmp_path: Path) -> None:
    """A mistake in config.toml ends every command with status 1, named."""
    (tmp_path / "config.toml").write_text("[answer]\nqoutes = 3\n", "utf-8")
    ran = run_cli("ask", "x", cwd=tmp_path)
    assert ran.status == 1
    assert "'qoutes'" in ran.err
    assert "did you mean 'quotes'?" in ran.err


def test_project_before_and_after_the_command(
    shared_project: Project, make_project: Callable[..., Project], tmp_path: Path
) -> None:
    """--project stands before or after the command, wins over SOURCEBOT_PROJECT, the latter over cwd."""
    other = tmp_path / "other"
    (other / "sources").mkdir(parents=True)
    folder = str(shared_project.folder)
    for arguments, variable in (
        (["--project", folder, "sources"], str(other)),
        (["sources", "--project", folder], str(other)),
        (["--project", str(other), "sources", "--project", folder], ""),
        (["sources"], folder),
    ):
        ran = run_cli(*arguments, cwd=other, env={"SOURCEBOT_PROJECT": variable})
        assert ran.status == 0
        assert "bridge.md" in ran.out
    missing = run_cli("--project", "nowhere", "ask", "x", cwd=other)
    assert missing.status == 1
    assert "nowhere" in missing.err


def test_first_index_builds_itself(project: Project) -> None:
    """`ask` builds the first index, says so and names what it left out; standard output is the answer."""
    project.write("empty.md", b"")
    ran = run_cli("ask", "--json", ANSWERED, cwd=project.folder)
    assert ran.status == 0
    check_json(ran.out, project, answered=True)
    assert "There is no index yet; building it" in ran.err
    assert "empty.md" in ran.err


def test_sources_changed_since(project: Project, embedder: OnnxEmbedder) -> None:
    """When sources have changed since the indexing, commands say so and answer all the same."""
    project.index(embedder)
    project.write("new.md", "# News\n\nA new bakery opened in Penfold.\n")
    for arguments in (["ask", ANSWERED], ["sources"], ["chat"]):
        ran = run_cli(*arguments, cwd=project.folder)
        assert ran.status == 0
        assert "1 source file changed since the indexing: run `sourcebot index`" in ran.err


def test_stale_index(project: Project, embedder: OnnxEmbedder) -> None:
    """An index of another model is called stale with what to do; `index` then mends it."""
    project.index(embedder)
    manifest = next(project.embeddings.glob("generations/*/manifest.json"))
    data = json.loads(manifest.read_text("utf-8"))
    del data["sha256"]
    Manifest(**{**data, "fingerprint": "0" * 16}).write(manifest.parent)
    ran = run_cli("ask", ANSWERED, cwd=project.folder)
    assert (ran.status, ran.out) == (1, "")
    assert "another model or splitter" in ran.err
    assert "sourcebot index" in ran.err
    assert run_cli("index", cwd=project.folder).status == 0
    assert run_cli("ask", ANSWERED, cwd=project.folder).status == 0


def test_index_summary(project: Project) -> None:
    """`index` tells what it added, changed, removed and could not use, with the reason."""
    project.write("empty.md", b"")
    first = run_cli("index", cwd=project.folder)
    assert first.status == 1
    assert "Articles: 5 added, 0 changed, 0 removed, 0 unchanged, 1 failed" in first.out
    assert "failed: empty.md: it is empty" in first.out
    project.write("bridge.md", BRIDGE + "\nMore.\n")
    (project.sources / "copy.md").unlink()
    second = run_cli("index", cwd=project.folder)
    assert "Articles: 0 added, 1 changed, 1 removed, 3 unchanged, 1 failed" in second.out
    assert "(1 embedded)" in second.out
    assert run_cli("ask", ANSWERED, cwd=project.folder).status == 0


def test_rebuild(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """`index --rebuild` exports a damaged model again and embeds everything."""
    project = make_project(tmp_path / "project", own_model=True)
    assert run_cli("index", cwd=project.folder).status == 0
    model = model_folder(project.config) / "model.onnx"
    model.write_bytes(b"damaged")
    damaged = run_cli("ask", ANSWERED, cwd=project.folder)
    assert (damaged.status, "--repair" in damaged.err) == (1, True)
    rebuilt = run_cli("index", "--rebuild", cwd=project.folder)
    assert rebuilt.status == 0
    assert "5 added" in rebuilt.out
    assert run_cli("ask", ANSWERED, cwd=project.folder).status == 0


def test_locked(project: Project) -> None:
    """While another process builds, `index` ends with status 1 and says to wait."""
    with lock_held(project.embeddings):
        ran = run_cli("index", cwd=project.folder)
    assert ran.status == 1
    assert "another process is building" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limits")
def test_full_disk(project: Project, embedder: OnnxEmbedder) -> None:
    """When the index cannot be written, that is an error; the old index goes on answering."""
    import resource

    project.index(embedder)
    for number in range(60):
        project.write(
            f"{number}.md", f"# Note {number}\n\n" + f"Sentence {number} of many words. " * 60
        )

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    ran = run_cli("index", cwd=project.folder, preexec_fn=small_files)
    assert ran.status == 1
    assert ran.err.startswith("error: ")
    assert run_cli("ask", ANSWERED, cwd=project.folder).status == 0


def test_sources(shared_project: Project) -> None:
    """`sources` lists what is indexed with file, title, publisher, date and paragraphs."""
    ran = run_cli("sources", cwd=shared_project.folder)
    assert ran.status == 0
    row = next(line for line in ran.out.splitlines() if line.startswith("bridge.md"))
    assert row.split("  ")[0] == "bridge.md"
    for part in ("Harbour bridge at Lowmere closed", "The Quay Gazette", "4 March 2022", "3"):
        assert part in row
    assert "5 articles" in ran.out


def test_doctor(shared_project: Project, tmp_path: Path) -> None:
    """`doctor` ends with 0 where all is well, else with 1 and what to do."""
    assert run_cli("doctor", cwd=shared_project.folder).status == 0
    ran = run_cli("doctor", cwd=tmp_path)
    assert ran.status == 1
    assert "WRONG" in ran.out


def test_version_and_help(tmp_path: Path) -> None:
    """Version and help are printed by the installed command, and the help names every command."""
    command = Path(sysconfig.get_path("scripts")) / "sourcebot"
    done = subprocess.run(
        [command, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == f"sourcebot {__version__}\n"
    ran = run_cli("--help", cwd=tmp_path)
    assert ran.status == 0
    for name in ("ask", "chat", "index", "sources", "doctor", "--project"):
        assert name in ran.out


def test_stopping_while_the_program_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C in the first moment is no traceback."""

    class Stopping:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sourcebot.frontends.cli.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "sourcebot.frontends.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Stopping(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        started()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped\n"


def loaded_by(*arguments: str, cwd: Path) -> set[str]:
    """Return the top-level modules that a command has imported at its end."""
    program = (
        "import sys; from sourcebot.frontends.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=cwd,
    )
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_ask_imports_no_torch(shared_project: Project) -> None:
    """The question path imports neither torch nor what needs it, nor what only indexing needs."""
    loaded = loaded_by("ask", ANSWERED, cwd=shared_project.folder)
    assert {"onnxruntime", "faiss", "tantivy"} <= loaded
    assert loaded.isdisjoint(
        {"torch", "transformers", "sentence_transformers", "onnx", "discord", "prompt_toolkit"}
        | {"psycopg", "nupunkt", "markdown_it", "huggingface_hub", "sklearn", "scipy", "pandas"}
    )


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """The help needs none of the libraries that answer questions."""
    assert loaded_by("--help", cwd=tmp_path).isdisjoint(
        {"numpy", "faiss", "onnxruntime", "tantivy", "pydantic", "torch", "tokenizers", "sqlite3"}
    )


@pytest.fixture(scope="module")
def hostile(
    make_project: Callable[..., Project],
    tmp_path_factory: pytest.TempPathFactory,
    embedder: OnnxEmbedder,
) -> Project:
    """A project whose articles try to steer the terminal."""
    title = HOSTILE.encode("unicode_escape").decode().replace("\\x9b", "\\u009b")
    article = BRIDGE.replace("Harbour bridge at Lowmere closed", f'"Bridge {title} closed"')
    article = article.replace("The Quay Gazette", f'"Evil {title} Gazette"')
    article = article.replace("was closed on", f"was {HOSTILE.strip()} closed on")
    project = make_project(
        tmp_path_factory.mktemp("hostile") / "project",
        {"bridge.md": article, "bad\x1b[31m\x07name.md": b"", "b\x1b[2J.md": BRIDGE},
        "[answer]\nthreshold = 0.01\nquotes = 5",
    )
    project.index(embedder)
    return project


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", ANSWERED],
        ["ask", "--explain", ANSWERED],
        ["ask", "--json", ANSWERED],
        ["ask", "--publisher", "Evil Gazete", ANSWERED],
        ["ask", "--source", "bad[31mname", ANSWERED],
        ["index"],
        ["sources"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_hostile_sources_are_harmless(hostile: Project, arguments: list[str]) -> None:
    """No control character or direction override of a source reaches the terminal."""
    ran = run_cli(*arguments, cwd=hostile.folder)
    for text in (ran.out, ran.err):
        assert not HARMLESS.search(text), HARMLESS.findall(text)
    if "--json" in arguments:
        check_json(ran.out, hostile, answered=True)


def test_hostile_chat_is_harmless(hostile: Project) -> None:
    """In a chat neither quotes, context, lists nor errors steer the terminal."""
    lines = [
        ANSWERED,
        "/context 1",
        "/sources",
        '/filter publisher="Evil Gazete"',
        ANSWERED,
        "/reload",
    ]
    ran = run_cli("chat", cwd=hostile.folder, stdin="\n".join(lines))
    for text in (ran.out, ran.err):
        assert not HARMLESS.search(text), HARMLESS.findall(text)


def test_hostile_names_at_the_first_index(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    """A file name that cannot be used is told harmlessly when `ask` builds the first index."""
    project = make_project(tmp_path / "project", {"bridge.md": BRIDGE, "x\x1b[2J\x07.md": b""})
    ran = run_cli("ask", ANSWERED, cwd=project.folder)
    assert "Left out" in ran.err
    assert not HARMLESS.search(ran.err)


@pytest.mark.parametrize(
    "arguments",
    [
        [b"ask", b"\xff\xfe?"],
        [b"ask", b"--source", b"\xff", b"bridge"],
        [b"--project", b"\xff", b"ask", b"x"],
    ],
    ids=repr,
)
def test_arguments_that_are_not_unicode(shared_project: Project, arguments: list[bytes]) -> None:
    """Bytes that are no Unicode on the command line end in an answer or a clear error."""
    assert run_cli(*arguments, cwd=shared_project.folder).status in {1, 2, 3}


def test_ascii_terminal(shared_project: Project) -> None:
    """In a locale without Unicode the answer comes all the same."""
    ran = run_cli(
        "ask", ANSWERED, cwd=shared_project.folder, env={"LC_ALL": "C", "PYTHONUTF8": "0"}
    )
    assert ran.status == 0


def test_reader_that_goes_away(shared_project: Project) -> None:
    """When the reader of the output has gone, the command ends without a traceback."""
    receiver, sender = os.pipe()
    os.close(receiver)
    done = subprocess.run(
        [sys.executable, "-m", "sourcebot", "sources"],
        stdout=sender, stderr=subprocess.PIPE, cwd=shared_project.folder, check=False, text=True,
    )  # fmt: skip
    os.close(sender)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_answer_does_not_wait_for_the_look_through_the_folder(
    shared_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large folder that takes longer than answering, so the answer is printed meanwhile."""
    printed = threading.Event()
    looked = Opened.changed

    class Output(io.StringIO):
        def flush(self) -> None:
            if "The Quay Gazette" in self.getvalue():
                printed.set()

    def look(opened: Opened) -> int:
        assert printed.wait(20), "the answer waits for the look"
        return looked(opened)

    shared_project.service()
    output = Output()
    monkeypatch.setattr(Opened, "changed", look)
    monkeypatch.setattr(sys, "stdout", output)
    asked = [ANSWERED, "--project", str(shared_project.folder)]
    assert ask.main(asked, standalone_mode=False) == 0
    assert printed.is_set()
