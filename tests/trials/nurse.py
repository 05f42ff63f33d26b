"""A process that has loaded everything and forks a child for each command, to be killed.

It imports nothing at its top: the processes that ``sourcebot add`` starts import it again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

_TESTS = Path(__file__).parent.parent
_SETTLED = 0.2
"""Seconds that `watch` waits for the folder to settle, instead of one."""


class Nursery:
    """Starts commands of sourcebot in a project, each as a process of its own, at once."""

    def __init__(self, project: Path) -> None:
        """Start the process that forks; ``log`` takes what the commands print."""
        self.log = project / "commands.log"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trials.nurse", str(project)],
            cwd=_TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, *command: str) -> tuple[float, int]:
        """Start a command, and return when it began and as which process."""
        assert self._process.stdin
        self._process.stdin.write("\t".join(command) + "\n")
        self._process.stdin.flush()
        pid = int(self._line())
        return time.monotonic(), pid

    def ended(self) -> int:
        """Wait for the command's end and return its status; a signal is negative."""
        return int(self._line())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def alive(session: int) -> list[int]:
    """Return the processes that a command has started and that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def _nurse(project: Path) -> None:
    from sourcebot.adding import add, remove  # noqa: F401
    from sourcebot.embedding.embedder import OnnxEmbedder  # noqa: F401  (loaded for the children)
    from sourcebot.frontends.cli import main as cli
    from sourcebot.frontends.cli import outcomes, terminal  # noqa: F401
    from sourcebot.index import watch as watching

    import onnxruntime  # noqa: F401  # isort: skip
    import tokenizers  # noqa: F401  # isort: skip

    watching.SETTLED = _SETTLED
    log = os.open(project / "commands.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.chdir(project)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            os.setsid()
            os.dup2(log, 1)
            os.dup2(log, 2)
            sys.argv = ["sourcebot", *line.rstrip("\n").split("\t")]
            status = 1
            try:
                cli.main()
            except SystemExit as end:
                status = int(end.code or 0)
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            os._exit(status)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _nurse(Path(sys.argv[1]))
