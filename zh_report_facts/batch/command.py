"""The command `zh-report-facts batch`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..files import InputError, OutputError, shown
from ..jobs.interruption import exit_on_signals
from ..terminal import make_console

REJECTED = 3


def batch(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="Folder of .parquet, .jsonl, .txt; or a file")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the facts")],
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask cluster; by default processes of this machine"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes of this machine; by default one a core")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="Installed pipeline, or folder of a trained one")
    ] = "zh_report_facts",
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out facts with a lower score")
    ] = 0.0,
    id_column: Annotated[str, typer.Option("--id", help="Column of the reports' ids")] = "id",
    text_column: Annotated[str, typer.Option("--text", help="Column of their texts")] = "text",
    shard_size: Annotated[
        int, typer.Option(min=1, help="Bytes of text in a shard, the unit of work")
    ] = 2_000_000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make all facts in OUT anew")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try again what was rejected before")
    ] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Print the facts by programme and role")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress")] = False,
    tls_ca_file: Annotated[Path | None, typer.Option(help="Authority that signs, .pem")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate of this client, .pem")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, .pem")] = None,
) -> None:
    """Read the facts of millions of reports, on all cores of this machine or on a Dask cluster.

    Start it again after any mishap: it does what is missing. Exit status: 0 all reports were read,
    3 all but those in OUT/rejects.jsonl, 1 the job stopped before the end.
    """
    if scheduler and workers:
        raise typer.BadParameter("a cluster has its own workers; give --scheduler or --workers")
    certificates = (tls_ca_file, tls_cert, tls_key)
    if any(certificates) and not (scheduler and all(certificates)):
        raise typer.BadParameter(
            "give --scheduler, --tls-ca-file, --tls-cert and --tls-key together"
        )
    try:
        from distributed import Security

        from .cluster import ClusterError
        from .job import REJECTS, run
        from .sources import Columns
        from .summary import count_facts, format_summary
    except ModuleNotFoundError as error:
        print(f"batch needs {error.name}; pip install 'zh_report_facts[dask]'", file=sys.stderr)
        raise typer.Exit(1) from error
    security = None
    if scheduler and all(certificates):
        ca_file, cert, key = map(str, certificates)
        security = Security(
            tls_ca_file=ca_file, tls_client_cert=cert, tls_client_key=key, require_encryption=True
        )
    try:
        with exit_on_signals():
            manifest = run(
                source,
                out,
                model=model,
                min_score=min_score,
                columns=Columns(id_column, text_column),
                scheduler=scheduler,
                workers=workers,
                security=security,
                shard_size=shard_size,
                fresh=fresh,
                retry=retry,
                quiet=quiet,
                on_note=lambda sentence: print(sentence, file=sys.stderr),
            )
    except (InputError, OutputError, ClusterError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    except SystemExit:
        print("Stopped; start the same command again to do the rest", file=sys.stderr)
        raise
    if summary:
        counts = count_facts(out / entry.part for entry in manifest.entries)
        make_console().print(format_summary(counts))
    total = manifest.header(complete=True)
    print(
        f"{total['reports']:,} reports, {total['facts']:,} facts in {total['shards']:,} shards, "
        f"written to {shown(out)}",
        file=sys.stderr,
    )
    if total["rejects"]:
        print(f"{total['rejects']:,} not read, see {shown(out / REJECTS)}", file=sys.stderr)
        raise typer.Exit(REJECTED)
