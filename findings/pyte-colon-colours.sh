#!/usr/bin/env bash
# pyte 0.8.2 is what Python programs test terminal screens with. ITU-T T.416 separates the parts of a colour by colons
# (ESC [ 38:2::r:g:b m), and programs write that form where terminfo says RGB; a wavy underline is ESC [ 4:3 m. A guess: what
# an emulator does not know it leaves out. Seen: everything after the first colon stands on the screen as text. And what
# begins with ">" (ESC [ > 4 ; 1 m asks xterm how keys are told, and draws nothing) underlines all text from there on.
#
# Output seen:
#   semicolons 'X', colons '2::255:0:0mX', wavy '3mX'
#   after asking for keys: underlined
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyte==0.8.2
venv/bin/python - <<'PYTHON'
import pyte


def drawn(data: bytes) -> pyte.Screen:
    screen = pyte.Screen(30, 1)
    pyte.ByteStream(screen).feed(data)
    return screen


shown = [drawn(f"\x1b[{code}mX".encode()).display[0].rstrip() for code in ("38;2;255;0;0", "38:2::255:0:0", "4:3")]
print("semicolons {!r}, colons {!r}, wavy {!r}".format(*shown))
assert shown == ["X", "2::255:0:0mX", "3mX"]
underlined = drawn(b"\x1b[>4;1mX").buffer[0][0].underscore
print("after asking for keys:", "underlined" if underlined else "plain")
assert underlined
PYTHON
