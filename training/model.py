"""The readers: a transformer with a score for each sentence, for "none", and for the answer.

Sentence scores are sigmoid logits, so that those of different windows compare; the softmax
over sentences and "none" is only a second objective. The span scores are those of extractive
question answering (Devlin et al. 2019, https://arxiv.org/abs/1810.04805); they also weigh
the tokens of a sentence when its vector is made, so that what looks like an answer counts.

The small reader starts from all-MiniLM-L6-v2, the judge from all-mpnet-base-v2. Both have the same
words; the judge's ids are BERT's plus 4, its special tokens apart, so one tokenizer serves both.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

NO_SENTENCE = -10000.0  # the logit of a padded sentence: exp() of it is 0

PADDING, CLS, SEP = 0, 101, 102  # BERT's
_JUDGE_SPECIAL = {PADDING: 1, CLS: 0, SEP: 2}
_JUDGE_SHIFT = 4
JUDGE_TYPE = "mpnet"


class Reader(nn.Module):  # type: ignore[misc]  # torch's types are not read
    """An encoder with three heads."""

    def __init__(self, config: dict[str, Any], dropout: float = 0.0) -> None:
        """Make an untrained reader whose encoder has a configuration of Hugging Face's format."""
        super().__init__()
        self.config = config
        described = AutoConfig.for_model(**config)
        described.hidden_dropout_prob = described.attention_probs_dropout_prob = dropout
        self.encoder = AutoModel.from_config(described, add_pooling_layer=False)
        self.shifted = described.model_type == JUDGE_TYPE
        width = described.hidden_size
        self.span = nn.Linear(width, 2)
        self.sentence = nn.Sequential(nn.Linear(3 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.none = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))

    @classmethod
    def start(cls, base: Path, dropout: float = 0.0) -> Reader:
        """Return a reader whose encoder has the weights in `base`, in Hugging Face's format."""
        model = cls(json.loads((base / "config.json").read_text("utf-8")), dropout)
        model.encoder = AutoModel.from_pretrained(
            base, config=model.encoder.config, add_pooling_layer=False, dtype=torch.float32
        )
        return model

    @classmethod
    def read(cls, path: Path, dropout: float = 0.0) -> Reader:
        """Return the reader that `write` has written.

        Raises:
            RuntimeError: when a weight is missing, or is of another model.
        """
        with safe_open(path, "pt") as file:
            model = cls(json.loads(file.metadata()["encoder"]), dropout)
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        model.load_state_dict(state)
        return model

    def write(self, path: Path) -> None:
        """Write the weights as float16, with the encoder's configuration."""
        state = {name: value.detach().cpu().half() for name, value in self.state_dict().items()}
        partial = path.with_name(f"{path.name}.partial")
        save_file(state, partial, metadata={"encoder": json.dumps(self.config)})
        partial.replace(path)

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
        tokens = self.encoded(input_ids, attention_mask, token_type_ids)
        start, end = self.span(tokens).unbind(-1)
        scores, _ = self._judged(tokens, start + end, sentence_mask)
        return scores, self.none(tokens[:, 0]).squeeze(-1).float(), start.float(), end.float()

    def _judged(self, tokens: Tensor, ends: Tensor, sentence_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of sentences, [B, S], and what they are judged by, [B, S, 3 * width].

        Takes the vectors of the tokens, [B, T, width], and their logits as ends of answers, [B, T].
        """
        mask = sentence_mask.to(tokens.dtype)
        counts = mask.sum(-1, keepdim=True)
        mean = mask @ tokens / counts.clamp(min=1.0)
        weights = ends.unsqueeze(1).float() + (sentence_mask - 1.0) * -NO_SENTENCE
        answer = torch.softmax(weights, dim=-1).to(tokens.dtype) @ tokens
        whole = tokens[:, :1].expand(-1, sentence_mask.shape[1], -1)
        seen = torch.cat([mean, answer, whole], dim=-1)
        scores = self.sentence(seen).squeeze(-1).float()
        scores = torch.where(counts.squeeze(-1) > 0, scores, torch.full_like(scores, NO_SENTENCE))
        return scores, seen

    def encoded(self, ids: Tensor, attention: Tensor, types: Tensor) -> Tensor:
        """Return the vectors of the tokens, [B, T, width]."""
        if not self.shifted:
            found: Tensor = self.encoder(
                input_ids=ids, attention_mask=attention, token_type_ids=types
            ).last_hidden_state
            return found
        moved = ids + _JUDGE_SHIFT
        for plain, special in _JUDGE_SPECIAL.items():
            moved = torch.where(ids == plain, special, moved)
        encoded: Tensor = self.encoder(input_ids=moved, attention_mask=attention).last_hidden_state
        # MPNet knows no kinds of tokens; the exported graph keeps one set of inputs for both.
        return encoded + 0 * types.unsqueeze(-1)


def attend_plainly(model: Reader) -> None:
    """Let the encoder multiply its attention out: torch's fused one exports to a slower graph."""
    model.encoder.set_attn_implementation("eager")


def shallower(model: Reader, layers: list[int]) -> Reader:
    """Return a reader with only these layers of a model's encoder, its other weights the same."""
    config = {**model.config, "num_hidden_layers": len(layers)}
    fewer = Reader(config)
    places = {old: new for new, old in enumerate(layers)}
    state = {}
    for name, value in model.state_dict().items():
        before, layer, after = name.partition(".layer.")
        number, _, rest = after.partition(".")
        if not layer:
            state[name] = value
        elif int(number) in places:
            state[f"{before}{layer}{places[int(number)]}.{rest}"] = value
    fewer.load_state_dict(state)
    return fewer
