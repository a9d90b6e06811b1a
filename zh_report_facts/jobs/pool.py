"""Works on tasks in processes of which any may die or hang.

Each process has a pipe of its own, so that one that is killed in the middle of a message spoils
nobody else's. Libraries were tried with processes killed at random: in concurrent.futures and loky
one death breaks the whole pool and does not tell whose task it was, and there are no limits of
time; pebble 5.2 has them, but gave up soon (“All workers expired”), and some tasks never ended
when a process was killed while it sent a large result: its processes share one pipe and its locks.
"""

import os
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from math import inf
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, NamedTuple

# A process that is forked from one with threads, as PyTorch starts them, may wait for ever; one
# that is forked from a server that has only imported the libraries begins at once.
if sys.platform == "linux":
    _CONTEXT = get_context("forkserver")
else:
    _CONTEXT = get_context("spawn")
_CONTEXT.set_forkserver_preload([f"{__package__}.worker"])
# What ends a process that has used up its time of the processor; Windows has no such limit.
_TIME_IS_UP = getattr(signal, "SIGPROF", 0)
_TRIES = 2
_WAIT = 4
# Results that wait for a slow task before them, for each process.
_AHEAD = 16


class Limit(NamedTuple):
    """Says how long the next step of a task may take.

    seconds (float): of the processor; a busy machine may take four times as long, no more.
    """

    seconds: float


class Death(NamedTuple):
    """What a task gives that did not end well.

    exit_code (int | None): exit status of the process that it ended twice, negative for a signal;
        None if it took longer than it said.
    """

    exit_code: int | None


class PoolError(RuntimeError):
    """Processes that end before they can work; the text is one sentence for the user."""


Work = Callable[[Any], Iterator[Any]]


def run(start: Callable[[], Work], tasks: Iterable[Any], jobs: int) -> Generator[Any]:
    """Work on tasks in several processes.

    A process that dies costs the task it works on a second try, and is replaced.

    start (Callable[[], Work]): called once in each process, which imports it; what it gives is
        called with each task, yields any number of `Limit`, and at last the result.
    tasks (Iterable[Any]): the tasks.
    jobs (int): how many processes.
    YIELDS (Any): each task's result, or a `Death`, in the order of the tasks.
    RAISES (PoolError): if `start` or the work raises an error, or processes die in `start`.
    """
    queue = deque(enumerate(tasks))
    total = len(queue)
    tries = Counter[int]()
    stillborn = 0
    finished: dict[int, Any] = {}
    workers: list[_Worker] = []
    try:
        for number in range(total):
            while number not in finished:
                while len(workers) < min(jobs, total):
                    workers.append(_Worker(start))
                for worker in workers:
                    if worker.number is None and queue and queue[0][0] < number + _AHEAD * jobs:
                        worker.give(*queue.popleft())
                worker = _next_to_speak(workers)
                outcome = worker.hear()
                if isinstance(outcome, Limit):
                    stillborn = 0
                    continue
                if isinstance(outcome, PoolError):
                    raise outcome
                given, task = worker.number, worker.task
                assert given is not None, "an idle process is not listened to"
                worker.number = None
                if isinstance(outcome, Death):
                    worker.stop()
                    workers.remove(worker)
                    code = outcome.exit_code
                    if worker.is_ready:
                        tries[given] += 1
                    else:
                        stillborn += 1
                        if stillborn == _TRIES * jobs:
                            raise PoolError(
                                f"The processes end (exit status {code}) before they have loaded "
                                "the pipeline; they may need more memory, or fewer jobs"
                            )
                    if code is not None and tries[given] < _TRIES:
                        queue.appendleft((given, task))
                        continue
                finished[given] = outcome
            yield finished.pop(number)
    finally:
        for worker in workers:
            worker.stop()


class _Worker:
    """A process, and the task it works on."""

    def __init__(self, start: Callable[[], Work]) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_serve, args=(theirs, start), daemon=True)
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.task: Any = None
        self.is_ready = False
        self.deadline = inf

    def give(self, number: int, task: Any) -> None:
        self.number, self.task = number, task
        # Of a process that has just died the next message tells.
        with suppress(OSError):
            self.connection.send(task)

    def hear(self) -> Any:
        """What the process says next, or a `Death` if it says nothing any more or in time."""
        if not self.connection.poll():
            return Death(None)
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            code = self.process.exitcode
            return Death(None if code == -_TIME_IS_UP else code)
        self.is_ready = True
        self.deadline = monotonic() + _WAIT * message.seconds if isinstance(message, Limit) else inf
        return message

    def stop(self) -> None:
        # Programs that it has started go with it.
        if sys.platform != "win32" and self.process.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.connection.close()


def _next_to_speak(workers: Iterable[_Worker]) -> _Worker:
    """Wait until a busy process says something, dies, or has used up its time."""
    busy = [worker for worker in workers if worker.number is not None]
    first = min(busy, key=lambda worker: worker.deadline)
    seconds = None if first.deadline == inf else max(0.0, first.deadline - monotonic())
    ready = wait([worker.connection for worker in busy], seconds)
    return next((worker for worker in busy if worker.connection in ready), first)


def _serve(connection: Connection, start: Callable[[], Work]) -> None:
    """The life of a process: it ends when the one that started it closes the pipe, or is gone."""
    if sys.platform != "win32":
        # Ctrl-C on a terminal is for the one who started it, and stopping it takes its children.
        os.setpgrp()
    with suppress(EOFError, OSError):
        try:
            work = start()
        except Exception as error:
            connection.send(PoolError(" ".join(str(error).split())))
            return
        while True:
            task = connection.recv()
            for message in work(task):
                _limit_time(message.seconds if isinstance(message, Limit) else 0)
                connection.send(message)


def _limit_time(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)
