"""Every label of both modes: meaning, width, unit and form. The one table that the rest reads.

Source: Enedis-NOI-CPT_54E, 6.1.1 and 6.1.2 (historic mode), 6.2.2 (standard mode); ERDF-NOI-CPT_02E, 2.3, for the
values of OPTARIF, PTEC and DEMAIN.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

from linkytui.tic.horodate import Horodate


class Mode(StrEnum):
    """The two languages of the client output (Enedis-NOI-CPT_54E, 3.3)."""

    HISTORIC = "historic"  # 1200 baud, fields separated by a space
    STANDARD = "standard"  # 9600 baud, fields separated by a tab


class Kind(StrEnum):
    """What the data of a label is, which decides what it may contain."""

    IDENTIFIER = "identifier"  # digits that are a name, not a number: leading zeros matter
    INDEX = "index"  # an energy counter; it never goes backwards
    INTEGER = "integer"
    CODE = "code"  # one of a few values that the specification lists
    TEXT = "text"
    BITS = "bits"
    PROFILE = "profile"
    DATE = "date"  # the horodate is the information; the data is empty or unexplained


class Label(NamedTuple):
    """What the specification says of one label."""

    name: str
    meaning_en: str
    meaning_fr: str
    width: int  # characters of the data; fixed
    unit: str  # `Wh`, `VArh`, `VA`, `W`, `A`, `V`, `kVA`, `min`, or nothing
    kind: Kind
    horodated: bool
    three_phase: bool  # sent by three-phase meters only
    producer: bool  # sent by meters set up for production only
    section: str  # where the specification describes it; Enedis-NOI-CPT_54E unless it says 02E
    fits: Callable[[str], object]  # truthy when the data can be this label's

    def accepts(self, data: str, horodate: str | None) -> bool:
        """Whether the data, and the horodate or its absence, can be this label's.

        A sum of six bits lets one error in 64 through, so every group passes this check after the checksum.
        """
        if horodate is None:
            return not self.horodated and bool(self.fits(data))
        if not self.horodated or not self.fits(data):
            return False
        try:
            Horodate.parse(horodate)
        except ValueError:
            return False
        return True


def _matches(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern, re.ASCII).fullmatch


def _number(low: int, high: int, width: int, data: str) -> bool:
    return len(data) == width and data.isascii() and data.isdigit() and low <= int(data) <= high


_FORMS: Final[Mapping[str, Callable[[str], object]]] = {
    "OPTARIF": _matches(r"BASE|HC\.\.|EJP\.|BBR[ -~]"),
    "PTEC": _matches(r"TH\.\.|HC\.\.|HP\.\.|HN\.\.|PM\.\.|H[CP]J[BWR]"),
    "DEMAIN": _matches(r"----|BLEU|BLAN|ROUG"),
    "HHPHC": _matches(r"[A-Z0-9]"),
    "MOTDETAT": _matches(r"[0-9A-F]{6}"),
    "PPOT": _matches(r"0[02468ACE]"),
    "STGE": _matches(r"[0-9A-F]{8}"),
    "RELAIS": partial(_number, 0, 255, 3),
    "NTARF": partial(_number, 1, 10, 2),
}

_DAY_BLOCKS: Final = r"(?:[0-9A-F]{8}|NONUTILE)(?: (?:[0-9A-F]{8}|NONUTILE)){10}"


def _form(name: str, kind: Kind, width: int) -> Callable[[str], object]:
    if name in _FORMS:
        return _FORMS[name]
    if kind in (Kind.IDENTIFIER, Kind.INDEX, Kind.INTEGER):
        return _matches(rf"\d{{{width}}}")
    if kind is Kind.PROFILE:
        return _matches(_DAY_BLOCKS)
    return _matches(rf"[ -~]{{{width}}}")


class _Table:
    """Collects the labels of a mode in the order in which the meter sends them."""

    def __init__(self) -> None:
        self.rows: dict[str, Label] = {}

    def add(
        self,
        name: str,
        english: str,
        french: str,
        width: int,
        kind: Kind,
        unit: str = "",
        *,
        section: str,
        dated: bool = False,
        three: bool = False,
        producer: bool = False,
    ) -> None:
        form = _form(name, kind, width)
        self.rows[name] = Label(name, english, french, width, unit, kind, dated, three, producer, section, form)


def _historic() -> Mapping[str, Label]:
    table = _Table()
    both, mono, tri = "6.1.1, 6.1.2", "6.1.1", "6.1.2"
    add, integer = table.add, Kind.INTEGER
    add("ADCO", "Serial number of the meter", "Adresse du compteur", 12, Kind.IDENTIFIER, section="2.2")
    add("OPTARIF", "Tariff option", "Option tarifaire", 4, Kind.CODE, section="02E 2.3")
    add("ISOUSC", "Subscribed current, per phase", "Intensité souscrite, par phase", 2, integer, "A", section=both)
    for name, english, french in (
        ("BASE", "Energy, all hours", "Énergie, option Base"),
        ("HCHC", "Energy, off-peak hours", "Énergie, heures creuses"),
        ("HCHP", "Energy, peak hours", "Énergie, heures pleines"),
        ("EJPHN", "Energy, normal hours (EJP)", "Énergie, heures normales (EJP)"),
        ("EJPHPM", "Energy, mobile peak hours (EJP)", "Énergie, pointe mobile (EJP)"),
        ("BBRHCJB", "Energy, off-peak, blue days", "Énergie, heures creuses, jours bleus"),
        ("BBRHPJB", "Energy, peak, blue days", "Énergie, heures pleines, jours bleus"),
        ("BBRHCJW", "Energy, off-peak, white days", "Énergie, heures creuses, jours blancs"),
        ("BBRHPJW", "Energy, peak, white days", "Énergie, heures pleines, jours blancs"),
        ("BBRHCJR", "Energy, off-peak, red days", "Énergie, heures creuses, jours rouges"),
        ("BBRHPJR", "Energy, peak, red days", "Énergie, heures pleines, jours rouges"),
    ):
        add(name, english, french, 9, Kind.INDEX, "Wh", section=both)
    add("PEJP", "Notice of an EJP peak", "Préavis de pointe mobile (EJP)", 2, integer, "min", section=both)
    add("PTEC", "Running tariff period", "Période tarifaire en cours", 4, Kind.CODE, section="02E 2.3")
    add("DEMAIN", "Colour of tomorrow", "Couleur du lendemain", 4, Kind.CODE, section="02E 2.3")
    add("IINST", "Current", "Intensité instantanée", 3, integer, "A", section=mono)
    add("ADPS", "Over-subscription, current", "Dépassement de puissance souscrite", 3, integer, "A", section=mono)
    add("IMAX", "Maximum current", "Intensité maximale", 3, integer, "A", section=mono)
    for phase in (1, 2, 3):
        english, french = f"Current, phase {phase}", f"Intensité instantanée, phase {phase}"
        add(f"IINST{phase}", english, french, 3, integer, "A", section=tri, three=True)
    for phase in (1, 2, 3):
        english, french = f"Maximum current, phase {phase}", f"Intensité maximale, phase {phase}"
        add(f"IMAX{phase}", english, french, 3, integer, "A", section=tri, three=True)
    add(
        "PMAX",
        "Highest apparent power of the day before",
        "Puissance apparente maximale de la veille",
        5,
        integer,
        "VA",  # the table says W, its text says the apparent power of day n-1
        section=tri,
        three=True,
    )
    add("PAPP", "Apparent power", "Puissance apparente", 5, integer, "VA", section=both)
    add("HHPHC", "Peak hours timetable", "Horaire heures pleines heures creuses", 1, Kind.CODE, section=both)
    add("MOTDETAT", "Status word of the meter", "Mot d'état du compteur", 6, Kind.TEXT, section=both)
    add("PPOT", "Voltage present on the phases", "Présence des potentiels", 2, Kind.BITS, section=tri, three=True)
    for phase in (1, 2, 3):
        english, french = f"Over-current, phase {phase}", f"Dépassement d'intensité, phase {phase}"
        add(f"ADIR{phase}", english, french, 3, integer, "A", section=tri, three=True)
    return MappingProxyType(table.rows)


def _standard() -> Mapping[str, Label]:
    table = _Table()
    add, integer, index, text = table.add, Kind.INTEGER, Kind.INDEX, Kind.TEXT
    add("ADSC", "Serial number of the meter", "Adresse secondaire du compteur", 12, Kind.IDENTIFIER, section="6.2.3.1")
    add("VTIC", "Version of the output", "Version de la TIC", 2, Kind.IDENTIFIER, section="6.2.3.2")
    add("DATE", "Date and time", "Date et heure courantes", 0, Kind.DATE, section="6.2.3.3", dated=True)
    add("NGTF", "Supplier's calendar", "Calendrier tarifaire du fournisseur", 16, text, section="6.2.3.4")
    add("LTARF", "Supplier's running tariff", "Tarif fournisseur en cours", 16, text, section="6.2.3.5")
    add("EAST", "Energy drawn, total", "Énergie active soutirée totale", 9, index, "Wh", section="6.2.3.6")
    for number in range(1, 11):
        english, french = f"Supplier's register {number}", f"Index fournisseur {number}"
        add(f"EASF{number:02}", english, french, 9, index, "Wh", section="6.2.3.6")
    for number in range(1, 5):
        english, french = f"Distributor's register {number}", f"Index distributeur {number}"
        add(f"EASD{number:02}", english, french, 9, index, "Wh", section="6.2.3.6")
    add(
        "EAIT",
        "Energy injected, total",
        "Énergie active injectée totale",
        9,
        index,
        "Wh",
        section="6.2.3.6",
        producer=True,
    )
    for quadrant in range(1, 5):
        english, french = f"Reactive energy, quadrant {quadrant}", f"Énergie réactive, quadrant {quadrant}"
        add(f"ERQ{quadrant}", english, french, 9, index, "VArh", section="6.2.3.6", producer=True)
    for phase in (1, 2, 3):
        english, french = f"Current, phase {phase}", f"Courant efficace, phase {phase}"
        add(f"IRMS{phase}", english, french, 3, integer, "A", section="6.2.3.7", three=phase > 1)
    for phase in (1, 2, 3):
        english, french = f"Voltage, phase {phase}", f"Tension efficace, phase {phase}"
        add(f"URMS{phase}", english, french, 3, integer, "V", section="6.2.3.8", three=phase > 1)
    add("PREF", "Subscribed power", "Puissance de référence (souscrite)", 2, integer, "kVA", section="6.2.3.9")
    add("PCOUP", "Cut-off power of the breaker", "Puissance de coupure", 2, integer, "kVA", section="6.2.3.9")
    add("SINSTS", "Apparent power drawn", "Puissance apparente soutirée", 5, integer, "VA", section="6.2.3.10")
    for phase in (1, 2, 3):
        english, french = f"Apparent power drawn, phase {phase}", f"Puissance apparente soutirée, phase {phase}"
        add(f"SINSTS{phase}", english, french, 5, integer, "VA", section="6.2.3.10", three=True)
    for suffix, day_en, day_fr in (("", "today", "du jour"), ("-1", "the day before", "de la veille")):
        english, french = f"Highest power drawn {day_en}", f"Puissance maximale soutirée {day_fr}"
        add(f"SMAXSN{suffix}", english, french, 5, integer, "VA", section="6.2.3.11", dated=True)
        for phase in (1, 2, 3):
            add(
                f"SMAXSN{phase}{suffix}",
                f"{english}, phase {phase}",
                f"{french}, phase {phase}",
                5,
                integer,
                "VA",
                section="6.2.3.11",
                dated=True,
                three=True,
            )
    produced = partial(add, section="6.2.3.11", dated=True, producer=True)
    add(
        "SINSTI",
        "Apparent power injected",
        "Puissance apparente injectée",
        5,
        integer,
        "VA",
        section="6.2.3.10",
        producer=True,
    )
    produced("SMAXIN", "Highest power injected today", "Puissance maximale injectée du jour", 5, integer, "VA")
    produced(
        "SMAXIN-1",
        "Highest power injected the day before",
        "Puissance maximale injectée de la veille",
        5,
        integer,
        "VA",
    )
    curve = partial(add, section="6.2.3.12", dated=True)
    curve("CCASN", "Load curve, power drawn", "Courbe de charge soutirée", 5, integer, "W")
    curve(
        "CCASN-1",
        "Load curve, power drawn, point before",
        "Courbe de charge soutirée, point précédent",
        5,
        integer,
        "W",
    )
    curve("CCAIN", "Load curve, power injected", "Courbe de charge injectée", 5, integer, "W", producer=True)
    curve(
        "CCAIN-1",
        "Load curve, power injected, point before",
        "Courbe de charge injectée, point précédent",
        5,
        integer,
        "W",
        producer=True,
    )
    for phase in (1, 2, 3):
        english, french = f"Mean voltage, phase {phase}", f"Tension moyenne, phase {phase}"
        add(f"UMOY{phase}", english, french, 3, integer, "V", section="6.2.3.13", dated=True, three=phase > 1)
    add("STGE", "Status register", "Registre de statuts", 8, Kind.BITS, section="6.2.3.14")
    for peak in (1, 2, 3):
        start, end = f"Start of mobile peak {peak}", f"End of mobile peak {peak}"
        debut, fin = f"Début de la pointe mobile {peak}", f"Fin de la pointe mobile {peak}"
        add(f"DPM{peak}", start, debut, 2, Kind.DATE, section="6.2.3.15", dated=True)
        add(f"FPM{peak}", end, fin, 2, Kind.DATE, section="6.2.3.15", dated=True)
    add("MSG1", "Message", "Message court", 32, text, section="6.2.3.16")
    add("MSG2", "Short message, sent once", "Message ultra court, émis une fois", 16, text, section="6.2.3.17")
    add("PRM", "Delivery point", "Point de livraison (PRM)", 14, Kind.IDENTIFIER, section="6.2.3.18")
    add("RELAIS", "Relays", "Relais", 3, Kind.BITS, section="6.2.3.19")
    add("NTARF", "Register that counts now", "Numéro de l'index en cours", 2, integer, section="6.2.3.20")
    add("NJOURF", "Day profile of today", "Profil du jour en cours", 2, integer, section="6.2.3.21")
    add("NJOURF+1", "Day profile of tomorrow", "Profil du prochain jour", 2, integer, section="6.2.3.21")
    add("PJOURF+1", "Timetable of tomorrow", "Horaires du prochain jour", 98, Kind.PROFILE, section="6.2.3.22")
    add(
        "PPOINTE",
        "Timetable of the next peak day",
        "Horaires du prochain jour de pointe",
        98,
        Kind.PROFILE,
        section="6.2.3.23",
    )
    return MappingProxyType(table.rows)


LABELS: Final[Mapping[Mode, Mapping[str, Label]]] = MappingProxyType(
    {Mode.HISTORIC: _historic(), Mode.STANDARD: _standard()}
)
"""Per mode, every label of the specification by name, in the order in which the meter sends them."""

EARLIER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{f"SINST{phase}": f"SINSTS{phase}" for phase in (1, 2, 3)},
        **{f"SMAXN{phase}{day}": f"SMAXSN{phase}{day}" for day in ("", "-1") for phase in ("", 1, 2, 3)},
        "PPOINTE1": "PPOINTE",
    }
)
"""What meters of the pilot series (types 67 and 68) call labels of the standard mode, and what those are called today.

