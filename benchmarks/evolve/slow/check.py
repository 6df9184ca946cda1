"""Fails unless the program gives what it has to: `python check.py SEED`."""

import random
import sys
from collections import Counter

from program import common, initials, ordered, primes


def words(rng):
    """Draw up to forty words, some of them twice."""
    return ["".join(rng.choices("abcde", k=rng.randint(1, 4))) for _ in range(rng.randrange(40))]


def main(seed):
    rng = random.Random(int(seed))
    for _ in range(30):
        limit, left, right = rng.randrange(200), words(rng), words(rng)
        divided = {product for one in range(2, limit) for product in range(2 * one, limit, one)}
        assert primes(limit) == [number for number in range(2, limit) if number not in divided]
        assert common(left, right) == [one for one in dict.fromkeys(left) if one in right]
        assert ordered(left) == sorted(left, key=lambda word: (len(word), word))
        assert initials(left) == Counter(word[0] for word in left)


main(*sys.argv[1:])
