"""What a collector and a sink say to each other, version 1: batches of samples, and receipts. Pure.

MessagePack or JSON, told apart by the first byte: docs/fleet.md describes both.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from linkytui.outputs.callbacks.samples import LoggedSample

VERSION: Final = 1
MOST_SAMPLES: Final = 500  # of a batch; some 15 kB
LARGEST: Final = 256 * 1024  # bytes of a message that a sink takes

Form = Literal["msgpack", "json"]

_Id = Annotated[str, Meta(min_length=1, max_length=64)]
_Moment = Annotated[int, Meta(ge=0, le=4_102_444_800_000)]
_Power = Annotated[int, Meta(ge=0, le=10_000_000)]
_Index = Annotated[int, Meta(ge=0, le=10**15)]
_Name = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{0,15}\Z")]


class WireSample(Struct, frozen=True, array_like=True):
    """One frame, as a list in this order."""

    at: _Moment  # milliseconds since 1970
    power: _Power | None = None  # VA drawn
    injected_power: _Power | None = None  # VA given to the grid
    period: _Name | None = None  # the register that counts
    registers: Mapping[_Name, _Index] = {}  # Wh: all in a batch's first sample, then those that changed


class Batch(Struct, frozen=True, kw_only=True):
    """Samples of one meter in the order in which they came."""

    v: Literal[1] = VERSION
    batch: _Id  # names it in receipts; no two batches are called alike
    samples: Annotated[list[WireSample], Meta(min_length=1, max_length=MOST_SAMPLES)]


class Receipt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The database has these batches for good, or never will."""

    v: Annotated[int, Meta(ge=VERSION)]
    batches: Annotated[list[_Id], Meta(max_length=1_000)]
    refused: Annotated[str, Meta(max_length=1_000)] | None = None  # why it never will, for a person


_PACKERS: Final[Mapping[Form, Any]] = {"msgpack": msgspec.msgpack.Encoder(), "json": msgspec.json.Encoder()}


def encode(message: Struct, form: Form) -> bytes:
    """The bytes of a message."""
    packed: bytes = _PACKERS[form].encode(message)
    return packed


def form_of(payload: bytes) -> Form:
    """How a message is written: a brace begins no map of MessagePack."""
    return "json" if payload[:1] == b"{" else "msgpack"


class Decoder:
    """Reads messages of one kind in either form. Raises `ValueError` for what is none."""

    def __init__(self, kind: type[Struct]) -> None:
        self._readers: Mapping[Form, Any] = {
            "msgpack": msgspec.msgpack.Decoder(kind),
            "json": msgspec.json.Decoder(kind),
        }

    def decode(self, payload: bytes) -> Any:
        """The message."""
        try:
            return self._readers[form_of(payload)].decode(payload)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class _Named(Struct):
    batch: _Id


def name_of(payload: bytes) -> str | None:
    """What a message that cannot be read calls itself, so that its sender can be told; None where it does not say."""
    decode: Any = msgspec.json.decode if form_of(payload) == "json" else msgspec.msgpack.decode
    try:
        named: _Named = decode(payload, type=_Named)
    except (ValueError, RecursionError):
        return None
    return named.batch


def wire_samples(samples: Sequence[LoggedSample]) -> Iterator[WireSample]:
    """Samples of one meter, each with the registers that are news."""
    said: dict[str, int] = {}
    for sample in samples:
        news = {name: wh for name, wh in sample.registers.items() if said.get(name) != wh}
        said.update(news)
        yield WireSample(round(sample.at * 1000), sample.power, sample.injected_power, sample.period, news)
