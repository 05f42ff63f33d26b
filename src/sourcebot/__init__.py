"""sourcebot answers questions only with verbatim quotes from a folder of articles."""

import os

# ONNX Runtime reports its use to its maker unless told not to before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
