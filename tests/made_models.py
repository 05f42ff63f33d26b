"""Models for two languages, made on the spot: their weights are written, not learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_SIZE = 96
_TOKENS = 64


def _bert(folder: Path, meanings: Sequence[Sequence[str]], layers: int) -> tuple[Any, list[int]]:
    """Return a BERT whose layers add nothing, and the meaning of each word of its vocabulary."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    rows = {word: row for row, words in enumerate(meanings) for word in words}
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join([*_MARKS, *rows]), "utf-8")
    tokenizer = BertTokenizerFast(
        str(folder / "vocab.txt"), model_max_length=_TOKENS, do_lower_case=True, strip_accents=False
    )
    tokenizer.save_pretrained(folder / "bert")
    config = BertConfig(
        vocab_size=len(_MARKS) + len(rows),
        hidden_size=_SIZE,
        num_hidden_layers=layers,
        num_attention_heads=1,
        intermediate_size=_SIZE,
        max_position_embeddings=_TOKENS,
        num_labels=1,
    )
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "LayerNorm.weight" not in name:
                weights.zero_()
    return model, list(rows.values())


def aligned_model(folder: Path, meanings: Sequence[Sequence[str]]) -> Path:
    """Make a sentence-transformers model that knows words by what they mean, and return its folder.

    All words of one of the ``meanings``, whatever their language, have the same vector; other
    words count for nothing. A text is the mean of its words, in any order.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    model, of_word = _bert(folder, meanings, layers=1)
    torch.manual_seed(7)
    vectors = torch.randn(len(meanings) + 1, _SIZE)
    with torch.no_grad():
        words = model.bert.embeddings.word_embeddings.weight
        words[len(_MARKS) :] = vectors[of_word]
        # No text is without any vector.
        words[_MARKS.index("[CLS]")] = vectors[-1]
    model.bert.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=_TOKENS)
    modules = [transformer, Pooling(_SIZE, pooling_mode="mean")]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


def matching_model(folder: Path, meanings: Sequence[Sequence[str]]) -> Path:
    """Make a CrossEncoder that counts what a sentence holds of a question, and return its folder.

    The score is near 5 when all the words of the question that it knows stand in the sentence, in
    either language, near -5 when none does, and about 0 when half of them do. In the first layer
    each word looks for its like on the other side; in the second the mark at the start
    gathers what the words of the question have found.
    """
    import torch

    model, of_word = _bert(folder, meanings, layers=2)
    known = range(len(meanings))
    side, match, count, start, strange, end = range(_SIZE - 6, _SIZE)
    with torch.no_grad():
        embeddings = model.bert.embeddings
        words = embeddings.word_embeddings.weight
        for row, meaning in enumerate(of_word, start=len(_MARKS)):
            words[row, meaning] = 2
        for mark, place in (("[CLS]", start), ("[UNK]", strange), ("[SEP]", end)):
            words[_MARKS.index(mark), place] = 2
        embeddings.token_type_embeddings.weight[:, side] = torch.tensor([1.0, -1.0])
        look, gather = (layer.attention for layer in model.bert.encoder.layer)
        for meaning in known:
            look.self.query.weight[meaning, meaning] = 2
            look.self.key.weight[meaning, meaning] = 1
            gather.self.key.weight[0, meaning] = 1.5
        look.self.query.weight[side, side] = -1.5
        look.self.key.weight[side, side] = 1
        look.self.value.weight[match, side] = -0.5
        look.output.dense.weight[match, match] = 1
        gather.self.query.weight[0, start] = 1
        gather.self.key.weight[0, side] = 1.5
        gather.self.value.weight[count, match] = 1
        gather.output.dense.weight[count, count] = 1
        model.bert.pooler.dense.weight[0, count] = 0.3
        model.classifier.weight[0, 0] = 10
    model.save_pretrained(folder / "bert")
    return folder / "bert"
