"""The engines that can keep an index: one row each, and its name among the valid ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EngineName = Literal["embedded", "postgresql"]


@dataclass(frozen=True, slots=True)
class EngineRow:
    """An engine.

    Attributes:
        module: the module whose ``open_engine``, ``reading``, ``build_index`` and ``is_built``
            are what ``index.open`` says of functions of these names.
        elsewhere: whether it may be asked by machines that do not have the articles.
        heals: whether a run of the indexer finds damage by itself, and mends it.
    """

    module: str
    elsewhere: bool
    heals: bool


ENGINES: dict[EngineName, EngineRow] = {
    "embedded": EngineRow("sourcebot.index.embedded.opening", elsewhere=False, heals=True),
    "postgresql": EngineRow("sourcebot.index.postgres.opening", elsewhere=True, heals=False),
}
