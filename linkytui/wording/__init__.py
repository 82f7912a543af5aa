"""The program's terms for people: names of periods, contracts, labels, states."""
