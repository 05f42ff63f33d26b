"""Memory that is given back: builds on ever new threads do not add up."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import ctypes, pathlib, sys, tempfile, threading
from sourcebot.frontends.cli.memory import limit_arenas
if sys.argv[1] == "limited":
    limit_arenas()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(40)
def allocate():
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(40)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(pathlib.Path(file.name).read_text().count("<heap nr="))
"""
"""Prints how many pools of memory glibc has after forty threads at once."""


def pools(how: str) -> int:
    """Return the number of pools, which are "limited" or "free"."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_pools_of_memory() -> None:
    """The command line's setting keeps the C library from holding a pool for each thread ever run."""
    cores = os.cpu_count() or 1
    assert pools("limited") <= cores < pools("free")
