"""The configuration."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from sourcebot.config.loading import find_project, load_config
from sourcebot.config.settings import SECTIONS, Config
from sourcebot.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
SETTINGS = [
    (section, key)
    for section, model in SECTIONS.items()
    for key in (field.name for field in fields(model))
]


def load(tmp_path: Path, text: str = "", **environment: str) -> Config:
    """Return the settings of a project with the given config.toml."""
    (tmp_path / "config.toml").write_text(text, "utf-8")
    return load_config(tmp_path, environment)


def test_example_states_the_defaults(tmp_path: Path) -> None:
    """config.example.toml, copied as it is, changes nothing."""
    assert load(tmp_path, EXAMPLE.read_text("utf-8")) == Config(project=tmp_path)


@pytest.mark.parametrize(("section", "key"), SETTINGS)
def test_every_setting_is_in_the_example(section: str, key: str) -> None:
    """Every setting stands in config.example.toml under a comment that explains it."""
    if f"\n# [[{section}.{key}]]\n" in EXAMPLE.read_text("utf-8"):
        return  # tables of their own: there are none by default
    assert key in tomllib.loads(EXAMPLE.read_text("utf-8"))[section]
    lines = EXAMPLE.read_text("utf-8").splitlines()
    place = next(
        i
        for i, line in enumerate(lines)
        if line.startswith(f"{key} =")
        and f"[{section}]" in [x for x in lines[:i] if x.startswith("[")][-1]
    )
    assert lines[place - 1].startswith("#")


def test_no_file_means_defaults(tmp_path: Path) -> None:
    """Without config.toml all settings have their defaults."""
    assert load_config(tmp_path, {}) == Config(project=tmp_path)


def test_folders_are_relative_to_the_project(tmp_path: Path) -> None:
    """Folders are looked for below the project, unless they are absolute."""
    config = load(tmp_path, f'[sources]\nfolder = "texts"\n[index]\nfolder = "{tmp_path / "x"}"')
    assert config.sources_folder == tmp_path / "texts"
    assert config.index_folder == tmp_path / "x"


def test_byte_order_mark_is_fine(tmp_path: Path) -> None:
    """A config.toml saved by Windows editors is read."""
    (tmp_path / "config.toml").write_bytes("\ufeff[answer]\r\nquotes = 2\r\n".encode())
    assert load_config(tmp_path, {}).answer.quotes == 2


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[answer]\nquote = 2", ["config.toml", "'quote'", "[answer]", "quotes", "threshold"]),
        ("[anwser]\nquotes = 2", ["config.toml", "[anwser]", "answer", "retrieval"]),
        ("quotes = 2", ["config.toml", "quotes", "answer"]),
        ("project = 'x'", ["config.toml", "[project]", "answer"]),
        ("[answer]\nquotes = 0", ["config.toml", "answer.quotes", "0", "1"]),
        ("[answer]\nquotes = 11", ["config.toml", "answer.quotes", "11", "10"]),
        ("[answer]\nquotes = '3'", ["config.toml", "answer.quotes", "'3'", "integer"]),
        ("[answer]\nquotes = true", ["config.toml", "answer.quotes", "True", "integer"]),
        ("[answer]\nquotes = 2.5", ["config.toml", "answer.quotes", "2.5", "integer"]),
        ("[answer]\nthreshold = 1", ["config.toml", "answer.threshold", "1"]),
        ("[answer]\nthreshold = nan", ["config.toml", "answer.threshold", "nan"]),
        ("[retrieval]\nparagraphs = 101", ["config.toml", "retrieval.paragraphs", "101", "100"]),
        ("[retrieval]\ndense_weight = nan", ["config.toml", "retrieval.dense_weight", "nan"]),
        ("[retrieval]\ndense_weight = -0.1", ["config.toml", "retrieval.dense_weight", "-0.1"]),
        (
            "[embedding]\nprecision = 'int4'",
            ["config.toml", "embedding.precision", "'int4'", "int8", "fp32"],
        ),
        ("[embedding]\nmodel = ''", ["config.toml", "embedding.model", "''"]),
        ("[embedding]\nthreads = -1", ["config.toml", "embedding.threads", "-1"]),
        ("[sources]\nfolder = 5", ["config.toml", "sources.folder", "5", "string"]),
        ("answer = 5", ["config.toml", "answer", "5"]),
        ("[answer", ["config.toml", "TOML"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mistakes_are_named(tmp_path: Path, text: str, named: list[str]) -> None:
    """A mistake is named with its place, its value and what is valid."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    for part in named:
        assert part in caught.value.message


