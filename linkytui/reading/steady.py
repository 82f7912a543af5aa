"""What is believed: a value that was said several times running."""

from typing import Final, Generic, TypeVar

TIMES: Final = 3  # how often running another value must be said: one error in 64 passes a group's checksum

Value = TypeVar("Value")


class Steady(Generic[Value]):
    """Believes the first value at once where it is sure, and another one only when it was said three times running."""

    __slots__ = ("_other", "_times", "value")

    def __init__(self, value: Value | None = None) -> None:
        self.value = value  # what is believed; None before anything was said
        self._other: Value | None = None
        self._times = 0

    def says(self, value: Value) -> bool:
        """Whether it is what is believed and always was said lately; `hear` need not be asked then."""
        return value == self.value and not self._times

    def hear(self, value: Value, *, sure: bool = True) -> bool:
        """Take a value in; whether it is the one believed. `sure`: that it is the first is enough."""
        if value == self.value or (self.value is None and sure):
            self.value, self._times = value, 0
            return True
        self._times = self._times + 1 if value == self._other else 1
        self._other = value
        if self._times < TIMES:
            return False
        self.value, self._times = value, 0
        return True

    def settle(self, value: Value | None, *, sure: bool = True) -> Value | None:
        """Take a value in where one is said; what is believed then."""
        if value is not None:
            self.hear(value, sure=sure)
        return self.value
