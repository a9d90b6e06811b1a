"""Run a doccano server on this machine, for trying it out."""

import os
from pathlib import Path
from typing import Annotated

import typer

from zh_report_facts.doccano.access import make_credentials
from zh_report_facts.doccano.environment import HERE, clean_environ, make_environment
from zh_report_facts.files import OutputError


def main(
    folder: Annotated[Path, typer.Option(help="Keeps its environment, data and password")] = Path(
        ".doccano"
    ),
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1")] = 8000,
) -> None:
    """Serve doccano on 127.0.0.1 until Ctrl-C."""
    try:
        python = make_environment("server", folder)
        credentials, new = make_credentials(folder, f"http://127.0.0.1:{port}")
    except (OutputError, OSError) as error:
        raise SystemExit(str(error)) from error
    if new:
        typer.echo(f"user {credentials['username']}, password {credentials['password']}")
        typer.echo(f"kept in {folder}/credentials.json, not shown again")
    environ = clean_environ() | {
        "DOCCANO_USERNAME": credentials["username"],
        "DOCCANO_PASSWORD": credentials["password"],
        "DOCCANO_SECRET_KEY": credentials["secret_key"],
    }
    script = str(HERE / "server" / "serve.py")
    arguments = ["-W", "ignore", script, str(folder.absolute() / "data"), str(port)]
    # In place of this process, so that every signal reaches the server and none is left behind.
    os.execve(python, [str(python), *arguments], environ)


if __name__ == "__main__":
    typer.run(main)
