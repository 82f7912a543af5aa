"""The simulated weather, which drives heating, lighting and production."""

from datetime import date
from math import acos, cos, floor, pi, radians, sin, tan
from typing import Final

from linkytui.civil.days import DAY, HOUR, midnight
from linkytui.simulator.chance import drift, key, noise

_LATITUDE: Final = radians(47.0)
_SOLAR_NOON: Final = 11.85 * HOUR  # seconds after 00:00 UTC at which the sun is highest over the middle of France

_SUNSHINE_STEP: Final = 60


class Weather:
    """Temperature and sunshine of every day there is; the same seed has the same weather."""

    def __init__(self, seed: int) -> None:
        self._spells = key(seed, "cold and mild spells")
        self._days = key(seed, "temperature of the day")
        self._cloudiness = key(seed, "cloudiness")
        self._clouds = key(seed, "clouds")

    def mean(self, day: date) -> float:
        """Mean temperature of a day, in degrees Celsius."""
        number = day.toordinal()
        season = -8.0 * cos(2 * pi * (day.timetuple().tm_yday - 20) / 365.25)
        return 12.0 + season + 4.0 * drift(self._spells, number / 5) + 1.5 * noise(self._days, number)

    def sunshine(self, day: date) -> list[tuple[int, float]]:
        """From sunrise to sunset: moments, and the share of a clear summer noon's light that shines from then on."""
        cloudiness = 0.5 + 0.5 * drift(self._cloudiness, day.toordinal() / 1.7)
        tilt = _declination(day)
        high, wide = sin(_LATITUDE) * sin(tilt), cos(_LATITUDE) * cos(tilt)
        sunrise, sunset = daylight(day)
        shares = []
        for at in range(_SUNSHINE_STEP * floor(sunrise / _SUNSHINE_STEP), floor(sunset) + 1, _SUNSHINE_STEP):
            height = max(0.0, high + wide * cos(2 * pi * ((at - _SOLAR_NOON) % DAY) / DAY))
            # Some clouds are large and some are small; a cloud takes up to three quarters of the light.
            cloud = 0.5 + 0.35 * drift(self._clouds, at / 2400) + 0.25 * drift(~self._clouds, at / 240)
            shade = 0.75 * min(1.0, max(0.0, cloud + 1.6 * cloudiness - 1.0))
            shares.append((at, height**1.2 * (1.0 - shade)))
        shares.append((floor(sunset) + _SUNSHINE_STEP, 0.0))
        return shares


def temperature(mean: float, hour: float) -> float:
    """Temperature at an hour of a day with such a mean, in degrees Celsius; warmest in mid-afternoon."""
    return mean + 3.0 * cos(2 * pi * (hour - 15) / 24)


def daylight(day: date) -> tuple[float, float]:
    """The moments of sunrise and sunset."""
    half = acos(-tan(_LATITUDE) * tan(_declination(day))) / (2 * pi) * DAY
    noon = _SOLAR_NOON + DAY * ((midnight(day) + DAY // 2) // DAY)
    return noon - half, noon + half


def _declination(day: date) -> float:
    return radians(23.45) * sin(2 * pi * (284 + day.timetuple().tm_yday) / 365)
