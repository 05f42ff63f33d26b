"""The settings of a project: a dataclass a section, with defaults and valid values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen, Predicate

from sourcebot.config.engines import ENGINES, EngineName
from sourcebot.config.web import WebConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG_NAME = "config.toml"
TOKEN_VARIABLE = "SOURCEBOT_DISCORD_TOKEN"  # noqa: S105 (the name of the variable)
DEFAULT_MODEL = "all-MiniLM-L6-v2"


def is_plain_name(name: str) -> bool:
    """Return whether a name of the database needs no quotation marks: up to 40 of a-z, 0-9, _."""
    return re.fullmatch("[a-z_][a-z0-9_]{0,39}", name) is not None


_STRICT = {"extra": "forbid", "strict": True}
"""How pydantic validates the sections: no unknown key, no value of another type."""


@dataclass(frozen=True)
class SourcesConfig:
    """Where the articles lie."""

    __pydantic_config__ = _STRICT

    folder: Annotated[str, MinLen(1)] = "sources"


@dataclass(frozen=True)
class LanguageConfig:
    """Which languages the models read."""

    __pydantic_config__ = _STRICT

    models: Literal["english", "multilingual"] = "english"


@dataclass(frozen=True)
class EmbeddingConfig:
    """The model that turns text into vectors."""

    __pydantic_config__ = _STRICT

    model: Annotated[str, MinLen(1)] = DEFAULT_MODEL
    precision: Literal["int8", "fp32"] = "int8"
    threads: Annotated[int, Ge(0), Le(256)] = 0


@dataclass(frozen=True)
class IndexConfig:
    """Where the index lies, and what keeps it."""

    __pydantic_config__ = _STRICT

    folder: Annotated[str, MinLen(1)] = "embeddings"
    vectors: Literal["auto", "exact", "compressed"] = "auto"
    engine: EngineName = "embedded"
    dsn: str = field(default="", repr=False)
    schema: Annotated[str, Predicate(is_plain_name)] = "sourcebot"


@dataclass(frozen=True)
class RetrievalConfig:
    """How paragraphs are found."""

    __pydantic_config__ = _STRICT

    paragraphs: Annotated[int, Ge(1), Le(100)] = 16
    dense_weight: Annotated[float, Ge(0), Le(1)] = 0.65


@dataclass(frozen=True)
class ReaderConfig:
    """The model that judges the sentences."""

    __pydantic_config__ = _STRICT

    model: str = "default"
    judge: Literal["auto", "off"] = "auto"


@dataclass(frozen=True)
class AnswerConfig:
    """What is shown, and when to abstain."""

    __pydantic_config__ = _STRICT

    quotes: Annotated[int, Ge(1), Le(10)] = 3
    threshold: Annotated[float, Gt(0), Lt(1)] = 0.4


@dataclass(frozen=True)
class AddConfig:
    """What is kept of what was added."""

    __pydantic_config__ = _STRICT

    originals: bool = True
    folder: Annotated[str, MinLen(1)] = "originals"


@dataclass(frozen=True)
class FetchConfig:
    """How pages and feeds are fetched."""

    __pydantic_config__ = _STRICT

    contact: str = ""
    timeout: Annotated[float, Gt(0), Le(3600)] = 60.0
    max_megabytes: Annotated[int, Ge(1), Le(2000)] = 50
    redirects: Annotated[int, Ge(0), Le(20)] = 5
    retries: Annotated[int, Ge(0), Le(10)] = 3
    delay: Annotated[float, Ge(0), Le(60)] = 1.0
    robots: bool = True
    private_networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiscordConfig:
    """How the Discord bot works."""

    __pydantic_config__ = _STRICT

    shards: Annotated[int, Ge(0), Le(1000)] = 1
    workers: Annotated[int, Ge(1), Le(64)] = 2
    queue: Annotated[int, Ge(1), Le(10_000)] = 100
    cooldown_questions: Annotated[int, Ge(1), Le(1000)] = 5
    cooldown_seconds: Annotated[float, Ge(0), Le(86_400)] = 20.0
    threads: bool = False
    direct_messages: Literal["off", "scoped", "all"] = "scoped"
    database: Annotated[str, MinLen(1)] = "discord.sqlite"
    log_questions: bool = True
    retention_days: Annotated[int, Ge(1), Le(36_500)] = 90
    health_host: Annotated[str, MinLen(1)] = "127.0.0.1"
    health_port: Annotated[int, Ge(0), Le(65_535)] = 0


@dataclass(frozen=True)
class LogConfig:
    """What long-running commands log."""

    __pydantic_config__ = _STRICT

    format: Literal["text", "json"] = "text"
    level: Literal["info", "warning", "error"] = "info"


@dataclass(frozen=True)
class Config:
    """All settings of one project; ``project`` is its folder."""

    __pydantic_config__ = _STRICT

    project: Path = Path()
    sources: SourcesConfig = SourcesConfig()
    language: LanguageConfig = LanguageConfig()
    embedding: EmbeddingConfig = EmbeddingConfig()
    index: IndexConfig = IndexConfig()
    retrieval: RetrievalConfig = RetrievalConfig()
    reader: ReaderConfig = ReaderConfig()
    answer: AnswerConfig = AnswerConfig()
    add: AddConfig = AddConfig()
    fetch: FetchConfig = FetchConfig()
    web: WebConfig = WebConfig()  # noqa: RUF009 (frozen)
    discord: DiscordConfig = DiscordConfig()
    log: LogConfig = LogConfig()
    notices: tuple[str, ...] = ()
    """What whoever keeps the settings should change, such as a key that has moved."""

    @property
    def sources_folder(self) -> Path:
        """The folder of the articles."""
        return self.project / self.sources.folder

    @property
    def sources_elsewhere(self) -> bool:
        """Whether this machine only asks a database, and the articles lie on another one."""
        return ENGINES[self.index.engine].elsewhere and not self.sources_folder.is_dir()

    @property
    def english_only(self) -> bool:
        """Whether models and readers are those that know English; of others it is not known."""
        own = self.embedding.model == DEFAULT_MODEL and self.reader.model in {"", "default"}
        return own and self.language.models == "english"

    @property
    def originals_folder(self) -> Path:
        """The folder of originals, of earlier versions, and of the ledger."""
        return self.project / self.add.folder

    @property
    def index_folder(self) -> Path:
        """The folder of the index and of the exported model."""
        return self.project / self.index.folder

    @property
    def history_file(self) -> Path:
        """The file of what was asked in chat."""
        return self.index_folder / "history"

    @property
    def waiting_database(self) -> Path:
        """The file of the questions that are followed."""
        return self.project / "followed.sqlite"

    @property
    def discord_database(self) -> Path:
        """The file in which the Discord bot keeps its state."""
        return self.project / self.discord.database

    @property
    def web_database(self) -> Path:
        """The file in which the page keeps the answers that it gave."""
        return self.project / self.web.database


SECTIONS: Mapping[str, type] = {
    section.name: type(section.default)
    for section in fields(Config)
    if is_dataclass(section.default)
}
