"""What a question of a conversation may be taken to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.answering.referents import Turn


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question is taken to mean.

    Attributes:
        question: the question written out.
        about: terms of its subject; a quote of another article must have them around it.
        fresh: terms that the question adds to the one before; quotes that hold them come first.
        needed: those of them without which nothing is answered: years and names.
        turn: the turn whose articles are tried first; None for all articles at once.
        near: the question in the forms that its articles are asked in: shorter, and as it stands.
        everywhere: whether other articles are asked when these do not answer.
        sure: whether the question cannot be asked as it stands.
        refers: whether it has a sign that it refers to something: a noun with "the", or no noun.
        bare: whether it names nothing at all: "who won?".
        exchanged: whether it is the last question about another thing: "and a ticket?".
    """

    question: str
    about: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    turn: Turn | None = None
    near: tuple[str, ...] = ()
    everywhere: bool = True
    sure: bool = True
    refers: bool = True
    bare: bool = False
    exchanged: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """That a question refers to something which is not known.

    Attributes:
        word: what refers, such as "it"; "" when the question is no whole one.
        options: what it may stand for.
    """

    word: str
    options: tuple[str, ...] = ()
