"""Holding out passages: no sentence is shared between training and dev."""

from __future__ import annotations

import random
from collections import defaultdict

from training.rows import Row

DEV_SHARE = 0.03
_OVERSHOOT = 1.4  # nqg has few, large passages: one of them may exceed the share a little


def passages(rows: list[Row]) -> list[int]:
    """Return the passage number of each row: rows that share a sentence share a passage.

    Union-find over the sentences of each data set.
    """
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(key: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for row in rows:
        first = root((row.dataset, row.sentences[0]))
        for sentence in row.sentences[1:]:
            parent[root((row.dataset, sentence))] = first
    numbers: dict[tuple[str, str], int] = {}
    return [numbers.setdefault(root((row.dataset, row.sentences[0])), len(numbers)) for row in rows]


def hold_out(rows: list[Row], passage_of: list[int], seed: int) -> set[int]:
    """Return the row numbers of the dev part: about 3 % of each set, whole passages."""
    members: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, row in enumerate(rows):
        members[row.dataset][passage_of[number]].append(number)
    held: set[int] = set()
    for dataset in sorted(members):
        groups = list(members[dataset].values())
        random.Random(f"{seed}/{dataset}").shuffle(groups)
        wanted = DEV_SHARE * sum(map(len, groups))
        taken = 0
        for group in groups:
            if taken < wanted and taken + len(group) <= _OVERSHOOT * wanted:
                held.update(group)
                taken += len(group)
    return held
