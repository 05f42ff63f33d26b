"""What ``index.contract`` promises, held against every engine there is: the same cases for each."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest
from conftest import ANSWERED, ARTICLES, BRIDGE, COPY
from postgres_servers import one_server

from sourcebot.answering.retriever import retrieve
from sourcebot.config.engines import ENGINES, EngineName
from sourcebot.config.settings import IndexConfig
from sourcebot.errors import IndexNotBuilt, IndexStale
from sourcebot.index.changes import sources_changed
from sourcebot.index.open import build_index, is_built, open_engine, reading
from sourcebot.types import Filters, IndexInfo, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Project

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.index.contract import Engine, Snapshot

WIRE = COPY + "".join(
    f"\nThe harbour master counted {n} boats at the quay.\n" for n in range(20, 34)
)
"""A report long enough that its copies are found."""

ECHO = "e\u0301cho.md"
"""A name as some systems write it: a letter and its accent apart."""

TEXTS = {**ARTICLES, "wire.md": WIRE, ECHO: WIRE.replace("2022-03-05", "2022-03-06")}
FILTERS = [
    (Filters(source="bridge.md"), {"bridge.md"}),
    (Filters(source="NORTH/"), {"north/ferry.txt"}),
    (Filters(source="*.txt"), {"library.txt", "north/ferry.txt"}),
    (Filters(publisher="QUAY gazette"), {"bridge.md"}),
    (Filters(since=dt.date(2022, 3, 6)), {ECHO, "library.txt"}),
    (Filters(until=dt.date(2022, 3, 4)), {"bridge.md"}),
    (Filters(scope=Scope(publishers=("northern",))), {"copy.md", "wire.md", ECHO}),
    (Filters(scope=Scope(sources=("bees.md", "north/*"))), {"bees.md", "north/ferry.txt"}),
    (Filters(publisher="nobody"), set()),
    (Filters(source="\u00e9cho.md"), {ECHO}),
    (Filters(source="\u00c9CHO"), {ECHO}),
    (Filters(source="e\u0301ch*"), {ECHO}),
    (Filters(scope=Scope(sources=("\u00e9*",))), {ECHO}),
]


@pytest.fixture(scope="module", params=get_args(EngineName))
def index_config(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[IndexConfig]:
    """The settings of each engine, with a database where it needs one."""
    folder = str(tmp_path_factory.mktemp(request.param) / "embeddings")
    if request.param == "embedded":
        yield IndexConfig(folder)
        return
    for server in one_server():
        yield IndexConfig(folder, engine=request.param, dsn=server.dsn(), schema="contract")


@pytest.fixture(scope="module")
def config(
    make_project: Callable[..., Project],
    index_config: IndexConfig,
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Config:
    """A project that is indexed by the engine; tests only read it."""
    project = make_project(tmp_path_factory.mktemp("contract") / "project", TEXTS)
    config = replace(project.config, index=index_config)
    if index_config.engine == "embedded":
        assert not is_built(config)
        with pytest.raises(IndexNotBuilt), reading(config):
            pass
    summary = build_index(config, embedder)
    assert set(summary.added) == set(TEXTS)
    return config


@pytest.fixture(scope="module")
def engine(config: Config, embedder: OnnxEmbedder) -> Iterator[Engine]:
    """The engine, open."""
    engine = open_engine(config, embedder)
    yield engine
    engine.close()


@pytest.fixture
def snapshot(engine: Engine) -> Iterator[Snapshot]:
    """One state of the index."""
    with engine.reading() as snapshot:
        yield snapshot


def test_every_engine_has_a_row() -> None:
    """The valid names are those of the rows, and each row's module holds what it must."""
    assert tuple(ENGINES) == get_args(EngineName)


def test_info(engine: Engine, snapshot: Snapshot, config: Config, embedder: OnnxEmbedder) -> None:
    """Every engine describes its index in the same values."""
    info = snapshot.info
    assert isinstance(info, IndexInfo)
    assert engine.refresh().name == info.name
    assert info.articles == len(TEXTS) == len(snapshot.store.articles())
    assert info.paragraphs == sum(a.paragraphs for a in snapshot.store.articles())
    assert (info.model, info.dimension) == (config.embedding.model, embedder.dimension)
    assert dt.datetime.fromisoformat(info.created).tzinfo is not None
    assert is_built(config)


def test_articles_and_paragraphs(snapshot: Snapshot, config: Config) -> None:
    """Every paragraph stands in its file, is found by its number and follows the one before."""
    store = snapshot.store
    articles = store.articles()
    assert [a.source.path for a in articles] == sorted(TEXTS)
    for article in articles:
        paragraphs = store.paragraphs_of(article.row)
        assert len(paragraphs) == article.paragraphs
        path = config.sources_folder / article.source.path
        text = path.read_bytes().decode(article.source.encoding)
        spans = [p.span for p in paragraphs]
        assert spans == sorted(spans)
        found = store.paragraphs([p.id for p in paragraphs])
        for paragraph in paragraphs:
            assert paragraph.span.of(text) == paragraph.text
            same, source = found[paragraph.id]
            assert same == paragraph
            assert source.path == article.source.path


def test_around(snapshot: Snapshot) -> None:
    """Neighbours come for many at once, within their article; of what is not there, none."""
    store = snapshot.store
    for article in store.articles():
        paragraphs = store.paragraphs_of(article.row)
        around = store.around([p.id for p in paragraphs], 1)
        for place, paragraph in enumerate(paragraphs):
            assert around[paragraph.id] == paragraphs[max(0, place - 1) : place + 2]
    first, *_, last = (store.paragraphs_of(a.row)[0].id for a in store.articles())
    both = store.around([first, last, 10**9], 2)
    assert set(both) == {first, last}
    assert store.around([], 1) == {}


