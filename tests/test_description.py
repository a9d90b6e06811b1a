from zh_report_facts.description import describe
from zh_report_facts.notation import parse_report

SOURCE = """\
没有实体的一段话十个字
[义诊]{P1}服务[36户]{C>P1,I1}[老人]{I1}。明年[40户]{C>P1:TARGET}，并办[讲座]{P2}。
"""


def test_figures():
    figures = describe([parse_report(SOURCE, "corpus/dpf-web-03.ann")])
    assert figures["size"] == {
        "reports": 1,
        "paragraphs": 2,
        "characters": 33,
        "entities": 5,
        "entities per 1,000 characters": 151.5,
        "characters in paragraphs without entities %": 33.3,
        "links": 3,
    }
    assert figures["label"] == {"PROGRAM": 2, "ITEM": 1, "COUNT": 2, "MONEY": 0, "PERCENT": 0}
    assert figures["role"]["TARGET"] == figures["role"]["ACTUAL"] == 1
    assert figures["heads of a quantity"] == {"0": 0, "1": 1, "2": 1, "3 or more": 0}
    assert figures["PROGRAM"]["without a number %"] == 50.0
    assert figures["PROGRAM"]["mean"] == 2
    # The three links bridge 0, 2 and 10 characters.
    distance = figures["link distance"]
    assert [distance[f"quartile {n}"] for n in (1, 3)] == [1.0, 6.0]
    # 义诊–36户: 服务; 36户–老人: nothing, behind; 义诊–40户: ten characters and a full stop.
    assert figures["link distance"]["longest"] == 10
    assert figures["link distance"]["head behind its quantity %"] == 33.3
    assert figures["link distance"]["across sentences %"] == 33.3
    assert figures["genre"] == {"dpf-web": 1}


def test_report_without_anything():
    figures = describe([parse_report("", "r1.ann")])
    assert figures["size"]["characters"] == 0
    assert figures["genre"] == {"none": 1}
    assert figures["ITEM length"] == {}
