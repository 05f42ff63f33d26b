"""Memory that is given back: builds on ever new threads do not add up."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os, pathlib, re, sys, tempfile
from sourcebot import lexical
from sourcebot.memory import limit_arenas
if sys.argv[1] == "limited":
    limit_arenas()
def resident():
    status = pathlib.Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"VmRSS:\\s+(\\d+)", status)[1]) / 1024
def build():
    with tempfile.TemporaryDirectory() as folder:
        rows = ((n, n, f"Report {n} of the harbour of Lowmere.", "Harbour", "en") for n in range(200))
        lexical.add_to_lexical(pathlib.Path(folder), rows)
for _ in range(5):
    build()
before = resident()
for _ in range(40):
    build()
print(resident() - before)
"""


def grown(how: str) -> float:
    """Return by how many MB a process grows over 40 indexes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_many_builds_in_one_process() -> None:
    """The command line's setting keeps the C library from holding a pool for each thread ever run."""
    limited = grown("limited")
    assert limited < 20
    assert grown("free") > limited + 10
