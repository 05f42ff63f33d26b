"""Claims against articles, through the whole product."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import TYPE_CHECKING

import pytest
from conftest import ARTICLES, Project, run_cli

from sourcebot.answering.claims.checking import decide
from sourcebot.answering.claims.comparing import judged_parts, parts_of, reordered
from sourcebot.answering.claims.judging import Judgement
from sourcebot.errors import QuestionError
from sourcebot.types import Filters
from sourcebot.types.claims import Verdict, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sourcebot


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sourcebot.Project]:
    """Index the articles once."""
    yield from _indexed(tmp_path_factory.mktemp("claims"), ARTICLES)


def _indexed(folder: Path, articles: dict[str, str]) -> Iterator[sourcebot.Project]:
    project = Project(folder)
    for name, text in articles.items():
        project.write(name, text)
    with project.opened() as opened:
        yield opened


@pytest.mark.parametrize(
    "claim",
    [
        "The old harbour bridge at Lowmere was closed on 3 March 2022.",
        "Engineers found cracks in two main beams of the harbour bridge at Lowmere.",
    ],
)
def test_what_is_stated_is_supported(archive: sourcebot.Project, claim: str) -> None:
    """The quote states it, in the same words or others."""
    check = archive.check(claim)
    assert check.verdict is Verdict.SUPPORTS
    assert check.stances[0].verdict is Verdict.SUPPORTS


def test_the_same_values_are_never_contradicted(archive: sourcebot.Project) -> None:
    """Where the quote has every value of the claim, "contradicts" is not shown."""
    check = archive.check("Oskar Fjeld has been the captain of the night ferry since 1998.")
    assert check.verdict in {Verdict.SUPPORTS, Verdict.UNSURE}
    assert all(stance.verdict is check.verdict for stance in check.stances)


@pytest.mark.parametrize(
    "claim",
    [
        "The old harbour bridge at Lowmere was closed on 3 May 2022.",
        "The new library building of Tarnwick holds 48,000 books.",
        "The night ferry between Saltholm and Varn will stop running in December.",
        "The repairs of the Lowmere bridge would cost £3.4 million.",
        "Members of the parish voted 12 to 20 to keep the library open on Sundays.",
    ],
)
def test_another_value_is_never_supported(archive: sourcebot.Project, claim: str) -> None:
    """Another date or number than the articles' contradicts them, or the verdict is left open."""
    check = archive.check(claim)
    assert check.verdict in {Verdict.CONTRADICTS, Verdict.UNSURE}


@pytest.mark.parametrize(
    ("claim", "sentence", "other"),
    [
        ("The budget passed by 12 to 20.", "By 20 votes to 12 the budget passed.", True),
        ("It fell from 9 % to 7 %.", "The rate rose from 7 % to 9 %, from 7,000 cases.", True),
        ("It passed by 20 to 12.", "The budget passed by 20 votes to 12.", False),
        ("Rovers beat United.", "On Sunday United beat Rovers 3–1.", True),
        ("Ada Brandt sued Ines Okoro.", "Okoro sued the mayor, and Okoro sued Brandt.", True),
        ("It sailed from Varn to Ansel.", "The ship sailed from Ansel to Varn.", True),
        ("Rovers were beaten by United.", "United beat Rovers 3–1.", False),
        ("Ada Brandt met Ines Okoro.", "Okoro met Brandt.", False),
        ("In Varn the ship met Ansel.", "Ansel was met at Varn.", False),
    ],
)
def test_the_same_values_in_another_order(claim: str, sentence: str, *, other: bool) -> None:
    """Who did it to whom, and what came to what, must stand the same way round."""
    assert reordered(claim, sentence) is other


@pytest.mark.parametrize(
    "claim",
    [
        "Capablanca preferred the exchange variation against the French defence.",
        "Whales sing for up to twenty hours.",
        "The price of saffron doubled in Kashmir.",
    ],
)
def test_what_nothing_speaks_of_is_silent(archive: sourcebot.Project, claim: str) -> None:
    """No quote is shown with it."""
    check = archive.check(claim)
    assert (check.verdict, check.stances) == (Verdict.SILENT, ())


