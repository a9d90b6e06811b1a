"""The commands that score a pipeline, run on the tiny one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
import typer
from tiny import REPORTS

from scripts.error_report import error_report
from scripts.error_report import main as error_report_command
from scripts.evaluate import evaluate
from scripts.evaluate import main as evaluate_command
from zh_report_facts.scoring.gold import read_corpora

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "eval" / "score.py"
# What the tiny pipeline has never seen, so that there are mistakes.
UNSEEN = "[假日托管]{P1}开了[15个]{C>P1,I1}[班]{I1}，[花费]{I2}<b>[2万元]{M>P1,I2:BASELINE}。\n"


@pytest.fixture(scope="module")
def model(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scored") / "model"
    trained.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gold") / "own"
    folder.mkdir()
    for number, source in enumerate([*REPORTS, UNSEEN]):
        (folder / f"own-{number}.ann").write_text(source, encoding="utf-8")
    text = re.sub(r"[\[\]]|\{[^}]*\}", "", REPORTS[0])
    (folder / "own-0.txt").write_text(text[:12] + "\n" + text[12:], encoding="utf-8")
    values = "12家\t12\t\t家\texact\n85.6万元\t856000\t\tCNY\texact\n3万余人次\t3\t\t人次\tover\n"
    (folder / "own-0.values.tsv").write_text(values, encoding="utf-8")
    return folder


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, f"scripts/{script}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_evaluate_measures_with_predicted_and_gold_entities(trained, corpus):
    metrics, predicted = evaluate(trained, read_corpora([corpus]), gold_entities=True)
    own = metrics["own"]
    assert own["data"]["reports"] == len(predicted) == len(REPORTS) + 1
    assert own["data"]["read as published"] == 1
    assert 0.5 < own["predicted entities"]["facts overlap"]["f"] < 1
    assert own["gold entities"]["entities strict"]["f"] == 1
    assert own["predicted entities"]["entities strict"]["f"] < 1
    gold_links = own["gold entities"]["facts strict"]["gold"]
    assert gold_links == own["predicted entities"]["facts strict"]["gold"] == 28
    # The table beside the report is wrong about one of the three values.
    assert own["predicted entities"]["value of found numbers"] == {
        "accuracy": pytest.approx(2 / 3),
        "right": 2,
        "found": 3,
    }


def test_evaluate_command_prints_the_figures_of_the_reference(model, corpus, tmp_path):
    output, predictions = tmp_path / "metrics.json", tmp_path / "predictions.jsonl"
    done = run("evaluate.py", model, corpus, "--output", output, "--predictions", predictions)
    assert done.returncode == 0, done.stderr
    document = json.loads(output.read_text(encoding="utf-8"))
    assert document["pipeline"]["lang"] == "zh"
    figures = document["corpora"]["own"]["predicted entities"]
    assert "gold entities" not in document["corpora"]["own"]
    if not REFERENCE.exists():
        pytest.skip("needs ../shared/eval/score.py beside the repository")
    reference = subprocess.run(
        [sys.executable, REFERENCE, "score", predictions, *sorted(corpus.glob("*.ann"))],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = dict(re.findall(r"^(\S.*?) +P +([\d.]+)%", reference, re.M))
    names = {"PROGRAM": "PROGRAM strict", "entities": "entities strict", "facts": "facts overlap"}
    names |= {"COUNT overlap": "COUNT overlap", "item facts exact": "ITEM facts strict"}
    for theirs, ours in names.items():
        assert rows[theirs] == f"{100 * figures[ours]['p']:.1f}"
        assert re.search(rf"^{ours} +{rows[theirs]} ", done.stdout, re.M)
    assert "values of found numbers    2/3 = 66.7%" in reference
    assert "value of found numbers, predicted entities: 66.7% accuracy" in done.stdout


def test_evaluate_command_exits_1_below_a_floor(model, corpus, tmp_path, capsys):
    floors, output = tmp_path / "floors.json", tmp_path / "metrics.json"
    floor = {"own": {"predicted entities": {"entities strict": {"f": 1.0}}}, "elsewhere": {}}
    floors.write_text(json.dumps(floor), encoding="utf-8")
    with pytest.raises(typer.Exit) as stopped:
        evaluate_command(str(model), [corpus], output, floors=floors)
    assert stopped.value.exit_code == 1
    printed = capsys.readouterr()
    assert "elsewhere: was not measured, its floors are not checked" in printed.out
    assert re.fullmatch(
        r"own: predicted entities, entities strict, f is 0\.\d{4}, below its floor of 1\.0\n",
        printed.err,
    )
    assert output.exists()


@pytest.mark.parametrize("command", [evaluate_command, error_report_command])
def test_what_cannot_be_loaded_is_one_sentence(command, corpus, tmp_path):
    blank = tmp_path / "blank"
    spacy.blank("zh").to_disk(blank)
    output = tmp_path / "output"
    for model, folder, message in [
        (tmp_path / "none", corpus, "cannot be loaded"),
        (blank, corpus, "has no component report_ner"),
        (blank, tmp_path / "none", "there is no such file or folder"),
    ]:
        with pytest.raises(SystemExit) as stopped:
            command(str(model), [folder], output)
        assert message in str(stopped.value) and "\n" not in str(stopped.value)
        assert not output.exists()


def test_error_report_shows_each_mistake_in_its_sentence(trained, corpus):
    page, counts = error_report(trained, read_corpora([corpus]))
    assert counts.total() == page.count("<article") > 0
    assert counts["wrong value", "own"] == 1
    assert "gold over 3 人次, found over 30000 人次" in page
    for cause, _ in counts:
        assert f'data-cause="{cause}"' in page
    assert "own-6.ann:1:" in page
    assert "&lt;b&gt;" in page and "<b>假" not in page and "花费</mark><b>" not in page


def test_error_report_needs_no_network(trained, corpus):
    page, _ = error_report(trained, read_corpora([corpus]))
    assert not re.search(r"https?:|src=|<link|@import|url\(", page)


def test_error_report_command(model, corpus, tmp_path):
    output = tmp_path / "errors.html"
    done = run("error_report.py", model, corpus, "--output", output)
    assert done.returncode == 0, done.stderr
    assert re.search(r"errors\.html: \d+ mistakes in 7 reports\n$", done.stdout)
    assert output.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
