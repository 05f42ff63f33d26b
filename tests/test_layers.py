"""The contracts of who may import whom: each fails when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent

BREACHES = {
    "Layers import only what lies below them": ("text/terms.py", "sourcebot.project"),
    "Front ends know the project, what it gives, and how to show it": (
        "frontends/cli/repl.py",
        "sourcebot.index.contract",
    ),
    "Front ends are independent of each other": (
        "frontends/web/app.py",
        "sourcebot.frontends.discord.words",
    ),
    "Engines are independent of each other": (
        "index/embedded/store.py",
        "sourcebot.index.postgres.ddl",
    ),
    "What an index offers is said without any index": ("index/contract.py", "sourcebot.index.rows"),
    "FAISS is known to the embedded engine only": ("files.py", "faiss"),
    "psycopg is known to the PostgreSQL engine only": ("files.py", "psycopg"),
    "discord.py is known to the Discord bot only": ("files.py", "discord"),
    "rich is known to the terminal only": ("files.py", "rich"),
    "torch and sentence-transformers are known where models are exported, and to the cross-encoder": (
        "files.py",
        "torch",
    ),
}
"""For each contract a module, and an import in it that the contract forbids."""


def test_each_contract_fails_when_broken(tmp_path: Path) -> None:
    """One forbidden import for each, and every one of them is told."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert set(BREACHES) == {contract["name"] for contract in settings["contracts"]}
    package = tmp_path / "src" / "sourcebot"
    shutil.copytree(
        ROOT / "src" / "sourcebot", package, ignore=shutil.ignore_patterns("weights", "*.pyc")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module, imported in BREACHES.values():
        with (package / module).open("a", encoding="utf-8") as stream:
            stream.write(f"\nimport {imported}\n")
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()",
         "--no-cache"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src"), "COLUMNS": "300"},
    )  # fmt: skip
    shown = " ".join(ran.stdout.split())
    assert ran.returncode == 1, ran.stderr
    assert [name for name in BREACHES if f"{name} BROKEN" not in shown] == []
    assert f"{len(BREACHES)} broken" in shown


def test_the_map_names_what_is_there() -> None:
    """Every file and folder of the package that CONTRIBUTING.md names exists."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = [part for part in text.split("`")[1::2] if part.startswith(("src/", "frontends/"))]
    assert len(named) >= 6
    for part in named:
        path = part.split("NAME", 1)[0]
        base = ROOT if path.startswith("src/") else ROOT / "src" / "sourcebot"
        assert (base / path).exists(), part
