"""What the reader is trained for."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.encode import NO_SPAN
from training.model import NO_SENTENCE
from training.rows import ANSWERS

CHOICE_WEIGHT = 0.5
SPAN_WEIGHT = 0.25


def reader_loss(
    outputs: tuple[Tensor, Tensor, Tensor, Tensor],
    labels: Tensor,
    spans: Tensor,
    sentence_mask: Tensor,
) -> dict[str, Tensor]:
    """Return the parts of the loss (scalars) and their weighted sum as `total`.

    labels: float32 [B, S], -1 is left out; spans: int64 [B, 2], NO_SPAN is left out.
    """
    scores, none, start, end = outputs
    known = labels >= 0
    sentence = functional.binary_cross_entropy_with_logits(scores[known], labels[known])
    choice = _choice_loss(scores, none, labels)
    parts = {"sentence": sentence, "choice": choice}
    total = sentence + CHOICE_WEIGHT * choice
    marked = spans[:, 0] != NO_SPAN
    if marked.any():
        outside = (1.0 - sentence_mask[marked].amax(1)) * NO_SENTENCE
        parts["span"] = 0.5 * (
            functional.cross_entropy(start[marked] + outside, spans[marked, 0])
            + functional.cross_entropy(end[marked] + outside, spans[marked, 1])
        )
        total = total + SPAN_WEIGHT * parts["span"] * marked.float().mean()
    return parts | {"total": total}


def _choice_loss(scores: Tensor, none: Tensor, labels: Tensor) -> Tensor:
    """Softmax over the sentences and "none"; unknown sentences take no part.

    With several answering sentences, their probabilities are added.
    """
    options = torch.cat([scores.masked_fill(labels < 0, NO_SENTENCE), none.unsqueeze(1)], dim=1)
    right = labels == ANSWERS
    right = torch.cat([right, ~right.any(dim=1, keepdim=True)], dim=1)
    chances = functional.log_softmax(options, dim=1)
    return -torch.logsumexp(chances.masked_fill(~right, NO_SENTENCE), dim=1).mean()