@pytest.mark.parametrize(("filters", "allowed"), FILTERS)
def test_filters(
    snapshot: Snapshot, embedder: OnnxEmbedder, filters: Filters, allowed: set[str]
) -> None:
    """Either search gives only what a filter allows, and all of it when asked for enough."""
    assert {a.source.path for a in snapshot.store.articles() if filters.allow(a.source)} == allowed
    vector = embedder.embed_questions([ANSWERED])[0]
    ids, scores = snapshot.search_dense(vector, 1000, filters)
    found = {source.path for _, source in snapshot.store.paragraphs(ids.tolist()).values()}
    assert found == allowed
    assert (np.diff(scores) <= 1e-6).all()
    ids, scores = snapshot.search_lexical(snapshot.weights(ANSWERED), 1000, filters)
    found = {source.path for _, source in snapshot.store.paragraphs(ids.tolist()).values()}
    assert found <= allowed
    assert (np.diff(scores) <= 1e-6).all()


def test_cosines(snapshot: Snapshot, embedder: OnnxEmbedder) -> None:
    """The cosines asked for are those of the search, in the order of the numbers."""
    vector = embedder.embed_questions([ANSWERED])[0]
    ids, scores = snapshot.search_dense(vector, 10, Filters())
    again = snapshot.cosines(vector, ids[::-1].copy())
    assert again[::-1] == pytest.approx(scores, abs=2e-3)
    assert snapshot.search_dense(vector, 3, Filters())[0].tolist() == ids[:3].tolist()


def test_weights(snapshot: Snapshot) -> None:
    """A rare term tells more than a common one; one that is nowhere the most."""
    weights = snapshot.weights("harbour Saltholm")
    common, rare = weights["harbour"], weights["saltholm"]
    assert 0 < common < rare


def test_stories(snapshot: Snapshot) -> None:
    """Copies of a report are one story, the oldest first; each names the others' paragraphs."""
    store = snapshot.store
    (story,) = store.stories()
    assert [copy.source.path for copy in story] == ["wire.md", ECHO]
    assert story[0].similarity == pytest.approx(1.0)
    grouped = store.story_of(["wire.md", ECHO, "bees.md"])
    assert set(grouped) == {"wire.md", ECHO}
    assert len(set(grouped.values())) == 1
    assert {source.path for _, source in store.copies_of("wire.md", 5)} == {ECHO}
    assert store.copies_of("bees.md", 5) == ()


def test_evidence_is_the_same(snapshot: Snapshot, embedder: OnnxEmbedder) -> None:
    """What is retrieved for a question comes from the same places, whichever engine is asked."""
    found = retrieve(snapshot, embedder, ANSWERED, Filters(), paragraphs=4, dense_weight=0.65)
    assert found.evidence[0].source.path in {"bridge.md", "copy.md"}
    scores = [evidence.score for evidence in found.evidence]
    assert scores == sorted(scores, reverse=True)
    assert len({e.paragraph.id for e in found.evidence}) == len(found.evidence)


def test_digests_and_fingerprint(snapshot: Snapshot, embedder: OnnxEmbedder) -> None:
    """A whole index passes; vectors of another model are refused."""
    snapshot.check_digests()
    snapshot.check_fingerprint(embedder)

    class Other:
        identity = "another"
        dimension = embedder.dimension

    with pytest.raises(IndexStale):
        snapshot.check_fingerprint(Other())  # type: ignore[arg-type]


def test_an_update_leaves_what_is_read(
    config: Config, embedder: OnnxEmbedder, tmp_path: Path, make_project: Callable[..., Project]
) -> None:
    """Whoever reads goes on with the old state; the next one sees the new, which is counted."""
    project = make_project(tmp_path / "project")
    folder = str(tmp_path / "embeddings")
    mine = replace(
        project.config, index=replace(config.index, folder=folder, schema="contract_update")
    )
    assert build_index(mine, embedder).built
    assert not build_index(mine, embedder).built
    engine = open_engine(mine, embedder)
    try:
        with engine.reading() as old:
            (project.sources / "copy.md").unlink()
            project.write("bridge.md", BRIDGE.replace("eight months", "nine months"))
            project.write("note.md", "# Note\n\nThe ferry Elida was painted green in Varn.\n")
            (project.sources / "broken.md").write_bytes(b"\x00\x01\x02" * 50)
            done: list[object] = []
            thread = threading.Thread(target=lambda: done.append(build_index(mine, embedder)))
            thread.start()
            thread.join(120)
            (summary,) = done
            assert (summary.added, summary.changed) == (("note.md",), ("bridge.md",))  # type: ignore[attr-defined]
            assert summary.removed == ("copy.md",)  # type: ignore[attr-defined]
            assert [error.path for error in summary.failed] == ["broken.md"]  # type: ignore[attr-defined]
            assert "copy.md" in {a.source.path for a in old.store.articles()}
        with engine.reading() as new:
            assert new.info.name != old.info.name
            assert "copy.md" not in {a.source.path for a in new.store.articles()}
            states = new.store.files()
            assert states["broken.md"].reason
            assert not states["note.md"].reason
    finally:
        engine.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_what_has_changed(config: Config) -> None:
    """The states of the files are as they were read."""
    from sourcebot.articles.files import list_sources

    with reading(config) as snapshot:
        assert sources_changed(list_sources(config.sources_folder), snapshot.store.files()) == 0
