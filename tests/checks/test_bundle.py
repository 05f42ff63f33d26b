"""A reply in an archive that proves itself with Python alone."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, BRIDGE

from sourcebot.errors import VerificationError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier of an unpacked archive, isolated from this environment."""
    return subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py")], capture_output=True, text=True
    )


@pytest.fixture
def unpacked(project: Project, tmp_path: Path) -> Path:
    """An answer's archive, unpacked."""
    with project.opened() as opened:
        assert opened.bundle(opened.ask(ANSWERED), tmp_path / "proof.zip") == 0
    with zipfile.ZipFile(tmp_path / "proof.zip") as archive:
        archive.extractall(tmp_path / "proof")
    return tmp_path / "proof"


def test_every_quote_is_proven(unpacked: Path) -> None:
    """The archive holds the quoted file byte for byte, and its own verifier proves it."""
    result = verified(unpacked)
    assert (result.returncode, result.stderr) == (0, "")
    assert "0 altered, 0 files missing" in result.stdout


@pytest.mark.parametrize("name", ["answer.json", "source"])
def test_alterations_are_found(unpacked: Path, name: str) -> None:
    """A changed answer or file is no proof."""
    path = unpacked / name if name != "source" else next((unpacked / "sources").rglob("*.*"))
    data = path.read_bytes()
    path.write_bytes(data.replace(b"a", b"o", 1))
    result = verified(unpacked)
    assert result.returncode == 1
    assert "ALTERED" in result.stdout


def test_a_quote_that_is_not_there_is_found(unpacked: Path) -> None:
    """Even when the manifest was made to match: the words are looked up at their offsets."""
    import hashlib

    path = unpacked / "answer.json"
    answer = json.loads(path.read_text("utf-8"))
    answer["quotes"][0]["text"] = answer["quotes"][0]["text"].replace("e", "a")
    path.write_text(json.dumps(answer), "utf-8")
    manifest = json.loads((unpacked / "manifest.json").read_text("utf-8"))
    manifest["sha256"]["answer.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (unpacked / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    result = verified(unpacked)
    assert result.returncode == 1
    assert ", characters " in result.stdout


def test_a_file_changed_since_is_left_out_and_named(project: Project, tmp_path: Path) -> None:
    """Other bytes than those indexed would prove nothing."""
    with project.opened() as opened:
        reply = opened.ask(ANSWERED)
        project.write("bridge.md", BRIDGE + "\nOne more line.\n")
        missing = opened.bundle(reply, tmp_path / "proof.zip")
    with zipfile.ZipFile(tmp_path / "proof.zip") as archive:
        assert json.loads(archive.read("manifest.json"))["missing"] == ["bridge.md"]
    assert missing == 1


def test_the_same_reply_gives_the_same_archive(project: Project, tmp_path: Path) -> None:
    """No clock and no order of files in it."""
    with project.opened() as opened:
        reply = opened.ask(ANSWERED)
        for name in ("one.zip", "two.zip"):
            opened.bundle(reply, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_folder_that_is_not_there_is_named(project: Project, tmp_path: Path) -> None:
    """A clear error, and nothing left over."""
    with project.opened() as opened, pytest.raises(VerificationError, match=r"proof\.zip"):
        opened.bundle(opened.ask(ANSWERED), tmp_path / "none" / "proof.zip")


def test_checks_are_proven(project: Project, tmp_path: Path) -> None:
    """Of a misquotation the article's own words are proven, not the words as quoted."""
    claim = "The engineer said: “We could wait for another inspection.”"
    with project.opened() as opened:
        check = opened.check(claim)
        assert check.quotations[0].edits
        assert opened.bundle((check,), tmp_path / "proof.zip") == 0
    with zipfile.ZipFile(tmp_path / "proof.zip") as archive:
        archive.extractall(tmp_path / "proof")
    result = verified(tmp_path / "proof")
    assert (result.returncode, result.stderr) == (0, "")
    assert "0 altered, 0 files missing" in result.stdout
    assert not result.stdout.startswith("0 quotes")
