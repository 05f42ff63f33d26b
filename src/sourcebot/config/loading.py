"""Loading the configuration: defaults, then ``config.toml``, then environment variables."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcebot.config.explaining import explain
from sourcebot.config.moved import home_of, move_keys
from sourcebot.config.settings import (
    CONFIG_NAME,
    DEFAULT_MODEL,
    SECTIONS,
    TOKEN_VARIABLE,
    Config,
)
from sourcebot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT_VARIABLE = "SOURCEBOT_PROJECT"
PREFIX = "SOURCEBOT_"
RESERVED = {PROJECT_VARIABLE, TOKEN_VARIABLE}
_PASSWORD = re.compile(r"password\s*=|://[^/?#]*:[^/?#]*@", re.IGNORECASE)
"""What a connection string looks like that gives a password."""


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
        hint = "compare it with config.example.toml"
        if "'web', 'tokens'" in str(error):
            hint = "take out `tokens = []`: the tables [[web.tokens]] stand in its place"
        raise ConfigError(f"{path} is not valid TOML: {error}", hint) from error
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
