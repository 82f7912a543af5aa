"""How long `linkytui offers` takes on a recorded year: over forty offers here, the regulated four in another version.

    python benchmarks/offers.py [--other FOLDER] [--contract base|hphc] [--times 5]

`--other` is a tree of another version of linkytui; both take turns, so that a busy machine is busy for both. The year
has a reading a minute; off-peak hours begin and end at half past, and a third of the offers have own calendars.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEAST = 40

HISTORY = """
import sys, time
from pathlib import Path
from linkytui.history import Importer, Sample
from linkytui.reading import Contract
contract = Contract(sys.argv[2])
end = int(time.time()) // 3600 * 3600
names = {"BASE": ("BASE", "BASE"), "HPHC": ("HP", "HC")}[contract.value]
def samples():
    registers = dict.fromkeys(names, 1_000_000)
    for at in range(end - 366 * 86400, end, 60):
        clock = time.localtime(at)
        minute = clock.tm_hour * 60 + clock.tm_min
        name = names[minute >= 1350 or minute < 390]
        registers[name] += 4 + at // 60 * 7919 % 13 + (20 if 1080 < minute < 1260 else 0)
        yield Sample(at, 60 * 12, name, dict(registers), meter="012345678901", contract=contract, limit_kva=6.0)
with Importer(Path(sys.argv[1])) as importer:
    importer.import_samples(samples())
"""

OWN: Mapping[str, Mapping[str, str]] = {
    "Week-end": {"HP semaine": "", "HC semaine": "", "week-end": "du samedi 0h au dimanche 23h59"},
    "Fête": {"HP semaine": "", "HC semaine": "", "week-end": "samedi, dimanche et jours fériés"},
    "Super": {"super HC": "De 3h01 à 7h00", "HC": "De 1h01 à 3h00 & 13h01 à 15h", "HP": ""},
    "Nuit": {"super HC": "de 2h15 à 6h15", "HC": "", "HP": ""},
    "Saisons": {"HP saison haute": "", "HC saison haute": "", "HP saison basse": "", "HC saison basse": ""},
    "Hiver": {
        name: "novembre à mars" if "hiver" in name else "avril à octobre" for name in ("HP hiver", "HC hiver", "HP été")
    }
    | {"HC été": "avril à octobre"},
    "Solaire": {"heures solaires": "de 11h30 à 16h45", "HC": "", "HP": ""},
}


def grids() -> list[dict[str, object]]:
    """The lines of a price book: offers of 36, with those of their own calendars."""
    found: list[dict[str, object]] = []
    for number in range(12):
        found.append(offer(f"Base {number}", "BASE", {"BASE": 0.19 + number / 1000}))
        found.append(offer(f"Creuses {number}", "HPHC", {"HC": 0.16, "HP": 0.21 + number / 1000}))
    for number in range(2):
        for name, hours in OWN.items():
            prices = {period: 0.15 + place / 50 for place, period in enumerate(hours)}
            said = {period: text for period, text in hours.items() if text}
            found.append(offer(f"{name} {number}", "OTHER", prices) | {"hours": said})
    return found


def offer(name: str, option: str, prices: Mapping[str, float]) -> dict[str, object]:
    """One price, at 6 kVA."""
    return {
        "provider": "Lac",
        "offer": name,
        "option": option,
        "power_kva": 6,
        "subscription": "15.00",
        "prices": {period: f"{price:.4f}" for period, price in prices.items()},
        "valid_from": "2025-01-01",
        "source": {"kind": "grid", "file": "grid.pdf"},
    }


class Tree:
    """A version of linkytui with a history of its own."""

    def __init__(self, root: Path, home: Path, contract: str) -> None:
        folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("LINKYTUI_", "XDG_", "PYTHON"))
        }
        own = {"PYTHONPATH": str(root), "PYTHONPYCACHEPREFIX": str(home / "compiled")}
        self._environment = kept | folders | own | {"HOME": str(home), "TZ": "Europe/Paris"}
        self.data = home / "data" / "linkytui"
        self.data.mkdir(parents=True)
        config = home / "config" / "linkytui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(
            '[meter]\npower_kva = 6\n[tariff]\nfetch = false\noff_peak = ["22:30-06:30"]\n', encoding="utf-8"
        )
        self.python("-c", HISTORY, str(self.data), contract.upper())

    def python(self, *arguments: str) -> str:
        """Run Python in this version."""
        return subprocess.run(
            [sys.executable, *arguments], env=self._environment, check=True, capture_output=True, text=True, cwd="/"
        ).stdout

    def compare(self) -> tuple[float, list[str]]:
        """Seconds of processor time that the command takes, and its lines."""
        before = os.times()
        lines = self.python("-m", "linkytui", "offers", "--json").splitlines()
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system, lines


def main() -> None:
    """Measure, and print seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--contract", choices=("base", "hphc"), default="hphc")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        here = Tree(ROOT, Path(folder) / "here", asked.contract)
        lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in grids())
        (here.data / "prices.jsonl").write_text("".join(lines), encoding="utf-8")
        trees = {"here": here}
        if asked.other:
            trees["other"] = Tree(asked.other.resolve(), Path(folder) / "other", asked.contract)
        print(f"recorded in {time.monotonic() - began:.0f} s")
        seconds: dict[str, list[float]] = {name: [] for name in trees}
        for _ in range(asked.times):
            for name, tree in trees.items():
                taken, rows = tree.compare()
                seconds[name].append(taken)
                trees_rows = len(rows)
                if name == "here" and trees_rows < LEAST:
                    raise SystemExit(f"only {trees_rows} offers were compared")
                print(f"{name}: {trees_rows} offers in {taken:.2f} s")
        for name, taken_by in seconds.items():
            print(f"{name}: median {statistics.median(taken_by):.2f} s, best {min(taken_by):.2f} s")


if __name__ == "__main__":
    main()
