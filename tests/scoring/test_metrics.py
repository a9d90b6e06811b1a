import pytest

from zh_report_facts.files import InputError
from zh_report_facts.scoring.metrics import find_below, format_metrics, read_floors

METRICS = {
    "dev": {
        "data": {"reports": 2, "characters": 1200},
        "predicted entities": {
            "COUNT strict": {"p": 0.5, "r": 1.0, "f": 2 / 3, "right": 1, "gold": 1, "found": 2},
            "facts overlap": {"p": 1.0, "r": 0.5, "f": 2 / 3, "right": 1, "gold": 2, "found": 1},
            "role of found numbers": {"accuracy": 0.75, "right": 3, "found": 4},
        },
        "gold entities": {
            "COUNT strict": {"p": 1.0, "r": 1.0, "f": 1.0, "right": 1, "gold": 1, "found": 1},
            "facts overlap": {"p": 0.8, "r": 0.8, "f": 0.8, "right": 1, "gold": 2, "found": 1},
            "role of found numbers": {"accuracy": 1.0, "right": 4, "found": 4},
        },
    }
}


def test_table_names_data_and_entities():
    lines = format_metrics(METRICS).splitlines()
    assert lines[0] == "dev: 2 reports, 1,200 characters"
    assert "predicted entities" in lines[1] and "gold entities" in lines[1]
    rows = {line[:44].strip(): line[44:].split() for line in lines[3:5]}
    assert rows["COUNT strict"] == ["50.0", "100.0", "66.7", "1", "2"]
    assert rows["facts overlap"] == ["100.0", "50.0", "66.7", "2", "1", *["80.0"] * 3, "2", "1"]
    assert lines[5:] == [
        "role of found numbers, predicted entities: 75.0% accuracy, 3 right, 4 found",
        "role of found numbers, gold entities: 100.0% accuracy, 4 right, 4 found",
    ]


def test_gold_entities_need_not_be_measured():
    alone = {"dev": {key: METRICS["dev"][key] for key in ("data", "predicted entities")}}
    assert "gold entities" not in format_metrics(alone)


def test_figures_below_their_floors():
    floors = {
        "dev": {
            "predicted entities": {
                "COUNT strict": {"f": 0.7, "r": 1.0},
                "role of found numbers": {"accuracy": 0.8},
            }
        },
        "not measured": {"predicted entities": {"facts overlap": {"f": 0.9}}},
    }
    assert find_below(METRICS, floors) == [
        "dev: predicted entities, COUNT strict, f is 0.6667, below its floor of 0.7",
        "dev: predicted entities, role of found numbers, accuracy is 0.7500, "
        "below its floor of 0.8",
    ]


@pytest.mark.parametrize(
    "floors",
    [
        {"dev": {"predicted entities": {"facts close": {"f": 0.5}}}},
        {"dev": {"predicted entities": 0.5}},
        {"dev": {"predicted entities": {"facts overlap": {"f": "much"}}}},
        {"dev": 0.5},
    ],
)
def test_a_floor_without_a_figure_is_an_error(floors):
    with pytest.raises(InputError, match="dev: .*floor"):
        find_below(METRICS, floors)


def test_floors_are_read(tmp_path):
    path = tmp_path / "floors.json"
    path.write_text('{"dev": {}}', encoding="utf-8")
    assert read_floors(path) == {"dev": {}}
    path.write_text('{"dev": ', encoding="utf-8")
    with pytest.raises(InputError, match=r"floors\.json:1:\d+: is no JSON"):
        read_floors(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="holds no JSON object"):
        read_floors(path)
