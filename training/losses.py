"""What a reader is trained for: the labels, and a teacher's logits.

Nothing here picks elements by a condition: on a graphics card that would wait for the device.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.encode import NO_SPAN
from training.model import NO_SENTENCE
from training.rows import ANSWERS

CHOICE_WEIGHT = 0.5
SPAN_WEIGHT = 0.25
TEACHER_SPAN_WEIGHT = 0.1
DISTANCE_WEIGHT = 0.1
_FARTHEST = 12.0
"""The teacher's logits beyond this say no more than this."""

_LEAST = -50.0

Outputs = tuple[Tensor, Tensor, Tensor, Tensor]


def label_loss(outputs: Outputs, labels: Tensor, spans: Tensor, mask: Tensor) -> Tensor:
    """Return the loss (a scalar) against what people labelled.

    labels: float32 [B, S], -1 is left out; spans: int64 [B, 2], NO_SPAN is left out;
    mask: float32 [B, S, T], 1 at the tokens of a sentence.
    """
    scores, none, start, end = outputs
    known = (labels >= 0).float()
    each = functional.binary_cross_entropy_with_logits(
        scores.clamp(min=_LEAST), labels.clamp(min=0), reduction="none"
    )
    sentence = (each * known).sum() / known.sum().clamp(min=1)
    outside = (1.0 - mask.amax(1)) * NO_SENTENCE
    span = functional.cross_entropy(
        start + outside, spans[:, 0], ignore_index=NO_SPAN, reduction="sum"
    ) + functional.cross_entropy(end + outside, spans[:, 1], ignore_index=NO_SPAN, reduction="sum")
    choice = _choice(scores, none, labels, mask.amax(2) > 0)
    return sentence + CHOICE_WEIGHT * choice + SPAN_WEIGHT * span / 2 / len(labels)


def _choice(scores: Tensor, none: Tensor, labels: Tensor, there: Tensor) -> Tensor:
    """Softmax over the sentences and "none"; unknown sentences take no part.

    With several answering sentences, their probabilities are added. A window with an unknown
    sentence and no answering one says nothing about "none".
    """
    options = torch.cat([scores.masked_fill(labels < 0, NO_SENTENCE), none.unsqueeze(1)], dim=1)
    right = labels == ANSWERS
    answered = right.any(dim=1)
    chances = functional.log_softmax(options, dim=1)
    wanted = torch.cat([right, ~answered.unsqueeze(1)], dim=1)
    each = -torch.logsumexp(chances.masked_fill(~wanted, NO_SENTENCE), dim=1)
    certain = (answered | ~((labels < 0) & there).any(dim=1)).float()
    return (each * certain).sum() / certain.sum().clamp(min=1)


def teacher_loss(outputs: Outputs, taught: Outputs, mask: Tensor) -> Tensor:
    """Return the loss (a scalar) against a teacher's outputs on the same windows.

    Distillation (Hinton, Vinyals and Dean 2015, https://arxiv.org/abs/1503.02531): of each
    sentence's probability, of the choice among sentences and "none", of the answer's words.
    """
    scores, none, start, end = outputs
    goal, goal_none, goal_start, goal_end = taught
    there = (mask.amax(2) > 0).float()
    count = there.sum().clamp(min=1)
    scores = scores.clamp(min=_LEAST)
    each = functional.binary_cross_entropy_with_logits(
        scores, torch.sigmoid(goal), reduction="none"
    ) + DISTANCE_WEIGHT * functional.smooth_l1_loss(
        scores, goal.clamp(-_FARTHEST, _FARTHEST), reduction="none"
    )
    away = (1 - there) * NO_SENTENCE
    choice = _divergence(
        torch.cat([scores + away, none.unsqueeze(1)], dim=1),
        torch.cat([goal.clamp(min=_LEAST) + away, goal_none.unsqueeze(1)], dim=1),
    )
    outside = (1.0 - mask.amax(1)) * NO_SENTENCE
    span = _divergence(start + outside, goal_start + outside)
    span += _divergence(end + outside, goal_end + outside)
    total = (each * there).sum() / count
    return total + CHOICE_WEIGHT * choice + TEACHER_SPAN_WEIGHT * span / 2


def _divergence(found: Tensor, wanted: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of softmaxes over the last dimension."""
    return functional.kl_div(
        functional.log_softmax(found, dim=-1),
        functional.log_softmax(wanted, dim=-1),
        log_target=True,
        reduction="batchmean",
    )
