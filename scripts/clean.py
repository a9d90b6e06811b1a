"""Remove folders that the project has built."""

import shutil
from pathlib import Path

import typer


def clean(folders: list[Path]) -> None:
    """Remove folders with all they hold; a folder that is not there is no error.

    folders (list[Path]): the folders.
    """
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
            typer.echo(f"removed {folder}")


if __name__ == "__main__":
    typer.run(clean)
