#!/usr/bin/env bash
# pyserial 3.5's socket:// stands in for a serial port behind a bridge. A guess: in_waiting is the number of bytes that
# wait, as on a port, so that read(in_waiting) takes them all. Seen: it is 1 whether one byte waits or a thousand, so that
# idiom reads byte by byte; and it stays 1 after the bridge has closed the connection, when read() raises.
#
# Output seen:
#   1000 bytes wait: in_waiting 1, read(in_waiting) gives 1
#   closed by the bridge: in_waiting 1, read raises SerialException
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyserial==3.5
venv/bin/python - <<'PYTHON'
import select
import socket

import serial

with socket.create_server(("127.0.0.1", 0)) as server:
    port = serial.serial_for_url(f"socket://127.0.0.1:{server.getsockname()[1]}", timeout=5)
    bridge, _ = server.accept()
    bridge.sendall(bytes(1000))
    select.select([port], [], [], 5)
    waiting = port.in_waiting
    got = len(port.read(waiting))
    print(f"1000 bytes wait: in_waiting {waiting}, read(in_waiting) gives {got}")
    assert (waiting, got) == (1, 1)
    assert len(port.read(999)) == 999
    bridge.close()
    select.select([port], [], [], 5)
    waiting = port.in_waiting
    try:
        port.read(1)
        end = "nothing"
    except serial.SerialException:
        end = "SerialException"
    print(f"closed by the bridge: in_waiting {waiting}, read raises {end}")
    assert (waiting, end) == (1, "SerialException")
PYTHON
