"""A full disk, or one that cannot be written to: a clear error, and the old index goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, run_cli

from sourcebot.index.embedded.generation import current_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

pytestmark = pytest.mark.slow

FULL = """
import os, pathlib, resource, signal, sys
from sourcebot.config.loading import load_config
from sourcebot.embedding.embedder import OnnxEmbedder
from sourcebot.errors import SourcebotError
from sourcebot.index.open import build_index
from sourcebot.embedding.exported import open_embedder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
config = load_config(pathlib.Path(sys.argv[1]), {})
embedder = open_embedder(config, lambda _: None)
for limit in map(int, sys.argv[2:]):
    if os.fork() == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            print(limit, "built", build_index(config, embedder).built, flush=True)
        except SourcebotError as error:
            print(limit, type(error).__name__, error, flush=True)
        os._exit(0)
    _, status = os.wait()
    assert status == 0, (limit, status)
"""
"""Builds with every file limited to a number of bytes, as on a disk that becomes full there."""


def test_full_disk_at_every_write(project: Project, embedder: OnnxEmbedder) -> None:
    """Wherever the disk becomes full, the error says so, nothing is left, and the old index answers."""
    project.index(embedder)
    before, old = project.generations(), current_name(project.embeddings)
    project.write("new.md", "# News\n\nA new bakery opened in Penfold on Sunday.\n")
    files = (project.embeddings / "generations" / old).rglob("*")
    sizes = {path.stat().st_size for path in files if path.is_file()}
    limits = sorted({0, 1, 20, *(n for size in sizes if size for n in (size // 2, size - 1))})
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(project.folder), *map(str, limits)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(limits)
    failed = [line for line in lines if "IndexStoreError" in line]
    assert len(failed) > len(lines) // 2, lines
    for line in lines:
        assert re.search(r"built|IndexStoreError .*(cannot be written|untouched)", line), line
    if len(failed) == len(lines):
        assert project.generations() == before
        assert current_name(project.embeddings) == old
    assert run_cli("ask", ANSWERED, cwd=project.folder).status == 0
    assert project.index(embedder).articles == 6
    assert {path.name for path in project.embeddings.iterdir()} <= {
        "CURRENT", "checked.json", "generations", "models", "lock", "vectors.sqlite"
    }  # fmt: skip


def mounted(project: Project, tmp_path: Path, how: list[str], then: list[str]) -> str:
    """Mount something in a namespace of its own, run commands there, and return what was told."""
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", " && ".join(how) + "; " + "; ".join(then)],
        cwd=project.folder,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return f"{done.stdout}\n{done.stderr}"


ROOT = (
    os.geteuid() == 0
    and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0
)
# Only root can mount. Without, the tests of a limit on file sizes still cover every write.
mounts = pytest.mark.skipif(not ROOT, reason="mounting needs the rights of root")
SOURCEBOT = f"{sys.executable} -m sourcebot"


@mounts
def test_read_only_project(project: Project, embedder: OnnxEmbedder, tmp_path: Path) -> None:
    """On a read-only file system questions are answered, and indexing says what is wrong."""
    project.index(embedder)
    project.write("new.md", "# News\n\nA new bakery opened in Penfold on Sunday.\n")
    folder = project.folder
    told = mounted(
        project,
        tmp_path,
        [f"mount --bind {folder} {folder}", f"mount -o remount,bind,ro {folder}", f"cd {folder}"],
        [f"{SOURCEBOT} ask {ANSWERED}; echo status $?", f"{SOURCEBOT} index; echo status $?"],
    )
    assert "3 March 2022" in told
    assert re.findall(r"status (\d)", told) == ["0", "1"]
    assert "Read-only file system" in told
    assert not list(tmp_path.glob("sourcebot-*"))


@mounts
@pytest.mark.parametrize("kilobytes", [4, 60, 200, 400])
def test_small_disk(
    make_project: Callable[..., Project],
    tmp_path: Path,
    embedder: OnnxEmbedder,
    kilobytes: int,
) -> None:
    """A first index on a disk that is too small ends in an error, not in a broken index."""
    project = make_project(tmp_path / "project", config='[index]\nfolder = "small"\n')
    (project.folder / "small").mkdir()
    model = project.embeddings / "models"
    how = [f"mount -t tmpfs -o size={kilobytes}k none small", f"ln -s {model} small/models"]
    told = mounted(project, tmp_path, how, [f"{SOURCEBOT} index"])
    assert "untouched; free space" in told or "Index built" in told, told
