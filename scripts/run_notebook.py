"""Execute a notebook in its folder and write it back with outputs that do not tell who ran it."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import nbformat
import typer
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, ValidationError
from nbformat.reader import NotJSONError

from zh_report_facts.files import InputError, OutputError, read_text, replacing

# Seconds that one cell may take.
TIMEOUT = 600


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook.

    path (Path): an .ipynb file.
    RETURNS (NotebookNode): the notebook, in nbformat 4.
    RAISES (InputError): if it cannot be read or is no notebook.
    """
    try:
        notebook = nbformat.reads(read_text(path), as_version=4)
        nbformat.validate(notebook)
    # nbformat takes for granted that JSON is a notebook before it validates it.
    except (NotJSONError, ValidationError, AttributeError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is no notebook; give an .ipynb file") from error
    return notebook


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells in a fresh kernel of this Python, and keep of the metadata what is always so.

    notebook (NotebookNode): the notebook; its outputs are replaced.
    folder (Path): where it runs.
    RAISES (OutputError): if a cell fails.
    """
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    with TemporaryDirectory() as sockets:
        # Sockets in a folder, not ports, which others on the machine could listen to.
        kernel = client.create_kernel_manager()
        kernel.transport, kernel.ip = "ipc", str(Path(sockets, "kernel"))
        try:
            # Warnings tell of the libraries of one machine.
            client.execute(env=os.environ | {"PYTHONWARNINGS": "ignore"})
        except CellExecutionError as error:
            raise OutputError(f"A cell failed, nothing was written: {error}") from error
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}


def run_notebook(path: Path) -> int:
    """Execute a notebook and write it back.

    path (Path): an .ipynb file; left as it is if a cell fails.
    RETURNS (int): number of cells that were run.
    RAISES (InputError): if it cannot be read or is no notebook.
    RAISES (OutputError): if a cell fails.
    """
    notebook = read_notebook(path)
    execute(notebook, path.parent)
    with replacing(path) as stream:
        stream.write(f"{nbformat.writes(notebook)}\n".encode())
    return sum(cell.cell_type == "code" for cell in notebook.cells)


def main(path: Annotated[Path, typer.Argument(help="The notebook, an .ipynb file")]) -> None:
    """Execute a notebook and write it back with its outputs, without times, paths and versions."""
    try:
        cells = run_notebook(path)
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(f"{path}: ran {cells} cells, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    typer.run(main)
