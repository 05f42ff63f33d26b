"""Layers of BERT -> ONNX graphs in int8, without torch; the only module that imports onnx.

A text is one row: without padding there is nothing to mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.embedding.nano import Blocks

    Array = npt.NDArray[np.float32]
    Floats = Callable[[str], Array]

_OPSET, _RUNTIME = 21, "com.microsoft"
_IR_VERSION = 10
_MOST = 63
"""Seven bits: eight overflow on processors without VNNI, which costs accuracy."""

_KEPT_BESIDE = 1 << 22
"""Larger tensors stand in a file of their own, which is mapped into memory, not read into it."""


class Graph:
    """A graph that is being written; methods add operations and return the names of outputs."""

    def __init__(self) -> None:
        """Begin an empty graph."""
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._count = 0

    def take(self, name: str, shape: tuple[int | str, ...], kind: int = TensorProto.FLOAT) -> str:
        """Add an input."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def give(self, value: str, name: str, shape: tuple[int | str, ...]) -> None:
        """Name a value as an output."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def keep(self, array: npt.NDArray[Any]) -> str:
        """Add a constant."""
        name = self._new("k")
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:  # noqa: ANN401
        """Add an operation with one output."""
        name = self._new("v")
        self._nodes.append(
            helper.make_node(kind, list(inputs), [name], domain=domain, **attributes)
        )
        return name

    def split(self, value: str, parts: int) -> list[str]:
        """Cut the last dimension into equal parts."""
        names = [self._new("v") for _ in range(parts)]
        self._nodes.append(helper.make_node("Split", [value], names, axis=-1, num_outputs=parts))
        return names

    def words(self, table: Blocks, ids: str) -> str:
        """Look up rows of a matrix in 4 bits."""
        name = self._new("k")
        low, high = table.values[:, 0::2], table.values[:, 1::2]
        packed = (low & 15).astype(np.uint8) | ((high & 15).astype(np.uint8) << 4)
        tensor = TensorProto(name=name, data_type=TensorProto.INT4, dims=table.values.shape)
        tensor.raw_data = packed.tobytes()
        self._tensors.append(tensor)
        found = self.add(
            "GatherBlockQuantized",
            name,
            ids,
            self.keep(table.scales),
            domain=_RUNTIME,
            gather_axis=0,
            quantize_axis=1,
            block_size=table.values.shape[1] // table.scales.shape[1],
        )
        return self.add("Cast", found, to=TensorProto.FLOAT)

    def linear(self, value: str, weight: Array, bias: Array | None) -> str:
        """Multiply with a matrix of shape (outputs, inputs) in int8, each output with its scale.

        The values are quantized when it runs.
        """
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / _MOST
        rows = np.rint(weight / scale[:, np.newaxis]).astype(np.int8)
        inputs = [value, self.keep(rows.T), self.keep(scale.astype(np.float32)), ""]
        if bias is not None:
            inputs.append(self.keep(bias.astype(np.float32)))
        return self.add("DynamicQuantizeMatMul", *inputs, domain=_RUNTIME)

    def plain(self, value: str, weight: Array, bias: Array) -> str:
        """Multiply with a small matrix in float32."""
        product = self.add("MatMul", value, self.keep(weight.T.astype(np.float32)))
        return self.add("Add", product, self.keep(bias.astype(np.float32)))

    def layer(self, hidden: str, floats: Floats, heads: int, epsilon: float) -> str:
        """Add one layer; ``floats`` gives its tensors by the names of Hugging Face's BERT."""
        own = "attention.self."
        weight = np.concatenate([floats(f"{own}{n}.weight") for n in ("query", "key", "value")])
        bias = np.concatenate([floats(f"{own}{n}.bias") for n in ("query", "key", "value")])
        parts = self.split(self.linear(hidden, weight, bias), 3)
        seen = self.add("MultiHeadAttention", *parts, domain=_RUNTIME, num_heads=heads)
        out = "attention.output."
        seen = self.linear(seen, floats(f"{out}dense.weight"), floats(f"{out}dense.bias"))
        hidden = self._normalized(seen, hidden, floats, f"{out}LayerNorm", epsilon)
        inner = self.linear(hidden, floats("intermediate.dense.weight"), None)
        bent = self.add(
            "BiasGelu", inner, self.keep(floats("intermediate.dense.bias")), domain=_RUNTIME
        )
        made = self.linear(bent, floats("output.dense.weight"), floats("output.dense.bias"))
        return self._normalized(made, hidden, floats, "output.LayerNorm", epsilon)

    def _normalized(
        self, value: str, beside: str, floats: Floats, name: str, epsilon: float
    ) -> str:
        scale, shift = self.keep(floats(f"{name}.weight")), self.keep(floats(f"{name}.bias"))
        return self.add(
            "SkipLayerNormalization",
            value,
            beside,
            scale,
            shift,
            domain=_RUNTIME,
            epsilon=epsilon,
        )

    def write(self, path: Path) -> None:
        """Write the graph; large tensors go into ``path`` with the suffix .bin.

        Raises:
            OSError: when it cannot be written.
        """
        graph = helper.make_graph(
            self._nodes, path.stem, self._inputs, self._outputs, self._tensors
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        checker.check_model(model)
        save_model(
            model,
            str(path),
            save_as_external_data=any(len(t.raw_data) > _KEPT_BESIDE for t in self._tensors),
            location=path.with_suffix(".bin").name,
            size_threshold=_KEPT_BESIDE,
        )
        beside = path.with_suffix(".bin")
        if beside.exists():  # onnx lets only its owner read it
            beside.chmod(0o644)

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"
