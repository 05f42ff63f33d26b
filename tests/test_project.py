"""The public door: every use case by a few lines of Python."""

from __future__ import annotations

import asyncio
import gc
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, ARTICLES, OFF_TOPIC

import sourcebot
from sourcebot.errors import ConfigError, IndexNotBuilt, ServiceBusy
from sourcebot.types import Abstention, Answer, Filters

if TYPE_CHECKING:
    from conftest import Project


def test_a_question_builds_the_first_index(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three lines give an answer; what happens meanwhile is told to callbacks, never printed."""
    told: list[str] = []
    stages: set[str] = set()
    with sourcebot.open_project(
        project.folder, notify=told.append, progress=lambda stage, *_: stages.add(stage)
    ) as opened:
        reply = opened.ask(ANSWERED)
        assert isinstance(reply, Answer)
        quote = reply.quotes[0]
        assert quote.source.path in {"bridge.md", "copy.md"}
        assert quote.text in (project.sources / quote.source.path).read_text("utf-8")
        assert quote.text in "\n".join(p.text for p in opened.context(quote, 2))
        assert isinstance(opened.ask(OFF_TOPIC), Abstention)
    assert any("no index yet" in line for line in told)
    assert {"Reading", "Embedding", "Writing"} <= stages
    assert capsys.readouterr() == ("", "")


def test_opening_does_nothing(project: Project) -> None:
    """A project is opened without reading articles, and says so when there is no index."""
    with sourcebot.open_project(str(project.folder)) as opened:
        assert not list(project.embeddings.glob("generations"))
        with pytest.raises(IndexNotBuilt):
            opened.articles()
    with pytest.raises(ConfigError, match="is not a folder"):
        sourcebot.open_project(project.folder / "nowhere")


def test_adding_and_removing_index_at_once(project: Project, tmp_path: Path) -> None:
    """What is added is found by the next question; what is removed no longer."""
    page = tmp_path / "kiosk.html"
    page.write_text(
        "<html><head><title>The kiosk of Ostmark</title></head><body><article>"
        "<p>The kiosk of Ostmark is run by Bertil Sand, who sells eel soup on Fridays.</p>"
        "<p>It has stood by the mill since 1974, and has been painted green twice.</p>"
        "</article></body></html>",
        "utf-8",
    )
    with sourcebot.open_project(project.folder) as opened:
        opened.index()
        added = opened.add(str(page))
        assert added.whole
        assert added.summary
        assert added.summary.added == (added.outcomes[0].article,)
        reply = opened.ask("Who runs the kiosk of Ostmark?")
        assert isinstance(reply, Answer)
        assert "Bertil Sand" in reply.quotes[0].text
        assert opened.add(str(page)).summary is None
        assert opened.changed() == 0
        removed = opened.remove(added.outcomes[0].article)
        assert removed.summary
        assert opened.info().articles == len(ARTICLES) == len(opened.articles())
        assert not opened.remove("nothing.md", dry_run=True).whole


def test_what_has_changed(project: Project) -> None:
    """Changes of the folder are counted against the index, open or not."""
    with sourcebot.open_project(project.folder) as opened:
        opened.index()
        (project.sources / "bees.md").unlink()
        assert opened.changed() == 1
        opened.prepare()
        assert opened.changed() == 1
        assert opened.index().removed == ("bees.md",)
        assert opened.changed() == 0


def test_checks(shared_project: Project, tmp_path: Path) -> None:
    """The project is diagnosed and its quotes are proven; questions with answers measure it."""
    questions = tmp_path / "questions.jsonl"
    case = {"question": ANSWERED, "answers": ["3 March 2022"]}
    questions.write_text(json.dumps(case) + "\n", "utf-8")
    with shared_project.opened() as opened:
        assert all(finding.ok for finding in opened.diagnose())
        assert opened.verify().checked == ()
        measures = opened.evaluate(questions).measures()
        assert measures["hit@1"] == 1.0
        other = tmp_path / "other"
        other.mkdir()
        (other / "one.txt").write_text(
            "The town clock of Ysby was set in motion on 3 March 2022 by its maker.\n", "utf-8"
        )
        apart = opened.evaluate(questions, sources=other)
        assert apart.measures()["questions"] == 1


def test_a_follow_up_is_asked_with_the_reply_before(shared_project: Project) -> None:
    """A question that leaves out what it is about takes that from the reply before."""
    with shared_project.opened() as opened:
        first = opened.ask("Who is the captain of the night ferry?")
        second = opened.ask("Since when?", previous=first)
        assert isinstance(second, Answer)
        assert second.question == "Since when?"
        assert "1998" in second.quotes[0].text
        assert "Oskar Fjeld" in second.meant


def test_threads_and_event_loops(shared_project: Project) -> None:
    """Threads ask at once; an event loop hands questions over, in a bounded queue."""
    with shared_project.opened() as opened:
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(opened.ask, [ANSWERED] * 8))
        assert all(reply == replies[0] for reply in replies)

        async def ask() -> tuple[object, ...]:
            one = asyncio.to_thread(opened.ask, ANSWERED)
            other = asyncio.wrap_future(opened.submit(ANSWERED, Filters(source="copy")))
            return tuple(await asyncio.gather(one, other))

        one, other = asyncio.run(ask())
        assert one == replies[0]
        assert isinstance(other, Answer)
        assert other.quotes[0].source.path == "copy.md"


def test_too_many_questions_are_turned_away(shared_project: Project) -> None:
    """Beyond the limit a question is refused at once; the others are answered."""
    with shared_project.opened() as opened:
        opened.limit(1, 1)
        opened.prepare()
        opened._opening.acquire()  # the first question waits for it
        try:
            waiting = [opened.submit(ANSWERED) for _ in range(2)]
            with pytest.raises(ServiceBusy, match="1 questions are waiting"):
                opened.submit(ANSWERED)
        finally:
            opened._opening.release()
        assert all(isinstance(future.result(60), Answer) for future in waiting)
        assert isinstance(opened.submit(ANSWERED).result(60), Answer)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists open files so")
def test_close_frees_what_was_opened(project: Project) -> None:
    """Every file below the project that a question opened or mapped is let go of."""

    def held() -> set[str]:
        gc.collect()
        links = [str(link.readlink()) for link in opened_files() if link.exists()]
        maps = Path("/proc/self/maps").read_text("utf-8").split()
        return {name for name in (*links, *maps) if name.startswith(str(project.folder))}

    def opened_files() -> list[Path]:
        return list(Path("/proc/self/fd").iterdir())

    opened = project.opened()
    opened.index()
    opened.close()
    before = held()
    for _ in range(3):
        assert isinstance(opened.ask(ANSWERED), Answer)
        assert len(held()) > len(before)
        opened.close()
        assert held() == before
