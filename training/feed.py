"""Batches, made by processes beside the training."""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Iterator
from multiprocessing.synchronize import Event
from typing import Any

import torch

from training.encode import Batch
from training.mix import Mix

READY = 200
"""So many batches wait at most."""


class Feed:
    """An endless iterator of batches; a context manager, which ends its processes."""

    def __init__(self, mix: Mix, workers: int, first: int = 0) -> None:
        """Start `workers` processes; `first` is the number of the first chunk."""
        context = multiprocessing.get_context("fork")
        self._batches: Any = context.Queue(READY)
        self._stop: Event = context.Event()
        self._processes = [
            context.Process(
                target=_make,
                args=(mix, first + place, workers, self._batches, self._stop),
                daemon=True,
            )
            for place in range(workers)
        ]

    def __enter__(self) -> Iterator[Batch]:
        """Start the processes and return their batches."""
        for process in self._processes:
            process.start()
        return iter(self._batches.get, None)

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._stop.set()
        for process in self._processes:
            while process.is_alive():
                self._emptied()
                process.join(0.1)

    def _emptied(self) -> None:
        try:
            while True:
                self._batches.get_nowait()
        except queue.Empty:
            pass


def _make(mix: Mix, first: int, step: int, batches: Any, stop: Event) -> None:
    torch.set_num_threads(1)
    number = first
    while not stop.is_set():
        for batch in mix.chunk(number):
            while not stop.is_set():
                try:
                    batches.put(batch, timeout=1)
                    break
                except queue.Full:
                    continue
        number += step
