"""Install the wheel into a clean environment and compare its facts with the training folder's."""

import json
import subprocess
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import spacy
import typer

from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.files import InputError, OutputError
from zh_report_facts.records import to_record

# Runs in the clean environment: reads texts from standard input, gives their records back.
PROGRAM = """
import json, socket, sys
def refuse(*args, **kwargs):
    raise OSError("the pipeline asked for the network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import spacy
nlp = spacy.load("zh_report_facts")
from zh_report_facts.records import to_record
texts = json.load(sys.stdin)
json.dump([to_record(doc, str(i)) for i, doc in enumerate(nlp.pipe(texts))], sys.stdout)
"""


def smoke_test(packages: Path, model: Path, corpus: Path) -> int:
    """Check that the installed wheel finds what the trained pipeline finds.

    packages (Path): folder with one wheel.
    model (Path): folder of the trained pipeline.
    corpus (Path): annotated reports whose texts are read.
    RETURNS (int): number of facts compared.
    RAISES (InputError): if there is not just one wheel.
    RAISES (OutputError): if the wheel fails, or finds something else.
    """
    wheels = sorted(packages.glob("*.whl"))
    if len(wheels) != 1:
        raise InputError(f"{packages}: holds {len(wheels)} wheels; keep the one to test")
    texts = [report.text for _, report in read_reports(annotated_files(corpus))]
    docs = spacy.load(model).pipe(texts)
    expected = [to_record(doc, str(i)) for i, doc in enumerate(docs)]
    with TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        run([python, "-m", "pip", "install", "--quiet", str(wheels[0].resolve())], folder)
        found = json.loads(run([python, "-c", PROGRAM], folder, json.dumps(texts)))
    for text, ours, theirs in zip(texts, expected, found, strict=True):
        if ours != theirs:
            raise OutputError(
                f"The wheel finds other facts than {model} in the report that begins "
                f"'{text[:20]}'; build it again with `spacy project run package`"
            )
    return sum(len(record["facts"]) for record in found)


def run(command: list[str], folder: str, text: str = "") -> str:
    """Run a command away from the project.

    command (list[str]): the program and its arguments.
    folder (str): where it runs.
    text (str): what it reads from standard input.
    RETURNS (str): what it prints.
    RAISES (OutputError): if it fails.
    """
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OutputError(f"`{' '.join(command[:4])}` failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def main(
    packages: Annotated[Path, typer.Argument(help="Folder with the wheel")],
    model: Annotated[Path, typer.Argument(help="Folder of the trained pipeline")],
    corpus: Annotated[Path, typer.Argument(help="Annotated reports whose texts are read")],
) -> None:
    """Install the wheel into a clean environment and compare its facts with the folder's."""
    try:
        facts = smoke_test(packages, model, corpus)
    except (InputError, OutputError, OSError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(f"the wheel, alone and offline, finds the same {facts} facts")


if __name__ == "__main__":
    typer.run(main)
