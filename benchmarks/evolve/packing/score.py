"""Prints how many bins the heuristic takes on average: `python score.py INSTANCES`.

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
    bins = 0
    for each in instances:
        used = len(packed(each["items"], each["capacity"], wishes[each["capacity"]]))
        if used > FAR * each["first_fit"]:
            sys.exit(f"{used} bins, and first fit takes {each['first_fit']}")
        bins += used
    print(bins / len(instances))


main(sys.argv[1])
