"""Hostile files, settings and questions: a few of the cases of benchmarks/reliability.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from trials import fuzz

if TYPE_CHECKING:
    from sourcebot.service import Service


@pytest.mark.parametrize("name", fuzz.properties(1))
def test_hostile_input(name: str) -> None:
    """Each kind of hostile input ends in a clear error or a good result."""
    fuzz.properties(150)[name]()


def test_hostile_questions(shared_service: Service) -> None:
    """Whatever is asked gets a reply or a clear error."""
    fuzz.asking(shared_service, 25)()
