"""Checks the quotes of an answer, of checks or of a timeline against the files beside it.

Needs Python 3 alone.

Usage: python verify.py [FOLDER]
Exit status: 0 all quotes are proven, 1 something is altered, 2 something is missing.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterator


def quotes_of(value: Any) -> Iterator[Dict[str, Any]]:
    """Yield every quote in an answer: what has a text, its place and a source.

    Of a quotation that was looked up, the words are the article's ("original"), if it has them.
    """
    if isinstance(value, dict):
        if {"text", "start", "end", "source"} <= value.keys() and value["source"]:
            yield dict(value, text=value.get("original") or value["text"])
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from quotes_of(item)


def main(folder: Path) -> int:
    """Print a line for each file and quote that is not proven, and a summary."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    altered, missing, proven = [], list(manifest["missing"]), 0
    for name, digest in manifest["sha256"].items():
        path = folder / name
        if not path.is_file():
            missing.append(name)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            altered.append(name)
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    for quote in quotes_of(answer):
        source = quote["source"]
        path = folder / "sources" / source["file"]
        if not path.is_file():
            continue  # named among the missing files
        data = path.read_bytes()
        text = data.decode(source["encoding"], "replace")
        as_indexed = hashlib.sha256(data).hexdigest() == source["sha256"]
        if as_indexed and text[quote["start"] : quote["end"]] == quote["text"]:
            proven += 1
        else:
            altered.append(
                "%s, characters %s to %s" % (source["file"], quote["start"], quote["end"])
            )
    for name in altered:
        print("ALTERED: " + name)
    for name in missing:
        print("MISSING: " + name)
    print("%d quotes proven, %d altered, %d files missing" % (proven, len(altered), len(missing)))
    return 1 if altered else 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
