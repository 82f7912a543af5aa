"""What energy costs: the bill, its estimate for the month's end, and what other offers would ask for the same energy.

Pure: times, zone, energy and prices are arguments.
"""
