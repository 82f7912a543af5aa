"""Run by `test_terminal.py` on a terminal: the application after many random frames, and what it believes it shows."""

import asyncio
import json
import sys
from pathlib import Path
from random import Random

from msgspec.structs import replace

from linkytui.settings.model import ScreenSettings, Settings
from linkytui.tic import Mode
from linkytui.tui.app import LinkyApp
from linkytui.tui.messages import FramesArrived, LinkChanged, PowerSample
from tests.tui.screens.session import FedSession, keeper_of
from tests.tui.screens.states import LIVE, NOW, STATES, meter


class Painted(LinkyApp):
    """Tells itself what a reading thread would, then writes its own picture to a file."""

    def __init__(self, picture: Path, seed: int) -> None:
        settings = replace(Settings(), screen=ScreenSettings(theme="linkytui-dark"))
        super().__init__(FedSession(keeper_of(settings)))
        self._picture = picture
        self._rng = Random(seed)  # noqa: S311

    def on_mount(self) -> None:
        self.run_worker(self._live(), exit_on_error=True)

    async def _live(self) -> None:
        rng = self._rng
        at = NOW
        for turn in range(120):
            at += rng.choice((0.5, 1.5, 2.0, 30.0))
            state = STATES[rng.choice(("live", "live", "live", "tempo", "over", "three_phases", "injection"))]
            pairs = [
                (*pair[:-1], f"{rng.randrange(12_000):05}") if pair[0] == "PAPP" else pair for pair in state.pairs or ()
            ]
            known = meter(pairs, state.mode, at=at)
            latest = known.latest
            assert latest is not None
            sample = PowerSample(at, rng.randrange(9000), rng.choice(("HC", "HP", None)))
            self.post_message(FramesArrived(latest, (sample,), dict(known.labels)))
            mode = Mode.STANDARD if state.mode is Mode.STANDARD else Mode.HISTORIC
            link = LIVE.__class__(
                state=rng.choice((LIVE.state, state.link.state)), source="/dev/ttyUSB0", mode=mode, frames=turn
            )
            self.post_message(LinkChanged(link))
            if rng.random() < 0.1:
                await self.run_action(rng.choice(("next_language", "freeze", "meter", "next_theme")))
            await asyncio.sleep(0)
            if rng.random() < 0.5:
                await asyncio.sleep(0.02)
        # Not all of it is painted yet, and nobody can tell when it is: the picture is kept true from now on.
        sketch = self._picture.with_name("sketch")
        while True:
            strips = self.screen._compositor.render_strips()
            sketch.write_text(json.dumps(["".join(segment.text for segment in strip) for strip in strips]))
            sketch.replace(self._picture)
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    Painted(Path(sys.argv[1]), int(sys.argv[2])).run()
