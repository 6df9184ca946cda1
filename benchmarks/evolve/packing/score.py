"""Prints how many bins the heuristic takes, and how many it fills, on average.

    python score.py INSTANCES

The instances are a JSON list of what `items` there are, the bins' `capacity` and how many bins
`first_fit` takes. Who is much worse than that on an instance is not measured further.
"""

import json
import sys

from heuristic import priority
from packing import packed, wishing

FAR = 1.04


def main(path):
    with open(path) as file:
        instances = json.load(file)
    wishes = {each["capacity"]: wishing(priority, each["capacity"]) for each in instances}
    bins = full = 0
    for each in instances:
        rooms = packed(each["items"], each["capacity"], wishes[each["capacity"]])
        if len(rooms) > FAR * each["first_fit"]:
            sys.exit(f"{len(rooms)} bins, and first fit takes {each['first_fit']}")
        bins += len(rooms)
        full += rooms.count(0)
    print(json.dumps({"bins": bins / len(instances), "full": full / len(instances)}))


main(sys.argv[1])
