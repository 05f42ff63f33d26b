"""Files written so that a crash at any instant leaves the old or the new one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


LEFTOVER = ".sourcebot.tmp"
"""How the name of a file ends that is about to take the place of another."""


UNFINISHED = ".export-"
"""How the name of a folder begins that is about to take the place of another."""


def sha256_of(path: Path) -> str:
    """Return the digest of a file in hexadecimal.

    Raises:
        OSError: when it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


_SETTLED = 10.0
"""Seconds after which a further change of a file would show in its times, on any file system."""


class Digests:
    """Holds files against their digests; one found right is not read again while it is as it was.

    It is as it was when its size, the time of its last change and that of its entry in the file
    system (which programs cannot set) are. Thread-safe.
    """

    def __init__(self, kept: Path | None = None) -> None:
        """Keep what was found right in the file ``kept``; without one, every file is read."""
        self._kept = kept
        self._writing = threading.Lock()

    def altered(self, folder: Path, noted: Mapping[str, str]) -> str:
        """Return which of the files ``noted`` (name: sha256) is another one, or "" for none.

        Raises:
            OSError: when one cannot be read.
        """
        known, found = self._known(), {}
        for name, digest in noted.items():
            path = (folder / name).absolute()
            status = path.stat()
            state = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, digest]
            if known.get(str(path)) != state:
                if sha256_of(path) != digest:
                    return name
                if time.time() - max(status.st_mtime, status.st_ctime) > _SETTLED:
                    found[str(path)] = state
        if found and self._kept:
            # Where nothing can be written, the files are read again the next time.
            with self._writing, contextlib.suppress(OSError):
                write_atomically(self._kept, json.dumps(self._known() | found, indent=1))
        return ""

    def _known(self) -> dict[str, object]:
        try:
            data = json.loads(self._kept.read_text("utf-8")) if self._kept else {}
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}


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


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of ``target`` at the end, if nothing fails.

    Who has files of the old one open keeps them. The folder above is made if there is none.

    Raises:
        OSError: when it cannot be written; the old folder is then untouched.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=UNFINISHED))
    old = work.with_name(f"{work.name}-old")
    try:
        yield work
        sync_tree(work)
        work.chmod(0o755)
        if target.exists():
            target.rename(old)
        try:
            work.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


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
