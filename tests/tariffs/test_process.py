"""The process apart in which a PDF is read: the same answer, within limits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linkytui.errors import GridError
from linkytui.tariffs.grid.process import Stopped, read_grid, sha256_of
from tests.tariffs.replicas import broken, edf


def test_it_gives_the_offers_with_their_source() -> None:
    replica = edf.tarif_bleu()
    offers, notes = read_grid(replica.pdf, "bleu.pdf")
    found = {(offer.option.value, offer.power_kva): (offer.subscription, dict(offer.prices)) for offer in offers}
    assert found == replica.expected
    assert notes == ()
    assert {(o.source.file, o.source.sha256, o.source.page) for o in offers} == {
        ("bleu.pdf", sha256_of(replica.pdf), 1)
    }


def test_a_document_larger_than_a_pipe_comes_through() -> None:
    pdf = broken.sheet_of()
    padded = pdf.replace(b"%%EOF", b"%" + b"x" * 2_000_000 + b"\n%%EOF")
    assert len(read_grid(padded, "grille.pdf")[0]) == 8


def test_it_gives_up_when_its_time_is_over() -> None:
    with pytest.raises(GridError, match="takes too long"):
        read_grid(broken.sheet_of(), "grille.pdf", timeout=0.001)


def test_it_gives_up_when_the_program_ends() -> None:
    with pytest.raises(Stopped):
        read_grid(broken.sheet_of(), "grille.pdf", stopped=lambda: True)


def test_a_document_that_unpacks_to_too_much_is_refused_in_words() -> None:
    with pytest.raises(GridError, match="takes too much memory"):
        read_grid(broken.bomb(), "bombe.pdf")


def _stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have some code run in place of the reader."""
    python = tmp_path / "python"
    python.write_text(f"#!{sys.executable}\n{code}")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))


def test_a_reader_that_dies_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _stand_in(tmp_path, monkeypatch, "import os\nos.kill(os.getpid(), 9)\n")
    with pytest.raises(GridError, match="too much time or memory"):
        read_grid(broken.sheet_of(), "grille.pdf")


def test_a_reader_that_cannot_start_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(GridError, match="cannot start its reader"):
        read_grid(broken.sheet_of(), "grille.pdf")


def test_it_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_MQTT_PASSWORD", "hush")
    code = "import json, os\nprint(json.dumps({'error': ' '.join(sorted(os.environ))}))\n"
    _stand_in(tmp_path, monkeypatch, code)
    with pytest.raises(GridError) as caught:
        read_grid(broken.sheet_of(), "grille.pdf")
    assert "PASSWORD" not in str(caught.value)
    assert "PYTHONPATH" in str(caught.value)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x = bytearray(3 * 2**30)", "MemoryError"),
        ("open('written', 'wb', buffering=0).write(b'x' * 10)", "File too large"),
    ],
)
def test_its_limits_hold(code: str, reason: str, tmp_path: Path) -> None:
    """The limits themselves, in a process that sets them as the reader does."""
    program = f"from linkytui.tariffs.grid.__main__ import _limit\n_limit()\n{code}\n"
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env=os.environ)
    assert run.returncode != 0
    assert reason in run.stderr
