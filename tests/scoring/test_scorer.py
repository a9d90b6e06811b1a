import pytest
import spacy
from spacy.training import Example

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.notation import parse_report

GOLD = "开展[流动图书角]{P1}[12场]{C>P1}，惠及[读者]{I1}[30人]{C>P1,I1:TARGET}。"


@pytest.fixture(scope="module")
def score():
    return spacy.registry.scorers.get("zh_report_facts.fact_scorer.v1")()


def example(gold, found):
    nlp = spacy.blank("zh")
    docs = [report_to_doc(nlp, parse_report(text, "a.ann"))[0] for text in (found, gold)]
    return Example(*docs)


def test_all_right(score):
    scores = score([example(GOLD, GOLD)])
    assert set(scores) == {"facts_p", "facts_r", "facts_f", "facts_exact_f", "role_acc"}
    assert set(scores.values()) == {1.0}


def test_links_of_missed_entities_count_as_missed(score):
    """Three gold links of which one is found: walking the predicted pairs only would give 1.0."""
    found = "开展流动图书角[12场]{C}，惠及[读者]{I1}[30人]{C>I1:TARGET}。"
    scores = score([example(GOLD, found)])
    assert scores["facts_p"] == 1.0
    assert scores["facts_r"] == pytest.approx(1 / 3)
    assert scores["facts_f"] == pytest.approx(1 / 2)


def test_links_of_entities_that_no_tokens_hold_count_as_missed(score):
    nlp = spacy.blank("zh")
    nlp.tokenizer = lambda text: spacy.tokens.Doc(
        nlp.vocab, words=["开展流动图书角12场"], spaces=[False]
    )
    report = parse_report("开展[流动图书角]{P1}[12场]{C>P1}", "a.ann")
    reference, lost = report_to_doc(nlp, report)
    assert len(lost) == 2 and not reference.ents
    scores = score([Example(nlp.make_doc(report.text), reference)])
    assert scores["facts_r"] == 0.0


def test_overlap_and_exact_differ(score):
    scores = score([example(GOLD, GOLD.replace("[流动图书角]{P1}", "流动[图书角]{P1}"))])
    assert scores["facts_f"] == 1.0
    assert scores["facts_exact_f"] == pytest.approx(1 / 3)


def test_role_accuracy_is_that_of_found_numbers(score):
    found = GOLD.replace(":TARGET", "").replace("[12场]{C>P1}", "12场")
    scores = score([example(GOLD, found)])
    assert scores["role_acc"] == 0.0
    assert scores["facts_f"] == 0.0


@pytest.mark.parametrize("gold", ["没有数字。", ""])
def test_nothing_to_score_is_none(score, gold):
    scores = score([example(gold, gold)])
    assert set(scores.values()) == {None}
