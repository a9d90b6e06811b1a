"""Finds the reports that kill whoever reads them: a shard is read in a process that may die.

A worker that dies takes with it what it knows, and a cluster may blame another task. So the worker
starts a process of its own, which says what report it is about to read.
"""

import pickle
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping

from .manifest import Entry
from .task import Job, process

# So often a shard may kill its worker, and then a report the process that reads it alone.
KILLS = 3


def process_watched(job: Job) -> Entry | None:
    """Do what `task.process` does, and leave out what kills the process that does it.

    job (Job): the shard.
    RETURNS (Entry | None): as there.
    RAISES (RuntimeError): if the process dies before it reads anything.
    """
    deaths: Counter[int] = Counter()
    skip: dict[int, str] = {}
    while True:
        number, result, status = _try(job, skip)
        if isinstance(result, Exception):
            raise result
        if status == 0:
            return result
        deaths[number] += 1
        if deaths[number] == KILLS:
            if number < 0:
                raise RuntimeError(f"The process that reads a shard {_ending(status)}")
            skip[number] = f"the process that read it {_ending(status)}, {KILLS} times"


def _try(job: Job, skip: Mapping[int, str]) -> tuple[int, Entry | Exception | None, int]:
    """Read a shard in a process; tells the last report it began, its result and its exit status."""
    command = [sys.executable, "-m", __spec__.name]
    number, result = -1, None
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None and child.stdout is not None, "both are pipes"
        try:
            pickle.dump((job, skip), child.stdin)
            child.stdin.close()
            while True:
                message = pickle.load(child.stdout)
                if isinstance(message, int):
                    number = message
                else:
                    result = message
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            pass
    return number, result, child.returncode


def _ending(status: int) -> str:
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with exit status {status}"


def main() -> None:
    """Read the shard that standard input describes, as the process that may die."""
    job, skip = pickle.load(sys.stdin.buffer)
    answer, sys.stdout = sys.stdout.buffer, sys.stderr

    def say(message: object) -> None:
        pickle.dump(message, answer)
        answer.flush()

    try:
        say(process(job, skip, on_row=say))
    except Exception as error:
        say(error)


if __name__ == "__main__":
    main()
