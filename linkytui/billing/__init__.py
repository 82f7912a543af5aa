"""Energy costs: the bill, the month-end estimate, and what other offers would charge for the same energy.

Pure: times, zone, energy and prices are arguments.
"""
