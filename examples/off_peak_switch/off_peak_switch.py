"""Switches a smart plug on when the off-peak hours begin and off when they end, as the meter itself says them.

After `pip install ./off_peak_switch`, in the settings file:

    [callbacks]
    plugins = ["off_peak_switch"]

    [callbacks.off_peak_switch]
    on = "http://192.168.1.40/relay/0?turn=on"
    off = "http://192.168.1.40/relay/0?turn=off"
    periods = ["HC", "HCJB"]        # optional; every off-peak period when left out
"""

import requests

from linkytui.callbacks import Callback
from linkytui.reading import Reading
from linkytui.tic import Frame

OFF_PEAK = ("HC", "HCJB", "HCJW", "HCJR")
TIMEOUT = 10.0


class OffPeakSwitch(Callback):
    """Asks for one of two addresses each time the period changes."""

    def open(self) -> None:
        """Look at the settings once: what is missing raises here, and is shown on the screen."""
        self._addresses = {True: self.settings["on"], False: self.settings["off"]}
        self._periods = frozenset(self.settings.get("periods", OFF_PEAK))
        self._switched: bool | None = None

    def reading(self, reading: Reading, _frame: Frame) -> None:
        """Compare the period that runs with what was asked last.

        A request may take its time: it delays this callback only. When it fails the exception is shown, and the next
        frame tries again.
        """
        if reading.period is None:
            return  # a frame that lost this label
        wanted = reading.period in self._periods
        if wanted is not self._switched:
            requests.get(self._addresses[wanted], timeout=TIMEOUT).raise_for_status()
            self._switched = wanted
