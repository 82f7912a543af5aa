#!/usr/bin/env bash
# pyserial 3.5 on a Linux pseudo-terminal, which stands in for a Linky in many tests. A meter speaks 7E1. A guess: such a
# port is refused at once, or taken. Seen: it opens, though the kernel keeps eight bits and no parity (0xC1, a capital A
# with its parity bit, comes as it is). Whatever is set afterwards that changes nothing else, even the timeout, raises
# termios.error, which is no SerialException and no OSError; a change of speed is taken, since tcsetattr(3) succeeds
# where any part of it could be done. A port with 8N1 takes them all.
#
# Output seen:
#   7E1 opens; 0xC1 comes as b'\xc1'
#   timeout: termios.error (22, 'Invalid argument')
#   the same speed: termios.error (22, 'Invalid argument')
#   another speed: taken
#   8N1: all taken
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyserial==3.5
venv/bin/python - <<'PYTHON'
import os
import pty
import termios

import serial

assert not issubclass(termios.error, (OSError, serial.SerialException))
meter, end = pty.openpty()


def tried(port: serial.Serial, name: str, value: int) -> str:
    try:
        setattr(port, name, value)
    except termios.error as error:
        return f"termios.error {error}"
    return "taken"


with serial.Serial(os.ttyname(end), 1200, bytesize=7, parity="E", timeout=1) as port:
    os.write(meter, b"\xc1")
    got = port.read(1)
    print(f"7E1 opens; 0xC1 comes as {got}")
    assert got == b"\xc1"
    refused = "termios.error (22, 'Invalid argument')"
    for what, name, value, expected in (
        ("timeout", "timeout", 2, refused),
        ("the same speed", "baudrate", 1200, refused),
        ("another speed", "baudrate", 9600, "taken"),
    ):
        found = tried(port, name, value)
        print(f"{what}: {found}")
        assert found == expected
with serial.Serial(os.ttyname(end), 1200, timeout=1) as port:
    assert {tried(port, "timeout", 2), tried(port, "baudrate", 1200)} == {"taken"}
    print("8N1: all taken")
PYTHON
