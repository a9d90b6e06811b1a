"""Build one wheel that holds the code and the trained pipeline."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import srsly
import typer

import zh_report_facts
from zh_report_facts.files import InputError, OutputError

ROOT = Path(__file__).parent.parent
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "zh_report_facts")


def package(model: Path, output: Path, metrics: Path | None = None) -> Path:
    """Build the wheel with the project's own build backend.

    model (Path): folder of the trained pipeline.
    output (Path): folder for the wheel.
    metrics (Path | None): scores to keep in the pipeline's `meta.json`.
    RETURNS (Path): the wheel.
    RAISES (InputError): if the folder holds no pipeline.
    RAISES (OutputError): if the wheel cannot be built.
    """
    if not (model / "meta.json").is_file():
        raise InputError(f"{model}: holds no trained pipeline; run `spacy project run train` first")
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        stage = Path(folder)
        for source in SOURCES:
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, stage / source)
        pipeline = stage / "zh_report_facts" / "pipeline"
        shutil.copytree(model, pipeline, dirs_exist_ok=True)
        describe(pipeline / "meta.json", metrics)
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OutputError(f"The wheel cannot be built: {done.stderr.strip().splitlines()[-1]}")
        [wheel] = stage.glob("*.whl")
        return Path(shutil.copy(wheel, output / wheel.name))


def describe(meta: Path, metrics: Path | None) -> None:
    """Give the pipeline its name, version and scores.

    meta (Path): the pipeline's `meta.json`.
    metrics (Path | None): scores as `scripts/evaluate.py` writes them.
    """
    data = srsly.read_json(meta)
    data["name"] = zh_report_facts.__name__.removeprefix("zh_")
    data["version"] = zh_report_facts.__version__
    data["description"] = "Facts from Chinese work reports"
    data["license"] = "MIT"
    if metrics is not None:
        data["performance"] = json.loads(metrics.read_text(encoding="utf-8"))
    srsly.write_json(meta, data)


def main(
    model: Annotated[Path, typer.Argument(help="Folder of the trained pipeline")],
    output: Annotated[Path, typer.Argument(help="Folder for the wheel")],
    metrics: Annotated[Path | None, typer.Option(help="Scores to keep in the wheel")] = None,
) -> None:
    """Build one wheel with the code and the trained pipeline."""
    try:
        wheel = package(model, output, metrics)
    except (InputError, OutputError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
