"""Prints the milliseconds of CPU that the program takes, the least of some runs."""

import random
import time

from program import common, initials, ordered, primes

RUNS = 3


def main():
    rng = random.Random(0)
    words = ["".join(rng.choices("abcdefgh", k=rng.randint(2, 5))) for _ in range(240)]
    took = []
    for _ in range(RUNS):
        begun = time.process_time()
        primes(900)
        common(words, words[::-1])
        ordered(words)
        initials(words)
        took.append(1000 * (time.process_time() - begun))
    print(f"{min(took):.2f}")


main()