def test_close_names_are_suggested(tmp_path: Path) -> None:
    """A misspelt key comes with the one that was meant."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "[retrieval]\nparagrahs = 3")
    assert "'paragraphs'" in caught.value.hint


@pytest.mark.parametrize("data", [b"[answer]\nquotes = 2 # caf\xe9", b"\xff\xfe[\x00a\x00"])
def test_file_that_is_not_utf8(tmp_path: Path, data: bytes) -> None:
    """A config.toml in another encoding is refused by name."""
    (tmp_path / "config.toml").write_bytes(data)
    with pytest.raises(ConfigError, match=r"config\.toml is not valid TOML"):
        load_config(tmp_path, {})


def test_file_that_is_a_folder(tmp_path: Path) -> None:
    """A folder in the place of config.toml is named, not crashed over."""
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path, {})


@pytest.mark.parametrize(("section", "key"), SETTINGS)
def test_every_setting_has_a_variable(tmp_path: Path, section: str, key: str) -> None:
    """An environment variable overrides every key of the file."""
    other = {
        ("sources", "folder"): "texts",
        ("embedding", "model"): "./my-model",
        ("embedding", "precision"): "fp32",
        ("embedding", "threads"): 3,
        ("index", "folder"): "elsewhere",
        ("index", "vectors"): "compressed",
        ("index", "engine"): "postgresql",
        ("index", "dsn"): "postgresql://reader@db.example.org/sourcebot",
        ("index", "schema"): "archive",
        ("retrieval", "paragraphs"): 7,
        ("retrieval", "dense_weight"): 1,
        ("reader", "model"): "./my-reader",
        ("reader", "judge"): "off",
        ("answer", "quotes"): 5,
        ("answer", "threshold"): 0.4,
        ("add", "originals"): False,
        ("add", "folder"): "kept",
        ("fetch", "contact"): "mailto:me@example.org",
        ("fetch", "timeout"): 9,
        ("fetch", "max_megabytes"): 7,
        ("fetch", "redirects"): 1,
        ("fetch", "retries"): 0,
        ("fetch", "delay"): 2.5,
        ("fetch", "robots"): False,
        ("fetch", "private_networks"): ("10.0.0.0/8",),
        ("web", "host"): "::1",
        ("web", "port"): 80,
        ("web", "hosts"): ("archive.example.org",),
        ("web", "proxies"): ("10.0.0.1",),
        ("web", "https"): True,
        ("web", "add"): True,
        ("web", "upload_megabytes"): 3,
        ("web", "questions_per_minute"): 0,
        ("web", "keep_days"): 0,
        ("web", "database"): "state/web.sqlite",
        ("web", "tokens"): (),
        ("language", "models"): "multilingual",
        ("discord", "shards"): 0,
        ("discord", "workers"): 4,
        ("discord", "queue"): 20,
        ("discord", "cooldown_questions"): 9,
        ("discord", "cooldown_seconds"): 60,
        ("discord", "threads"): True,
        ("discord", "direct_messages"): "off",
        ("discord", "database"): "state/bot.sqlite",
        ("discord", "log_questions"): False,
        ("discord", "retention_days"): 7,
        ("discord", "health_host"): "0.0.0.0",
        ("discord", "health_port"): 8080,
        ("log", "format"): "json",
        ("log", "level"): "warning",
    }[section, key]
    variable = f"SOURCEBOT_{section.upper()}_{key.upper()}"
    value = other if isinstance(other, str) else json.dumps(other)
    config = load(tmp_path, EXAMPLE.read_text("utf-8"), **{variable: value})
    assert getattr(getattr(config, section), key) == other


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("SOURCEBOT_ANSWER_QUOTES", "many", ["answer.quotes", "'many'", "integer"]),
        ("SOURCEBOT_ANSWER_QUOTES", "", ["answer.quotes", "''"]),
        ("SOURCEBOT_ANSWER_QUOTES", "99", ["answer.quotes", "99", "10"]),
        ("SOURCEBOT_ANSWER_THRESHOLD", "high", ["answer.threshold", "'high'"]),
        ("SOURCEBOT_EMBEDDING_PRECISION", "int4", ["embedding.precision", "int8", "fp32"]),
        ("SOURCEBOT_ANSWER_QUOTE", "2", ["'quote'", "[answer]", "quotes"]),
        ("SOURCEBOT_ANSWRE_QUOTES", "2", ["answer", "retrieval"]),
    ],
)
def test_mistakes_in_variables_are_named(
    tmp_path: Path, variable: str, value: str, named: list[str]
) -> None:
    """A mistake in a variable is named with the variable, not blamed on the file."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "", **{variable: value})
    for part in [variable, *named]:
        assert part in caught.value.message


