"""Draws the dashboard without Grafana: python contrib/grafana/draw.py http://localhost:8086 linky fr > picture.svg

Each panel asks its own queries of the database, and what they answer is drawn where the dashboard has the panel. It is
a picture of the dashboard's queries and not of Grafana, whose looks it only resembles.
"""

import html
import json
import math
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

DASHBOARDS: Final = {"fr": "linkytui.json", "en": "linkytui-en.json"}
PARIS: Final = ZoneInfo("Europe/Paris")
COLUMN, ROW, GAP = 58, 38, 8  # pixels of the dashboard's grid
PALETTE: Final = ("#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#5794f2", "#b877d9", "#705da0")
INK, FAINT, PAPER, GROUND = "#ccccdc", "#8e8e99", "#181b1f", "#111217"
UNITS: Final = {"voltamp": "VA", "percent": "%", "currencyEUR": "€", "kwatth": "kWh", "watth": "Wh"}
TARGET_POINTS: Final = 400  # how many points a curve has, as Grafana's width decides it

Box = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True)
class Series:
    """What one query answered for one set of tags."""

    name: str
    tags: dict[str, str]
    columns: list[str]
    rows: list[list[Any]]

    def points(self) -> list[tuple[float, float]]:
        """Seconds and values, where there is one."""
        return [(row[0], row[1]) for row in self.rows if isinstance(row[1], (int, float))]

    def last(self) -> Any:
        """The newest value that is one."""
        return next((row[1] for row in reversed(self.rows) if row[1] is not None), None)


Ask = Callable[[str], list[dict[str, Any]]]


def asking(address: str, database: str) -> Ask:
    """Asks queries of an InfluxDB; gives what it calls series."""

    def ask(query: str) -> list[dict[str, Any]]:
        words = urllib.parse.urlencode({"db": database, "epoch": "s", "q": query})
        with urllib.request.urlopen(f"{address}/query?{words}", timeout=30) as answer:  # noqa: S310
            (result,) = json.load(answer)["results"]
        series: list[dict[str, Any]] = result.get("series", [])
        return series

    return ask


