"""The notebook runs, and shows what its committed outputs show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from zh_report_facts import PIPELINE
from zh_report_facts.files import InputError, OutputError

for module in ("nbclient", "ipykernel", "lxml", "pandas"):
    pytest.importorskip(module, reason=f"needs {module}; pip install -e '.[dev]'")

import nbformat  # noqa: E402

from scripts.run_notebook import execute, read_notebook, run_notebook  # noqa: E402

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "notebooks" / "quickstart.ipynb"


@pytest.fixture
def committed():
    return read_notebook(NOTEBOOK)


def shape(output):
    """What training does not change of an output: its kind, the columns or keys of its data."""
    if output.output_type == "stream":
        return "stream", output.name
    page = output.data.get("text/html", "")
    head = "".join(re.findall("<thead>.*?</thead>", page, re.DOTALL))
    text = output.data["text/plain"]
    return (
        output.output_type,
        sorted(output.data),
        re.findall("<th[^>]*>(.*?)</th>", head),
        list(ast.literal_eval(text)) if text.startswith("{") else None,
        "<iframe" in page,
    )


def shapes(notebook):
    return [[shape(output) for output in cell.get("outputs", ())] for cell in notebook.cells]


@pytest.mark.skipif(
    not PIPELINE.exists(), reason="no packaged pipeline; `spacy project run all` makes one"
)
def test_it_runs_from_the_repository_and_gives_outputs_like_the_committed_ones(committed):
    fresh = read_notebook(NOTEBOOK)
    for cell in fresh.cells:
        cell.pop("outputs", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # The committed outputs were made in notebooks/.
    execute(fresh, ROOT)
    assert shapes(fresh) == shapes(committed)
    assert fresh.metadata == committed.metadata
    assert [cell.get("execution_count") for cell in fresh.cells] == [
        cell.get("execution_count") for cell in committed.cells
    ]


def test_every_cell_of_code_has_its_outputs_and_none_complains(committed):
    cells = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.outputs for cell in cells)
    kinds = {shape(output)[:2] for cell in cells for output in cell.outputs if "name" in output}
    assert kinds <= {("stream", "stdout")}


def test_it_does_not_tell_who_ran_it(committed):
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
    assert not re.search(r"/(home|root|tmp|var|work|Users)/|[A-Z]:\\\\|0x[0-9a-f]{6,}", text)
    assert set(committed.metadata) == {"kernelspec", "language_info"}
    assert set(committed.metadata.language_info) == {"name"}
    assert not any(cell.metadata for cell in committed.cells)


def write(path, source):
    cell = nbformat.v4.new_code_cell(source, metadata={"scrolled": True})
    metadata = {"language_info": {"name": "python", "version": "3.8"}}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=metadata)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path


def test_it_runs_in_its_own_folder_and_keeps_no_metadata(tmp_path):
    path = write(tmp_path / "a.ipynb", "import os; os.listdir()")
    assert run_notebook(path) == 1
    (cell,) = read_notebook(path).cells
    assert (cell.execution_count, cell.outputs[0].data) == (1, {"text/plain": "['a.ipynb']"})
    assert not cell.metadata and set(read_notebook(path).metadata.language_info) == {"name"}


def test_a_cell_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = write(tmp_path / "a.ipynb", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(OutputError, match="A cell failed, nothing was written(.|\n)*ZeroDivision"):
        run_notebook(path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.ipynb", before)]


@pytest.mark.parametrize("text", ["# no notebook", "{}", "[1]", '{"nbformat": 4, "cells": 1}'])
def test_what_is_no_notebook_is_named(text, tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="a.ipynb: is no notebook; give an .ipynb file"):
        run_notebook(path)
