"""Progress bars and notices on the terminal's error stream."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


def notify_on(console: Console) -> Callable[[str], None]:
    """Return a function that prints a notice on ``console``."""

    def notify(message: str) -> None:
        console.print(Text(one_line(message), style="dim"), soft_wrap=True)

    return notify


@contextmanager
def progress_on(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows (stage, done, total) as a bar, on terminals only."""
    if not console.is_terminal:
        yield lambda *_: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bars:
        tasks: dict[str, object] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if total == 0:
                return
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

        yield progress
