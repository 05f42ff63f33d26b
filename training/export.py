"""Write a trained reader as int8 ONNX.

    python -m training.export reader --weights runs/reader/weights.safetensors --out DIR
    python -m training.export judge --weights runs/judge/weights.safetensors --data rows.jsonl.xz \
        --out DIR

`reader` writes `reader.onnx`, `tokenizer.json` and `digests.json`; `judge`, smoothed first
(`smoothing.py`), writes `judge.onnx` and `judge-lower.onnx`, its first layers, which the model of
claims shares, their weights in `judge-0.bin` and so on, at most 60 MB each, and `digests.json`. The
files belong into `src/sourcebot/answering/weights/reader` and `…/judge`.

Inputs: input_ids, attention_mask, token_type_ids int64 [B, T]; sentence_mask float32 [B, S, T],
1 at the tokens of a sentence and 0 elsewhere (the model takes the means itself).
Outputs, float32 logits: sentence_logits [B, S] (-10000 where the mask of a sentence is empty),
none_logit [B], start_logits and end_logits [B, T].
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from random import Random

import onnx
import onnxruntime
import torch
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.bases import minilm
from training.claim_model import SHARED
from training.cutting import cut
from training.digests import write_digests
from training.encode import Batch, Encoder, collate
from training.model import Reader, attend_plainly
from training.rows import read_corpus
from training.smoothing import smooth
from training.windows import from_row

MOST_BYTES = 60_000_000
"""Largest file; hosts of git and of packages refuse those of 100 MB."""

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids", "sentence_mask")
OUTPUTS = ("sentence_logits", "none_logit", "start_logits", "end_logits")
_AXES = {
    "sentence_logits": {0: "batch", 1: "sentences"},
    **{key: {0: "batch", 1: "tokens"} for key in ("start_logits", "end_logits")},
    "none_logit": {0: "batch"},
}
WATCHED = 120
"""So many windows tell how large the activations become; more changed nothing."""

_OUTSIDE = 1024
"""Tensors of at least so many bytes go to the files of weights."""


def export_float(model: Reader, path: Path) -> None:
    """Write the float32 graph, with free batch, token and sentence dimensions."""
    attend_plainly(model)
    batch, sentences, tokens = 2, 3, 24
    mask = torch.zeros(batch, sentences, tokens)
    for place in range(sentences):
        mask[:, place, 6 + 5 * place : 11 + 5 * place] = 1.0
    ids = torch.full((batch, tokens), 2000, dtype=torch.int64)
    sample = (ids, torch.ones_like(ids), torch.zeros_like(ids), mask)
    axes = {name: {0: "batch", 1: "tokens"} for name in INPUTS}
    axes["sentence_mask"] = {0: "batch", 1: "sentences", 2: "tokens"}
    axes |= _AXES
    torch.onnx.export(
        model.eval(),
        sample,
        path,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Write the graph with int8 weights: the matrix products and the embeddings.

    One scale per output channel, and 7 bits of the 8: without VNNI the 16-bit sums of AVX2
    would overflow (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        quantized = Path(folder) / "quantized.onnx"
        quantize_dynamic(
            prepared,
            quantized,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
        # Fused once here, the graph opens in 0.03 s instead of 0.3 s.
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(target)
        onnxruntime.InferenceSession(quantized, options, providers=["CPUExecutionProvider"])


def split(source: Path, target: Path) -> list[Path]:
    """Write a graph with its large tensors in files beside it, and return all files.

    The format is ONNX's own for external data
    (https://github.com/onnx/onnx/blob/main/docs/ExternalData.md).
    """
    model = onnx.load(source)
    files: list[bytearray] = [bytearray()]
    for tensor in model.graph.initializer:
        data = tensor.raw_data
        if len(data) < _OUTSIDE:
            continue
        if len(files[-1]) + len(data) > MOST_BYTES:
            files.append(bytearray())
        files[-1] += bytes(-len(files[-1]) % 4096)  # on a page of memory, so that it can be mapped
        where = {
            "location": _part(target, len(files) - 1).name,
            "offset": str(len(files[-1])),
            "length": str(len(data)),
        }
        files[-1] += data
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in where.items():
            tensor.external_data.add(key=key, value=value)
    target.write_bytes(model.SerializeToString())
    for number, data in enumerate(files):
        _part(target, number).write_bytes(data)
    return [target, *(_part(target, number) for number in range(len(files)))]


def _part(target: Path, number: int) -> Path:
    return target.with_name(f"{target.stem}-{number}.bin")


def watched(data: Path, tokenizer: Path, seed: int = 9) -> list[Batch]:
    """Return batches of one window each, of all sets."""
    corpus, encoder, random = read_corpus(data), Encoder(tokenizer), Random(seed)
    rows = random.sample(corpus.rows, WATCHED)
    return [collate([encoder.example(from_row(row, "watched"))]) for row in rows]


def export_reader(weights: Path, out: Path) -> None:
    """Write the small reader."""
    with tempfile.TemporaryDirectory(dir=out) as folder:
        floats, ints = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        export_float(Reader.read(weights), floats)
        quantise(floats, ints)
        ints.replace(out / "reader.onnx")
    shutil.copyfile(minilm() / "tokenizer.json", out / "tokenizer.json")
    write_digests(out, ["tokenizer.json", "reader.onnx"])


def export_judge(weights: Path, data: Path, out: Path) -> None:
    """Write the judge."""
    model = Reader.read(weights).eval()
    smooth(model, (batch.tensors() for batch in watched(data, minilm() / "tokenizer.json")))
    with tempfile.TemporaryDirectory(dir=out) as folder:
        floats, ints = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        export_float(model, floats)
        quantise(floats, ints)
        files = split(ints, out / "judge.onnx")
    files.append(cut(out / "judge.onnx", SHARED))
    write_digests(out, [file.name for file in files])


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(prog="python -m training.export")
    parser.add_argument("which", choices=("reader", "judge"))
    parser.add_argument("--weights", type=Path, required=True, help="weights.safetensors")
    parser.add_argument("--data", type=Path, help="rows that tell how large activations become")
    parser.add_argument("--out", type=Path, required=True, help="folder of the files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.which == "reader":
        export_reader(options.weights, options.out)
    elif options.data is None:
        parser.error("the judge needs --data")
    else:
        export_judge(options.weights, options.data, options.out)
    for file in sorted(options.out.iterdir()):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