def test_project_is_named_then_variable_then_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--project wins over SOURCEBOT_PROJECT, which wins over the current folder."""
    for name in ("named", "variable", "current"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "current")
    variable = {"SOURCEBOT_PROJECT": str(tmp_path / "variable")}
    assert find_project(tmp_path / "named", variable) == tmp_path / "named"
    assert find_project(None, variable) == tmp_path / "variable"
    assert find_project(None, {}) == Path.cwd()
    assert find_project(None, {"SOURCEBOT_PROJECT": " "}) == Path.cwd()


def test_project_that_is_no_folder(tmp_path: Path) -> None:
    """A project that does not exist is named with where it was named."""
    with pytest.raises(ConfigError, match=r"--project names .*nowhere"):
        find_project(tmp_path / "nowhere", {})
    with pytest.raises(ConfigError, match=r"SOURCEBOT_PROJECT names .*nowhere"):
        find_project(None, {"SOURCEBOT_PROJECT": str(tmp_path / "nowhere")})


def test_the_project_variable_is_no_setting(tmp_path: Path) -> None:
    """SOURCEBOT_PROJECT does not disturb the settings."""
    assert load(tmp_path, "", SOURCEBOT_PROJECT=str(tmp_path)) == Config(project=tmp_path)


@pytest.mark.parametrize("folder", ["sources", "sources/embeddings", "embeddings/../sources/x"])
def test_index_inside_the_sources(tmp_path: Path, folder: str) -> None:
    """The folder of the index cannot lie in that of the articles."""
    (tmp_path / "config.toml").write_text(f'[index]\nfolder = "{folder}"\n', "utf-8")
    with pytest.raises(ConfigError, match="lies in that of the articles"):
        load_config(tmp_path, {})


def test_variable_that_is_no_unicode(tmp_path: Path) -> None:
    """Bytes in a variable that are no text are an error that names the variable."""
    with pytest.raises(ConfigError, match="SOURCEBOT_ANSWER_QUOTES cannot be read"):
        load_config(tmp_path, {"SOURCEBOT_ANSWER_QUOTES": "\udcff"})


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 3000])
def test_absurd_values(tmp_path: Path, value: str) -> None:
    """Numbers too long and arrays too deep for Python are errors, in the file and in a variable."""
    with pytest.raises(ConfigError):
        load_config(tmp_path, {"SOURCEBOT_ANSWER_QUOTES": value})
    (tmp_path / "config.toml").write_text(f"[answer]\nquotes = {value}\n", "utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(tmp_path, {})


@pytest.mark.parametrize("name", ["", "My", "a-b", 'a"; DROP', "1a", "a" * 41, "é"])
def test_names_of_schemas(tmp_path: Path, name: str) -> None:
    """A schema's name that would need quotation marks in SQL is refused."""
    with pytest.raises(ConfigError, match=r"index\.schema"):
        load(tmp_path, SOURCEBOT_INDEX_SCHEMA=name)


def test_keys_of_fetching_are_still_read_in_web(tmp_path: Path) -> None:
    """What stood in [web] before the page had that name counts, and a notice says where it goes."""
    config = load(tmp_path, '[web]\ncontact = "mailto:me@example.org"\nport = 81\n')
    assert (config.fetch.contact, config.web.port) == ("mailto:me@example.org", 81)
    (notice,) = config.notices
    assert "config.toml sets contact in [web]" in notice
    assert "[fetch]" in notice


def test_the_new_section_wins_over_the_old(tmp_path: Path) -> None:
    """A key that stands in [fetch] and in [web] counts in [fetch]."""
    config = load(tmp_path, "[web]\nretries = 1\n[fetch]\nretries = 2\n", SOURCEBOT_WEB_DELAY="4")
    assert (config.fetch.retries, config.fetch.delay) == (2, 4.0)
    assert len(config.notices) == 2
    with pytest.raises(ConfigError, match=r"SOURCEBOT_WEB_TIMEOUT: fetch\.timeout"):
        load(tmp_path, "", SOURCEBOT_WEB_TIMEOUT="never")


def test_tokens_are_tables(tmp_path: Path) -> None:
    """A token has a name, a digest and scopes; anything else is refused by its place."""
    table = '[[web.tokens]]\nname = "reader"\nsha256 = "' + "a" * 64 + '"\nscopes = ["read"]\n'
    (token,) = load(tmp_path, table).web.tokens
    assert (token.name, token.scopes, token.sources) == ("reader", ("read",), ())
    for wrong in (
        f"{table}colour = 1",
        table.replace('["read"]', "[]"),
        table.replace("read", "everything"),
        table.replace("aaaa", "AAAA"),
    ):
        with pytest.raises(ConfigError, match=r"web"):
            load(tmp_path, wrong)
