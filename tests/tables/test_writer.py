from __future__ import annotations

import sys

import openpyxl
import pyarrow.parquet
import pytest
from made import REPORT, make_record

from zh_report_facts.files import OutputError
from zh_report_facts.tables.writer import WRITERS, find_writer, open_writer

METADATA = {"pipeline": "zh_report_facts", "version": "0.1.0"}


@pytest.mark.parametrize("ending", [*WRITERS, ".XLSX"])
def test_the_ending_chooses_the_writer(tmp_path, ending):
    path = tmp_path / "new" / f"facts{ending}"
    with open_writer(path, METADATA) as writer:
        writer.write(make_record(REPORT))
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    data = path.read_bytes()
    starts = {".jsonl": b'{"id"', ".csv": b"\xef\xbb\xbf", ".xlsx": b"PK", ".parquet": b"PAR1"}
    assert data.startswith(starts.get(ending.lower(), b"<!"))


def test_metadata_is_written_where_there_is_room(tmp_path):
    for name in ("facts.xlsx", "facts.parquet"):
        with open_writer(tmp_path / name, METADATA):
            pass
    about = openpyxl.load_workbook(tmp_path / "facts.xlsx")["说明"]
    assert (about["A3"].value, about["B3"].value) == ("version", "0.1.0")
    schema = pyarrow.parquet.read_schema(tmp_path / "facts.parquet")
    assert schema.metadata[b"version"] == b"0.1.0"


@pytest.mark.parametrize("name", ["facts.xls", "facts", "facts.jsonl.gz", "a\nb.doc"])
def test_an_unknown_ending_is_refused_at_once(tmp_path, name):
    with pytest.raises(OutputError, match=r"\.jsonl, \.csv, \.xlsx, \.parquet, \.html$") as caught:
        find_writer(tmp_path / name)
    assert "\n" not in str(caught.value)
    with pytest.raises(OutputError), open_writer(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "module", "needed"),
    [("xlsx", "excel", "xlsxwriter"), ("parquet", "parquet", "pyarrow")],
)
def test_what_is_not_installed_is_named(monkeypatch, tmp_path, ending, module, needed):
    for name in [name for name in sys.modules if name.startswith("zh_report_facts.tables.")]:
        if name.rpartition(".")[2] in (module, "sheet", "schema"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, needed, None)
    message = rf"writing \.{ending} needs {needed}; pip install 'zh_report_facts\[tables\]'"
    with pytest.raises(OutputError, match=message), open_writer(tmp_path / f"facts.{ending}"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_written_by_halves(tmp_path, ending, error):
    path = tmp_path / f"facts{ending}"
    path.write_text("of before")
    with pytest.raises(error), open_writer(path) as writer:
        writer.write(make_record(REPORT))
        raise error
    assert path.read_text() == "of before"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", WRITERS)
def test_the_same_reports_give_the_same_file(tmp_path, ending):
    for folder in ("one", "other"):
        with open_writer(tmp_path / folder / f"facts{ending}", METADATA) as writer:
            for number in range(3):
                writer.write(make_record(REPORT, str(number)))
    one, other = (path.read_bytes() for path in sorted(tmp_path.rglob(f"facts{ending}")))
    assert one == other


@pytest.mark.parametrize("ending", WRITERS)
def test_a_full_disk_is_named(tmp_path, ending):
    import resource
    import signal

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        with (
            pytest.raises(OutputError, match="facts.* cannot be written"),
            open_writer(tmp_path / f"facts{ending}") as writer,
        ):
            for number in range(50):
                writer.write(make_record(REPORT, str(number)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert list(tmp_path.iterdir()) == []
