"""A reply as a ZIP archive that proves itself: quotes, the files they stand in, and a verifier.

The verifier in it (``verify.py``) needs Python alone, so that a quote can be proven years later.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.checks.bundled_verifier import quotes_of
from sourcebot.errors import VerificationError
from sourcebot.render.as_json import reply_to_json
from sourcebot.render.claims import checks_to_json
from sourcebot.render.timelines import timeline_to_json
from sourcebot.types import Abstention, Answer
from sourcebot.types.timelines import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Reply
    from sourcebot.types.claims import Check

_READ_ME = """This archive proves quotes.

answer.json    the answer, checks or timeline: quotes with their offsets (code points) and sources
sources/       the files that are quoted, byte for byte as they were indexed
manifest.json  the SHA-256 of each file above
verify.py      run `python verify.py` here: it checks the files and each quote in them

A file that had changed since it was indexed is named in manifest.json under "missing"; its quotes
cannot be proven from this archive.
"""


def bundled(found: Reply | Timeline | Sequence[Check]) -> str:
    """Return what is to be proven as JSON."""
    if isinstance(found, Answer | Abstention):
        return reply_to_json(found)
    return timeline_to_json(found) if isinstance(found, Timeline) else checks_to_json(found)


def write_bundle(target: Path, answer: str, folder: Path) -> int:
    """Write the archive of an answer, whole or not at all, and return how many files are missing.

    ``answer`` is its JSON, whose quotes name the files; ``folder`` is where these lie.

    Raises:
        VerificationError: when the archive cannot be written.
    """
    contents = {"answer.json": answer.encode(), "README.txt": _READ_ME.encode()}
    contents["verify.py"] = (files("sourcebot.checks") / "bundled_verifier.py").read_bytes()
    missing = []
    quotes = quotes_of(json.loads(answer))
    sources = (source for q in quotes for source in (q["source"], *q.get("also", ())))
    for path, digest in sorted({s["file"]: s["sha256"] for s in sources}.items()):
        data = _bytes_of(folder / path)
        if data is not None and hashlib.sha256(data).hexdigest() == digest:
            contents[f"sources/{path}"] = data
        else:
            missing.append(path)
    manifest = {
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
        "missing": sorted(missing),
    }
    contents["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
            for inside, data in contents.items():
                # A fixed time: the same reply gives the same archive.
                z.writestr(
                    zipfile.ZipInfo(inside, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED
                )
        Path(name).replace(target)
    except OSError as error:
        raise VerificationError(
            f"{target} cannot be written: {error.strerror or error}",
            "name a file in a folder that can be written",
        ) from error
    return len(missing)


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
