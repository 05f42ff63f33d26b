"""Divide a graph in two, so that another model can stand on its lower layers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import onnx
from onnx import TensorProto

from sourcebot.answering.window_model import HIDDEN, LOWER


def cut(graph: Path, shared: int) -> Path:
    """Divide a judge's graph, and return the lower part, which is written beside it.

    The lower part gives ``hidden``, the output of its first ``shared`` layers; what stays in the
    file reads that. Both point into the same files of weights, which are not touched.

    Raises:
        ValueError: when the upper layers read anything else of the lower ones.
    """
    model = onnx.load(graph, load_external_data=False)
    layer = f"/encoder/encoder/layer.{shared - 1}/output/LayerNorm/LayerNormalization_output_0"
    embedded = "/encoder/embeddings/LayerNorm/LayerNormalization_output_0"
    upper = _part(model, [output.name for output in model.graph.output], {layer, embedded})
    lower = _part(model, [layer], set())
    # Of the embeddings the upper part wants the shape alone, and all layers have the same.
    for node in upper.graph.node:
        if embedded in node.input and node.op_type != "Shape":
            message = f"{node.name} of the upper layers reads the embeddings"
            raise ValueError(message)
    for part in (upper, lower):
        _rename(part, {embedded, layer} if part is upper else {layer})
    hidden = onnx.helper.make_tensor_value_info(HIDDEN, TensorProto.FLOAT, [None, None, None])
    upper.graph.input.append(hidden)
    lower.graph.output.append(hidden)
    below = graph.with_name(f"{graph.stem}{LOWER}")
    below.write_bytes(lower.SerializeToString())
    graph.write_bytes(upper.SerializeToString())
    return below


def _part(model: onnx.ModelProto, wanted: Iterable[str], given: set[str]) -> onnx.ModelProto:
    """Return the part of a graph that makes some tensors, from its inputs and those given."""
    made_by = {name: place for place, node in enumerate(model.graph.node) for name in node.output}
    places: set[int] = set()
    left = [name for name in wanted if name not in given]
    outputs = set(left)
    while left:
        place = made_by.get(left.pop())
        if place is None or place in places:
            continue
        places.add(place)
        left += [name for name in model.graph.node[place].input if name not in given]
    part = onnx.ModelProto()
    part.CopyFrom(model)
    kept = [model.graph.node[place] for place in sorted(places)]
    used = {name for node in kept for name in node.input}
    for field, entries in (
        (part.graph.node, kept),
        (part.graph.initializer, [i for i in model.graph.initializer if i.name in used]),
        (part.graph.input, [i for i in model.graph.input if i.name in used]),
        (part.graph.output, [o for o in model.graph.output if o.name in outputs]),
        (part.graph.value_info, []),
    ):
        del field[:]
        field.extend(entries)
    return part


def _rename(model: onnx.ModelProto, old: set[str]) -> None:
    """Call tensors ``hidden``."""
    for node in model.graph.node:
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name in old:
                    names[place] = HIDDEN
