"""Recordings of a meter's line: raw dumps of any tool, and linkytui's own with the moment of every byte."""
