"""Opening exported graphs: every model of sourcebot runs them alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import onnxruntime as ort


def open_session(graph: Path) -> ort.InferenceSession:
    """Return a session of one thread.

    One thread a text and several texts at once is faster than several threads a text, and a
    question takes no core from its neighbours.

    Raises:
        Exception: any of ONNX Runtime's, when the graph cannot be opened.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The export has fused what can be fused.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
