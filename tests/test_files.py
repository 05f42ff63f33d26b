"""Files held against their digests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sourcebot import files
from sourcebot.files import Digests, replacing_folder, sha256_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def noted(tmp_path: Path) -> dict[str, str]:
    """Two files in the folder ``models`` and their digests."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "a.onnx").write_bytes(b"weights")
    (folder / "b.json").write_bytes(b"words")
    return {path.name: sha256_of(path) for path in sorted(folder.iterdir())}


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once."""
    monkeypatch.setattr(files, "_SETTLED", -1.0)


@pytest.mark.usefixtures("settled")
def test_found_right_once(
    noted: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found right is not read again, by other processes neither, while it is as it was."""
    folder, kept = tmp_path / "models", tmp_path / "checked.json"
    assert Digests(kept).altered(folder, noted) == ""
    read: list[str] = []

    def counted(path: Path) -> str:
        read.append(path.name)
        return sha256_of(path)

    monkeypatch.setattr(files, "sha256_of", counted)
    assert Digests(kept).altered(folder, noted) == ""
    assert read == []
    assert Digests().altered(folder, noted) == ""
    assert read == ["a.onnx", "b.json"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("kept", ["checked.json", ""])
def test_an_altered_file_is_named(noted: dict[str, str], tmp_path: Path, kept: str) -> None:
    """Another content of the same size is found, though the time of its change is set back."""
    folder = tmp_path / "models"
    digests = Digests(tmp_path / kept if kept else None)
    assert digests.altered(folder, noted) == ""
    before = (folder / "b.json").stat()
    (folder / "b.json").unlink()
    (folder / "b.json").write_bytes(b"wordy")
    os.utime(folder / "b.json", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert digests.altered(folder, noted) == "b.json"
    with pytest.raises(OSError, match=r"c\.bin"):
        digests.altered(folder, {"c.bin": noted["a.onnx"]})


def test_a_file_just_written_is_read_again(noted: dict[str, str], tmp_path: Path) -> None:
    """One that may change within the same tick of the clock is not relied on."""
    kept = tmp_path / "checked.json"
    assert Digests(kept).altered(tmp_path / "models", noted) == ""
    assert not kept.exists()


@pytest.mark.usefixtures("settled")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.binary() | st.sampled_from([b"[]", b"null", b'{"a.onnx": 1}', b'{"x": ["y"]}']))
def test_what_is_kept_may_be_damaged(noted: dict[str, str], tmp_path: Path, data: bytes) -> None:
    """Whatever stands in the file, the models' files are judged by their own contents."""
    kept = tmp_path / "checked.json"
    kept.write_bytes(data)
    digests = Digests(kept)
    assert digests.altered(tmp_path / "models", noted) == ""
    assert digests.altered(tmp_path / "models", {**noted, "a.onnx": noted["b.json"]}) == "a.onnx"


@pytest.mark.usefixtures("settled")
def test_nothing_can_be_kept(noted: dict[str, str], tmp_path: Path) -> None:
    """Where the file cannot be written, all is read each time."""
    digests = Digests(tmp_path / "missing" / "checked.json")
    assert digests.altered(tmp_path / "models", noted) == ""
    assert not (tmp_path / "missing").exists()


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    """The new folder stands in the old one's place, with nothing else beside it."""
    target = tmp_path / "models" / "default"
    for word in (b"old", b"new"):
        with replacing_folder(target) as work:
            (work / word.decode()).write_bytes(word)
    assert [path.name for path in target.iterdir()] == ["new"]
    assert [path.name for path in target.parent.iterdir()] == ["default"]


@pytest.mark.parametrize("last", [False, True])
def test_a_folder_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, last: bool
) -> None:
    """Whether it fails while the new one is written or as the very last step."""
    target = tmp_path / "default"
    with replacing_folder(target) as work:
        (work / "old").write_bytes(b"old")
    rename = type(target).rename

    def refuse(path: Path, to: Path) -> Path:
        if path.name.startswith(files.UNFINISHED) and not path.name.endswith("-old"):
            raise OSError(5, "Input/output error")
        return rename(path, to)

    def replace() -> None:
        with replacing_folder(target) as work:
            if not last:
                raise OSError(28, "No space left on device")
            (work / "new").write_bytes(b"new")

    monkeypatch.setattr(type(target), "rename", refuse)
    with pytest.raises(OSError, match=r"No space|Input"):
        replace()
    assert [path.name for path in target.iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["default"]