def test_quotations_of_a_claim_are_looked_up(archive: sourcebot.Project) -> None:
    """Verbatim with its speaker, altered with its differences, and not found."""
    said = "“We could not wait for another inspection”"
    found = archive.check(f"The engineer said {said}.").quotations[0]
    assert (found.wording, found.speaker) == (
        Wording.VERBATIM,
        "said Marta Lindqvist, the county engineer",
    )
    assert found.source
    assert found.source.path == "bridge.md"
    altered = archive.check("She said “We could wait for another inspection”.").quotations[0]
    assert altered.wording is Wording.ALTERED
    assert [edit.original for edit in altered.edits] == ["not"]
    gone = archive.check("She said “the bridge will never be opened again”.").quotations[0]
    assert gone.wording is Wording.NOT_FOUND


REPORTS = {
    "denial.md": """---
title: Firm rejects report
published: 2022-05-13
---

The company Oreval denied on Friday that it paid the minister for the licence of the Sarn mine.

The minister resigned on 12 May 2022, citing his health. The mine employs 1,200 people.
""",
    "pool.md": """---
title: Brenholt keeps its pool
published: 2024-03-15
---

Mayor Jonas Thiel voted in favour of keeping the outdoor pool of Brenholt. Edda Marsh voted against.

Marsh called the decision "a costly mistake". The river rose to 5.1 metres that night.
""",
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sourcebot.Project]:
    """Index articles that report what others say."""
    yield from _indexed(tmp_path_factory.mktemp("reports"), REPORTS)


@pytest.mark.parametrize(
    "claim",
    ["The company Oreval paid the minister for the licence.", "The company paid the minister."],
)
def test_a_denial_is_not_the_fact(reports: sourcebot.Project, claim: str) -> None:
    """It neither supports what is denied nor contradicts it, and the quote is shown."""
    check = reports.check(claim)
    assert check.verdict is Verdict.UNSURE
    assert "denied" in check.stances[0].quote.text


def test_another_date_contradicts_and_is_marked(reports: sourcebot.Project) -> None:
    """The day that the quote has in its place decides."""
    check = reports.check("The minister resigned on 13 May 2022.")
    assert check.verdict is Verdict.CONTRADICTS
    article = REPORTS["denial.md"]
    assert [span.of(article) for span in check.stances[0].deciding] == ["12 May 2022"]


@pytest.mark.parametrize(
    ("claim", "never"),
    [
        ("The river rose to more than five metres.", Verdict.CONTRADICTS),
        ("Jonas Thiel called the decision a costly mistake.", Verdict.SUPPORTS),
        ("Jonas Thiel voted against keeping the pool.", Verdict.SUPPORTS),
    ],
)
def test_words_of_another_speaker_or_side(
    reports: sourcebot.Project, claim: str, never: Verdict
) -> None:
    """Somebody else's words, the opposite, and a value within a bound are not what is claimed."""
    assert reports.check(claim).verdict is not never


def test_a_name_may_stand_elsewhere_in_the_article(reports: sourcebot.Project) -> None:
    """The Sarn mine is "the mine" further down."""
    check = reports.check("The Sarn mine employs 1,200 people.")
    assert check.verdict is Verdict.SUPPORTS


def test_a_verdict_does_not_go_against_the_wording(reports: sourcebot.Project) -> None:
    """Words that stand as quoted are not contradicted; altered ones are not supported."""
    exact = reports.check("Marsh called the decision “a costly mistake”.")
    assert exact.quotations[0].wording is Wording.VERBATIM
    assert exact.verdict is not Verdict.CONTRADICTS
    altered = reports.check("“The company Oreval denied on Monday that it paid the minister.”")
    assert altered.quotations[0].wording is Wording.ALTERED
    assert altered.verdict in {Verdict.UNSURE, Verdict.CONTRADICTS}


def test_no_verdict_without_a_quote(archive: sourcebot.Project) -> None:
    """Whatever is claimed: support, contradiction and part come with the article's words."""
    rng = random.Random(3)
    words = " ".join(ARTICLES.values()).split()
    for _ in range(40):
        check = archive.check(" ".join(rng.choices(words, k=rng.randint(1, 12))) + " x")
        if check.verdict not in {Verdict.SILENT, Verdict.UNSURE}:
            assert check.stances
        for stance in check.stances:
            file = (archive.config.sources_folder / stance.quote.source.path).read_text("utf-8")
            assert stance.quote.span.of(file) == stance.quote.text
            for span in stance.deciding:
                assert stance.quote.span.start <= span.start < span.end <= stance.quote.span.end


