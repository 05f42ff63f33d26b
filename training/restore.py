"""Make a checkpoint of an exported reader: `python -m training.restore --reader DIR --out DIR`.

`training.train` goes on from it as from any other. What int8 has rounded away is lost, and so is
the state of the optimizer: a run that still has its own checkpoint is better lengthened from that.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from training.checkpoint import Average, save
from training.model import Reader
from training.train import base_model, make_optimizer

_MODULE = re.compile(
    r"^/(?:encoder/)?(encoder/layer\.\d/.+|span|(?:sentence|none)/(?:sentence|none)\.\d)/(?:MatMul|Gemm)"
)


def restored(path: Path, model: Reader) -> dict[str, Tensor]:
    """Return the weights in an exported graph by their names in the model.

    Raises:
        ValueError: when a trained weight of the model is not in the graph.
    """
    graph = onnx.load(path).graph
    values = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found = {name: torch.from_numpy(v.copy()) for name, v in values.items()}
    for node in graph.node:
        inputs = (n for n in node.input if n in values and n.endswith("_quantized"))
        quantized = next(inputs, None)
        module = _MODULE.match(node.name)
        if quantized and module:
            stem = quantized.removesuffix("_quantized")
            matrix = dequantized(values[quantized], values, stem)
            found[f"{module_name(module[1])}.weight"] = torch.from_numpy(matrix.T.copy())
    state = model.state_dict()
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    if missing := sorted(trained - found.keys()):
        message = f"{path} lacks {', '.join(missing)}"
        raise ValueError(message)
    return {name: found[name] if name in trained else value for name, value in state.items()}


def dequantized(
    matrix: NDArray[np.int8], values: dict[str, NDArray[np.float32]], stem: str
) -> NDArray[np.float32]:
    """Return a matrix as float32; scale and zero point are those of its columns."""
    zero = values[f"{stem}_zero_point"].astype(np.float32)
    shifted: NDArray[np.float32] = (matrix.astype(np.float32) - zero) * values[f"{stem}_scale"]
    return shifted


def module_name(path: str) -> str:
    """Return the dotted name of a module from its path in the graph."""
    if path.startswith("encoder/"):
        return "encoder." + path.replace("/", ".")
    return path.rsplit("/", maxsplit=1)[-1]


def main() -> None:
    """Read the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m training.restore", description=__doc__)
    parser.add_argument("--reader", type=Path, required=True, help="folder of reader.onnx")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--steps", type=int, required=True, help="how many steps it had")
    arguments = parser.parse_args()
    model = Reader(base_model())
    model.load_state_dict(restored(arguments.reader / "reader.onnx", model))
    arguments.out.mkdir(parents=True, exist_ok=True)
    save(arguments.out, arguments.steps, model, Average(model), make_optimizer(model))


if __name__ == "__main__":
    main()
