"""Stands in for pytest where starting it takes longer than the tests: what QuixBugs' tests use."""

use_correct = run_slow = False


class Skipped(Exception):
    """A test that is not to be run."""


def skip(reason=""):
    """Leave a test out."""
    raise Skipped(reason)


class approx:
    """Equal to all that is near a number."""

    def __init__(self, expected, rel=1e-6, abs=1e-12):
        self.expected = expected
        self.reach = max(rel * max(expected, -expected), abs)

    def __eq__(self, other):
        return -self.reach <= other - self.expected <= self.reach


class mark:
    """Tests that run once for each of some data."""

    @staticmethod
    def parametrize(names, data):
        """Keep the data with the test."""

        def kept(test):
            test.several = "," in names
            test.data = list(data)
            return test

        return kept
