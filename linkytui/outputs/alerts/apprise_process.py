"""Sends one alert by apprise, in a process that can be ended: some of its services wait for as long as a server likes.

Reads a JSON array from the standard input: the addresses, which hold secrets and so are no arguments, the title, the
text, whether an incident began. Prints the outcome, one of `OUTCOMES`.
"""

import json
import logging
import sys
from typing import Final, Literal

Outcome = Literal["sent", "failed", "unknown"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("sent", "failed", "unknown")
"""All have got it; somebody has not; apprise does not know one of the addresses."""


def main() -> Outcome:
    """Send what the standard input holds."""
    import apprise  # where it is missing, nothing else of this may fail

    logging.getLogger("apprise").disabled = True  # it logs addresses
    addresses, title, text, began = json.load(sys.stdin)
    sender = apprise.Apprise()
    known = [sender.add(address) for address in addresses]
    kind = apprise.NotifyType.WARNING if began else apprise.NotifyType.SUCCESS
    sent = sender.notify(title=title, body=text, notify_type=kind)
    return "unknown" if not all(known) else "sent" if sent else "failed"


if __name__ == "__main__":
    sys.stdout.write(main())
