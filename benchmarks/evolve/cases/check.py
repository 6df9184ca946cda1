"""Runs the cases of a file of tests, each with a limit: `python check.py FILE [NUMBER...]`.

Prints a line for each, as TAP has it; exits 1 if one fails. All are run if none is named.
"""

import copy
import importlib.util
import signal
import sys
from pathlib import Path

SECONDS = 0.3
"""Of the processor, for a case: loops without end are the usual way to fail."""

PATIENCE = 1
"""Cases that may run out of time before the rest counts as failed."""


class OutOfTime(BaseException):
    """A case has taken too long."""


def out_of_time(number, frame):
    raise OutOfTime


def cases(path):
    """Give the cases of a file as functions without arguments."""
    spec = importlib.util.spec_from_file_location("cases", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = []
    for name, test in vars(module).items():
        if name.startswith("test") and callable(test):
            found += [called(test, each) for each in test.data] if hasattr(test, "data") else [test]
    return found


def called(test, data):
    return lambda: test(*copy.deepcopy(data)) if test.several else test(copy.deepcopy(data))


def fails(case):
    """Say how a case fails, nothing if it does not."""
    import pytest

    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        case()
    except OutOfTime:
        return "out of time"
    except pytest.Skipped:
        return ""
    except BaseException as error:
        return type(error).__name__
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def main(path, *numbers):
    here = Path(__file__).parent
    sys.path[:0] = [str(here), str(here.parent), str(Path(path).parent)]
    signal.signal(signal.SIGVTALRM, out_of_time)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    found = cases(path)
    failed = waited = 0
    for number in map(int, numbers or range(len(found))):
        fault = fails(found[number]) if waited < PATIENCE else "not run"
        waited += fault == "out of time"
        failed += bool(fault)
        print(f"not ok {number} {fault}" if fault else f"ok {number}")
    sys.exit(bool(failed))


main(*sys.argv[1:])
