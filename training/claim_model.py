"""The model of claims in torch: the small reader with a head for the verdict."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor, nn

from training.model import Reader


class ClaimReader(Reader):
    """A reader that also says of each sentence what it says of a claim."""

    def __init__(self, config: dict[str, object], dropout: float = 0.0) -> None:
        """Make an untrained one whose encoder has a configuration of Hugging Face's format."""
        super().__init__(config, dropout)
        width = self.encoder.config.hidden_size
        self.verdict = nn.Sequential(nn.Linear(3 * width, width), nn.GELU(), nn.Linear(width, 3))

    @classmethod
    def of_reader(cls, path: Path) -> ClaimReader:
        """Return one that starts from what a reader or another model of claims has learned."""
        with safe_open(path, "pt") as file:
            model = cls(json.loads(file.metadata()["encoder"]))
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        missing, unexpected = model.load_state_dict(state, strict=False)
        if unexpected or any(not name.startswith("verdict.") for name in missing):
            message = f"{path} holds no reader: {[*missing, *unexpected][:3]}"
            raise ValueError(message)
        return model

    def forward(  # type: ignore[override]
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor,
        sentence_mask: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Score a batch; shapes of the input as in `encode.Batch`.

        Returns float32 logits: whether a sentence decides [B, S] (NO_SENTENCE where padded), and
        what it says, supports, contradicts or silent, [B, S, 3].
        """
        tokens = self._encoded(input_ids, attention_mask, token_type_ids)
        scores, seen = self._judged(tokens, self.span(tokens).sum(-1), sentence_mask)
        return scores, self.verdict(seen).float()


def of_window(scores: Tensor, verdicts: Tensor) -> Tensor:
    """Return the verdict's logits of windows, [B, 3]: those of sentences, weighed by scores."""
    return (torch.softmax(scores, dim=-1).unsqueeze(-1) * verdicts).sum(1)
