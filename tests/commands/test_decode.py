"""`linkytui decode`: every right group of a recording or a stream and no other, as JSON or in words."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.captures.form import Chunk
from tests.captures.made import recording
from tests.lines import PATIENCE, historic_frame, standard_frame
from tests.tic.test_captures import CAPTURES, counts_of, read

COMMAND = [sys.executable, "-m", "linkytui", "--lang", "en", "decode"]


def decoded(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[list[dict[str, Any]], str]:
    """The frames that the command prints as JSON, and what it says on stderr."""
    assert cli.run(["--lang", "en", "decode", "--json", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    return [json.loads(line) for line in out.splitlines()], err


def failed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """The one line that a failure is told in."""
    assert cli.run(["--lang", "en", "decode", *map(str, arguments)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def streamed(content: bytes, size: int, *arguments: str) -> list[dict[str, Any]]:
    """The frames of a stream that comes through a pipe in pieces."""
    with subprocess.Popen(
        [*COMMAND, "--json", *arguments, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for start in range(0, len(content), size):
            process.stdin.write(content[start : start + size])
            process.stdin.flush()
        process.stdin.close()
        lines = process.stdout.read().splitlines()
        assert process.wait(PATIENCE) == 0
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", CAPTURES)
def test_every_capture_is_decoded_as_the_reader_reads_it(
    captures: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    frames, err = decoded(capsys, captures / name)
    expected, _ = read((captures / name).read_bytes(), 4096)
    for got, frame in zip(frames, expected, strict=True):
        assert got["mode"] == frame.mode
        assert got["complete"] is frame.complete
        assert got["offset"] == frame.offset
        assert [(group["label"], group.get("horodate"), group["data"]) for group in got["groups"]] == [
            (group.label, group.horodate, group.data) for group in frame.groups
        ]
        assert got["rejected"] == [{"raw": item.raw, "reason": item.reason} for item in frame.rejected]
    count, _, accepted, rejected = counts_of(captures, name)
    assert err == (
        f"Frames: {count}. Groups accepted: {accepted:,}, rejected: {sum(rejected.values())} "
        f"(checksum {rejected.get('checksum', 0)}, format 0, structure {rejected.get('structure', 0)}).\n"
    )


def test_a_frame_is_an_object_of_this_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dump.tic"
    path.write_bytes(b"39\t#\r" + standard_frame().replace(b"PCOUP\t09\t", b"PCOUP\t0x\t"))
    (frame,), _ = decoded(capsys, path)
    assert list(frame) == ["mode", "complete", "offset", "groups", "rejected"]
    assert (frame["mode"], frame["complete"], frame["offset"]) == ("standard", True, 5)
    assert frame["groups"][0] == {"label": "ADSC", "data": "012345678901"}
    assert frame["groups"][2] == {"label": "DATE", "horodate": "H261124120000", "data": ""}
    assert frame["rejected"] == [{"raw": 'PCOUP\t0x\t"', "reason": "checksum"}]


@pytest.mark.parametrize("size", [1, 17, 100_000])
def test_a_stream_gives_the_same_whatever_its_pieces(tmp_path: Path, size: int) -> None:
    content = historic_frame(100)[50:] + historic_frame(200) + b"\xff\x00noise" + historic_frame(300)[:-20]
    frames = streamed(content, size)
    assert frames == streamed(content, len(content))
    assert [frame["complete"] for frame in frames] == [False, True, False]


def test_a_stream_is_decoded_as_it_comes() -> None:
    with subprocess.Popen([*COMMAND, "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for power in (100, 200):
            process.stdin.write(historic_frame(power))
            process.stdin.flush()
            frame = json.loads(process.stdout.readline())
            assert {"label": "PAPP", "data": f"{power:05}"} in frame["groups"]
        process.stdin.close()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("name", ["a.linky", "a.linky.gz"])
def test_our_own_recordings_are_decoded_as_well(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    stream = historic_frame(100) + historic_frame(200)
    path = recording(tmp_path / name, [Chunk(at / 10, stream[at : at + 9]) for at in range(0, len(stream), 9)])
    frames, _ = decoded(capsys, path)
    assert [frame["complete"] for frame in frames] == [True, True]
    assert frames == streamed(path.read_bytes(), 50)


def test_damaged_lines_of_a_recording_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = recording(tmp_path / "a.linky", [Chunk(0.0, historic_frame())])
    path.write_bytes(path.read_bytes() + b"nonsense\n")
    assert decoded(capsys, path)[1].endswith("Damaged lines in the recording: 1.\n")


def test_restored_checksums_of_a_text_copy_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "copy.txt"
    lines = historic_frame()[2:-1].replace(b"\r\n", b"\n").splitlines()
    path.write_bytes(b"".join(line.rstrip() + b"\r\n" for line in lines))
    (frame,), err = decoded(capsys, path)
    assert {"label": "PTEC", "data": "HP.."} in frame["groups"]
    assert frame["rejected"] == []
    assert "Missing “space” checksums restored: 2." in err


def test_one_mode_alone_can_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "both.tic"
    path.write_bytes(historic_frame() * 2 + standard_frame())
    assert [frame["mode"] for frame in decoded(capsys, path)[0]] == ["historic", "historic", "standard"]
    assert [frame["mode"] for frame in decoded(capsys, path, "--mode", "standard")[0]] == ["standard"]
    path.write_bytes(historic_frame())
    assert "no group" in failed(capsys, path, "--mode", "standard")


def test_people_read_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dump.tic"
    path.write_bytes(historic_frame().replace(b"PAPP 00460 ", b"PAPP 00461 ") + historic_frame()[:40])
    assert cli.run(["--lang", "en", "decode", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Frame 1, historic mode, byte 0"
    assert any(line.split() == ["ISOUSC", "Subscribed", "current,", "per", "phase", "45", "A"] for line in lines)
    assert any("wrong checksum: PAPP 00461" in line for line in lines)
    assert "Frame 2, historic mode, byte 170, incomplete" in lines
    assert "\x1b" not in "".join(lines)


def test_the_table_speaks_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dump.tic"
    path.write_bytes(historic_frame())
    assert cli.run(["--lang", "fr", "decode", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "Trame 1, mode historique, octet 0" in out
    assert "Puissance apparente" in out
    assert err.startswith("Trames : 1.")


def test_what_cannot_be_decoded_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "check its name" in failed(capsys, tmp_path / "nowhere")
    assert "folder" in failed(capsys, tmp_path)
    (tmp_path / "empty").touch()
    assert "empty" in failed(capsys, tmp_path / "empty")
    (tmp_path / "noise").write_bytes(os.urandom(200_000).replace(b"\x02\n", b""))
    assert "no group" in failed(capsys, tmp_path / "noise")
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(50_000_000)
    assert "no group" in failed(capsys, tmp_path / "hole")
    (tmp_path / "later").write_bytes(b'{"version": 9}\n')
    assert "update" in failed(capsys, tmp_path / "later")
    (tmp_path / "bad.gz").write_bytes(b"\x1f\x8b\x08 nonsense")
    assert "damaged" in failed(capsys, tmp_path / "bad.gz")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "long.tic"
    path.write_bytes(historic_frame() * 20_000)
    with subprocess.Popen(
        [*COMMAND, "--json", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(PATIENCE)
    assert "Error" not in err
    assert "Traceback" not in err


def test_decoding_starts_without_the_screen() -> None:
    program = (
        "import sys, linkytui.commands.decode, linkytui.wording.label_data, linkytui.captures.open; print(*sys.modules)"
    )
    modules = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"textual", "rich", "pdfplumber", "requests", "serial"} & set(modules)
