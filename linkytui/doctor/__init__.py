"""The doctor: what is measured of line, records and outside, a verdict on each, and what to do."""
