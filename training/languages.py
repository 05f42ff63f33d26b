"""The reader of all languages: trained weights -> the graph that comes with sourcebot.

    python -m training.languages WEIGHTS.npz ... --out src/sourcebot/answering/weights/languages

The weights are those of the upper layers and the heads, as `training.model` names them; the lower
layers and the words are multilingual-e5-small's own, which `sourcebot.embedding.multilingual`
makes ready from its package, and the graph takes what they give.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sourcebot.embedding.graphs import Graph
from sourcebot.embedding.multilingual import SHARED_LAYERS
from training.digests import write_digests

HEADS, EPSILON = 12, 1e-12
NO = 10_000.0
GRAPH = "languages.onnx"


def export(weights: dict[str, np.ndarray], path: Path) -> None:
    """Write the graph of the upper layers and the heads.

    It takes ``hidden``, float32 of shape (1, tokens, width), and ``sentence_mask``, float32 of
    shape (1, sentences, tokens), which is 1 at the tokens of each sentence, and gives the outputs
    that `sourcebot.answering.reader_model` reads.
    """
    graph = Graph()
    width = weights["span.weight"].shape[1]
    hidden = graph.take("hidden", (1, "tokens", width))
    mask = graph.take("sentence_mask", (1, "sentences", "tokens"))
    layers = {int(n.split(".")[3]) for n in weights if n.startswith("encoder.encoder.layer.")}
    if min(layers) != SHARED_LAYERS:
        raise ValueError(f"the weights begin with layer {min(layers)}, not {SHARED_LAYERS}")
    for number in sorted(layers):
        hidden = graph.layer(hidden, _layer(weights, number), HEADS, EPSILON)
    span = graph.plain(hidden, weights["span.weight"], weights["span.bias"])
    last = graph.keep(np.array([-1], np.int64))
    begin, end = (graph.add("Squeeze", part, last) for part in graph.split(span, 2))
    mean = graph.add("Div", graph.add("MatMul", mask, hidden), _tokens(graph, mask, last))
    answer = graph.add("MatMul", _shares(graph, begin, end, mask), hidden)
    first = graph.add("Slice", hidden, *_slice(graph, axis=1))
    alike = graph.add("Expand", first, _expanded(graph, mean))
    joined = graph.add("Concat", mean, answer, alike, axis=-1)
    sentence = _head(graph, joined, weights, "sentence")
    whole = graph.add("Squeeze", first, graph.keep(np.array([1], np.int64)))
    none = _head(graph, whole, weights, "none")
    graph.give(graph.add("Squeeze", sentence, last), "sentence_logits", (1, "sentences"))
    graph.give(graph.add("Squeeze", none, last), "none_logit", (1,))
    graph.give(begin, "start_logits", (1, "tokens"))
    graph.give(end, "end_logits", (1, "tokens"))
    graph.write(path)


def _layer(weights: dict[str, np.ndarray], number: int) -> Callable[[str], np.ndarray]:
    """Return what gives a layer's tensors by their names in it."""
    return lambda name: weights[f"encoder.encoder.layer.{number}.{name}"]


def _tokens(graph: Graph, mask: str, last: str) -> str:
    return graph.add("ReduceSum", mask, last, keepdims=1)


def _shares(graph: Graph, begin: str, end: str, mask: str) -> str:
    """Return how much each token of a sentence is like its answer: a softmax over the sentence."""
    row = graph.keep(np.array([1], np.int64))
    summed = graph.add("Unsqueeze", graph.add("Add", begin, end), row)
    outside = graph.add("Sub", mask, graph.keep(np.array(1, np.float32)))
    pushed = graph.add("Mul", outside, graph.keep(np.array(NO, np.float32)))
    return graph.add("Softmax", graph.add("Add", summed, pushed), axis=-1)


def _slice(graph: Graph, axis: int) -> list[str]:
    """Return the bounds of the first place of a dimension."""
    return [graph.keep(np.array([n], np.int64)) for n in (0, 1, axis)]


def _expanded(graph: Graph, like: str) -> str:
    return graph.add("Shape", like)


def _head(graph: Graph, value: str, weights: dict[str, np.ndarray], name: str) -> str:
    inner = graph.plain(value, weights[f"{name}.0.weight"], weights[f"{name}.0.bias"])
    bent = graph.add("Gelu", inner)
    return graph.plain(bent, weights[f"{name}.2.weight"], weights[f"{name}.2.bias"])


def main() -> None:
    """Export the weights that are named."""
    parser = argparse.ArgumentParser(prog="python -m training.languages")
    parser.add_argument("weights", type=Path, nargs="+", help="float16 arrays by name")
    parser.add_argument("--out", type=Path, required=True, help="folder of the graph")
    options = parser.parse_args()
    weights: dict[str, np.ndarray] = {}
    for path in options.weights:
        with np.load(path) as held:
            weights |= {name: held[name].astype(np.float32) for name in held.files}
    options.out.mkdir(parents=True, exist_ok=True)
    export(weights, options.out / GRAPH)
    write_digests(options.out, [GRAPH])


if __name__ == "__main__":
    main()
