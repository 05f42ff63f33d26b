"""Hostile input for every reader of files: a clear error or a good result, never another end.

The inputs are derived from fixed seeds (hypothesis, derandomized). The suite runs a few of each;
``benchmarks/reliability.py fuzz`` runs many.
"""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.checks.evaluation import read_cases
from sourcebot.checks.verification import Sources, read_answer, verify_answer
from sourcebot.config.loading import load_config
from sourcebot.config.settings import Config
from sourcebot.errors import (
    ArticleError,
    ConfigError,
    EvaluationError,
    QuestionError,
    VerificationError,
)
from sourcebot.frontends.cli.terminal import print_reply
from sourcebot.render.as_json import reply_to_json
from sourcebot.text.display import UNSAFE
from sourcebot.text.questions import clean_question
from sourcebot.types import Answer, Attribution, Quote, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.answering.service import Service

    Property = Callable[[], None]

PIECES = (
    *"\n\r\t\v\f\0\x1b\x07\x9b\u2028\u202e\u2066\u200b\ufeff\ud800😀́“”‘’\"'#*_`|<>[]()!-=:;,.&%~\\/{}",
    "---\n", "\r\n", "title: ", "published: ", "url: ", "2021-07-20", "- ", "1. ", "| a | b |\n|--|--|\n",
    "```\n", "<script>", "<!--", "&amp;", "![a](b)", "[a](javascript:b)", "http://", "\x1b[2J", "\x1b]8;;x\x07",
    "The bridge was closed on Monday. ", "By Ada Brandt\n", "20 July 2021\n", "Mr. ", "e.g. ", "x" * 900,
    "word " * 300, "&a [*a,*a]", "!!python/object:os.system ls", "{{", "..", "../../etc/passwd", "%PDF-",
)  # fmt: skip
PIECED = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=30).map("".join)
CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1")
NAMES = st.sampled_from(["a.md", "b.txt"])
BYTES = st.binary(max_size=300) | st.builds(
    lambda text, codec: text.encode(codec, "ignore"), PIECED, st.sampled_from(CODECS)
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | PIECED,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PIECED, inner, max_size=4),
    max_leaves=12,
)


def check_article(name: str, data: bytes) -> None:
    """A file is an article whose every sentence stands at its offsets, or an ArticleError."""
    try:
        article, _ = parse_article(name, data)
    except ArticleError as error:
        assert error.path == name
        assert error.message
        return
    assert data.decode(article.encoding) == article.text
    assert article.title
    assert "\n" not in article.title
    for passage in segment(article):
        end = passage.span.start
        assert passage.span.of(article.text).strip()
        for sentence in passage.sentences:
            assert end <= sentence.start < sentence.end <= passage.span.end
            end = sentence.end


def check_config(text: str, environment: dict[str, str]) -> None:
    """A configuration is valid, or a ConfigError with a message."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            assert isinstance(load_config(Path(folder), environment), Config)
        except ConfigError as error:
            assert error.message


def check_cases(data: bytes) -> None:
    """A question file gives cases, or an EvaluationError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.jsonl"
        path.write_bytes(data)
        try:
            assert read_cases(path)
        except EvaluationError as error:
            assert str(path) in error.message


def check_answer_file(data: bytes) -> None:
    """A file to verify gives verdicts, or a VerificationError."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            for found in verify_answer(read_answer(data, "answer"), Sources(Path(folder))):
                assert found.verdict == "source gone"
        except VerificationError as error:
            assert error.message


def check_shown(text: str, other: str) -> None:
    """Whatever a source says, nothing that steers a terminal is shown, and JSON keeps it."""
    source = Attribution(other, text, text, other, None, text, "", "utf-8", "", 1, None)
    span = Span(0, len(text))
    quote = Quote(text, span, source, 0.5, Span(0, len(text) // 2), 1, text, span, also=(source,))
    reply = Answer("?", (quote, replace(quote, text=other)), 0.5)
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=False, width=80, markup=False, emoji=False)
    print_reply(console, reply, Path("sources"), explain=True)
    shown = stream.getvalue().encode("utf-8", "replace").decode("utf-8")
    assert not UNSAFE.search(shown)
    made = reply_to_json(reply)
    assert not UNSAFE.search(made)
    assert json.loads(made)["quotes"][0]["text"] == text


def check_question(service: Service, question: str) -> None:
    """A question gets a reply, or a QuestionError."""
    try:
        reply = service.ask(question)
    except QuestionError as error:
        assert error.message
        return
    assert 0 <= reply.confidence <= 1
    assert reply.question == clean_question(question)


def _toml() -> st.SearchStrategy[str]:
    keys = st.sampled_from(
        ["model", "precision", "threads", "folder", "paragraphs", "dense_weight", "quotes", "threshold"]
    )  # fmt: skip
    sections = st.sampled_from(["embedding", "index", "retrieval", "answer", "sources", "project"])
    values = st.one_of(
        st.integers().map(str),
        st.floats().map(str),
        PIECED.map(json.dumps),
        st.sampled_from(["true", "nan", "-inf", "1979-05-27", "[1]", "{a=1}", "9" * 5000, "[" * 3000]),
    )  # fmt: skip
    line = st.one_of(sections.map("[{}]".format), st.builds("{} = {}".format, keys, values), PIECED)
    return st.lists(line, max_size=8).map("\n".join)


def _front_matter() -> st.SearchStrategy[bytes]:
    keys = st.sampled_from(["title", "published", "date", "author", "url", "publisher"]) | PIECED
    lines = st.lists(st.builds("{}: {}".format, keys, PIECED | JSON_VALUES.map(str)), max_size=6)
    return st.builds(
        lambda lines, body: f"---\n{chr(10).join(lines)}\n---\n{body}".encode("utf-8", "ignore"),
        lines,
        PIECED,
    )


def _environment() -> st.SearchStrategy[dict[str, str]]:
    names = st.sampled_from(
        ["SOURCEBOT_ANSWER_QUOTES", "SOURCEBOT_ANSWER_THRESHOLD", "SOURCEBOT_X_Y", "SOURCEBOT_"]
    )
    return st.dictionaries(names, PIECED | st.sampled_from(["9" * 5000, "[" * 3000]), max_size=2)


def _json_bytes(key_hint: dict[str, Any]) -> st.SearchStrategy[bytes]:
    near = st.fixed_dictionaries({}, optional=dict.fromkeys(key_hint, JSON_VALUES))
    return BYTES | st.builds(
        lambda value: json.dumps(value).encode("utf-8", "ignore"), near | JSON_VALUES
    )


def properties(examples: int) -> dict[str, Property]:
    """Return the properties by name, each with so many examples, the same in every run."""
    usual = settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    answer = _json_bytes({"question": 0, "quotes": 0, "nearest": 0})
    case = _json_bytes({"question": 0, "answers": 0, "sources": 0})
    return {
        "articles": usual(given(NAMES, BYTES)(check_article)),
        "front matter": usual(given(NAMES, _front_matter())(check_article)),
        "configuration": usual(given(_toml(), _environment())(check_config)),
        "question files": usual(given(case)(check_cases)),
        "answer files": usual(given(answer)(check_answer_file)),
        "what is shown": usual(given(PIECED, PIECED)(check_shown)),
    }


def asking(service: Service, examples: int) -> Property:
    """Return the property of questions, which needs an index."""
    usual = settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return usual(given(PIECED)(lambda question: check_question(service, question)))
