"""Runs shards on a Dask cluster: one of this machine, or one that is there."""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Security, as_completed
from distributed.utils import silence_logging_cmgr

from ..files import InputError, OutputError
from .manifest import Entry
from .task import Job, process
from .watch import KILLS, process_watched

# Shards that wait at the scheduler, so that no worker waits for one. They are few, since a worker
# that dies is held against all that it was given.
AHEAD = 2
LOST = "The connection to the scheduler is lost; start the same command again to do the rest"
LOCAL = {
    "distributed.scheduler.allowed-failures": KILLS - 1,
    "distributed.worker.profile.enabled": False,
    # Dask would also make every worker hand freed memory back at once, which takes a quarter more
    # processor time.
    "distributed.nanny.pre-spawn-environ": {
        name: 1 for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    },
}


class ClusterError(RuntimeError):
    """Something that happened to the cluster; the text is one sentence for the user."""


@contextmanager
def open_client(
    scheduler: str | None = None, workers: int | None = None, security: Security | None = None
) -> Iterator[Client]:
    """Connect to a cluster.

    scheduler (str | None): its address; None for processes of this machine, which end with the
        block and listen on 127.0.0.1 only.
    workers (int | None): how many processes; None for one a core.
    security (Security | None): certificates for an address that begins with tls://.
    YIELDS (Client): the connection.
    RAISES (ClusterError): if nobody answers there.
    """
    if scheduler is None:
        with (
            dask.config.set(LOCAL),
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    with silence_logging_cmgr(logging.CRITICAL):
        try:
            client = Client(scheduler, security=security)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"{scheduler}: no scheduler answers ({_first_line(error)}); check address and "
                "certificates"
            ) from error
        with client:
            yield client


def run_jobs(client: Client, jobs: Iterable[Job]) -> Generator[tuple[Job, Entry | None]]:
    """Run shards; one that kills its worker again and again is read in a process of its own.

    client (Client): the connection to a cluster whose workers see the same files.
    jobs (Iterable[Job]): the shards.
    YIELDS (tuple[Job, Entry | None]): each shard and what `task.process` gives for it, as they end.
    RAISES (ClusterError): if the cluster is gone, or none of its workers can do a shard.
    RAISES (InputError): if a worker has another model.
    RAISES (OutputError): if a worker cannot write.
    """
    waiting = iter(jobs)
    running: dict[Future, Job] = {}
    ended = as_completed()

    def submit(task: Callable[[Job], Entry | None], job: Job) -> None:
        future = client.submit(task, job, key=f"{task.__name__}-{job.part}", pure=False)
        running[future] = job
        ended.add(future)

    def fill() -> None:
        try:
            room = sum(client.nthreads().values()) + AHEAD - len(running)
        except (OSError, RuntimeError) as error:
            raise ClusterError(LOST) from error
        for _, job in zip(range(room), waiting):
            submit(process, job)

    fill()
    while running:
        future = next(ended)
        job = running.pop(future)
        if future.status == "finished":
            entry = future.result()
            fill()
            yield job, entry
        elif future.status == "error":
            error = future.exception()
            if isinstance(error, KilledWorker) and future.key.startswith(process.__name__ + "-"):
                submit(process_watched, job)
            elif isinstance(error, (InputError, OutputError)):
                raise error
            else:
                raise ClusterError(f"{job.part} cannot be made: {_first_line(error)}") from error
        else:
            raise ClusterError(LOST)


def _first_line(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