class Drawing:
    """One dashboard, drawn at one moment."""

    def __init__(self, dashboard: dict[str, Any], ask: Ask, language: str, now: float) -> None:
        """`now`: seconds since 1970."""
        self._dashboard = dashboard
        self._ask = ask
        self._french = language == "fr"
        self._now = now
        self._chosen: dict[str, str] = {}
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                values = [row[1] for answer in ask(self._filled(variable["query"], {})) for row in answer["values"]]
                self._chosen[variable["name"]] = sorted(values)[0] if values else ""

    def svg(self) -> str:
        """The whole picture."""
        width = 24 * COLUMN + GAP
        height = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in self._dashboard["panels"]) * ROW + GAP
        panels = "\n".join(part for panel in self._dashboard["panels"] for part in self._panel(panel))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="Inter,Helvetica,Arial,sans-serif" font-size="12">\n'
            f'<rect width="{width}" height="{height}" fill="{GROUND}"/>\n{panels}\n</svg>\n'
        )

    def _panel(self, panel: dict[str, Any]) -> Iterator[str]:
        grid = panel["gridPos"]
        x, y = grid["x"] * COLUMN + GAP, grid["y"] * ROW + GAP
        width, height = grid["w"] * COLUMN - GAP, grid["h"] * ROW - GAP
        if panel["type"] == "row":
            yield text(x + 4, y + 20, "▾ " + panel["title"], size=15, weight=600)
            return
        yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" fill="{PAPER}"/>'
        yield text(x + 10, y + 20, panel["title"], weight=600)
        draw = getattr(self, "_" + {"barchart": "months", "bargauge": "gauges"}.get(panel["type"], panel["type"]))
        yield from draw(panel, list(self._series(panel)), (x + 10, y + 32, width - 20, height - 40))

    def _series(self, panel: dict[str, Any]) -> Iterator[Series]:
        names = {
            override["matcher"]["options"]: each["value"]
            for override in panel["fieldConfig"]["overrides"]
            for each in override["properties"]
            if each["id"] == "displayName"
        }
        for target in panel["targets"]:
            for answer in self._ask(self._filled(target["query"], panel)):
                tags = answer.get("tags", {})
                for number, column in enumerate(answer["columns"][1:], 1):
                    if target["resultFormat"] == "table":
                        yield Series(target["alias"], tags, answer["columns"], answer["values"])
                        break
                    name = target["alias"].replace("$col", names.get(column, column))
                    for tag, value in tags.items():
                        name = name.replace(f"$tag_{tag}", value)
                    yield Series(name, tags, ["time", column], [[row[0], row[number]] for row in answer["values"]])

    def _filled(self, query: str, panel: dict[str, Any]) -> str:
        """The query with the dashboard's variables in it."""
        begin = self._begin(panel)
        interval = panel.get("interval") or f"{max(10, round((self._now - begin) / TARGET_POINTS))}s"
        query = query.replace("$timeFilter", f"time >= {begin:.0f}s AND time <= {self._now:.0f}s")
        query = query.replace("$__interval", interval)
        for name, value in self._chosen.items():
            query = query.replace(f"${name}", value)
        return query

    def _begin(self, panel: dict[str, Any]) -> float:
        """Where the panel's time begins."""
        span = panel.get("timeFrom", "30d")
        today = datetime.fromtimestamp(self._now, PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
        if span == "now/d":
            return today.timestamp()
        if span == "now/M":
            return today.replace(day=1).timestamp()
        return self._now - int(span[:-1]) * {"m": 60, "h": 3600, "d": 86_400}[span[-1]]

    def _value(self, value: Any, panel: dict[str, Any]) -> tuple[str, str]:
        """A value as people read it, and its colour."""
        defaults = panel["fieldConfig"]["defaults"]
        for mapping in defaults.get("mappings", ()):
            if str(value) in mapping["options"]:
                said = mapping["options"][str(value)]
                return said["text"], INK if said["color"] == "text" else said["color"]
        if defaults["unit"] == "dateTimeFromNow":
            return ("il y a quelques secondes" if self._french else "a few seconds ago"), PALETTE[0]
        if isinstance(value, str) or value is None:
            return value or "–", PALETTE[0]
        unit = UNITS.get(defaults["unit"], "")
        digits = defaults.get("decimals", 2 if unit == "€" else 0 if unit in ("VA", "%", "Wh") or not unit else 1)
        return f"{self._number(value, digits)} {unit}".strip(), self._threshold(value, defaults)

    def _number(self, value: float, digits: int) -> str:
        shown = f"{value:,.{digits}f}"
        return shown.replace(",", "\u00a0").replace(".", ",") if self._french else shown

    @staticmethod
    def _threshold(value: float, defaults: dict[str, Any]) -> str:
        colour = PALETTE[0]
        for step in defaults.get("thresholds", {}).get("steps", ()):
            if step["value"] is None or value >= step["value"]:
                colour = step["color"]
        return colour

    def _stat(self, panel: dict[str, Any], series: list[Series], box: Box) -> Iterator[str]:
        x, y, width, height = box
        value = series[0].rows[-1][0] if panel["fieldConfig"]["defaults"]["unit"] == "dateTimeFromNow" else None
        shown, colour = self._value(value if value is not None else series[0].last() if series else None, panel)
        size = min(34.0, width / max(1, len(shown)) * 1.6)
        yield text(x + width / 2, y + height / 2 + size / 3, shown, size=size, weight=600, fill=colour, anchor="middle")

    def _gauge(self, panel: dict[str, Any], series: list[Series], box: Box) -> Iterator[str]:
        x, y, width, height = box
        value = float(series[0].last() if series else 0)
        shown, colour = self._value(value, panel)
        bar = min(1.0, value / panel["fieldConfig"]["defaults"]["max"]) * width
        yield f'<rect x="{x}" y="{y + height - 22}" width="{width}" height="16" fill="#2c3038"/>'
        yield f'<rect x="{x}" y="{y + height - 22}" width="{bar:.1f}" height="16" fill="{colour}"/>'
        yield text(x + width / 2, y + height / 2, shown, size=30, weight=600, fill=colour, anchor="middle")

    def _timeseries(self, panel: dict[str, Any], series: list[Series], box: Box) -> Iterator[str]:
        x, y, width, height = box
        begin, custom = self._begin(panel), panel["fieldConfig"]["defaults"]["custom"]
        bars = custom.get("drawStyle") == "bars"
        drawn = [(each.name, each.points()) for each in series]
        drawn = [(name, points) for name, points in drawn if points]
        times = sorted({at for _, points in drawn for at, _ in points})
        if times and not bars:
            begin = max(begin, times[0])
        elif times:
            begin = max(begin, times[0] - (times[-1] - times[0]) / max(1, len(times) - 1))
        stacked: dict[float, float] = {}
        for at, value in (point for _, points in drawn for point in points) if bars else ():
            stacked[at] = stacked.get(at, 0) + value
        top = max([*stacked.values(), *(value for _, points in drawn for _, value in points), 1e-9])
        plot = (x + 44, y + 4, width - 52, height - 44)
        yield from self._axes(plot, begin, top)
        left, upper, wide, high = plot
        slot = wide / max(1, len(times)) if bars else 0.0
        base: dict[float, float] = {}

        def across(at: float) -> float:
            return left + (at - begin) / max(1, self._now - begin) * wide

        for number, (name, points) in enumerate(drawn):
            colour = PALETTE[number % len(PALETTE)]
            if bars:
                for at, value in points:
                    foot = base.get(at, 0.0)
                    base[at] = foot + value
                    place, tall = upper + high - (foot + value) / top * high, value / top * high
                    yield (
                        f'<rect x="{across(at):.1f}" y="{place:.1f}" width="{max(1, min(slot, 60) * 0.8):.1f}" '
                        f'height="{tall:.1f}" fill="{colour}"/>'
                    )
            else:
                path = "L".join(f"{across(at):.1f} {upper + high - value / top * high:.1f}" for at, value in points)
                feet = f"L{across(points[-1][0]):.1f} {upper + high}L{across(points[0][0]):.1f} {upper + high}Z"
                yield f'<path d="M{path}{feet}" fill="{colour}" fill-opacity=".15"/>'
                yield f'<path d="M{path}" fill="none" stroke="{colour}"/>'
                if len(points) == 1:
                    at, value = points[0]
                    level = upper + high - value / top * high
                    yield f'<circle cx="{across(at):.1f}" cy="{level:.1f}" r="3" fill="{colour}"/>'
            yield from legend(name, number, colour, (x, y + height - 8))

    def _axes(self, plot: Box, begin: float, top: float) -> Iterator[str]:
        left, upper, wide, high = plot
        for share in (0, 0.5, 1):
            level = upper + high * (1 - share)
            yield f'<path d="M{left} {level:.1f}h{wide}" stroke="#2c3038"/>'
            digits = 0 if top >= 10 else 1 if top >= 1 else 2
            yield text(left - 6, level + 4, self._number(top * share, digits), fill=FAINT, anchor="end", size=11)
        for at, when in self._ticks(begin, max(2, int(wide / 130))):
            place = left + (at - begin) / (self._now - begin) * wide
            yield text(place, upper + high + 16, when, fill=FAINT, size=11)

    def _ticks(self, begin: float, most: int) -> Iterator[tuple[float, str]]:
        """Moments on the axis of time: whole days where there are several, else equal steps."""
        days = (self._now - begin) / 86_400
        if days > 3:
            step = max(1, math.ceil(days / most)) * 86_400
            first = datetime.fromtimestamp(begin, PARIS).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
            moments = [first + number * step for number in range(1, most + 1)]
            form = "%d/%m"
        else:
            moments = [begin + days * 86_400 * number / most for number in range(most)]
            form = "%d/%m %H:%M" if days > 1 else "%H:%M"
        for at in moments:
            if at <= self._now:
                yield at, datetime.fromtimestamp(at, PARIS).strftime(form)

    def _months(self, _panel: dict[str, Any], series: list[Series], box: Box) -> Iterator[str]:
        x, y, width, height = box
        sums: dict[str, dict[str, float]] = {}
        for each in series:
            for at, value in each.points():
                month = datetime.fromtimestamp(at, PARIS).strftime("%Y-%m")
                sums.setdefault(month, {}).setdefault(each.name, 0.0)
                sums[month][each.name] += value
        top = max((sum(parts.values()) for parts in sums.values()), default=1.0)
        slot = width / max(1, len(sums))
        for place, (month, parts) in enumerate(sorted(sums.items())):
            level = y + height - 40
            for number, (name, value) in enumerate(parts.items()):
                tall = value / top * (height - 50)
                level -= tall
                left = x + place * slot + slot * 0.15
                yield (
                    f'<rect x="{left:.1f}" y="{level:.1f}" width="{slot * 0.7:.1f}" height="{tall:.1f}" '
                    f'fill="{PALETTE[number]}"/>'
                )
                middle = x + (place + 0.5) * slot
                yield text(middle, level + tall / 2 + 4, self._number(value, 0) + " kWh", fill=GROUND, anchor="middle")
                yield from legend(name, number, PALETTE[number], (x, y + height - 8))
            yield text(x + (place + 0.5) * slot, y + height - 24, month, fill=FAINT, anchor="middle", size=11)

    def _gauges(self, panel: dict[str, Any], series: list[Series], box: Box) -> Iterator[str]:
        x, y, width, height = box
        shown = [(each.name, float(each.last())) for each in series if each.last() is not None]
        top = max((value for _, value in shown), default=1.0)
        tall = min(34.0, height / max(1, len(shown)))
        for number, (name, value) in enumerate(shown):
            level = y + number * tall
            yield text(x, level + 11, name, size=11)
            yield (
                f'<rect x="{x}" y="{level + 15:.1f}" width="{value / top * (width - 90):.1f}" '
                f'height="{tall - 20:.1f}" fill="{PALETTE[0]}"/>'
            )
            yield text(x + width, level + tall - 8, self._value(value, panel)[0], fill=PALETTE[0], anchor="end")

    def _table(self, panel: dict[str, Any], series: list[Series], box: Box) -> Iterator[str]:
        x, y, width, height = box
        if any(each.get("id") == "transpose" for each in panel.get("transformations", ())):
            lines = [
                (column.removeprefix("last_"), str(value))
                for each in series
                for column, value in zip(each.columns[1:], each.rows[-1][1:], strict=True)
                if value is not None
            ]
        else:
            lines = [(" ".join(each.tags.values()), self._value(each.last(), panel)[0]) for each in series]
        for number, (name, value) in enumerate(lines[: int(height / 20)]):
            level = y + number * 20
            yield text(x, level + 13, name)
            yield text(x + width, level + 13, value, anchor="end")
            yield f'<path d="M{x} {level + 18}h{width}" stroke="#2c3038"/>'


def text(
    x: float, y: float, words: str, *, size: float = 12, weight: int = 400, fill: str = INK, anchor: str = "start"
) -> str:
    """Words in the picture."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{html.escape(words, quote=False)}</text>'
    )


def legend(name: str, number: int, colour: str, at: tuple[float, float]) -> Iterator[str]:
    """The name of a series in its colour, beside those before."""
    left = at[0] + number * 118
    yield f'<rect x="{left}" y="{at[1] - 6}" width="12" height="4" fill="{colour}"/>'
    yield text(left + 16, at[1], name, fill=FAINT, size=11)


def drawn(language: str, ask: Ask, now: float | None = None) -> str:
    """The dashboard in a language, as SVG."""
    dashboard = json.loads((Path(__file__).parent / "dashboards" / DASHBOARDS[language]).read_text(encoding="utf-8"))
    return Drawing(dashboard, ask, language, now or time.time()).svg()


def main() -> None:
    """Draw what the database holds."""
    if len(sys.argv) != 4 or sys.argv[3] not in DASHBOARDS:
        raise SystemExit("usage: draw.py http://HOST:8086 DATABASE fr|en")
    sys.stdout.write(drawn(sys.argv[3], asking(sys.argv[1], sys.argv[2])))


if __name__ == "__main__":
    main()
