"""The smallest callback, as linkypy's users know it: a class with `compute`.

In the settings file, with this file in the folder from which linkytui is started:

    [callbacks]
    plugins = ["print_power.PrintPower"]
"""

import logging

log = logging.getLogger("linkytui.print_power")


class PrintPower:
    """Writes time, period and power of each frame to the log."""

    def compute(self, data: dict[str, str], timestamp: str) -> None:
        """Take the labels of one frame.

        Args:
            data: labels to texts, as the meter sent them.
            timestamp: UTC in ISO form, without an offset.
        """
        power = data.get("PAPP") or data.get("SINSTS")  # historic or standard mode
        if power is not None:
            log.info("%s %s %d VA", timestamp, data.get("PTEC") or data.get("LTARF"), int(power))
