"""The model card, written for the tiny pipeline."""

import pytest
import srsly
from tiny import REPORTS

from scripts.evaluate import evaluate
from scripts.model_card import main, measure_agreement, model_card
from zh_report_facts.files import InputError
from zh_report_facts.scoring.gold import read_corpora, read_gold


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gold") / "own"
    folder.mkdir()
    for number, source in enumerate(REPORTS):
        (folder / f"own-{number}.ann").write_text(source, encoding="utf-8")
    return folder


@pytest.fixture
def second(corpus, tmp_path):
    """A second annotation of a report of two programmes that has missed the first."""
    source = (corpus / "own-3.ann").read_text(encoding="utf-8")
    start, end = source.index("["), source.index("}") + 1
    name = source[start + 1 : source.index("]")]
    assert "}" not in name
    mark = source[source.index("{") + 1 : end - 1]
    bare = source[:start] + name + source[end:]
    bare = bare.replace(f">{mark},", ">").replace(f">{mark}", "")
    (tmp_path / "own-3.ann").write_text(bare, encoding="utf-8")
    return tmp_path


def test_agreement_counts_what_both_have(corpus, second):
    corpora = read_corpora([corpus])
    same = measure_agreement(corpora, corpora["own"])
    assert all(figure["f"] == 1 for figure in same.values() if figure["first"])
    other = measure_agreement(corpora, read_gold(second))
    assert 0 < other["PROGRAM strict"]["f"] < 1
    assert other["COUNT strict"]["f"] == 1


def test_a_second_annotation_needs_a_first_of_the_same_text(corpus, second):
    (second / "own-3.ann").write_text("别的报告。", encoding="utf-8")
    with pytest.raises(InputError, match="own-3.ann: no report of this name has this text"):
        measure_agreement(read_corpora([corpus]), read_gold(second))


def test_the_card_tells_data_agreement_scores_failures_and_speed(trained, corpus, second):
    corpora = read_corpora([corpus])
    metrics, _ = evaluate(trained, corpora, gold_entities=True)
    card = model_card(trained, corpora, read_gold(second), metrics, corpus)
    lines = [line[2:-2] for line in card.splitlines() if line.startswith("| ")]
    rows = dict(line.split(" | ", 1) for line in lines if " | " in line)
    assert rows["reports"] == f"{len(REPORTS)} | {len(REPORTS)}"
    f = metrics["own"]["predicted entities"]["facts overlap"]["f"]
    assert rows["facts, predicted entities, strict / overlap"].endswith(f"{100 * f:.1f}")
    assert "1 of the scored reports" in card
    assert "characters a second" in card
    with pytest.raises(InputError, match="own: not in the metrics"):
        model_card(trained, corpora, [], {}, corpus)


def test_the_command_writes_the_card(trained, corpus, second, tmp_path):
    model, measured, card = (tmp_path / name for name in ("model", "metrics.json", "card.md"))
    trained.to_disk(model)
    srsly.write_json(measured, {})
    with pytest.raises(SystemExit, match="holds no figures of evaluate"):
        main(model, [corpus], corpus, second, measured, card)
    assert not card.exists()
    metrics, _ = evaluate(trained, read_corpora([corpus]), gold_entities=True)
    srsly.write_json(measured, {"corpora": metrics})
    main(model, [corpus], corpus, second, measured, card)
    assert card.read_text(encoding="utf-8").startswith("#")