On a single-phase meter, SINST1 is all that is drawn: SINSTS. No edition of the specification that can be had names
them; they were seen on meters, and in programs for them."""

KNOWN_LABELS: Final[Mapping[Mode, Mapping[str, Label]]] = MappingProxyType(
    {
        Mode.HISTORIC: LABELS[Mode.HISTORIC],
        Mode.STANDARD: MappingProxyType(
            {
                **LABELS[Mode.STANDARD],
                **{
                    name: LABELS[Mode.STANDARD][today]._replace(name=name, three_phase=name[-1] in "23")
                    for name, today in EARLIER_NAMES.items()
                },
            }
        ),
    }
)
"""The labels of the specification, then those under their earlier names."""

FIRST_LABELS: Final = frozenset({"ADCO", "ADSC"})
"""What a normal frame begins with. A three-phase short frame may begin with an ADIR label instead."""

OVERCURRENT_LABELS: Final = frozenset({"ADIR1", "ADIR2", "ADIR3"})
"""What only the short frames of a three-phase meter hold (Enedis-NOI-CPT_54E, 6.1.2)."""

SHORT_FRAME_LABELS: Final = frozenset({"ADCO", "IINST1", "IINST2", "IINST3"}) | OVERCURRENT_LABELS
"""All that a three-phase short frame may hold (Enedis-NOI-CPT_54E, 6.1.2)."""
