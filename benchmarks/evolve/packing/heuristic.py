"""Online bin packing by first fit."""


def choose(item, rooms):
    """Say which bin takes the next item, by its number; None is a new one.

    rooms: what each bin has left, the oldest first.
    """
    for number, room in enumerate(rooms):
        if item <= room:
            return number
    return None
