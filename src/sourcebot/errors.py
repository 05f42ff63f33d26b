"""Every error that sourcebot raises on purpose.

SourcebotError
├── ConfigError        the configuration names something that cannot be
├── ArticleError       one source file cannot be used; the others go on
│   └── UnreadableError   it is there but cannot be read: what was indexed of it stays
├── SourcesLost        most of what is indexed has left the sources folder, perhaps by accident
├── ExtractionError    a file or page cannot become an article; the others go on
├── LedgerError        the record of what was added cannot be read or written
├── ModelError         the embedding model is missing, altered or unusable
├── QuestionError      the question or a filter cannot be used
├── EvaluationError    a question file or its report cannot be used
├── FetchError         a page or feed of the web cannot be had; the others go on
├── DiscordError       Discord cannot be used, or the bot's database cannot
│   └── DiscordRefused Discord refuses the bot for good, as with a wrong token
├── WebError           the page cannot be served, or its database cannot be used
├── NotFound           what is asked for is not there, or not for whoever asks
├── ServiceBusy        too many questions are waiting already
├── VerificationError  an answer given earlier cannot be checked
├── WaitingError       the followed questions cannot be read or written
└── IndexStoreError    the index cannot be used
    ├── IndexNotBuilt  there is none yet
    ├── IndexStale     it was built with another model or splitter
    ├── IndexCorrupt   a file of it is missing or damaged
    ├── IndexLocked    another process is building
    ├── CacheDamaged   the cache of vectors was damaged, and has been made anew
    └── IndexUnreachable  a database that holds it does not answer

Errors of the libraries below (FAISS, SQLite, psycopg, tantivy, ONNX Runtime, the OS) are mapped
in the module that owns the library, with ``raise … from``.
"""

from __future__ import annotations

UNTOUCHED = "the old index, if any, is untouched; free space or make the folder writable"
"""The hint of every error that keeps a new index from being written."""

REPAIR = "run `sourcebot doctor --repair`"
"""The hint of every damage that can be mended from the sources."""


NOT_READ = "not a format that is read"
"""How the reason begins why a file of another kind is left out."""


class SourcebotError(Exception):
    """What went wrong, and in ``hint`` what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the message (what, its value, what is valid) and the hint apart."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message with the hint, for logs."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ConfigError(SourcebotError):
    """The configuration names something that cannot be."""


class ArticleError(SourcebotError):
    """One source file cannot be used; ``path`` is relative to the sources folder."""

    def __init__(self, path: str, message: str, hint: str = "") -> None:
        """Keep the path beside the reason, for the summary of a run."""
        super().__init__(message, hint)
        self.path = path

    @property
    def foreign(self) -> bool:
        """Whether it is only of a kind that the index does not read."""
        return self.message.startswith(NOT_READ)


class UnreadableError(ArticleError):
    """A source file or folder is there but cannot be read: what was indexed of it stays."""


class SourcesLost(SourcebotError):
    """Most of what is indexed has left the sources folder; ``lost`` counts those articles."""

    def __init__(self, message: str, hint: str, lost: int) -> None:
        """Keep how many articles would leave the index."""
        super().__init__(message, hint)
        self.lost = lost


class ExtractionError(SourcebotError):
    """A file or page cannot become an article."""


class LedgerError(SourcebotError):
    """The record of what was added cannot be read or written."""


class ModelError(SourcebotError):
    """The embedding model is missing, altered or unusable."""


class QuestionError(SourcebotError):
    """The question or a filter cannot be used."""


class EvaluationError(SourcebotError):
    """A question file, or the report on it, cannot be used."""


class FetchError(SourcebotError):
    """A page or feed of the web cannot be had; ``url`` says which."""

    def __init__(self, url: str, message: str, hint: str = "") -> None:
        """Keep the address beside the reason, for the summary of a run."""
        super().__init__(message, hint)
        self.url = url


class DiscordError(SourcebotError):
    """Discord cannot be used, or the bot's own database cannot."""


class DiscordRefused(DiscordError):
    """Discord refuses the bot until somebody changes something, such as the token."""


class WebError(SourcebotError):
    """The page cannot be served, or its own database cannot be used."""


class NotFound(SourcebotError):
    """What is asked for is not there, or not for whoever asks: both look the same."""


class WaitingError(SourcebotError):
    """The followed questions cannot be read or written."""


class ServiceBusy(SourcebotError):
    """Too many questions are waiting already."""


class VerificationError(SourcebotError):
    """An answer given earlier cannot be checked."""


class IndexStoreError(SourcebotError):
    """The index cannot be used."""


class IndexNotBuilt(IndexStoreError):
    """There is no index yet."""


class IndexStale(IndexStoreError):
    """The index was built with another model, splitter or format."""


class IndexCorrupt(IndexStoreError):
    """A file of the index is missing or damaged."""


class CacheDamaged(IndexStoreError):
    """The cache of vectors was damaged, and has been made anew: whoever used it starts over."""


class IndexLocked(IndexStoreError):
    """Another process is building the index."""


class IndexUnreachable(IndexStoreError):
    """A database that holds the index does not answer."""
