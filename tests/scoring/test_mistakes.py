from decimal import Decimal

import pytest

from zh_report_facts.notation import parse_report
from zh_report_facts.quantity.parse import Quantity
from zh_report_facts.scoring import mistakes as m
from zh_report_facts.scoring.annotation import annotate_report
from zh_report_facts.scoring.values import Reading

GOLD = "开展[流动图书角]{P1}[12场]{C>P1}，惠及[读者]{I1}[30人]{C>P1,I1:TARGET}，另设[夜校]{P2}5天。"


def find(found, gold=GOLD):
    """Each mistake's cause with the texts of its gold, found and undisputed marks."""
    right = annotate_report(parse_report(gold, "gold"))
    other = annotate_report(parse_report(found, "found"))

    def texts(mistake, side):
        marks = (mark for mark in mistake.marks if mark.side == side)
        return "|".join(right.text[slice(*mark.place)] for mark in marks)

    return [
        (x.cause, *(texts(x, side) for side in (m.GOLD, m.FOUND, m.NUMBER)), x.note)
        for x in m.find_mistakes(right, other, [])
    ]


def test_no_mistake():
    assert find(GOLD) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[夜校]{P2}", "夜[校]{P2}", [(m.BOUNDARY, "夜校", "校", "", "")]),
        ("[夜校]{P2}", "[夜校]{I2}", [(m.LABEL, "夜校", "夜校", "", "")]),
        ("[夜校]{P2}", "夜校", [(m.MISSED_WITHOUT_NUMBER, "夜校", "", "", "")]),
        ("5天", "[5天]{C}", [(m.INVENTED, "", "5天", "", "")]),
        (
            "5天",
            "[5天]{C>P2}",
            [(m.INVENTED_NUMBER, "", "5天|夜校", "", ""), (m.INVENTED, "", "5天", "", "")],
        ),
        ("{C>P1}", "{C}", [(m.MISSED_LINK, "流动图书角", "", "12场", "")]),
        ("{C>P1}", "{C>P1,I1}", [(m.EXTRA_LINK, "", "读者", "12场", "")]),
        ("{C>P1}", "{C>P2}", [(m.WRONG_HEAD, "流动图书角", "夜校", "12场", "")]),
        (
            "{C>P1}",
            "{C>P1:BASELINE}",
            [(m.WRONG_ROLE, "", "", "12场|流动图书角", "gold ACTUAL, found BASELINE")],
        ),
        (
            "[30人]{C>P1,I1:TARGET}",
            "3[0人]{C>P1,I1:TARGET}",
            [
                (m.LOST_NUMBER, "流动图书角|读者", "", "30人", ""),
                (m.BOUNDARY, "30人", "0人", "", ""),
            ],
        ),
        (
            "[12场]{C>P1}",
            "12场",
            [
                (m.LOST_NUMBER, "流动图书角", "", "12场", ""),
                (m.MISSED_QUANTITY, "12场", "", "", ""),
            ],
        ),
        # Half of the head is enough for its links.
        ("[流动图书角]{P1}", "流动[图书角]{P1}", [(m.BOUNDARY, "流动图书角", "图书角", "", "")]),
    ],
)
def test_cause(old, new, expected):
    assert sorted(find(GOLD.replace(old, new))) == sorted(expected)


def test_links_of_a_missed_head_are_told_apart_from_missed_links():
    found = GOLD.replace("[读者]{I1}", "读者").replace("P1,I1", "P1")
    assert sorted(find(found)) == sorted(
        [(m.MISSED_WITH_NUMBER, "读者", "", "", ""), (m.LOST_HEAD, "读者", "", "30人", "")]
    )


def test_links_to_an_invented_head_are_told_apart_from_extra_links():
    found = GOLD.replace("另设", "[另设]{I3}").replace("{C>P1}", "{C>P1,I3}")
    assert sorted(find(found)) == sorted(
        [(m.INVENTED, "", "另设", "", ""), (m.INVENTED_HEAD, "", "另设", "12场", "")]
    )


def test_a_wrong_head_says_whether_the_right_one_was_found():
    found = GOLD.replace("[流动图书角]{P1}", "流动图书角").replace("{C>P1}", "{C>P2}")
    found = found.replace("P1,I1", "I1")
    wrong = [mistake for mistake in find(found) if mistake[0] == m.WRONG_HEAD]
    note = "the right head was not found"
    assert wrong == [(m.WRONG_HEAD, "流动图书角", "夜校", "12场", note)]


def test_entities_run_together_are_one_mistake():
    gold = "[图书角]{P1}、[夜校]{P2}"
    assert find("[图书角、夜校]{P1}", gold) == [(m.BOUNDARY, "图书角|夜校", "图书角、夜校", "", "")]


def test_wrong_value():
    gold = annotate_report(parse_report("[3至5家]{C}、[2台]{C}", "gold"))
    right = Quantity(Decimal(2), None, "台", "exact")
    three_to_five = Quantity(Decimal(3), Decimal(5), "家", "exact")
    unread = Quantity(None, None, None, "about")
    readings = [Reading((0, 4), three_to_five, unread), Reading((5, 7), right, right)]
    (mistake,) = m.find_mistakes(gold, gold, readings)
    assert mistake.cause == m.WRONG_VALUE
    assert mistake.note == "gold exact 3–5 家, found about no value"


def test_every_cause_is_explained():
    causes = {value for name, value in vars(m).items() if name.isupper() and isinstance(value, str)}
    assert causes - {m.GOLD, m.FOUND, m.NUMBER} == set(m.CAUSES)
