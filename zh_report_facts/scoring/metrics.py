"""Show the figures of an evaluation, and hold them against their floors."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..files import InputError, read_text

Metrics = Mapping[str, Mapping[str, Any]]

PREDICTED = "predicted entities"
GIVEN = "gold entities"
WIDTH = 44


def format_metrics(metrics: Metrics) -> str:
    """Lay figures out as one table a corpus.

    metrics (Metrics): for each corpus its `data`, and its figures with predicted entities and, if
        they were measured, with gold entities.
    RETURNS (str): the tables; shares are in per cent.
    """
    return "\n\n".join(
        "\n".join(line.rstrip() for line in _format_corpus(name, corpus))
        for name, corpus in metrics.items()
    )


def _format_corpus(name: str, corpus: Mapping[str, Any]) -> Iterator[str]:
    yield f"{name}: " + _format_shares(corpus["data"])
    kinds = [kind for kind in (PREDICTED, GIVEN) if kind in corpus]
    yield " " * WIDTH + "".join(f"{kind:>24}" + " " * 14 for kind in kinds)
    columns = "".join(f"{key:>8}" for key in ("P %", "R %", "F %")) + f"{'gold':>7}{'found':>7}"
    yield f"{'':{WIDTH}}" + columns * len(kinds)
    figures = corpus[PREDICTED]
    for figure in figures:
        if "f" in figures[figure]:
            # With gold entities there is nothing to say about entities.
            shown = kinds if "facts" in figure else [PREDICTED]
            yield f"{figure:{WIDTH}}" + "".join(_format_prf(corpus[kind][figure]) for kind in shown)
    for figure in figures:
        if "f" not in figures[figure]:
            for kind in kinds:
                yield f"{figure}, {kind}: {_format_shares(corpus[kind][figure])}"


def _format_prf(measured: Mapping[str, float]) -> str:
    shares = "".join(f"{measured[key]:8.1%}".replace("%", "") for key in ("p", "r", "f"))
    return shares + "".join(f"{measured[key]:>7,}" for key in ("gold", "found"))


def _format_shares(measured: Mapping[str, float]) -> str:
    return ", ".join(
        f"{value:,} {name}" if isinstance(value, int) else f"{value:.1%} {name}"
        for name, value in measured.items()
    )


def read_floors(path: Path) -> dict[str, Any]:
    """Read the least values of figures.

    path (Path): a JSON file, a tree like that of the metrics.
    RETURNS (dict[str, Any]): the tree.
    RAISES (InputError): if it cannot be read.
    """
    try:
        floors = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}:{error.lineno}:{error.colno}: is no JSON ({error.msg})"
        ) from error
    if not isinstance(floors, dict):
        raise InputError(f"{path}: holds no JSON object; write one with a key for each corpus")
    return floors


def find_below(metrics: Metrics, floors: Mapping[str, Any]) -> list[str]:
    """Find the figures that are below their floors.

    metrics (Metrics): the figures of each corpus.
    floors (Mapping[str, Any]): a tree like that of the metrics, with the least value of some of
        its figures. What it says of corpora that were not measured is passed over.
    RETURNS (list[str]): one sentence for each figure below its floor.
    RAISES (InputError): if a floor is no number, or no figure stands at its place.
    """
    below = []
    for path, floor in _leaves(floors):
        if path[0] not in metrics:
            continue
        figure: Any = metrics
        for key in path:
            figure = figure.get(key) if isinstance(figure, Mapping) else None
        name = f"{path[0]}: " + ", ".join(path[1:])
        if not isinstance(figure, int | float) or not isinstance(floor, int | float):
            raise InputError(f"{name}: is no measured figure with a number for its floor; mend it")
        if figure < floor:
            below.append(f"{name} is {figure:.4f}, below its floor of {floor}")
    return below


def _leaves(tree: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value
