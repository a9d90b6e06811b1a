"""Measure a pipeline's speed, loading time, memory and wheel size."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.language import Language
from wasabi import table

from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.files import InputError

LOADING = """
import spacy, sys, time
start = time.perf_counter()
spacy.load(sys.argv[1])
print(time.perf_counter() - start)
"""
MEMORY = """
import resource, spacy, sys
nlp = spacy.load(sys.argv[1])
text = sys.stdin.read()
nlp(text)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
MEGABYTE = 1_000_000


def benchmark(model: str, corpus: Path, packages: Path) -> list[tuple[str, str]]:
    """Measure a trained pipeline in one process.

    model (str): folder or name of the pipeline.
    corpus (Path): annotated reports whose texts are read.
    packages (Path): folder with the wheel.
    RETURNS (list[tuple[str, str]]): what was measured, and the figure with its unit.
    """
    texts = [report.text for _, report in read_reports(annotated_files(corpus))]
    nlp = spacy.load(model)
    whole = rate(nlp, texts)
    bare = rate(spacy.blank("zh"), texts)
    own = rate(nlp, texts, tokens_only=True)
    rows = [
        ("whole pipeline, nlp.pipe, characters/s", f"{whole:,.0f}"),
        ("its tokeniser alone, characters/s", f"{own:,.0f}"),
        ("spaCy's bare character tokeniser, characters/s", f"{bare:,.0f}"),
        ("whole pipeline : bare tokeniser", f"1 : {bare / whole:.1f}"),
        ("loading after `import spacy`, s", f"{float(measure(LOADING, model)):.2f}"),
        ("peak memory on a text of 1 MB, MB", f"{peak_memory(model, fill(texts, MEGABYTE)):,.0f}"),
    ]
    rows += [("wheel, MB", f"{w.stat().st_size / 1e6:.1f}") for w in packages.glob("*.whl")]
    return rows


def rate(nlp: Language, texts: list[str], tokens_only: bool = False) -> float:
    """Characters a second, the best of three runs.

    nlp (Language): the pipeline.
    texts (list[str]): what it reads.
    tokens_only (bool): whether to leave the components out.
    RETURNS (float): characters a second.
    """
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in map(nlp.make_doc, texts) if tokens_only else nlp.pipe(texts):
            pass
        seconds.append(time.perf_counter() - start)
    return sum(map(len, texts)) / min(seconds)


def fill(texts: list[str], size: int) -> str:
    """Repeat texts until they make one of so many bytes.

    texts (list[str]): at least one.
    size (int): bytes in UTF-8; a cut character is left out.
    RETURNS (str): the long text.
    """
    text = "\n".join(texts)
    return (text * (1 + size // len(text))).encode()[:size].decode(errors="ignore")


def peak_memory(model: str, text: str) -> float:
    """The most memory that a fresh process takes to load a pipeline and read a text, in MB."""
    return int(measure(MEMORY, model, text)) / 1024


def measure(program: str, model: str, text: str = "") -> str:
    """Run a program in a fresh process.

    program (str): Python source.
    model (str): its argument, folder or name of the pipeline.
    text (str): what it reads from standard input.
    RETURNS (str): what it prints.
    """
    command = [sys.executable, "-c", program, model]
    return subprocess.run(
        command, input=text, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def main(
    model: Annotated[str, typer.Argument(help="Trained pipeline: a folder or a package")],
    corpus: Annotated[Path, typer.Argument(help="Annotated reports whose texts are read")],
    packages: Annotated[Path, typer.Argument(help="Folder with the wheel")],
) -> None:
    """Measure a pipeline's speed, loading time, memory and wheel size."""
    try:
        rows = benchmark(model, corpus, packages)
    except (InputError, OSError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(table(rows, aligns=("l", "r")))


if __name__ == "__main__":
    typer.run(main)
