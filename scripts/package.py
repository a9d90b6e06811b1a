"""Build one wheel that holds the code and the trained pipeline."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import srsly
import typer

import zh_report_facts
from zh_report_facts import PIPELINE
from zh_report_facts.files import InputError, OutputError

ROOT = Path(__file__).parent.parent


def package(model: Path, card: Path, output: Path) -> Path:
    """Make a trained pipeline part of the package, and build the wheel with its build backend.

    From then on `spacy.load("zh_report_facts")` gives this pipeline here, as the wheel does
    elsewhere.

    model (Path): folder of the trained pipeline.
    card (Path): its model card, in Markdown.
    output (Path): folder for the wheel; earlier wheels in it are removed.
    RETURNS (Path): the wheel.
    RAISES (InputError): if the folder holds no pipeline, or the card is missing.
    RAISES (OutputError): if the wheel cannot be built.
    """
    if not (model / "meta.json").is_file():
        raise InputError(f"{model}: holds no trained pipeline; run `spacy project run train` first")
    if not card.is_file():
        raise InputError(f"{card}: there is no such file; run `spacy project run model-card` first")
    place_pipeline(model, card)
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=output) as folder:
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, str(ROOT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr or done.stdout).strip().splitlines()[-1]
            raise OutputError(f"The wheel cannot be built: {reason}")
        for old in output.glob("*.whl"):
            old.unlink()
        [wheel] = Path(folder).glob("*.whl")
        return wheel.rename(output / wheel.name)


def place_pipeline(model: Path, card: Path) -> None:
    """Copy a trained pipeline into the package, with its card and the package's name and version.

    model (Path): folder of the trained pipeline.
    card (Path): its model card, in Markdown.
    """
    with TemporaryDirectory(dir=PIPELINE.parent) as folder:
        copy = Path(shutil.copytree(model, Path(folder, "pipeline")))
        meta = srsly.read_json(copy / "meta.json")
        meta["name"] = zh_report_facts.__name__.removeprefix("zh_")
        meta["version"] = zh_report_facts.__version__
        meta["description"] = "Facts from Chinese work reports"
        meta["license"] = "MIT"
        srsly.write_json(copy / "meta.json", meta)
        shutil.copyfile(card, copy / "README.md")
        if PIPELINE.exists():
            shutil.rmtree(PIPELINE)
        copy.rename(PIPELINE)


def main(
    model: Annotated[Path, typer.Argument(help="Folder of the trained pipeline")],
    card: Annotated[Path, typer.Argument(help="Its model card")],
    output: Annotated[Path, typer.Argument(help="Folder for the wheel")],
) -> None:
    """Build one wheel with the code and the trained pipeline."""
    try:
        wheel = package(model, card, output)
    except (InputError, OutputError, OSError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    typer.run(main)
