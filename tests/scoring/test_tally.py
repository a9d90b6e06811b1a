import pytest

from zh_report_facts.notation import parse_report
from zh_report_facts.scoring.annotation import annotate_report
from zh_report_facts.scoring.tally import Tally, compare, new_tallies, overlap


def tallies(gold, found):
    counted = new_tallies()
    compare(
        annotate_report(parse_report(gold, "gold")),
        annotate_report(parse_report(found, "found")),
        counted,
    )
    return {name: (t.hits, t.gold, t.found) for name, t in counted.items()}


GOLD = "开展[流动图书角]{P1}[12场]{C>P1}，惠及[读者]{I1}[30人]{C>P1,I1:TARGET}。"


def test_equal_annotations_are_all_right():
    counted = tallies(GOLD, GOLD)
    assert counted["entities strict"] == counted["entities overlap"] == (4, 4, 4)
    assert counted["facts strict"] == counted["facts overlap"] == (3, 3, 3)
    assert counted["PROGRAM facts strict"] == (2, 2, 2)
    assert counted["ITEM facts strict"] == (1, 1, 1)
    assert counted["facts overlap: TARGET"] == (2, 2, 2)
    assert counted["facts overlap: adjacent"] == (2, 2, 2)
    assert counted["role of found numbers"] == (2, 2, 2)


def test_half_of_a_span_overlaps_and_less_does_not():
    half = tallies(GOLD, GOLD.replace("[流动图书角]{P1}", "流动[图书角]{P1}"))
    assert half["PROGRAM strict"] == (0, 1, 1)
    assert half["PROGRAM overlap"] == (1, 1, 1)
    assert (half["facts strict"], half["facts overlap"]) == ((1, 3, 3), (3, 3, 3))
    less = tallies(GOLD, GOLD.replace("[流动图书角]{P1}", "流动图[书角]{P1}"))
    assert less["PROGRAM overlap"] == (0, 1, 1)
    assert less["facts overlap"] == (1, 3, 3)


def test_quantities_of_facts_need_all_their_characters():
    counted = tallies(GOLD, GOLD.replace("[12场]", "1[2场]"))
    assert counted["COUNT overlap"] == (2, 2, 2)
    assert counted["facts overlap"] == (2, 3, 3)
    assert counted["role of found numbers"] == (1, 1, 1)


def test_a_wrong_role_makes_all_links_wrong():
    counted = tallies(GOLD, GOLD.replace(":TARGET", ""))
    assert counted["facts overlap"] == (1, 3, 3)
    assert counted["facts overlap: TARGET"] == (0, 2, 0)
    assert counted["facts overlap: ACTUAL"] == (1, 1, 3)
    assert counted["role of found numbers"] == (1, 2, 2)


def test_links_to_an_entity_that_was_missed_count_as_missed():
    counted = tallies(GOLD, "开展流动图书角[12场]{C}，惠及[读者]{I1}[30人]{C>I1:TARGET}。")
    assert counted["facts overlap"] == (1, 3, 1)
    assert counted["PROGRAM facts overlap"] == (0, 2, 0)


def test_distance_and_sentence_are_those_of_the_gold_link():
    gold = "[流动图书角]{P1}很受欢迎。全年[12场]{C>P1}。"
    counted = tallies(gold, gold.replace("[流动图书角]{P1}", "流动[图书角]{P1}"))
    assert counted["facts overlap: other sentence"] == (1, 1, 1)
    assert counted["facts overlap: same sentence"] == (0, 0, 0)
    assert counted["facts overlap: 1–9 characters apart"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [((0, 4), (0, 4), 1), ((0, 4), (2, 4), 0.5), ((0, 4), (2, 6), 1 / 3), ((0, 2), (2, 4), 0)],
)
def test_overlap(a, b, share):
    assert overlap(a, b) == overlap(b, a) == pytest.approx(share)


def test_shares_of_an_empty_tally_are_zero():
    assert (Tally().p, Tally().r, Tally().f) == (0, 0, 0)
    tally = Tally()
    tally.add(1, 2, 4)
    assert (tally.p, tally.r, tally.f) == pytest.approx((0.25, 0.5, 1 / 3))
