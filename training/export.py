"""Write the averaged weights as int8 ONNX: `python -m training.export --run DIR --out DIR`.

Writes `reader.onnx`, `tokenizer.json`, their `digests.json`, and `meta.json` (steps, figures).

Inputs: input_ids, attention_mask, token_type_ids int64 [B, T]; sentence_mask float32 [B, S, T],
1 at the tokens of a sentence and 0 elsewhere (the model takes the means itself).
Outputs, float32 logits: sentence_logits [B, S] (-10000 where the mask of a sentence is empty),
none_logit [B], start_logits and end_logits [B, T].
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.checkpoint import averaged_weights
from training.digests import write_digests
from training.encode import MOST_QUESTION_TOKENS, MOST_TOKENS
from training.model import Reader
from training.train import base_model

MOST_BYTES = 25_000_000
OPSET = 17
INPUTS = ("input_ids", "attention_mask", "token_type_ids", "sentence_mask")
OUTPUTS = ("sentence_logits", "none_logit", "start_logits", "end_logits")


def export_float(model: Reader, path: Path) -> None:
    """Write the float32 graph, with free batch, token and sentence dimensions.

    Plain attention: torch's fused one becomes a graph with guards against empty rows, which
    made the reader 15 % slower.
    """
    model.encoder.set_attn_implementation("eager")
    batch, sentences, tokens = 2, 3, 24
    mask = torch.zeros(batch, sentences, tokens)
    for place in range(sentences):
        mask[:, place, 6 + 5 * place : 11 + 5 * place] = 1.0
    ids = torch.full((batch, tokens), 2000, dtype=torch.int64)
    sample = (ids, torch.ones_like(ids), torch.zeros_like(ids), mask)
    axes = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS[:3], *OUTPUTS[2:])}
    axes["sentence_mask"] = {0: "batch", 1: "sentences", 2: "tokens"}
    axes["sentence_logits"] = {0: "batch", 1: "sentences"}
    axes["none_logit"] = {0: "batch"}
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


def export(run: Path, out: Path) -> dict[str, object]:
    """Export the averaged weights of `run` into `out` and return what `meta.json` says."""
    weights, step = averaged_weights(run)
    base = base_model()
    model = Reader(base)
    model.load_state_dict(weights)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        floats, ints = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        export_float(model, floats)
        quantise(floats, ints)
        size = ints.stat().st_size
        if size > MOST_BYTES:
            message = f"reader.onnx has {size} bytes, more than {MOST_BYTES}"
            raise SystemExit(message)
        meta: dict[str, object] = {
            "steps": step,
            "bytes": size,
            "sha256": hashlib.sha256(ints.read_bytes()).hexdigest(),
            "base": "all-MiniLM-L6-v2",
            "most_tokens": MOST_TOKENS,
            "most_question_tokens": MOST_QUESTION_TOKENS,
            "dev": last_figures(run),
        }
        described = Path(folder) / "meta.json"
        described.write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
        shutil.copyfile(base / "tokenizer.json", Path(folder) / "tokenizer.json")
        (Path(folder) / "tokenizer.json").replace(out / "tokenizer.json")
        ints.replace(out / "reader.onnx")
        described.replace(out / "meta.json")
    write_digests(out)
    return meta


def last_figures(run: Path) -> dict[str, object] | None:
    """Return the last dev figures of the run's log, with their step."""
    lines = (run / "log.jsonl").read_text(encoding="utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if isinstance(record.get("dev"), dict)]
    return {"step": records[-1]["step"], **records[-1]["dev"]} if records else None


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the --out of training.train")
    parser.add_argument("--out", type=Path, required=True, help="folder for reader.onnx")
    arguments = parser.parse_args()
    print(json.dumps(export(arguments.run, arguments.out), indent=1))


if __name__ == "__main__":
    main()
