"""How Home Assistant is told of the answers: names, units, classes. Pure."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from linkytui.i18n import N_, _
from linkytui.link import Link, LinkState
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.tic.status import Colour
from linkytui.wording.terms import colour_name, register_name, state_name

COST_OF: Final = "cost_"  # with a register in small letters
ALL_COSTS: Final = "cost_energy"

_NOT_CALLED: Final[Mapping[str, str]] = MappingProxyType({})


class AnswerEntity(NamedTuple):
    """What Home Assistant is told of one answer."""

    name: str
    icon: str
    device_class: str | None = None
    unit: str | None = None
    state_class: str | None = None
    decimals: int | None = None
    diagnostic: bool = False


_COST: Final = AnswerEntity("", "mdi:cash-multiple", "monetary", "EUR", "total", 2)

_ENTITIES: Final = {
    "link": AnswerEntity(N_("Link to the meter"), "mdi:connection", "enum", diagnostic=True),
    "active_power": AnswerEntity(N_("Active power"), "mdi:flash", "power", "W", "measurement", 0),
    "period": AnswerEntity(N_("Running period"), "mdi:clock-outline"),
    "period_until": AnswerEntity(N_("Running period ends"), "mdi:clock-end", "timestamp"),
    "price": AnswerEntity(N_("Price now"), "mdi:cash", None, "EUR/kWh", "measurement", 4),
    "month_cost": _COST._replace(name=N_("Cost this month")),
    "month_estimate": _COST._replace(name=N_("Estimated cost of the month"), icon="mdi:cash-clock", state_class=None),
    "yesterday_cost": _COST._replace(name=N_("Cost yesterday"), icon="mdi:cash-check", state_class=None),
    ALL_COSTS: _COST._replace(name=N_("Energy cost this month")),
    "income": _COST._replace(name=N_("Income from injected energy this month"), icon="mdi:cash-plus"),
    "tempo_today": AnswerEntity(N_("Tempo colour today"), "mdi:calendar-today", "enum"),
    "tempo_tomorrow": AnswerEntity(N_("Tempo colour tomorrow"), "mdi:calendar-arrow-right", "enum"),
    "tempo_blue_left": AnswerEntity(N_("Tempo, blue days left"), "mdi:calendar-range"),
    "tempo_white_left": AnswerEntity(N_("Tempo, white days left"), "mdi:calendar-range"),
    "tempo_red_left": AnswerEntity(N_("Tempo, red days left"), "mdi:calendar-range"),
}

ANSWERS: Final = tuple(_ENTITIES)
"""Every answer but the costs of the registers."""


def answer_entity(answer: str, called: Mapping[str, str] = _NOT_CALLED) -> AnswerEntity:
    """What is told of an answer, its name in the language spoken now.

    `called`: what meter and offer call the registers of a supplier's own calendar.
    """
    register = register_of_cost(answer)
    if register is not None:
        name = _("Energy cost this month: {register}").format(register=register_name(register, called))
        return _COST._replace(name=name)
    entity = _ENTITIES[answer]
    unit = _("days") if answer.endswith("_left") else entity.unit
    return entity._replace(name=_(entity.name), unit=unit)


def register_of_cost(name: str) -> str | None:
    """The register whose cost an answer is; None for other answers."""
    return name.removeprefix(COST_OF).upper() if name.startswith(COST_OF) and name != ALL_COSTS else None


def outlived(contract: Contract | None, answers: Collection[str]) -> frozenset[str]:
    """Answers of another contract, which will not come again: what Home Assistant was told of them can go.

    `answers`: those of now. As long as they hold costs of another contract, as in the month of a change or where the
    person has set another option, or none at all, nothing is certain, and none is named.
    """
    costs = {answer for answer in answers if register_of_cost(answer)}
    if contract is None or not costs <= _costs(contract) or not costs:
        return frozenset()
    others = frozenset[str]().union(*map(_costs, Contract)) - _costs(contract)
    if len(REGISTERS[contract]) == 1:
        others |= {ALL_COSTS}
    if contract is not Contract.TEMPO:
        others |= {answer for answer in _ENTITIES if answer.startswith("tempo_")}
    return others - set(answers)


def _costs(contract: Contract) -> frozenset[str]:
    return frozenset(COST_OF + register.lower() for register in REGISTERS[contract])


def answer_description(answer: str, topic: str, called: Mapping[str, str] = _NOT_CALLED) -> dict[str, Any]:
    """The part of a description that is of the answer itself; `topic`: where the answers are published."""
    entity = answer_entity(answer, called)
    told = f"value_json['{answer}']"
    described: dict[str, Any] = {
        "name": entity.name,
        "icon": entity.icon,
        "state_topic": topic,
        # What is not known now is "unknown".
        "value_template": f"{{{{ {told}.value if '{answer}' in value_json else None }}}}",
        "json_attributes_topic": topic,
        "json_attributes_template": f"{{{{ (value_json.get('{answer}') or {{}}).get('attributes', {{}}) | tojson }}}}",
    }
    if entity.device_class is not None:
        described["device_class"] = entity.device_class
    if entity.device_class == "enum":
        described["options"] = _options(answer)
    if entity.unit is not None:
        described["unit_of_measurement"] = entity.unit
    if entity.decimals is not None:
        described["suggested_display_precision"] = entity.decimals
    if entity.state_class is not None:
        described["state_class"] = entity.state_class
    if entity.state_class == "total":
        # Home Assistant leaves what was before alone while this is empty.
        described["last_reset_value_template"] = f"{{{{ {told}.since if '{answer}' in value_json else '' }}}}"
    if entity.diagnostic:
        described["entity_category"] = "diagnostic"
    return described


def _options(answer: str) -> list[str]:
    """All that an answer of few words may be."""
    if answer == "link":
        return list(dict.fromkeys(state_name(Link(state=state)) for state in LinkState))
    return [colour_name(colour) for colour in Colour]
