"""The learned part of checking: what a window of sentences says of a claim, in ONNX.

It has its own upper layers over the judge's first ones and, like the judge, reads
``[CLS] claim [SEP] title [SEP] sentence sentence … [SEP]``. It gives for each sentence a logit
(does it decide?) and three for the window around it: supports, contradicts, silent, as in natural
language inference (Bowman et al., 2015, https://arxiv.org/abs/1508.05326).
``weights/claims/README.md`` is its model card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.window_model import LowerLayers, WindowModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.answering.window_model import Encoded, Lower
    from sourcebot.answering.windows import Sentence, Window


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """What the model says of one window and a claim.

    Attributes:
        sentences: what was read.
        deciding: float32 of shape (sentences,): the logit of each that it decides.
        logits: float32 of shape (3,): supports, contradicts, silent.
    """

    sentences: tuple[Sentence, ...]
    deciding: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]


class ClaimModel(WindowModel):
    """The exported model of claims; thread-safe."""

    def __init__(
        self, folder: Path | None = None, threads: int = 0, lower: Lower | None = None
    ) -> None:
        """Load it from a folder, or the packaged one; 0 threads: one per core.

        ``lower`` are the judge's first layers, where it is open; else they are loaded.

        Raises:
            ModelError: when it is not as its digests say, or cannot be loaded.
        """
        super().__init__("claims", folder, threads, lower=lower or LowerLayers.packaged("judge"))

    def read(self, claim: str, windows: Sequence[Window]) -> list[ClaimReading]:
        """Return a reading of each window that holds a word."""
        return self.each(claim, windows, self._read_one)

    def _read_one(self, encoded: Encoded) -> ClaimReading:
        deciding, verdicts = self.run(("sentence_logits", "verdict_logits"), encoded)
        weights = np.exp(deciding[0] - deciding[0].max())
        logits = (weights / weights.sum()) @ verdicts[0]
        return ClaimReading(tuple(p.sentence for p in encoded.placed), deciding[0], logits)
