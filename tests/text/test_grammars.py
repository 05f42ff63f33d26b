"""Which language a question is in, by its function words."""

from __future__ import annotations

import pytest

from sourcebot.text.grammars import FRENCH, GERMAN, SPANISH, Grammar, grammar_of


@pytest.mark.parametrize(
    ("question", "grammar"),
    [
        ("Was kostet der Eintritt?", GERMAN),
        ("Und 2019?", GERMAN),
        ("warum?", GERMAN),
        ("Quand ouvre le musée ?", FRENCH),
        ("Et où ?", FRENCH),
        ("¿Y en 2019?", SPANISH),
        ("¿Por qué?", SPANISH),
        ("Who was in the war?", None),
        ("and in 2019?", None),
        ("When did Die Zeit first appear?", None),
        ("Does he live in Las Vegas?", None),
        ("Where is Das Boot shown?", None),
        ("2019?", None),
        ("", None),
    ],
)
def test_the_language_of_a_question(question: str, grammar: Grammar | None) -> None:
    """English wins where it is as likely."""
    assert grammar_of(question) is grammar


def test_what_shows_no_language_has_that_of_the_question_before() -> None:
    """Such as a year."""
    assert grammar_of("2019?", "Was kostet der Eintritt?") is GERMAN
    assert grammar_of("why?", "Was kostet der Eintritt?") is None
