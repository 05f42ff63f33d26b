"""Figures for operators, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/; docs/scale.md says what to alarm on.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from sourcebot.errors import SourcebotError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from sourcebot.answering.archive import Archive
    from sourcebot.types import Measured

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """Counts the questions of a project, and tells its figures; thread-safe.

    Attributes:
        content_type: the media type of ``text``.
    """

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self, project: Archive) -> None:
        """Watch a project from now on."""
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "sourcebot_questions",
            "Questions by outcome: answered, reason of a refusal, bad_question, busy or error.",
            ("outcome",),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "sourcebot_question_seconds",
            "Seconds from a question to its reply, waiting included.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "sourcebot_stage_seconds",
            "Seconds of a question by stage: wait, search, read, compose.",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_Standing(project))
        project.observe(self._count)

    def text(self) -> bytes:
        """Return all figures as they are now, in UTF-8."""
        return generate_latest(self._registry)

    def _count(self, measured: Measured) -> None:
        self._questions.labels(measured.outcome).inc()
        self._seconds.observe(measured.seconds)
        self._stages.labels("wait").observe(measured.waited)
        for stage, seconds in measured.stages.items():
            self._stages.labels(stage).observe(seconds)


class _Standing:
    """What is so at the moment of asking: the queue, the connections and the index."""

    def __init__(self, project: Archive) -> None:
        self._project = project

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; those of the index are left out where it cannot be used."""
        load = self._project.load
        yield GaugeMetricFamily("sourcebot_working", "Questions being worked on.", load.working)
        yield GaugeMetricFamily("sourcebot_waiting", "Questions that wait.", load.waiting)
        yield GaugeMetricFamily(
            "sourcebot_connections", "Open connections with the database.", load.connections
        )
        try:
            info = self._project.info()
        except SourcebotError:
            info = None
        yield GaugeMetricFamily(
            "sourcebot_index_usable",
            "1 when questions can be asked of the index.",
            float(bool(info)),
        )
        if info is None:
            return
        age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(info.created)
        yield GaugeMetricFamily(
            "sourcebot_index_age_seconds", "Since the index was last changed.", age.total_seconds()
        )
        for name, count in (("articles", info.articles), ("paragraphs", info.paragraphs)):
            yield GaugeMetricFamily(f"sourcebot_index_{name}", f"Indexed {name}.", count)
