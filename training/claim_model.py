"""The model of claims in torch: own upper layers over the judge's first ones, and two heads.

The judge reads claim and window as it reads question and window; its first layers stay as they are
and serve both. What is trained starts from its upper layers.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoConfig
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

from training.model import NO_SENTENCE, Reader

SHARED = 9
"""So many of the judge's twelve layers are shared."""

_PADDED = -10_000.0


class ClaimReader(nn.Module):  # type: ignore[misc]  # as in training.model
    """Upper layers, a head that finds the deciding sentences, and one for the verdict."""

    def __init__(self, judge: Reader, shared: int = SHARED, dropout: float = 0.1) -> None:
        """Take the judge's first layers, frozen, and copies of the others."""
        super().__init__()
        layers = judge.config["num_hidden_layers"] - shared
        described = AutoConfig.for_model(**{**judge.config, "num_hidden_layers": layers})
        described.hidden_dropout_prob = described.attention_probs_dropout_prob = dropout
        own = judge.encoder.encoder
        self.encoder = MPNetEncoder(described)
        self.encoder.relative_attention_bias.load_state_dict(
            own.relative_attention_bias.state_dict()
        )
        self.encoder.relative_attention_bias.requires_grad_(requires_grad=False)
        self.encoder.layer.load_state_dict(own.layer[shared:].state_dict())
        width = described.hidden_size
        half = width // 2
        self.span = nn.Linear(width, 1)
        self.sentence = nn.Sequential(nn.Linear(3 * width, half), nn.GELU(), nn.Linear(half, 1))
        self.verdict = nn.Sequential(nn.Linear(3 * width, half), nn.GELU(), nn.Linear(half, 3))
        own.layer = own.layer[:shared]
        self._judge = [judge.bfloat16().eval().requires_grad_(requires_grad=False)]
        """In a list: the judge is no part of what is trained and written."""

    def hidden(self, ids: Tensor, attention: Tensor, types: Tensor) -> Tensor:
        """Return what the judge's first layers give, float32 [B, T, width]."""
        judge = self._judge[0].to(ids.device)
        with torch.no_grad():
            return judge.encoded(ids, attention, types).float()

    def forward(
        self, hidden: Tensor, sentence_mask: Tensor, attention: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Score a batch.

        hidden: float32 [B, T, width]; sentence_mask as in `encode.Batch`; attention: 1 at tokens
        and 0 elsewhere, [B, T], or None where nothing is padded.

        Returns float32 logits: whether a sentence decides [B, S] (NO_SENTENCE where padded), and
        what it says, supports, contradicts or silent, [B, S, 3].
        """
        outside = None if attention is None else (1.0 - attention[:, None, None].float()) * _PADDED
        tokens = self.encoder(hidden, outside)[0]
        mask = sentence_mask.to(tokens.dtype)
        counts = mask.sum(-1, keepdim=True)
        mean = mask @ tokens / counts.clamp(min=1.0)
        telling = self.span(tokens).squeeze(-1).unsqueeze(1).float()
        weights = telling + (sentence_mask - 1.0) * -NO_SENTENCE
        words = torch.softmax(weights, dim=-1).to(tokens.dtype) @ tokens
        whole = tokens[:, :1].expand(-1, sentence_mask.shape[1], -1)
        seen = torch.cat([mean, words, whole], dim=-1)
        scores = self.sentence(seen).squeeze(-1).float()
        scores = torch.where(counts.squeeze(-1) > 0, scores, torch.full_like(scores, NO_SENTENCE))
        return scores, self.verdict(seen).float()

    def write(self, path: Path) -> None:
        """Write the weights of the upper layers and the heads as float16."""
        state = {n: v.detach().cpu().half().contiguous() for n, v in self.state_dict().items()}
        partial = path.with_name(f"{path.name}.partial")
        save_file(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Take up the weights that `write` has written.

        Raises:
            RuntimeError: when a weight is missing, or is of another model.
        """
        self.load_state_dict({name: value.float() for name, value in load_file(path).items()})


def of_window(scores: Tensor, verdicts: Tensor) -> Tensor:
    """Return the verdict's logits of windows, [B, 3]: those of sentences, weighed by scores."""
    return (torch.softmax(scores, dim=-1).unsqueeze(-1) * verdicts).sum(1)
