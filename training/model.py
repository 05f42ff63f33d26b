"""The reader: a small BERT with a score for each sentence, for "none", and for the answer.

Sentence scores are sigmoid logits, so that those of different windows compare; the softmax
over sentences and "none" is only a second objective. The span scores are those of extractive
question answering (Devlin et al. 2019, https://arxiv.org/abs/1810.04805); they also weigh
the tokens of a sentence when its vector is made, so that what looks like an answer counts.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

NO_SENTENCE = -10000.0  # the logit of a padded sentence: exp() of it is 0


class Reader(nn.Module):
    """MiniLM encoder with frozen embeddings and three heads."""

    def __init__(self, base: Path) -> None:
        """Read the encoder's weights from `base`, a directory in Hugging Face's format."""
        super().__init__()
        config = AutoConfig.from_pretrained(
            base, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.encoder = AutoModel.from_pretrained(base, config=config, add_pooling_layer=False)
        self.encoder.embeddings.requires_grad_(requires_grad=False)
        width = config.hidden_size
        self.span = nn.Linear(width, 2)
        self.sentence = nn.Sequential(nn.Linear(3 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.none = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor,
        sentence_mask: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Score a batch; shapes of the input as in `encode.Batch`.

        Returns float32 logits: sentences [B, S] (NO_SENTENCE where padded), none [B],
        answer start [B, T] and end [B, T] (only those at tokens of sentences mean something).
        """
        tokens = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        start, end = self.span(tokens).unbind(-1)
        counts = sentence_mask.sum(-1, keepdim=True)
        mean = sentence_mask @ tokens / counts.clamp(min=1.0)
        weights = (start + end).unsqueeze(1) + (sentence_mask - 1.0) * -NO_SENTENCE
        answer = torch.softmax(weights, dim=-1) @ tokens
        whole = tokens[:, :1].expand(-1, sentence_mask.shape[1], -1)
        scores = self.sentence(torch.cat([mean, answer, whole], dim=-1)).squeeze(-1)
        scores = torch.where(counts.squeeze(-1) > 0, scores, torch.full_like(scores, NO_SENTENCE))
        return scores, self.none(tokens[:, 0]).squeeze(-1), start, end
