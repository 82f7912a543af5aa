"""A batch as lines of InfluxDB's protocol. Pure.

One measurement, `linky_fleet`, with the tags `site` and `meter`: `power` and `injected_power` in VA, and each register
as `wh_<register>` in Wh whenever it is news. All are whole numbers. A sample is a point at its own millisecond, so that
one that comes twice is the same point.
"""

from collections.abc import Sequence
from typing import Final

from linkytui.outputs.callbacks.influxdb.lines import series
from linkytui.outputs.callbacks.upstream.batch import WireSample
from linkytui.outputs.callbacks.upstream.topics import Source

MEASUREMENT: Final = "linky_fleet"


def lines_of(source: Source, samples: Sequence[WireSample]) -> str:
    """One line a sample; none for a sample in which nothing was said."""
    head = series({"measurement": MEASUREMENT, "tags": source._asdict()})
    lines = []
    for at, power, injected, registers in [(one.at, one.power, one.injected_power, one.registers) for one in samples]:
        fields = [f"wh_{name.lower()}={wh}i" for name, wh in registers.items()]
        if power is not None:
            fields.append(f"power={power}i")
        if injected is not None:
            fields.append(f"injected_power={injected}i")
        if fields:
            lines.append(f"{head} {','.join(fields)} {at}\n")
    return "".join(lines)
