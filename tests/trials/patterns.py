"""Every regular expression of the package against long hostile lines, timed in CPU seconds."""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
import signal
import time
import warnings
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import sourcebot
from sourcebot.text.question_forms import QuestionWords
from sourcebot.text.question_words import ASKING, question_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_CLASSES = " \t\n\raA0é._,:;-–'\"“”’([{<>]})#*|`\\/@&=!?%$£"
MADE_OF_VARIABLES = {"sourcebot.frontends.discord.conversation": r"<@!?123456789012345678>"}
"""The modules that make a pattern at run time, and one that is made so."""

_SEARCHING = ("search", "match", "fullmatch", "sub", "findall", "finditer", "split")


@dataclass(frozen=True)
class Used:
    """A pattern, and whether it is only ever tried at one place of a text."""

    pattern: re.Pattern[str]
    anchored: bool = False


def patterns() -> dict[str, Used]:
    """Return the patterns of all modules by place: compiled ones, and literals given to ``re``."""
    found: dict[str, Used] = {}
    for info in pkgutil.walk_packages(sourcebot.__path__, "sourcebot."):
        if info.name.endswith("__main__"):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop
            module = importlib.import_module(info.name)
        tree = _tree(module)
        for name, value in vars(module).items():
            anchored = _anchored(tree, name)
            for number, pattern in enumerate(_within(value)):
                found[f"{info.name}.{name}[{number}]"] = Used(pattern, anchored)
        for node in ast.walk(tree):
            if _is_made(node) and info.name in MADE_OF_VARIABLES:
                made = re.compile(MADE_OF_VARIABLES[info.name])
                found[f"{info.name}:{node.lineno}"] = Used(made)  # type: ignore[attr-defined]
            if literal := _literal(node):
                found[f"{info.name}:{node.lineno}"] = Used(re.compile(literal))  # type: ignore[attr-defined]
    for language in ASKING:
        words = question_words(language)
        for field in fields(QuestionWords):
            if pattern := getattr(words, field.name):
                found[f"sourcebot.text.question_words.{language}.{field.name}"] = Used(pattern)
    distinct = {used: place for place, used in reversed(found.items())}
    return {place: used for used, place in sorted(distinct.items(), key=lambda item: item[1])}


def made_at_run_time() -> set[str]:
    """Return the modules in which functions make patterns of variables, which no module keeps."""
    return {
        info.name
        for info in pkgutil.walk_packages(sourcebot.__path__, "sourcebot.")
        if not info.name.endswith("__main__")
        for node in ast.walk(_tree(importlib.import_module(info.name)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any(isinstance(part, ast.Return) and _is_made(part.value) for part in node.body)
        and any(_is_made(part) for part in ast.walk(node))
    }


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(module.__file__ or "").read_text("utf-8"))


def _is_made(node: ast.AST | None) -> bool:
    """Return whether a node is ``re.compile`` of something that is no constant."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "compile"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and not isinstance(node.args[0], ast.Constant)
    )


def _anchored(tree: ast.AST, name: str) -> bool:
    """Return whether a module calls nothing of a pattern but ``match`` and ``fullmatch``."""
    calls = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }
    return bool(calls) and calls <= {"match", "fullmatch"}


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _within(item)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


def _literal(node: ast.AST) -> str:
    """Return the pattern of a call such as ``re.sub("…", …)``, or ""."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        on = node.func.value
        first = node.args[0] if node.args else None
        if isinstance(on, ast.Name) and on.id == "re" and node.func.attr in _SEARCHING:
            assert isinstance(first, ast.Constant), f"line {node.lineno}: not a literal"
            return str(first.value)
    return ""


def hostile(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Yield lines made of what the pattern mentions, repeated, and ended by what it cannot match."""
    letters = [c for c in pattern.pattern if c not in "()[]{}?*+|^$\\.<>=!:"]
    singles = list(dict.fromkeys([*_CLASSES, *letters]))[:90]
    words = re.findall(r"[A-Za-z]{2,}", pattern.pattern)[:12]
    units = [*singles, *words]
    units += [a + b for a, b in itertools.permutations(singles[:7], 2)]
    units += [w + c for w in words[:6] for c in " .,-0"]
    for unit in units:
        line = (unit * (length // len(unit) + 1))[:length]
        yield line
        yield line + "\x00"


def slowest(used: Used, length: int, limit: float, *, few: bool = False) -> tuple[float, str]:
    """Return the CPU seconds of the slowest hostile line, and its beginning.

    A line that takes more than ``limit`` is given up, and counts as that if ten times its length
    takes forty times as long (what grows with the square takes a hundred times; what a busy
    machine held up does not); ``few`` tries but the lines of a single character.
    """
    worst, shown = 0.0, ""
    for line in itertools.islice(hostile(used.pattern, length), 80 if few else None):
        started = time.process_time()
        if not _runs(used, line, limit) and not _runs(used, line * 10, limit * 40):
            return limit, line[:8]
        if (seconds := time.process_time() - started) > worst:
            worst, shown = seconds, line[:8]
    return worst, shown


class _TooLong(Exception):
    pass


def _runs(used: Used, line: str, limit: float) -> bool:
    def stop(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        if used.anchored:
            used.pattern.match(line)
            used.pattern.fullmatch(line)
        else:
            for _ in used.pattern.finditer(line):
                pass
    except _TooLong:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return True
