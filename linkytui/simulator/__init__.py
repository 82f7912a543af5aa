"""A household that does not exist, and the Linky that counts what it draws: for demonstrations and for tests."""

from linkytui.simulator.meter import MeterSample, SimulatedMeter, synthetic

__all__ = ["MeterSample", "SimulatedMeter", "synthetic"]
