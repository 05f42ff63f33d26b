"""Sources that give different values for one question, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Project

from sourcebot.answering.conflicts import may_conflict
from sourcebot.types import Answer, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sourcebot
    from sourcebot.types import Conflict

ARTICLES = {
    "courier.md": (
        "Rain drives the fair indoors",
        "2026-06-02",
        "The Ostrava Street Fair moved into the market hall on Sunday after heavy rain. The Ostrava"
        " Street Fair drew 4,200 visitors, the police said. Organiser Petra Vance called it a"
        " success all the same.",
    ),
    "echo.md": (
        "A wet fair on Ostrava Street",
        "2026-06-02",
        "Organiser Petra Vance was pleased with the Ostrava Street Fair in the market hall. Only"
        " 2,900 visitors came to the Ostrava Street Fair, according to the city's counters.",
    ),
    "copy.md": (
        "Rain drives the fair indoors (agency)",
        "2026-06-03",
        "The Ostrava Street Fair moved into the market hall on Sunday after heavy rain. The Ostrava"
        " Street Fair drew 4,200 visitors, the police said. Organiser Petra Vance called it a"
        " success all the same.",
    ),
    "baker-one.md": (
        "Harold Pell (painter)",
        "",
        "Harold Pell was a painter of harbours from Lindby. Harold Pell was born on 4 May 1871.",
    ),
    "baker-two.md": (
        "Harold Pell (chemist)",
        "",
        "Harold Pell was a chemist who worked on dyes. Harold Pell was born on 19 October 1902.",
    ),
    "library.md": (
        "The new library at Fenwick",
        "2026-01-10",
        "The Fenwick library opened on 8 January 2026. Mayor Ann Sorley cut the ribbon.",
    ),
    "library-two.md": (
        "Books for Fenwick",
        "2026-01-12",
        "On 8 January, Mayor Ann Sorley opened the Fenwick library. It opened on January 8, 2026.",
    ),
    "club-one.md": (
        "The rowing club after the merger",
        "2026-03-01",
        "About 1,000 members of the Lenz rowing club would leave after the merger, its chair said.",
    ),
    "club-two.md": (
        "Rowing clubs merge",
        "2026-03-01",
        "Whoever belongs to one of the four counts as having left the Lenz rowing club by the"
        " merger.",
    ),
    "strike-one.md": (
        "Dockers walk out at Brenmouth",
        "2026-04-14",
        "The Brenmouth dockers walked out on Tuesday. Hundreds of workers joined the Brenmouth dock"
        " strike, the union said.",
    ),
    "strike-two.md": (
        "Brenmouth dock strike",
        "2026-04-14",
        "About 3,000 workers joined the strike at the Brenmouth docks on Tuesday, the port said.",
    ),
    "ferry.md": (
        "A season of the Brenmouth ferry",
        "2026-04-20",
        "The ferry carried 9,400 passengers from the docks before Easter.",
    ),
    "dogs-baths.md": (
        "The baths of Holm",
        "2025-05-01",
        "Visitors to the Holm baths may bring a dog on a lead.",
    ),
    "dogs-hall.md": (
        "The reading room of Holm",
        "2026-01-10",
        "Can I bring a dog? Only guide dogs are allowed in the Holm reading room.",
    ),
    "rent-old.md": (
        "Allotment fees",
        "2023-03-01",
        "A plot at the Holm allotments costs £40 a year, the Holm Garden Society said in March 2023.",
    ),
    "board-echo.md": (
        "Harbour board",
        "2024-05-02",
        "The Holmby harbour board meets at 6 p.m. in the Customs House on Quay Street.",
    ),
    "board-post.md": (
        "Board to meet on Quay Street",
        "2024-05-02",
        "The Holmby harbour board meets at 7.30 p.m. in the Customs House, said Ines Wray.",
    ),
    "board-note.md": (
        "Customs House: what is on",
        "2024-05-02",
        "Ines Wray opens the Customs House on Quay Street; the Holmby harbour board meets at 18:00.",
    ),
    "ban-echo.md": (
        "Party bans two groups",
        "2021-07-20",
        "Hundreds of supporters of two groups face expulsion from the Larch Party over the ban.",
    ),
    "ban-post.md": (
        "Larch Party shuts out members",
        "2021-07-20",
        "Some 1,500 members face expulsion from the Larch Party over the ban on two groups.",
    ),
    "rent-new.md": (
        "Allotment fees rise",
        "2025-03-01",
        "A plot at the Holm allotments costs £55 a year, the Holm Garden Society said in March 2025.",
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sourcebot.Project]:
    """Index the articles once."""
    project = Project(tmp_path_factory.mktemp("conflicts"))
    for name, (title, published, text) in ARTICLES.items():
        date = f"published: {published}\n" if published else ""
        project.write(name, f'---\ntitle: "{title}"\n{date}---\n\n{text}\n')
    with project.opened() as opened:
        yield opened


def conflict(archive: sourcebot.Project, question: str) -> Conflict | None:
    """Return the conflict of a question that is answered."""
    reply = archive.ask(question)
    assert isinstance(reply, Answer)
    return reply.conflict


def test_two_values_of_one_event(archive: sourcebot.Project) -> None:
    """Each value stands with who says it; the copy of a report is no further voice."""
    found = conflict(archive, "How many visitors came to the Ostrava Street Fair?")
    assert found
    assert found.relation is Relation.CONTRADICTION
    assert {group.value for group in found.groups} == {"4,200", "2,900"}
    files = [{q.source.path for q in group.quotes} for group in found.groups]
    assert {"echo.md"} in files
    for group in found.groups:
        for quote in group.quotes:
            assert group.value in quote.text


def test_two_people_of_one_name(archive: sourcebot.Project) -> None:
    """Different things of one name do not contradict each other."""
    found = conflict(archive, "When was Harold Pell born?")
    assert found
    assert found.relation is Relation.OTHER_SUBJECT


def test_one_value_in_two_forms(archive: sourcebot.Project) -> None:
    """The same day in other words is no conflict."""
    assert conflict(archive, "When did the Fenwick library open?") is None


def test_a_later_figure(archive: sourcebot.Project) -> None:
    """Values that are stated for different days are told from a contradiction."""
    found = conflict(archive, "How much does a plot at the Holm allotments cost?")
    assert found
    assert found.relation is Relation.LATER
    assert {group.value for group in found.groups} == {"£40", "£55"}


def test_people_of_every_kind_are_counted(archive: sourcebot.Project) -> None:
    """Supporters and members are people."""
    found = conflict(archive, "How many people face expulsion from the Larch Party?")
    assert found
    assert {group.value for group in found.groups} == {"Hundreds", "1,500"}


def test_times_of_day(archive: sourcebot.Project) -> None:
    """They are compared as times, with the half of the day that they are in."""
    found = conflict(archive, "At what time does the Holmby harbour board meet?")
    assert found
    assert {group.value for group in found.groups} in (
        {"6 p.m.", "7.30 p.m."},
        {"18:00", "7.30 p.m."},
    )


def test_a_figure_of_something_else(archive: sourcebot.Project) -> None:
    """A number that counts other things than the question asks for is no second value."""
    reply = archive.ask("How many members would leave the Lenz rowing club after the merger?")
    assert isinstance(reply, Answer)
    assert "1,000" in reply.quotes[0].text
    assert reply.conflict is None


def test_a_vague_figure_and_an_exact_one(archive: sourcebot.Project) -> None:
    """Hundreds are not 3,000; a figure of another thing at the same place is left out."""
    found = conflict(archive, "How many workers joined the Brenmouth dock strike?")
    assert found
    assert {group.value for group in found.groups} == {"Hundreds", "3,000"}


def test_values_of_different_kinds_are_not_compared(tmp_path: Path) -> None:
    """A sum of money and a number of people do not differ, and two sums do."""
    project = Project(tmp_path)
    for number, text in enumerate(
        (
            "The damage of the flood in Brackwater is estimated at £12 million.",
            "The damage of the flood in Brackwater was £31 million.",
            "The flood in Brackwater damaged 140 houses.",
        )
    ):
        project.write(f"{number}.md", f"---\ntitle: Flood {number}\n---\n\n{text}\n")
    with project.opened() as opened:
        found = conflict(opened, "What was the damage of the flood in Brackwater?")
    assert found
    assert {group.value for group in found.groups} == {"£12 million", "£31 million"}


def test_words_of_a_yes_or_no_are_no_values(archive: sourcebot.Project) -> None:
    """What two articles allow is not compared by the words that they say it with."""
    assert conflict(archive, "Can I bring a dog in Holm?") is None


def test_one_source_is_no_conflict(archive: sourcebot.Project) -> None:
    """What one article alone says stands unchallenged."""
    assert conflict(archive, "Who is the organiser of the Ostrava Street Fair?") is None


def test_a_copy_with_another_value_is_heard(tmp_path: Path) -> None:
    """Two articles that share all but a figure are copies, and no copies in that figure."""
    text = (
        "---\ntitle: {title}\n---\n\nThe flood at Brackwater damaged {count} houses on the north"
        " bank, the mayor Ida Sorn said.\n\nThe river Tane rose by three metres in one night, and"
        " the old mill lost its wheel. Boats were sent from Holm.\n"
    )
    project = Project(tmp_path)
    project.write("one.md", text.format(title="Flood at Brackwater", count=140))
    project.write("two.md", text.format(title="Brackwater under water", count=410))
    with project.opened() as opened:
        reply = opened.ask("How many houses did the flood at Brackwater damage?")
    assert isinstance(reply, Answer)
    assert reply.conflict is not None
    assert {group.value for group in reply.conflict.groups} == {"140", "410"}


@pytest.mark.parametrize(
    ("question", "may"),
    [
        ("Who is the artist of the album “Name the Names”?", True),
        ('Who composed the song "What Were They?"', True),
        ("Name the mayors of Holm.", False),
        ("Which rivers cross Holm?", False),
        ("Who were the founders of Holm?", False),
        ("Why was the bridge closed?", False),
        ("When was the bridge closed?", True),
    ],
)
def test_questions_with_one_answer(question: str, *, may: bool) -> None:
    """Words within a title do not make a question ask for several things."""
    assert may_conflict(question) is may
