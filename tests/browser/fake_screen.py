"""A screen that costs nothing to start: draws its size, then whatever it is sent. Run by the tests of the server."""

import json
import os
import sys

RULES = os.environ.get("FAKE_SCREEN", "")


def draw(text: str) -> None:
    data = text.encode()
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()


def main() -> None:
    if RULES == "fails":
        sys.exit("linkytui: something is wrong\nlinkytui: the last line counts")
    if RULES == "stubborn":
        sys.stdout.buffer.write(b"a remark of a library\n")
    sys.stdout.buffer.write(b"__GANGLION__\n")
    draw(f"size {os.environ['COLUMNS']}x{os.environ['ROWS']} look {os.environ.get('_LINKYTUI_LOOK_ONLY', 'no')}")
    while RULES == "floods":
        draw("x" * 60_000)
    while head := sys.stdin.buffer.read(5):
        payload = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
        if head[:1] == b"D":
            draw(f"typed {payload.decode()}")
        else:
            told = json.loads(payload)
            draw(f"told {told['type']} {told.get('width')}x{told.get('height')}")
    while RULES == "stubborn":
        pass


main()
