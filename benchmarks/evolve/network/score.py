"""Prints how many comparators the network has, how many of them it needs, and how many places.

A network that sorts all sequences of 0 and 1 sorts everything (Knuth, "The Art of Computer
Programming" 3, 5.3.4), so all 256 are tried, at once: place `i` is an integer with a bit for each.
One that does not sort has no score. Needed is what stays where each comparator, in turn, is left
out if the others still sort. A comparator puts the smaller value at the place with the smaller
number.
"""

import json
from itertools import pairwise

PLACES = 8
INPUTS = 1 << PLACES
MOST = 28
"""Comparators that a network may have: no more than bubble sort."""
START = [sum(1 << n for n in range(INPUTS) if n >> at & 1) for at in range(PLACES)]


def comparators():
    """Read the network."""
    with open("network.json", encoding="utf-8") as file:
        rows = json.load(file)
    for one, other in rows:
        if one == other or not all(type(at) is int and 0 <= at < PLACES for at in (one, other)):
            raise SystemExit(f"no such comparator: {one}, {other}")
    if len(rows) > MOST:
        raise SystemExit("too many comparators")
    return [(min(row), max(row)) for row in rows]


def sorts(network):
    """Whether a network sorts every input."""
    places = START.copy()
    for one, other in network:
        places[one], places[other] = places[one] & places[other], places[one] | places[other]
    return not any(lower & ~upper for lower, upper in pairwise(places))


def needed(network):
    """Leave out what the others can do without."""
    at = 0
    while at < len(network):
        rest = network[:at] + network[at + 1 :]
        if sorts(rest):
            network = rest
        else:
            at += 1
    return network


def main():
    network = comparators()
    if not sorts(network):
        raise SystemExit("it does not sort")
    print(json.dumps({"size": len(network), "needed": len(needed(network)), "places": PLACES}))


main()
