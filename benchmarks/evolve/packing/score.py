"""Prints how many bins the heuristic takes, and how many it fills, on average.

    python score.py INSTANCES [MOST [NAME]]

The instances are a JSON list of what `items` there are and the bins' `capacity`. The heuristic sees
one item after the other. Who needs many more bins than the items would fill is not measured
further; who takes more than `MOST`, on average, fails. `NAME` is what the number of bins is called.
"""

import json
import sys

from heuristic import choose

FAR = 1.1


def packed(items, capacity):
    """Give the room that is left in each bin."""
    most = FAR * sum(items) / capacity + 1
    rooms = []
    for item in items:
        number = choose(item, rooms.copy())
        if number is None:
            number = len(rooms)
            rooms.append(capacity)
        if not 0 <= number < len(rooms) or rooms[number] < item:
            sys.exit(f"{item} does not fit into bin {number}")
        if len(rooms) > most:
            sys.exit(f"more than {most:.0f} bins")
        rooms[number] -= item
    return rooms


def main(path, most="inf", name="bins"):
    with open(path, encoding="utf-8") as file:
        instances = json.load(file)
    found = [packed(each["items"], each["capacity"]) for each in instances]
    bins = sum(map(len, found)) / len(found)
    full = sum(rooms.count(0) for rooms in found) / len(found)
    print(json.dumps({name: bins, "full": full}))
    sys.exit(bins > float(most))


main(*sys.argv[1:])
