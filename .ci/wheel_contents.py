"""Look at what a wheel holds: ``python .ci/wheel_contents.py FILE.whl``. Fails (1) on surprises."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

NEEDED = (
    "sourcebot/py.typed",
    "sourcebot/embedding/weights/default/model.onnx",
    "sourcebot/embedding/weights/default/model.json",
    "sourcebot/embedding/weights/default/tokenizer.json",
    "sourcebot/answering/weights/reader/",
    "sourcebot/answering/weights/judge/",
)
LARGEST_MB = 140


def main() -> int:
    """Print what is wrong and return the exit status."""
    wheel = Path(sys.argv[1])
    names = zipfile.ZipFile(wheel).namelist()
    wrong = [f"lacks {name}" for name in NEEDED if not any(n.startswith(name) for n in names)]
    wrong += [
        f"holds {name}"
        for name in names
        if not name.startswith(("sourcebot/", "sourcebot-")) or name.endswith((".pyc", ".log"))
    ]
    size = wheel.stat().st_size / 1e6
    if size > LARGEST_MB:
        wrong.append(f"has {size:.0f} MB, more than {LARGEST_MB}")
    print(f"{wheel.name}: {len(names)} files, {size:.0f} MB", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
