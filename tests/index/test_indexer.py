"""sources/ -> generations."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, ARTICLES, BEES, BRIDGE, FERRY, LIBRARY, OFF_TOPIC

from sourcebot.articles.version import SPLITTER_VERSION
from sourcebot.config.settings import EmbeddingConfig
from sourcebot.errors import IndexCorrupt, IndexLocked, IndexNotBuilt, IndexStale
from sourcebot.files import LEFTOVER
from sourcebot.index.embedded import build as indexer
from sourcebot.index.embedded import generation
from sourcebot.index.embedded.generation import open_current
from sourcebot.index.open import build_index
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.types import Reply

QUESTIONS = (
    ANSWERED,
    OFF_TOPIC,
    "How many books does the new library building hold?",
    "Who is the captain of the night ferry?",
    "How much honey did the beekeepers harvest?",
    "How long will the repairs of the bridge take?",
)


def shown(reply: Reply) -> list[tuple[str, str]]:
    """Return the words and files of a reply's quotes."""
    quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
    return [(quote.text, quote.source.path) for quote in quotes]


@contextlib.contextmanager
def lock_held(folder: Path, name: str = "lock") -> Iterator[None]:
    """Another process holds the lock of the index, or another one."""
    program = (
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder / name)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate()


def test_first_build(project: Project, embedder: OnnxEmbedder) -> None:
    """The first build adds every article and embeds every paragraph that differs."""
    summary = project.index(embedder)
    assert sorted(summary.added) == sorted(ARTICLES)
    assert (summary.changed, summary.removed, summary.failed, summary.notes) == ((), (), (), ())
    assert (summary.unchanged, summary.articles, summary.built) == (0, 5, True)
    assert summary.embedded == summary.paragraphs == len(open_current(project.embeddings).vectors)


def test_same_paragraph_of_the_same_title_is_embedded_once(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """A paragraph that stands in several files under one title is embedded once and found in all."""
    project = make_project(tmp_path / "project", {"a.md": BRIDGE, "b.md": BRIDGE})
    summary = project.index(embedder)
    assert (
        summary.embedded * 2 == summary.paragraphs == len(open_current(project.embeddings).vectors)
    )


def test_second_run_builds_nothing(project: Project, embedder: OnnxEmbedder) -> None:
    """When nothing has changed, nothing is embedded and the generation stays."""
    project.index(embedder)
    before = generation.current_name(project.embeddings)
    summary = project.index(embedder)
    assert (summary.built, summary.embedded, summary.unchanged, summary.articles) == (
        False,
        0,
        5,
        5,
    )
    assert (summary.added, summary.changed, summary.removed) == ((), (), ())
    assert generation.current_name(project.embeddings) == before


def test_added_changed_removed(project: Project, embedder: OnnxEmbedder) -> None:
    """A run names what was added, changed and removed, and embeds only what is new in it."""
    project.index(embedder)
    project.write("new.md", "# News\n\nA new bakery opened in Penfold on Sunday.\n")
    project.write("bridge.md", BRIDGE + "\nA ferry takes walkers across until then.\n")
    (project.sources / "library.txt").unlink()
    summary = project.index(embedder)
    assert summary.added == ("new.md",)
    assert summary.changed == ("bridge.md",)
    assert summary.removed == ("library.txt",)
    assert (summary.unchanged, summary.articles, summary.embedded) == (3, 5, 2)
    service = project.service()
    assert shown(service.ask("What opened in Penfold on Sunday?"))[0][1] == "new.md"
    assert "library.txt" not in {a.source.path for a in service.articles()}
    assert "takes walkers" in shown(service.ask("What takes walkers across until then?"))[0][0]


def test_renamed_article_is_not_embedded_again(project: Project, embedder: OnnxEmbedder) -> None:
    """A file that only moved is removed and added, with the vectors that it had."""
    project.index(embedder)
    (project.sources / "bees.md").rename(project.sources / "hives.md")
    summary = project.index(embedder)
    assert (summary.added, summary.removed, summary.embedded) == (("hives.md",), ("bees.md",), 0)


def test_touched_file(project: Project, embedder: OnnxEmbedder) -> None:
    """A file with a new time and the same bytes is unchanged, and not looked at again."""
    project.index(embedder)
    project.write("bridge.md", BRIDGE)
    summary = project.index(embedder)
    assert (summary.added, summary.changed, summary.removed) == ((), (), ())
    assert (summary.unchanged, summary.embedded) == (5, 0)
    assert project.index(embedder).built is False


def test_rebuild_embeds_all_again(project: Project, embedder: OnnxEmbedder) -> None:
    """A rebuild starts from nothing."""
    first = project.index(embedder)
    again = project.index(embedder, rebuild=True)
    assert again.embedded == first.embedded
    assert sorted(again.added) == sorted(ARTICLES)


def test_notes_are_told(project: Project, embedder: OnnxEmbedder) -> None:
    """A remark on an article, such as a date that cannot be read, is told with its file."""
    project.write("odd.md", "---\ntitle: Odd\npublished: someday\n---\nA body of words.\n")
    (note,) = project.index(embedder).notes
    assert note[0] == "odd.md"
    assert "someday" in note[1]


def test_progress_is_told(project: Project, embedder: OnnxEmbedder) -> None:
    """Every stage is reported from its beginning to its end."""
    told: dict[str, list[tuple[int, int]]] = {}
    project.index(embedder, progress=lambda stage, *at: told.setdefault(stage, []).append(at))
    assert {"Reading", "Embedding"} <= told.keys()
    for steps in told.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]