def test_filters_hold(archive: sourcebot.Project) -> None:
    """Only the articles that are asked for are quoted; a filter that leaves none is an error."""
    claim = "The old harbour bridge at Lowmere was closed on 3 March 2022."
    check = archive.check(claim, Filters(publisher="Northern"))
    assert {stance.quote.source.path for stance in check.stances} == {"copy.md"}
    with pytest.raises(QuestionError, match="publisher"):
        archive.check(claim, Filters(publisher="Nobody"))


def test_values_overrule_the_model() -> None:
    """Without a quote there is no verdict, however sure the model."""
    silent = decide("Nothing.", Judgement({v: float(v is Verdict.SILENT) for v in Verdict}, ()))
    assert (silent.verdict, silent.stances) == (Verdict.SILENT, ())
    sure = decide("A.", Judgement({v: float(v is Verdict.SUPPORTS) for v in Verdict}, ()))
    assert sure.verdict is Verdict.SILENT


@pytest.mark.parametrize(
    "claim",
    [
        "Oskar Fjeld found cracks in two main beams of the harbour bridge at Lowmere.",
        "The night ferry between Saltholm and Bergen will stop running in October.",
        "Beekeepers on Mount Kerrin harvested eleven tonnes of heather honey.",
    ],
)
def test_another_name_is_never_supported(archive: sourcebot.Project, claim: str) -> None:
    """A quote that does not name what the claim names does not support it."""
    assert archive.check(claim).verdict is not Verdict.SUPPORTS


def test_what_is_added_to_a_claim_is_not_supported_with_it(archive: sourcebot.Project) -> None:
    """A part that no quote says a word of makes the claim partly supported, or unsure."""
    claim = (
        "The old harbour bridge at Lowmere was closed on 3 March 2022, and it has a swimming pool."
    )
    check = archive.check(claim)
    assert check.verdict in {Verdict.PARTLY, Verdict.UNSURE}
    assert check.stances


def test_claims_are_checked_as_of_a_day(archive: sourcebot.Project) -> None:
    """What was published later says nothing yet."""
    claim = "The old harbour bridge at Lowmere was closed on 3 March 2022."
    before = archive.check(claim, Filters(as_of=dt.date(2022, 3, 1)))
    assert not {"bridge.md", "copy.md"} & {s.quote.source.path for s in before.stances}
    assert archive.check(claim, Filters(as_of=dt.date(2022, 3, 6))).verdict is Verdict.SUPPORTS


def test_nothing_to_check_is_an_error(project: Project) -> None:
    """An empty claim or file is not called supported."""
    empty = project.folder / "empty.txt"
    empty.write_text("\n", "utf-8")
    for arguments in (("check", ""), ("check", "--file", empty)):
        ran = run_cli("--project", project.folder, *arguments)
        assert (ran.status, ran.out) == (2, "")
    ran = run_cli("--project", project.folder, "check", str(empty))
    assert (ran.status, ran.out) == (2, "")
    assert "check its lines with --file" in ran.err


def test_parts_of_a_claim() -> None:
    """Each part that says something, with its place; one part alone is none."""
    claim = "The bridge at Lowmere was closed in March, and the repairs took nine long years"
    assert [span.of(claim) for span in parts_of(claim)] == [
        "The bridge at Lowmere was closed in March",
        "and the repairs took nine long years",
    ]
    assert parts_of("The bridge at Lowmere was closed.") == ()
    text = "The bridge at Lowmere was closed in March 2022."
    assert [part.verdict for part in judged_parts(claim, text)] == [
        Verdict.SUPPORTS,
        Verdict.SILENT,
    ]


def test_a_draft_is_gone_through(project: Project) -> None:
    """Each sentence that claims something, in order; questions and headings are left out."""
    draft = project.folder / "draft.md"
    draft.write_text(
        "# The bridge of Lowmere\n\nThe old harbour bridge at Lowmere was closed on 3 March 2022. Why?"
        " “We could wait for another inspection,” said the county engineer Marta Lindqvist.\n",
        "utf-8",
    )
    result = run_cli("--project", project.folder, "check", "--text", draft, "--json")
    checks = json.loads(result.out)["checks"]
    assert result.status == 4
    assert checks[0]["verdict"] == "supports"
    assert checks[1]["quotations"][0]["wording"] == "altered"
    assert len(checks) == 2
    report = run_cli("--project", project.folder, "check", "--text", draft, "--markdown").out
    assert "quotations that do not stand in an article as quoted: 1" in report
