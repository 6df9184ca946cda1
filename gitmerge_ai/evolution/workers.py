"""Where workers run: a process of this machine each, or tasks of a Ray cluster.

On a cluster every machine has to see the repository at the same place.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager

from gitmerge_ai.executors import local, on_ray

SLICE, RAY_SLICE = 1.0, 10.0
"""Seconds after which a worker comes back between two turns: what it has open stays so in a process
of its own, and is opened again for each task on a cluster."""


@contextmanager
def processes(number: int) -> Iterator[list[Executor]]:
    """Start a process for each worker; all are gone afterwards, whatever they were at.

    Args:
        number: of workers.
    """
    with ExitStack() as stack:
        before = set(multiprocessing.active_children())
        # One pool each: a worker has to come back to the process that has its worktree.
        executors = [stack.enter_context(local(1)) for _ in range(number)]
        try:
            yield executors
        finally:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()


@contextmanager
def on_cluster(number: int) -> Iterator[list[Executor]]:
    """Connect to a Ray cluster, and give it once for each worker.

    Args:
        number: of workers; cores of a cluster of this machine alone, where there is none.

    Raises:
        NoExecutor: Ray is not installed, or there is no cluster and none can be started.
    """
    # Of a cluster that is there already, the cores are not ours to set.
    with on_ray(None if "RAY_ADDRESS" in os.environ else number) as executor:
        yield [executor] * number