def test_no_articles_at_all(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """An empty folder of articles makes an empty index; articles added later are found."""
    project = make_project(tmp_path / "project", {})
    assert project.index(embedder).articles == 0
    project.write("bridge.md", BRIDGE)
    assert project.index(embedder).added == ("bridge.md",)
    assert shown(project.service().ask(ANSWERED))[0][1] == "bridge.md"
    (project.sources / "bridge.md").unlink()
    assert project.index(embedder, expected=None).removed == ("bridge.md",)


def test_incremental_index_answers_like_one_from_nothing(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """After many changes the index gives the answers and scores of one built from nothing."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    for number in range(6):
        project.write(
            f"{number}.md", f"# Note {number}\n\nThe old harbour bridge ferry number {number}.\n"
        )
        project.index(embedder)
    for number in range(1, 6):
        (project.sources / f"{number}.md").unlink()
        project.index(embedder)
    project.write("bridge.md", BRIDGE.replace("eight months", "nine months"))
    project.index(embedder)
    grown = project.service()
    fresh_project = make_project(
        tmp_path / "fresh",
        {
            path.relative_to(project.sources).as_posix(): path.read_bytes()
            for path in project.sources.rglob("*.*")
        },
    )
    fresh_project.index(embedder)
    fresh = fresh_project.service()
    for question in QUESTIONS:
        one, other = grown.ask(question), fresh.ask(question)
        assert shown(one) == shown(other)
        assert type(one) is type(other)
        assert one.confidence == pytest.approx(other.confidence, abs=0.05)
        here, there = (open_current(p.embeddings).lexical for p in (project, fresh_project))
        assert here.weights(question) == pytest.approx(there.weights(question), rel=1e-6)


def test_failing_file_that_was_indexed_before(project: Project, embedder: OnnxEmbedder) -> None:
    """An article that can no longer be read leaves the index, is named as failed, and may come back."""
    project.index(embedder)
    project.write("bridge.md", b"\x00\x01\x02" * 50)
    summary = project.index(embedder)
    assert [error.path for error in summary.failed] == ["bridge.md"]
    assert summary.removed == ("bridge.md",)
    assert (summary.unchanged, summary.articles) == (4, 4)
    assert "bridge.md" not in {a.source.path for a in project.service().articles()}
    still = project.index(embedder)
    assert still.built is False
    assert [error.path for error in still.failed] == ["bridge.md"]
    project.write("bridge.md", BRIDGE)
    back = project.index(embedder)
    assert (back.added, back.failed, back.embedded) == (("bridge.md",), (), 0)


def test_article_that_becomes_a_link_outside(
    project: Project, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """An indexed file replaced by a link that leads out is removed once and failed once."""
    project.index(embedder)
    (tmp_path / "outside.md").write_text(BRIDGE, "utf-8")
    (project.sources / "bridge.md").unlink()
    (project.sources / "bridge.md").symlink_to(tmp_path / "outside.md")
    summary = project.index(embedder)
    assert summary.removed == ("bridge.md",)
    assert [error.path for error in summary.failed] == ["bridge.md"]
    assert (summary.unchanged, summary.articles) == (4, 4)


def test_all_removed_in_one_run_are_in_order(project: Project, embedder: OnnxEmbedder) -> None:
    """What was removed is named in the order of the paths."""
    project.index(embedder)
    for name in ARTICLES:
        (project.sources / name).unlink()
    assert project.index(embedder, expected=None).removed == tuple(sorted(ARTICLES))


def test_changed_splitter_makes_the_index_stale(
    project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of another splitter is refused as stale; the next run builds it anew."""
    project.index(embedder)
    monkeypatch.setattr(generation, "SPLITTER_VERSION", SPLITTER_VERSION + 1)
    with pytest.raises(IndexStale, match="splitter") as caught:
        project.service()
    assert "sourcebot index" in caught.value.hint
    assert len(project.index(embedder).added) == 5
    assert shown(project.service().ask(ANSWERED))


def test_changed_format_makes_the_index_stale(
    project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of another format is refused as stale; the next run builds it anew."""
    project.index(embedder)
    newer = generation.FORMAT_VERSION + 1
    monkeypatch.setattr(generation, "FORMAT_VERSION", newer)
    monkeypatch.setattr(indexer, "FORMAT_VERSION", newer)
    with pytest.raises(IndexStale, match="format"):
        project.service()
    assert len(project.index(embedder).added) == 5
    assert shown(project.service().ask(ANSWERED))


def test_changed_precision_makes_the_index_stale(project: Project, embedder: OnnxEmbedder) -> None:
    """Vectors of another precision are of another model: stale, then all embedded anew."""
    from sourcebot.embedding.exported import open_embedder

    first = project.index(embedder)
    config = replace(project.config, embedding=EmbeddingConfig(precision="fp32"))
    other = open_embedder(config, lambda _: None)
    with pytest.raises(IndexStale, match="model"):
        open_current(project.embeddings).check_fingerprint(other)
    summary = build_index(config, other)
    assert summary.embedded == first.embedded
    open_current(project.embeddings).check_fingerprint(other)


def test_old_generation_serves_until_the_new_one_is_there(
    project: Project, embedder: OnnxEmbedder
) -> None:
    """A running service answers from the old index while a build runs, then from the new one."""
    project.index(embedder)
    service = project.service()
    project.write("new.md", "# News\n\nA new bakery opened in Penfold on Sunday.\n")
    question = "What opened in Penfold on Sunday?"
    during: list[list[tuple[str, str]]] = []
    project.index(embedder, progress=lambda *_: during.append(shown(service.ask(question))))
    assert during
    assert all(path != "new.md" for quotes in during[:-1] for _, path in quotes)
    assert shown(service.ask(question))[0][1] == "new.md"


def test_open_generation_outlives_its_files(project: Project, embedder: OnnxEmbedder) -> None:
    """A reader that holds a generation goes on with it after it was pruned."""
    project.index(embedder)
    held = open_current(project.embeddings)
    for number in range(3):
        project.write("n.md", f"# Note\n\nNote number {number} of the day.\n")
        project.index(embedder)
    assert not held.folder.exists()
    assert len(held.store.articles()) == 5
    ids, _ = held.vectors.search(embedder.embed_questions([ANSWERED])[0], 3)
    found, _ = held.lexical.search(["bridg"], 3)
    assert len(ids) == 3
    assert len(found)
    assert held.store.paragraphs(ids.tolist())


def test_pruning_keeps_two(project: Project, embedder: OnnxEmbedder) -> None:
    """After a switch the new and the replaced generation stay, older ones go."""
    names = []
    for number in range(4):
        project.write("n.md", f"# Note\n\nNote number {number} of the day.\n")
        project.index(embedder)
        names.append(generation.current_name(project.embeddings))
    assert project.generations() == set(names[-2:])


def test_locked_by_another_process(project: Project, embedder: OnnxEmbedder) -> None:
    """While another process builds, building is refused and the old index untouched."""
    project.index(embedder)
    before = generation.current_name(project.embeddings)
    project.write("n.md", "# Note\n\nA note.\n")
    with lock_held(project.embeddings):
        with pytest.raises(IndexLocked, match="another process"):
            project.index(embedder)
        assert generation.current_name(project.embeddings) == before
    assert project.index(embedder).added == ("n.md",)


def test_crash_leftovers_are_cleaned(project: Project, embedder: OnnxEmbedder) -> None:
    """What a crashed build, switch or export left behind is gone after the next run, whatever it does."""
    project.index(embedder)
    current = generation.current_name(project.embeddings)
    leftovers = [
        project.embeddings / "generations" / ".20260101T000000aaaaaa",
        project.embeddings / "generations" / "20990101T000000bbbbbb",
        project.embeddings / "models" / ".export-abc",
    ]
    for folder in leftovers:
        folder.mkdir(parents=True)
        (folder / "articles.sqlite").write_bytes(b"half")
    stray = project.embeddings / f".CURRENT.abc{LEFTOVER}"
    stray.write_text("half", "utf-8")
    with lock_held(project.embeddings / "models", ".lock"):
        assert project.index(embedder).built is False
        assert [path for path in (*leftovers, stray) if path.exists()] == leftovers[2:]
    project.index(embedder)
    assert not leftovers[2].exists()
    assert generation.current_name(project.embeddings) == current


def test_killed_build_leaves_the_old_index(project: Project, embedder: OnnxEmbedder) -> None:
    """A build that is killed in the middle leaves the old index answering, and the next one succeeds."""
    project.index(embedder)
    before = generation.current_name(project.embeddings)
    project.write("n.md", "# Note\n\nA note of the day.\n")
    program = (
        "import os, sys, pathlib; from sourcebot.config.loading import load_config\n"
        "from sourcebot.embedding.exported import open_embedder\n"
        "from sourcebot.index.open import build_index\n"
        "config = load_config(pathlib.Path(sys.argv[1]), {})\n"
        "def progress(stage, *_):\n"
        "    if stage == 'Writing': os._exit(9)\n"
        "build_index(config, open_embedder(config, print), progress=progress)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(project.folder)], check=False, timeout=120
    )
    assert done.returncode == 9
    assert generation.current_name(project.embeddings) == before
    assert len(project.service().articles()) == 5
    summary = project.index(embedder)
    assert (summary.added, summary.embedded) == (("n.md",), 0)
    assert project.generations() == {before, generation.current_name(project.embeddings)}


def test_failed_build_leaves_the_old_index(project: Project, embedder: OnnxEmbedder) -> None:
    """A build that ends in an error leaves no working folder and the old index."""
    project.index(embedder)
    before = project.generations()

    def fail(stage: str, *_: int) -> None:
        if stage == "Writing":
            raise OSError(28, "No space left on device")

    project.write("n.md", "# Note\n\nA note of the day.\n")
    with pytest.raises(Exception, match="No space left"):
        project.index(embedder, progress=fail)
    assert project.generations() == before


def test_no_index() -> None:
    """Without an index the error says how to build one."""
    from pathlib import Path

    with pytest.raises(IndexNotBuilt) as caught:
        open_current(Path("embeddings"))
    assert "sourcebot index" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "articles.sqlite",
        "vectors/1.exact",
        "vectors/1.ids",
        "vectors/segments.json",
        "lexical/meta.json",
    ],
)
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage"])
def test_damaged_files_are_told(
    shared_project: Project, tmp_path: Path, name: str, damage: str
) -> None:
    """A file of the index that is gone or damaged gives IndexCorrupt with the way to repair it."""
    import shutil

    shutil.copytree(shared_project.embeddings / "generations", tmp_path / "generations")
    shutil.copy(shared_project.embeddings / "CURRENT", tmp_path)
    path = tmp_path / "generations" / generation.current_name(tmp_path) / name
    if damage == "missing":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_bytes(b"garbage" * 999)
    program = (
        "import sys, pathlib; from sourcebot.errors import IndexCorrupt\n"
        "from sourcebot.index.embedded.generation import open_current\n"
        "try: open_current(pathlib.Path(sys.argv[1]))\n"
        "except IndexCorrupt as error: print(error.hint)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "--repair" in done.stdout


@pytest.mark.parametrize("pointer", [b"", b"../../etc\n", b"\xff\xfe", b"20000101T000000ffffff\n"])
def test_damaged_pointer_is_told(shared_project: Project, tmp_path: Path, pointer: bytes) -> None:
    """A pointer that names no generation is corrupt; it can lead nowhere else."""
    (tmp_path / "generations").symlink_to(shared_project.embeddings / "generations")
    (tmp_path / "CURRENT").write_bytes(pointer)
    with pytest.raises(IndexCorrupt):
        open_current(tmp_path)


def test_damaged_index_is_repaired_by_indexing(project: Project, embedder: OnnxEmbedder) -> None:
    """A plain run over a damaged index builds it from nothing, with the vectors that are kept."""
    project.index(embedder)
    (open_current(project.embeddings).folder / "vectors/1.exact").write_bytes(b"garbage")
    summary = project.index(embedder)
    assert len(summary.added) == 5
    assert summary.embedded == 0
    assert shown(project.service().ask(ANSWERED))


@pytest.mark.parametrize("damage", [b"", b"garbage" * 1000])
def test_damaged_vector_cache_is_made_anew(
    project: Project, embedder: OnnxEmbedder, damage: bytes
) -> None:
    """The cache of vectors is only an economy: damaged or gone, it costs an embedding."""
    project.index(embedder)
    for path in project.embeddings.glob("vectors.sqlite*"):
        path.unlink()
    if damage:
        (project.embeddings / "vectors.sqlite").write_bytes(damage)
    project.write("n.md", "# Note\n\nA note of the day.\n")
    assert project.index(embedder).embedded == 1
    assert shown(project.service().ask(ANSWERED))


def test_quotes_are_verbatim_after_changes(project: Project, embedder: OnnxEmbedder) -> None:
    """Every sentence of the index stands in the file at its offsets, whatever the encoding."""
    project.write(
        "w.txt", LIBRARY.replace("Tarnwick", "Tärnwick").replace("\n", "\r\n").encode("cp1252")
    )
    project.write("u.txt", FERRY.encode("utf-16"))
    project.write("b.md", BEES.encode("utf-8-sig"))
    project.index(embedder)
    project.write("b.md", BEES.replace("eleven", "twelve").encode("utf-16-be"))
    project.index(embedder)
    store = open_current(project.embeddings).store
    _, ids = store.matching(Filters())
    checked = 0
    for paragraph, source in store.paragraphs(ids.tolist()).values():
        with (project.sources / source.path).open(encoding=source.encoding, newline="") as stream:
            text = stream.read()
        assert paragraph.span.of(text) == paragraph.text
        for sentence in paragraph.sentences:
            assert sentence.of(text) == paragraph.sentence_text(sentence)
            checked += 1
    assert checked > 20


def test_a_project_reindexes(project: Project, embedder: OnnxEmbedder) -> None:
    """A project can bring the index up to date and say what has changed before."""
    project.index(embedder)
    opened = project.opened()
    opened.prepare()
    assert opened.changed() == 0
    project.write("n.md", "# Note\n\nA note of the day.\n")
    os.utime(project.sources / "bees.md", (1, 1))  # its words are the same
    (project.sources / "copy.md").unlink()
    assert opened.changed() == 2
    assert opened.index().added == ("n.md",)
    assert opened.changed() == 0
