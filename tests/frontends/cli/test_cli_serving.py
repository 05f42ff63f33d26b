"""``sourcebot serve`` and ``sourcebot token``, as users run them."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

from conftest import run_cli

if TYPE_CHECKING:
    from conftest import Project


def test_the_life_of_a_token(tmp_path: Path) -> None:
    """Made, put into config.toml as printed, listed without the token itself, and not made twice."""
    (tmp_path / "sources").mkdir()
    assert run_cli("token", "--list", cwd=tmp_path).out == "There are no tokens.\n"
    made = run_cli("token", "reading room", "--publisher", "Quay", cwd=tmp_path)
    secret = made.err.split(": ")[1].split()[0]
    assert secret.startswith("sb_")
    assert secret not in made.out
    example = (Path(__file__).parents[3] / "config.example.toml").read_text("utf-8")
    older = tmp_path / "config.toml"
    older.write_text(example.replace("# [[web.tokens]]", "tokens = []") + made.out, "utf-8")
    assert "take out `tokens = []`" in run_cli("token", "--list", cwd=tmp_path).err
    older.write_text(example + made.out, "utf-8")
    listed = run_cli("token", "--list", cwd=tmp_path)
    assert listed.out == "reading room: ask, read; Quay\n"
    again = run_cli("token", "reading room", cwd=tmp_path)
    assert (again.status, again.out) == (1, "")
    assert "already" in again.err
    for wrong in ([""], [" "], [], ["x", "--list"]):
        assert run_cli("token", *wrong, cwd=tmp_path).status == 2


def test_what_cannot_be_served(shared_project: Project) -> None:
    """A port that is taken and an address for others without tokens are told with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run_cli("serve", "--port", port, cwd=shared_project.folder)
    assert (refused.status, refused.out) == (1, "")
    assert f"cannot listen on 127.0.0.1:{port}" in refused.err
    assert "--port" in refused.err
    refused = run_cli("serve", "--host", "0.0.0.0", cwd=shared_project.folder)
    assert refused.status == 1
    assert "sourcebot token NAME" in refused.err
