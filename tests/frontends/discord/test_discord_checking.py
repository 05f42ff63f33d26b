"""/check and the command on messages: over the wire, and as embeds within Discord's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED
from discord_standin import screen

if TYPE_CHECKING:
    from discord_running import RunningBot
    from discord_standin import StandIn

TRUE = "The old harbour bridge at Lowmere was closed on 3 March 2022."
FALSE = "The old harbour bridge at Lowmere was closed on 9 May 2022."


def test_a_sentence_is_checked(standin: StandIn, bot: RunningBot) -> None:
    """With the verdict, the quotes behind it, and never whether it is true."""
    shown = standin.alice.slash("check", claim=TRUE).screen()
    assert "**The articles support this" in shown
    assert "3 March 2022" in shown
    assert "Harbour bridge at Lowmere closed" in shown or "Cracks shut Lowmere bridge" in shown
    assert "what the articles say, not whether it is true" in shown
    assert "only you can see this" not in shown
    shown = standin.alice.slash("check", claim=FALSE).screen()
    assert "The articles support this" not in shown
    private = standin.alice.slash("check", claim=TRUE, private=True)
    assert private.answer().ephemeral


def test_words_in_quotation_marks_are_looked_up(standin: StandIn, bot: RunningBot) -> None:
    """Verbatim or altered, word by word."""
    claim = "Marta Lindqvist said: “We could wait for another inspection.”"
    shown = standin.alice.slash("check", claim=claim).screen()
    assert "Missing from the quotation: “not”." in shown


def test_a_message_is_checked_sentence_by_sentence(standin: StandIn, bot: RunningBot) -> None:
    """For who asked alone, with the whole report as a file; questions are left out."""
    message = standin.bob.say(standin.news, f"{TRUE} The repairs cost £9 million. {ANSWERED}")
    answer = standin.alice.use_on("Check with sourcebot", message).answer()
    assert answer.ephemeral
    shown = screen(answer)
    assert "What the articles say of this" in shown
    assert TRUE in shown
    assert "The repairs cost £9 million." in shown
    assert ANSWERED not in shown
    assert "checked.md" in answer.files
    assert TRUE in answer.files["checked.md"].decode()


def test_what_says_nothing_is_not_checked(standin: StandIn, bot: RunningBot) -> None:
    """It is said so, to the person alone."""
    message = standin.bob.say(standin.news, "hello there?")
    answer = standin.alice.use_on("Check with sourcebot", message).answer()
    assert answer.ephemeral
    assert "No sentence in this message says something" in screen(answer)


def test_scopes_hold_for_checks(standin: StandIn, bot: RunningBot) -> None:
    """Only what the place may be answered from is quoted."""
    standin.mod.slash("scope", sources="bees").answer()
    shown = standin.alice.slash("check", claim=TRUE).screen()
    assert "The articles support this" not in shown
    assert "Lowmere closed" not in shown


def test_in_quiet_channels_checks_are_private(standin: StandIn, bot: RunningBot) -> None:
    """Nothing is said aloud there that is no answer."""
    standin.mod.slash("quiet", on=True).answer()
    assert standin.alice.slash("check", claim=TRUE).answer().ephemeral


@pytest.mark.parametrize("locale", ["de", "fr", "es-ES"])
def test_checks_speak_the_persons_language(standin: StandIn, bot: RunningBot, locale: str) -> None:
    """Apart from the quotes."""
    standin.alice.user.locale = locale
    shown = standin.alice.slash("check", claim=TRUE).screen()
    expected = {"de": "Die Artikel stützen das", "fr": "Les articles le confirment"}
    assert expected.get(locale, "Los artículos lo apoyan") in shown
