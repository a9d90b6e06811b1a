import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from zh_report_facts.jobs.pool import Death, Limit, PoolError, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills processes by signals")


def start(folder):
    """Work on tasks that name what is to happen."""

    def work(task):
        name, *arguments = task
        yield Limit(30)
        yield {"number": number, "kill": kill, "spin": spin, "die once": die_once, "big": big}[
            name
        ](folder, *arguments)

    return work


def number(folder, value, seconds=0.0):
    time.sleep(seconds)
    return value, os.getpid()


def big(folder):
    return "x" * 2_000_000


def kill(folder):
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(folder, value):
    mark = Path(folder, str(value))
    if not mark.exists():
        mark.touch()
        kill(folder)
    return value


def spin(folder):
    while True:
        pass


def spin_soon(folder):
    def work(task):
        yield Limit(0.2 if task == "spin" else 30)
        yield spin(folder) if task == "spin" else task

    return work


def sleep_on(folder):
    def work(task):
        yield Limit(0.05 if task == "sleep" else 30)
        yield time.sleep(60) if task == "sleep" else task

    return work


def fail_to_start():
    raise OSError("there is no such pipeline")


def die_at_start():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_tasks(tmp_path, jobs):
    tasks = [("number", i, 0.2 if i == 0 else 0.0) for i in range(40)]
    results = list(run(partial(start, str(tmp_path)), tasks, jobs))
    assert [value for value, _ in results] == list(range(40))
    processes = {process for _, process in results}
    assert len(processes) == jobs
    assert os.getpid() not in processes


def test_death_costs_a_retry_and_then_the_task_alone(tmp_path):
    tasks = [("die once", 1), ("number", 2), ("kill",), ("big",), ("die once", 5)]
    one, (two, _), killed, large, five = run(partial(start, str(tmp_path)), tasks, 2)
    assert (one, two, len(large), five) == (1, 2, 2_000_000, 5)
    assert killed == Death(-signal.SIGKILL)


@pytest.mark.parametrize(("begin", "task"), [(spin_soon, "spin"), (sleep_on, "sleep")])
def test_what_takes_too_long_is_ended_once(tmp_path, begin, task):
    """Busy with the processor, or waiting for something that never comes."""
    begun = time.monotonic()
    assert list(run(partial(begin, str(tmp_path)), [1, task, 3], 1)) == [1, Death(None), 3]
    assert time.monotonic() - begun < 60


def test_errors_at_the_start_are_told():
    with pytest.raises(PoolError, match="^there is no such pipeline$"):
        list(run(fail_to_start, [1], 1))
    with pytest.raises(PoolError, match=r"end \(exit status -9\) before they have loaded"):
        list(run(die_at_start, [1, 2, 3], 1))


def test_no_tasks_start_no_process():
    assert list(run(die_at_start, [], 2)) == []


def test_processes_are_gone_when_the_results_are_left(tmp_path):
    results = run(partial(start, str(tmp_path)), [("number", 1), ("spin",), ("spin",)], 2)
    _, process = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


PARENT = """
import sys
sys.path.insert(0, sys.argv[1])
from functools import partial
from test_pool import run, start
if __name__ == "__main__":
    for value, process in run(partial(start, "."), [("number", 1), ("number", 2, 2)], 1):
        print(process, flush=True)
"""


def test_processes_end_when_the_one_who_started_them_is_killed(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT)
    command = [sys.executable, "parent.py", str(Path(__file__).parent)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as parent:
        process = int(parent.stdout.readline())
        parent.kill()
    for _ in range(600):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the process outlived the one that started it")
