"""Prints how many comparators the network has, and how many inputs it leaves unsorted.

A network that sorts all sequences of 0 and 1 sorts everything (Knuth, "The Art of Computer
Programming" 3, 5.3.4), so all 256 are tried, at once: place `i` is an integer with a bit for each.
"""

import json
from itertools import pairwise

from network import network

PLACES = 8
INPUTS = 1 << PLACES
MOST = 40
WORTH = 2
"""Comparators that an unsorted input costs: more than one, so that the least cost sorts all."""


def main():
    places = [sum(1 << n for n in range(INPUTS) if n >> at & 1) for at in range(PLACES)]
    used = []

    def exchange(one, other):
        if not (0 <= one < PLACES and 0 <= other < PLACES and len(used) < MOST):
            raise SystemExit(f"no such comparator: {one}, {other}")
        used.append((one, other))
        low, high = places[one] & places[other], places[one] | places[other]
        places[one], places[other] = low, high

    network(exchange)
    wrong = 0
    for lower, upper in pairwise(places):
        wrong |= lower & ~upper
    unsorted = bin(wrong).count("1")
    cost = len(used) + WORTH * unsorted
    print(json.dumps({"cost": cost, "unsorted": unsorted, "size": len(used)}))


main()
