"""Two days as every table tells them: a maker for each layout, with made-up numbers."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tests.imports.files import PARIS, PRM

CIVIL = "%d/%m/%Y %H:%M:%S"


class Half(NamedTuple):
    """A half hour."""

    start: datetime
    end: datetime
    watts: int

    @property
    def kwh(self) -> float:
        return self.watts / 2000

    @property
    def shown_end(self) -> datetime:
        """The end as some tools write it: the beginning on the clock, and half an hour more."""
        return self.start.replace(tzinfo=None) + timedelta(minutes=30)


def halves(first: str, last: str, watts: Callable[[int], int] = lambda place: 400 + 100 * (place % 5)) -> list[Half]:
    """The half hours of a stretch of time, by the clock of Paris."""
    start, end = (datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp() for text in (first, last))
    count = round(end - start) // 1800
    moments = [datetime.fromtimestamp(start + 1800 * place, PARIS) for place in range(count + 1)]
    return [Half(moments[place], moments[place + 1], watts(place)) for place in range(count)]


def comma(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"


def enedis(rows: Sequence[Half]) -> str:
    return "\r\n".join(["Horodate;Valeur", *(f"{row.end.isoformat()};{row.watts}" for row in rows)])


def enedis_local(rows: Sequence[Half]) -> str:
    return "\n".join(["Horodate;Valeur", *(f"{row.end:%Y-%m-%d %H:%M:%S};{row.watts}" for row in rows)])


def professional(rows: Sequence[Half]) -> str:
    heading = "Identifiant PRM;Grandeur physique;Grandeur métier;Unité;Horodate;Valeur;Nature;Pas"
    lines = [f"{PRM};EA;CONS;W;{row.end:%Y-%m-%d %H:%M:%S};{row.watts};R;PT30M" for row in rows]
    other = [f"{PRM};ER;CONS;VAR;{row.end:%Y-%m-%d %H:%M:%S};7;R;PT30M" for row in rows]
    sold = [f"{PRM};EA;PROD;W;{row.end:%Y-%m-%d %H:%M:%S};900;R;PT30M" for row in rows]
    return "\n".join([heading, *lines, *other, *sold])


def edf(rows: Sequence[Half]) -> str:
    return "\ufeffdebut;fin;kW\n" + "\n".join(
        f'{row.start.isoformat()};{row.end.isoformat()};"{comma(row.watts / 1000)}"' for row in rows
    )


def edf_powers(rows: Sequence[Half]) -> str:
    """Newest day first, each day from its first half hour to its last."""
    lines = ["Récapitulatif de mes puissances atteintes en W", ""]
    lines += ["Date et heure de relève par le distributeur;Puissance atteinte (W);Nature de la donnée", ""]
    for day in sorted({row.start.date() for row in rows}, reverse=True):
        lines.append(f"{day:%d/%m/%Y};;")
        lines += [f"{row.end:%H:%M:%S};{row.watts};Réelle" for row in rows if row.start.date() == day]
        lines.append("")
    return "\n".join(lines)


def total_energies(rows: Sequence[Half]) -> str:
    lines = [f'{PRM};"{row.start:%d/%m/%Y %H:%M}";"{row.kwh:.3f} kWh"' for row in rows]
    return "\n".join(["N° de PDL;Date;Consommation", *lines[::-1]])


def other_tool(rows: Sequence[Half]) -> str:
    return "\n".join(["Date;Time;Conso (W)", *(f"{row.start:%d/%m/%Y};{row.start:%H:%M};{row.watts}" for row in rows)])


def conso_downloader(rows: Sequence[Half]) -> str:
    lines = [f"{row.start:{CIVIL}};{row.shown_end:{CIVIL}};{comma(row.watts / 1000)}" for row in rows]
    return "\n".join(["Début;Fin;Valeur (en Kw)", *lines])


def swapped(rows: Sequence[Half]) -> str:
    """Other columns, in another order, with tabs, quotes and a sum below."""
    lines = [f'"{row.kwh}"\t"Réelle"\t"{row.start:{CIVIL}}"\t"{row.end:{CIVIL}}"\t"0.12"' for row in rows]
    return "\n".join(
        ["Export", "", '"Energie (kWh)"\t"Nature"\t"Date de début"\t"Date de fin"\t"Coût (€)"', *lines, "", "Total"]
    )


def ends_apart(rows: Sequence[Half]) -> str:
    lines = [f"{row.start:%d-%m-%Y};{row.end:%H:%M};{comma(row.kwh)}" for row in rows]
    return "\n".join(["Jour;Heure;Consommation (kWh)", *lines])


def serial_numbers(rows: Sequence[Half]) -> str:
    def serial(moment: datetime) -> str:
        return f"{(moment.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / 86400:.9f}"  # noqa: DTZ001

    lines = [f"{serial(row.start)};{serial(row.end)};{row.watts / 1000}" for row in rows]
    return "\n".join(["Début;Fin;Valeur (en kW)", *lines])


def answer(rows: Sequence[Half]) -> str:
    readings = [
        {"value": str(row.watts), "date": f"{row.end:%Y-%m-%d %H:%M:%S}", "interval_length": "PT30M"} for row in rows
    ]
    kind = {"unit": "W", "measurement_kind": "power"}
    return json.dumps({"meter_reading": {"usage_point_id": PRM, "reading_type": kind, "interval_reading": readings}})


def _upto(rows: Sequence[Half]) -> list[float]:
    found = [0.0]
    for row in rows:
        found.append(found[-1] + row.kwh)
    return found


def home_assistant(rows: Sequence[Half]) -> str:
    moments = [rows[0].start, *(row.end for row in rows)]
    lines = [f"sensor.linky,{100 + kwh:.3f},{utc(at)}" for at, kwh in zip(moments, _upto(rows), strict=True)]
    return "\n".join(["entity_id,state,last_changed", f"sensor.linky,unavailable,{utc(moments[0])}", *lines])


def _hours(rows: Sequence[Half]) -> list[tuple[datetime, float]]:
    return [(one.start, one.kwh + other.kwh) for one, other in zip(rows[::2], rows[1::2], strict=True)]


def statistics(rows: Sequence[Half]) -> str:
    lines = [f"sensor.linky\tkWh\t{utc(at)}\t{kwh:.4f}" for at, kwh in _hours(rows)]
    return "\n".join(["statistic_id\tunit\tstart\tdelta", *lines])


def dashboard(rows: Sequence[Half]) -> str:
    heading = ["entity_id", "type", "unit", *(utc(at) for at, _kwh in _hours(rows))]
    bought = ["sensor.linky", "grid_consumption", "kWh", *(f"{kwh:.4f}" for _at, kwh in _hours(rows))]
    cost = ["sensor.linky_cost", "grid_consumption_cost", "EUR", *("0.1" for _hour in _hours(rows))]
    return "\n".join(",".join(row) for row in (heading, bought, cost))


LAYOUTS = (
    enedis,
    enedis_local,
    professional,
    edf,
    edf_powers,
    total_energies,
    other_tool,
    conso_downloader,
    swapped,
    ends_apart,
    serial_numbers,
    answer,
    home_assistant,
    statistics,
    dashboard,
)
