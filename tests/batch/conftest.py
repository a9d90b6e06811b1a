from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def hazard(tmp_path_factory):
    """Installs the component `hazard` for this process and those it starts."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(FOLDER / "hazard.py", folder)
    info = folder / "hazard-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hazard\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[spacy_factories]\nhazard = hazard:hazard\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        old = os.environ.get("PYTHONPATH")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *([old] if old else [])]))
        __import__("hazard")
        yield


@pytest.fixture(scope="session")
def model(trained, hazard, tmp_path_factory):
    """The tiny pipeline on disk, with the component `hazard` in front."""
    folder = tmp_path_factory.mktemp("model")
    trained.to_disk(folder)
    nlp = spacy.load(folder)
    nlp.add_pipe("hazard", first=True)
    nlp.to_disk(folder)
    return str(folder)


@pytest.fixture
def write_parquet(tmp_path):
    """Writes reports to a file of `in`, by their texts or their columns."""

    def write(name, texts, group=None, **columns):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        ids = [f"{path.stem}-{number}" for number in range(len(texts))]
        pq.write_table(pa.table({"id": ids, "text": texts} | columns), path, row_group_size=group)
        return path

    return write


@pytest.fixture
def write_lines(tmp_path):
    def write(name, *lines):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(data) + b"\n")
        return path

    return write
