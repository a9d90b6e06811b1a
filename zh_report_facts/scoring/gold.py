"""Gold reports with what lies beside them: the text as published, and the values."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..corpus import annotated_files, read_reports
from ..files import InputError, read_text
from ..quantity.parse import Quantity
from ..report import Report
from .annotation import Annotation, annotate_report, visible_text
from .values import read_values


class Gold(NamedTuple):
    """A gold report and what a pipeline is given of it.

    name (str): the name of its file, without the ending.
    source (str): the report in the inline notation.
    report (Report): the report.
    text (str): the text as published, with its line wraps, or else that of the report.
    is_raw (bool): whether it is the text as published.
    values (dict[str, Quantity]): the normal form of its quantities' texts, if they are known.
    """

    name: str
    source: str
    report: Report
    text: str
    is_raw: bool
    values: dict[str, Quantity]

    @property
    def annotation(self) -> Annotation:
        """What should be found."""
        return annotate_report(self.report)


def read_gold(path: str | Path) -> list[Gold]:
    """Read gold reports with their texts as published and their values, where those lie beside.

    path (str | Path): an `.ann` file or a folder of them; beside `NAME.ann` there can be `NAME.txt`
        and `NAME.values.tsv`.
    RETURNS (list[Gold]): at least one report, in order of file names.
    RAISES (InputError): if a file cannot be read, or two do not belong together.
    """
    golds = []
    files = annotated_files(path)
    for file, (source, report) in zip(files, read_reports(files), strict=True):
        raw = file.with_suffix(".txt")
        text = read_text(raw) if raw.exists() else report.text
        _check_same_text(raw, text, report)
        values = read_values(file.with_suffix(".values.tsv"))
        golds.append(Gold(file.stem, source, report, text, raw.exists(), values))
    return golds


def _check_same_text(raw: Path, text: str, report: Report) -> None:
    a, b = visible_text(text), visible_text(report.text)
    if a != b:
        at = next(i for i, (x, y) in enumerate(zip(a + " ", b + " ", strict=False)) if x != y)
        shown = a[max(0, at - 10) : at + 10]
        raise InputError(
            f"{raw}: is not the text of {report.name}: they differ at '…{shown}…'; mend one of them"
        )


def read_corpora(paths: Iterable[Path]) -> dict[str, list[Gold]]:
    """Read the gold reports of several corpora.

    paths (Iterable[Path]): folders of `.ann` files, or such files.
    RETURNS (dict[str, list[Gold]]): the reports of each, by the name of its folder or file.
    RAISES (InputError): if one cannot be read, or if two corpora or two reports share a name, which
        tells figures and predictions apart.
    """
    corpora: dict[str, list[Gold]] = {}
    files: dict[str, str] = {}
    for path in paths:
        name = path.resolve().name
        if name in corpora:
            raise InputError(f"{path}: there is another corpus named {name}; rename one")
        corpora[name] = read_gold(path)
        for gold in corpora[name]:
            if gold.name in files:
                other = files[gold.name]
                raise InputError(f"{gold.report.name}: has the same name as {other}; rename one")
            files[gold.name] = gold.report.name
    return corpora
