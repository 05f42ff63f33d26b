"""A disk that is slow for one process: Linux holds its writes back, by a control group."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_GROUPS = Path("/sys/fs/cgroup/blkio")


@contextlib.contextmanager
def slow_disk(folder: Path, rate: int) -> Iterator[Path | None]:
    """Give the control group of processes that may write ``rate`` bytes a second to a disk.

    The disk is that of ``folder``. None where the system has no such groups (version 1), or
    forbids them to this user.
    """
    number = folder.stat().st_dev
    group = _GROUPS / f"sourcebot-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        yield None
        return
    try:
        limit = f"{os.major(number)}:{os.minor(number)} {rate}"
        (group / "blkio.throttle.write_bps_device").write_text(limit, "ascii")
        yield group
    except OSError:
        yield None
    finally:
        group.rmdir()


def index_within(
    project: Path, group: Path | None, ask: Callable[[], object]
) -> tuple[float, list[float]]:
    """Run ``sourcebot index`` within a control group, asking all the while.

    Returns the seconds that it took, and those that each answer took meanwhile.
    """
    enter = f"echo $$ > {group}/tasks; " if group else ""
    started = time.monotonic()
    builder = subprocess.Popen(
        ["sh", "-c", f'{enter}exec "{sys.executable}" -m sourcebot index'],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    waits = []
    while builder.poll() is None:
        asked = time.monotonic()
        ask()
        waits.append(time.monotonic() - asked)
        time.sleep(0.05)
    told, _ = builder.communicate()
    assert builder.returncode == 0, told
    return time.monotonic() - started, waits
