"""The configuration: defaults, then ``config.toml``, then environment variables."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen, Predicate

from sourcebot.config.engines import ENGINES, EngineName
from sourcebot.config.explaining import explain
from sourcebot.config.moved import home_of, move_keys
from sourcebot.config.web import WebConfig
from sourcebot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping


CONFIG_NAME = "config.toml"
PROJECT_VARIABLE = "SOURCEBOT_PROJECT"
PREFIX = "SOURCEBOT_"
TOKEN_VARIABLE = "SOURCEBOT_DISCORD_TOKEN"  # noqa: S105 (the name of the variable)
RESERVED = {PROJECT_VARIABLE, TOKEN_VARIABLE}
_PASSWORD = re.compile(r"password\s*=|://[^/?#]*:[^/?#]*@", re.IGNORECASE)
"""What a connection string looks like that gives a password."""

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


def find_project(named: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the project folder: the one named, else the variable's, else the current one.

    Raises:
        ConfigError: when it is not a folder.
    """
    variable = environment.get(PROJECT_VARIABLE, "").strip()
    folder = named or (Path(variable) if variable else Path.cwd())
    if not folder.is_dir():
        origin = "--project" if named else PROJECT_VARIABLE
        raise ConfigError(
            f"{origin} names {folder}, which is not a folder",
            "name the folder that holds sources/ and config.toml",
        )
    return folder


def load_config(project: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Return the settings of a project.

    Raises:
        ConfigError: when the file or a variable is wrong, naming the key and what is valid.
    """
    path = project / CONFIG_NAME
    data = _read(path)
    origins = {(s, k): CONFIG_NAME for s, t in data.items() if isinstance(t, dict) for k in t}
    for (section, key), (variable, value) in _overrides(environment).items():
        table = data.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = value
            origins[section, key] = variable
    if not data:
        return Config(project)
    notices = move_keys(data, origins)
    config = replace(_validated(project, data, origins), notices=notices)
    if config.index_folder.resolve().is_relative_to(config.sources_folder.resolve()):
        raise ConfigError(
            f"the folder of the index, {config.index_folder}, lies in that of the articles, "
            f"{config.sources_folder}",
            "name a folder elsewhere in [index] folder, such as embeddings",
        )
    if config.language.models == "multilingual" and config.embedding.model != DEFAULT_MODEL:
        raise ConfigError(
            f'[language] models = "multilingual" brings an embedding model, and [embedding] model '
            f"names another, {config.embedding.model!r}",
            "take one of the two out of config.toml",
        )
    if origins.get(("index", "dsn")) == CONFIG_NAME and _PASSWORD.search(config.index.dsn):
        raise ConfigError(
            f"{path} holds a password, in dsn of [index]",
            f"take it out of there, and set PGPASSWORD, ~/.pgpass or {PREFIX}INDEX_DSN",
        )
    return config


def _validated(
    project: Path, data: Mapping[str, Any], origins: Mapping[tuple[str, str], str]
) -> Config:
    # Imported here: most projects keep the defaults, and this takes a tenth of a second.
    from pydantic import TypeAdapter, ValidationError

    try:
        # As JSON, because strict validation takes tables for dataclasses only there.
        text = json.dumps({**data, "project": str(project)}, default=str)
        return TypeAdapter(Config).validate_json(text)
    except ValidationError as error:
        raise explain(error, origins, SECTIONS, CONFIG_NAME) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:  # also of numbers too long, arrays too deep
        raise ConfigError(
            f"{path} is not valid TOML: {error}", "compare it with config.example.toml"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    for name in ("project", "notices"):
        if name in data:
            raise ConfigError(
                f"{path} has an unknown section [{name}]; valid: {', '.join(SECTIONS)}"
            )
    return data


def _overrides(environment: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, Any]]:
    """Return what variables such as SOURCEBOT_ANSWER_QUOTES set, by section and key."""
    found: dict[tuple[str, str], tuple[str, Any]] = {}
    for variable, raw in environment.items():
        if not variable.startswith(PREFIX) or variable in RESERVED:
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("_")
        if section not in SECTIONS:
            raise ConfigError(
                f"the environment variable {variable} names no section; "
                f"valid: {', '.join(SECTIONS)}",
                f"unset it, or write {PREFIX}SECTION_KEY, such as {PREFIX}ANSWER_QUOTES",
            )
        found[section, key] = (variable, _typed(section, key, raw))
    return found


def _typed(section: str, key: str, raw: str) -> Any:  # noqa: ANN401 (whatever the key takes)
    """Return a variable's text as the TOML value that the key takes, if it is one."""
    default = getattr(SECTIONS[home_of(section, key)](), key, "")
    if isinstance(default, str):
        return raw
    try:
        value = tomllib.loads(f"v = {raw}")["v"]
    except (ValueError, RecursionError):
        return raw
    return float(value) if isinstance(default, float) and type(value) is int else value
