"""Where long work runs: in processes of this machine, or on a Ray cluster.

Both are `concurrent.futures` executors, so that the work does not know which. Ray is imported when
it is asked for, and only then.
"""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from logging import ERROR
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class NoExecutor(Exception):
    """What should run the work cannot; the message says what to do."""


@contextmanager
def local(jobs: int | None = None) -> Iterator[Executor]:
    """Run work in processes of this machine.

    Args:
        jobs: how many; one for each core that this process may use if not given.
    """
    executor = ProcessPoolExecutor(
        jobs or cores(),
        # A process of its own from the start: a fork would copy the progress bar's thread's locks.
        mp_context=get_context("spawn"),
        initializer=begin_worker,
    )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def begin_worker() -> None:
    """Prepare a process for its work: it goes when the one goes that gives the work."""
    # Ctrl-C reaches every process of the terminal; only the one that gives the work acts on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the one that gives the work: were it killed, nothing would tell this process."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def on_ray(jobs: int | None = None) -> Iterator[Executor]:
    """Run work on the Ray cluster that `RAY_ADDRESS` names or that this machine is in.

    Args:
        jobs: cores of a cluster of this machine alone, started for this run, where there is none.

    Raises:
        NoExecutor: Ray is not installed, or there is no cluster and none can be started.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise NoExecutor("Ray is not installed: pip install 'gitmerge-ai[ray]'") from error
    try:
        ray.init(num_cpus=jobs, include_dashboard=False, log_to_driver=False, logging_level=ERROR)
    except Exception as error:  # bare ones, too
        raise NoExecutor(f"Ray gives no cluster: {error}") from error
    try:
        yield RayExecutor()
    finally:
        ray.shutdown()


EXECUTORS: Mapping[str, Callable[[int | None], AbstractContextManager[Executor]]] = {
    "local": local,
    "ray": on_ray,
}


class RayExecutor(Executor):
    """Runs each call as a task of the cluster that `ray.init` connected to."""

    def __init__(self) -> None:
        import ray

        self._call: Any = ray.remote(_call)
        self._cancel = ray.cancel

    def submit(
        self,
        fn: Callable[Parameters, Result],
        /,
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Future[Result]:
        """Send a call to the cluster; both it and its result have to be picklable."""
        reference = self._call.remote(fn, args, kwargs)
        future: Future[Result] = Future()

        def settle(answer: Future[Result]) -> None:
            error = answer.exception()
            if not future.set_running_or_notify_cancel():
                return
            if error:  # Ray's own has a whole traceback for a message
                future.set_exception(getattr(error, "cause", error))
            else:
                future.set_result(answer.result())

        def stop(done: Future[Result]) -> None:
            if done.cancelled():
                self._cancel(reference)

        reference.future().add_done_callback(settle)
        future.add_done_callback(stop)
        return future


def _call(fn: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    return fn(*args, **kwargs)


def cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
