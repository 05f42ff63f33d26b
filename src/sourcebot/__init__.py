"""sourcebot answers questions only with verbatim quotes from a folder of articles.

What stands in ``__all__`` is public, and loaded when it is first used (docs/python.md).
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.errors import (
        ArticleError,
        CacheDamaged,
        ConfigError,
        DiscordError,
        DiscordRefused,
        EvaluationError,
        ExtractionError,
        FetchError,
        IndexCorrupt,
        IndexLocked,
        IndexNotBuilt,
        IndexStale,
        IndexStoreError,
        IndexUnreachable,
        LedgerError,
        ModelError,
        NotFound,
        QuestionError,
        ServiceBusy,
        SourcebotError,
        SourcesLost,
        UnreadableError,
        VerificationError,
        WaitingError,
        WebError,
    )
    from sourcebot.project import Project, open_project
    from sourcebot.types import Abstention, Answer, Filters, Quote, Reply, Source

# ONNX Runtime reports its use to its maker unless told not to before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.2.0"

_HOMES = {
    "sourcebot.project": ("Project", "open_project"),
    "sourcebot.types": ("Abstention", "Answer", "Filters", "Quote", "Reply", "Source"),
    "sourcebot.errors": (
        "ArticleError",
        "CacheDamaged",
        "ConfigError",
        "DiscordError",
        "DiscordRefused",
        "EvaluationError",
        "ExtractionError",
        "FetchError",
        "IndexCorrupt",
        "IndexLocked",
        "IndexNotBuilt",
        "IndexStale",
        "IndexStoreError",
        "IndexUnreachable",
        "LedgerError",
        "ModelError",
        "NotFound",
        "QuestionError",
        "ServiceBusy",
        "SourcebotError",
        "SourcesLost",
        "UnreadableError",
        "VerificationError",
        "WaitingError",
        "WebError",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Abstention",
    "Answer",
    "ArticleError",
    "CacheDamaged",
    "ConfigError",
    "DiscordError",
    "DiscordRefused",
    "EvaluationError",
    "ExtractionError",
    "FetchError",
    "Filters",
    "IndexCorrupt",
    "IndexLocked",
    "IndexNotBuilt",
    "IndexStale",
    "IndexStoreError",
    "IndexUnreachable",
    "LedgerError",
    "ModelError",
    "NotFound",
    "Project",
    "QuestionError",
    "Quote",
    "Reply",
    "ServiceBusy",
    "Source",
    "SourcebotError",
    "SourcesLost",
    "UnreadableError",
    "VerificationError",
    "WaitingError",
    "WebError",
    "open_project",
]


def __getattr__(name: str) -> object:
    """Load what is public when it is first asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value
