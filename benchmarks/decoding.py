"""Decoding, from bytes to verified groups, beside serial-teleinfo and pyteleinfo from PyPI.

    python benchmarks/decoding.py [--frames 20000] [--rounds 5] [--python python3.12]

All decode the same stream, which the simulator makes: a household's days in historic mode, the one that both others
know. Each is given its cheapest way from bytes to checked groups: serial-teleinfo its `parse_line` on each line,
without the conversion of values; pyteleinfo its `decode` on each frame, cut for it. linkytui checks forms and widths
as well, finds the frames itself, and reads blocks of 64 KiB. Each peer lives in an environment of its own, made for
the run; all run in turn under the same interpreter, and of the rounds the best counts, in processor time.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

PEERS = {"serial-teleinfo": "serial-teleinfo", "pyteleinfo": "pyteleinfo"}
_BLOCK = 1 << 16


def simulated_stream(frames: int) -> bytes:
    """The frames of a household from a morning on."""
    from linkytui.reading import Contract
    from linkytui.simulator.meter import SimulatedMeter
    from linkytui.tic import Mode

    start = 1_790_000_000.0
    meter = SimulatedMeter(Contract.HPHC, Mode.HISTORIC, start=start, seed=1)
    return b"".join(meter.frame(start + 1.45 * number) for number in range(frames))


def decode_linkytui(stream: bytes) -> int:
    """Groups accepted."""
    from linkytui.tic import FrameReader

    reader = FrameReader()
    for start in range(0, len(stream), _BLOCK):
        reader.feed(stream[start : start + _BLOCK])
    reader.close()
    return reader.accepted


def decode_serial_teleinfo(stream: bytes) -> int:
    """Lines parsed; its client leaves out the first line and raises on what is wrong."""
    from serial_teleinfo import ParserException, parse_line  # type: ignore[import-not-found]

    groups = 0
    lines = io.BytesIO(stream)
    lines.readline()
    for line in lines:
        try:
            parse_line(line)
            groups += 1
        except ParserException:
            continue
    return groups


def decode_pyteleinfo(stream: bytes) -> int:
    """Groups of the frames that it takes."""
    from teleinfo.codec import decode  # type: ignore[import-not-found]

    return sum(len(decode(frame + b"\x03")) for frame in stream.split(b"\x03") if frame)


DECODERS: dict[str, Callable[[bytes], int]] = {
    "linkytui": decode_linkytui,
    "serial-teleinfo": decode_serial_teleinfo,
    "pyteleinfo": decode_pyteleinfo,
}


def measure(name: str, path: Path) -> None:
    """Decode a file once to warm up and once for good, and print what it took."""
    stream = path.read_bytes()
    DECODERS[name](stream[: len(stream) // 10])
    began = time.process_time()
    groups = DECODERS[name](stream)
    print(json.dumps({"seconds": time.process_time() - began, "groups": groups}))


def make_environment(folder: Path, python: str) -> tuple[Path, list[str]]:
    """An interpreter with the peers that can be installed for it, and their names."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    interpreter = folder / "bin" / "python"
    there = []
    for name, package in PEERS.items():
        command: list[str | Path] = [
            interpreter,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            package,
            "tzdata",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            there.append(name)
        else:
            print(f"{name} cannot be installed for {python}; pyteleinfo needs Python 3.12 or later", file=sys.stderr)
    return interpreter, there


def newest_python() -> str:
    """The newest interpreter that can be found and runs, else the one that runs this."""
    for name in ("python3.14", "python3.13", "python3.12"):
        found = shutil.which(name)
        if found and not subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode:
            return found
    return sys.executable


def main() -> None:
    """Run all decoders in turn and print how they did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", default=newest_python(), help="interpreter of the peers' environment")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], Path(options.measure[1]))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        stream = simulated_stream(options.frames)
        (folder / "stream.tic").write_bytes(stream)
        interpreter, peers = make_environment(folder / "environment", options.python)
        best: dict[str, float] = {}
        groups: dict[str, int] = {}
        for _ in range(options.rounds):
            for name in ("linkytui", *peers):
                command: list[str | Path] = [interpreter, __file__, "--measure", name, folder / "stream.tic"]
                environment = {**os.environ, "PYTHONPATH": str(ROOT)}
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
                result = json.loads(done.stdout)
                best[name] = min(result["seconds"], best.get(name, result["seconds"]))
                groups[name] = result["groups"]
    print(f"{options.frames:,} frames, {len(stream) / 1e6:.1f} MB, best of {options.rounds}")
    for name, seconds in best.items():
        speed = f"{len(stream) / seconds / 1e6:6.1f} MB/s {options.frames / seconds:10,.0f} frames/s"
        print(f"{name:16} {speed}   {groups[name]:,} groups")
    if peers:
        fastest = min(peers, key=best.__getitem__)
        print(f"linkytui is {best[fastest] / best['linkytui']:.1f} times as fast as {fastest}")


if __name__ == "__main__":
    main()
