"""Files written so that a crash at any instant leaves the old or the new one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


LEFTOVER = ".sourcebot.tmp"
"""How the name of a file ends that is about to take the place of another."""


def sha256_of(path: Path) -> str:
    """Return the digest of a file in hexadecimal.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomically(path: Path, data: str | bytes) -> None:
    """Replace ``path`` by a file that holds ``data``, text as UTF-8, on disk before it is seen.

    Raises:
        OSError: when it cannot be written; the old file is then untouched.
    """
    with _replacing(path) as stream:
        stream.write(data.encode("utf-8") if isinstance(data, str) else data)


def copy_atomically(source: Path, path: Path) -> None:
    """Replace ``path`` by a copy of ``source``, on disk before it is seen.

    Raises:
        OSError: when it cannot be read or written; the old file is then untouched.
    """
    with source.open("rb") as original, _replacing(path) as stream:
        shutil.copyfileobj(original, stream, 1024 * 1024)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes the place of ``path`` at the end, if nothing fails."""
    handle, name = tempfile.mkstemp(LEFTOVER, f".{path.name[:40]}.", path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def link_or_copy(source: Path, path: Path) -> None:
    """Make ``path`` another name of a file that nobody changes, or a copy where that cannot be.

    Raises:
        OSError: when it cannot be written.
    """
    try:
        os.link(source, path)
    except OSError:  # another disk, or a file system without links
        shutil.copy2(source, path)


def remove_leftovers(folder: Path) -> None:
    """Remove what processes left below ``folder`` that were ended while they wrote a file.

    Only for whoever knows that nobody writes there now.
    """
    for directory, _, names in os.walk(folder):
        for name in names:
            if name.startswith(".") and name.endswith(LEFTOVER):
                with contextlib.suppress(OSError):
                    Path(directory, name).unlink()


def sync_tree(folder: Path) -> None:
    """Force every file below ``folder`` and its folders to the disk."""
    for directory, _, names in os.walk(folder):
        for name in names:
            with Path(directory, name).open("rb") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(directory))


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
