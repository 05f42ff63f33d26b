"""Note the digests of a reader's files beside them: `python -m training.digests FOLDER`.

sourcebot loads a reader only if its files have these digests, so this follows every copy of
new weights into `src/sourcebot/answering/weights`. `training.export` does it for its own
output.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from sourcebot.answering.window_model import DIGESTS, TOKENIZER
from sourcebot.files import sha256_of, write_atomically


def write_digests(folder: Path, files: Sequence[str]) -> None:
    """Write the sha256 of the reader's files in `folder`, in hexadecimal, by name."""
    digests = {name: sha256_of(folder / name) for name in files}
    write_atomically(folder / DIGESTS, json.dumps(digests, indent=1) + "\n")


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(prog="python -m training.digests", description=__doc__)
    parser.add_argument("folder", type=Path, help="with a graph, its weights and a tokenizer")
    folder = parser.parse_args().folder
    names = sorted(path.name for path in folder.iterdir())
    write_digests(
        folder, [name for name in names if name.endswith((".onnx", ".bin")) or name == TOKENIZER]
    )


if __name__ == "__main__":
    main()
