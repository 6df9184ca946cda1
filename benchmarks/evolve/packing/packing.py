"""Packs items into bins as they come, each into the bin that wants it most.

A bin wants an item or not by the item's size and the room it has, so bins with the same room are
alike, and the wishes for each size of item are asked for once.
"""

NONE = 1 << 30


def packed(items, capacity, wishes):
    """Give the room that is left in each bin.

    Of bins that want an item equally the first gets it. There is always an empty bin behind the
    others, and it takes what no other wants. No bin takes more than it has room for.
    """
    rooms = [capacity]
    bins = [[] for _ in range(capacity + 1)]  # The numbers of those with so much room, in order,
    first = [NONE] * (capacity + 1)  # and the first of them.
    bins[capacity] = [0]
    first[capacity] = 0
    look = first.__getitem__
    for item in items:
        number = NONE
        for group in wishes(item):
            number = first[group[0]] if len(group) == 1 else min(map(look, group))
            if number != NONE:
                break
        if number == NONE:
            number = len(rooms) - 1
        room = rooms[number]
        bins[room].remove(number)
        if room == capacity:
            bins[capacity].append(len(rooms))
            rooms.append(capacity)
        first[room] = bins[room][0] if bins[room] else NONE
        room -= item
        rooms[number] = room
        bins[room].append(number)
        bins[room].sort()
        first[room] = bins[room][0]
    return rooms[:-1]


def wishing(priority, capacity):
    """Give what gives the rooms that want an item, in groups that want it equally, most first."""
    known = {}

    def wishes(item):
        if item not in known:
            groups = {}
            for room in range(item, capacity + 1):
                want = priority(item, room, room - item)
                if want is not None and want == want:
                    groups.setdefault(want, []).append(room)
            known[item] = [groups[want] for want in sorted(groups, reverse=True)]
        return known[item]

    return wishes
