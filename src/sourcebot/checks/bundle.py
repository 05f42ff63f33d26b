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

from sourcebot.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcebot.types import Source

_READ_ME = """This archive proves quotes.

answer.json    the reply as it was given: quotes with their offsets (code points) and sources
sources/       the files that are quoted, byte for byte as they were indexed
manifest.json  the SHA-256 of each file above
verify.py      run `python verify.py` here: it checks the files and each quote in them

A file that had changed since it was indexed is named in manifest.json under "missing"; its quotes
cannot be proven from this archive.
"""


def write_bundle(target: Path, answer: str, quoted: Iterable[Source], folder: Path) -> int:
    """Write the archive of a reply, whole or not at all, and return how many files are missing.

    ``answer`` is the reply as JSON, ``quoted`` the sources of its quotes, ``folder`` where the
    source files lie.

    Raises:
        VerificationError: when the archive cannot be written.
    """
    contents = {"answer.json": answer.encode(), "README.txt": _READ_ME.encode()}
    contents["verify.py"] = (files("sourcebot.checks") / "bundled_verifier.py").read_bytes()
    missing = []
    for source in {s.path: s for s in quoted}.values():
        data = _bytes_of(folder / source.path)
        if data is not None and hashlib.sha256(data).hexdigest() == source.sha256:
            contents[f"sources/{source.path}"] = data
        else:
            missing.append(source.path)
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
