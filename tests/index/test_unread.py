"""What is said where much of an index is in languages that no model in use reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ARTICLES, run_cli
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.config.settings import Config, EmbeddingConfig, LanguageConfig, ReaderConfig
from sourcebot.index.unread import unread
from sourcebot.types import Abstention

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

COUNTS = st.dictionaries(st.sampled_from(["", "en", "de", "ru", "zh"]), st.integers(0, 50))
BRUECKE = (
    "Die alte Hafenbrücke in Lauental wurde am 3. März 2022 gesperrt, weil Ingenieure in den Balken"
    " Risse fanden.\n\nDie Reparaturen kosten nach Angaben der Gemeinde 2,4 Millionen Euro.\n"
)


@given(COUNTS)
def test_a_tenth_is_worth_saying(counts: dict[str, int]) -> None:
    """Other languages than English count, unknown ones do not; a change of models ends it."""
    others = {c: n for c, n in counts.items() if c not in {"", "en"}}
    total = sum(counts.values())
    told = unread(Config(), counts)
    assert (told is not None) == (total > 0 and sum(others.values()) * 10 >= total)
    assert unread(Config(language=LanguageConfig("multilingual")), counts) is None


@pytest.mark.parametrize(
    "named", [{"embedding": EmbeddingConfig(model="x")}, {"reader": ReaderConfig(model="y")}]
)
def test_of_other_models_nothing_is_claimed(named: dict[str, Any]) -> None:
    """Which languages a model that is named reads, is not known."""
    assert unread(replace(Config(), **named), {"de": 1}) is None


def test_index_doctor_and_refusals_say_so(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    """One German article among English ones: told once by index, by doctor, and in a refusal."""
    project = make_project(
        tmp_path / "p", {**ARTICLES, "lauental.txt": BRUECKE.replace("\\\n", "\n")}
    )
    ran = run_cli("index", cwd=project.folder)
    assert "German" in ran.err
    assert "sourcebot[languages]" in ran.err
    doctor = run_cli("doctor", cwd=project.folder)
    assert "German" in doctor.out
    reply = project.service().ask(
        "Wie viele Fahrräder hat der Bürgermeister von Lauental verkauft?"
    )
    assert isinstance(reply, Abstention)
    assert reply.unread == "de"
    english = project.service().ask("How many bicycles did the mayor of Brasilia sell?")
    assert isinstance(english, Abstention)
    assert english.unread == ""
