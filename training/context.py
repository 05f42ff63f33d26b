"""What stands near a row: the other rows of its passage and its neighbours in the file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from training.rows import Row

REACH = 8  # rows before and after, in the sets whose rows follow the order of their articles
ORDERED = frozenset({"squad2", "nqg", "policyqa"})
_MOST_SIBLINGS = 40


@dataclass(frozen=True, slots=True)
class Corpus:
    """The rows of one part (training or dev), with the near rows of each."""

    rows: tuple[Row, ...]
    near: tuple[tuple[int, ...], ...]

    def near_sentences(self, number: int) -> list[str]:
        """Return the sentences of the near rows that are not in the row itself, no repeats."""
        own = set(self.rows[number].sentences)
        found: dict[str, None] = {}
        for other in self.near[number]:
            found.update(dict.fromkeys(s for s in self.rows[other].sentences if s not in own))
        return list(found)


def build_corpus(rows: list[Row], passage_of: list[int], chosen: set[int]) -> Corpus:
    """Return the `chosen` rows and, for each, the numbers of the near rows among them."""
    numbers = sorted(chosen)
    kept = [rows[number] for number in numbers]
    members: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        members[passage_of[number]].append(place)
    near: list[tuple[int, ...]] = []
    for place, number in enumerate(numbers):
        siblings = members[passage_of[number]]
        chosen_near = set(siblings) if len(siblings) <= _MOST_SIBLINGS else set()
        if kept[place].dataset in ORDERED:
            around = range(max(0, place - REACH), min(len(kept), place + REACH + 1))
            chosen_near.update(o for o in around if kept[o].dataset == kept[place].dataset)
        chosen_near.discard(place)
        near.append(tuple(sorted(chosen_near)))
    return Corpus(tuple(kept), tuple(near))
