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
# Without PyTorch, which thinc imports where it is installed and which this pipeline does not use.
MEMORY = """
import resource, sys
sys.modules["torch"] = None
import spacy
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
    text = "\n".join(texts)
    text = (text * (1 + MEGABYTE // len(text))).encode()[:MEGABYTE].decode(errors="ignore")
    rows = [
        ("whole pipeline, nlp.pipe, characters/s", f"{whole:,.0f}"),
        ("its tokeniser alone, characters/s", f"{own:,.0f}"),
        ("spaCy's bare character tokeniser, characters/s", f"{bare:,.0f}"),
        ("whole pipeline : bare tokeniser", f"1 : {bare / whole:.1f}"),
        ("loading after `import spacy`, s", f"{float(measure(LOADING, model)):.2f}"),
        ("peak memory on a text of 1 MB, MB", f"{int(measure(MEMORY, model, text)) / 1024:,.0f}"),
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
