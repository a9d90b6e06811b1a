"""Agreement: the figures, the page on which disagreements are settled, and what comes back."""

import json

import pytest
from annotator import Annotator

from scripts.doccano_agreement import doccano_agreement
from scripts.doccano_agreement import main as agreement_command
from scripts.doccano_settle import main as settle_command
from zh_report_facts.doccano.agreement import group_versions, kappa, measure_agreement
from zh_report_facts.doccano.bridge import push
from zh_report_facts.doccano.disagreements import read_settled, render_page
from zh_report_facts.doccano.examples import Pulled
from zh_report_facts.doccano.paragraphs import Paragraph
from zh_report_facts.files import InputError
from zh_report_facts.notation import parse_report, read_report

ALIKE = "[邻里食堂]{P1}新开[12家]{C>P1}。"
LI = "[送餐]{P1}[3户]{C>P1,I1:TARGET}[老人]{I1}[5%]{R}"
WANG = "[送餐]{P1}[3户]{C>P1}老[人5%]{R>P1}"


def versions(**lines):
    """Versions of paragraphs: for each annotator the same number of lines."""
    pulled = [
        (name, Pulled(i, Paragraph("甲", i, parse_report(line, "")), {}, []))
        for name, written in lines.items()
        for i, line in enumerate(written, 1)
        if line
    ]
    return group_versions(pulled)


def test_figures_counted_by_hand():
    (scores,) = measure_agreement(versions(li=[ALIKE, LI], wang=[ALIKE, WANG]).values()).values()
    rows = {score.name: score for score in scores}
    # li has 2 + 4 spans, wang 2 + 3; common are 2 + 2 (送餐, 3户).
    assert (rows["spans"].first, rows["spans"].second) == (6, 5)
    assert rows["spans"].f == pytest.approx(2 * 4 / 11)
    assert rows["ITEM"].f == 0.0 and rows["PROGRAM"].f == 1.0 and rows["MONEY"].f is None
    # Links: 1 + 2 and 1 + 2; common are 1 + 1.
    assert rows["links"].f == pytest.approx(2 * 2 / 6)
    # Numbers with roles: 12家 ACTUAL twice; 3户 TARGET or ACTUAL; 5% or 人5%.
    assert rows["roles"].f == pytest.approx(2 * 1 / 6)
    assert rows["TARGET"].f == 0.0 and rows["CHANGE"].f is None
    # Characters: 18 in all; li and wang differ in 老 (ITEM, –) and 人 (ITEM, PERCENT).
    # Shares of li: – 3, PROGRAM 6, ITEM 2, COUNT 5, PERCENT 2; of wang: 4, 6, 0, 5, 3.
    n = len("邻里食堂新开12家。送餐3户老人5%")
    chance = (3 * 4 + 6 * 6 + 2 * 0 + 5 * 5 + 2 * 3) / n**2
    assert rows["spans"].kappa == pytest.approx(((n - 2) / n - chance) / (1 - chance))
    assert rows["PROGRAM"].kappa == 1.0 and rows["MONEY"].kappa is None


def test_kappa_of_a_known_table():
    # 20 and 15 agree, 5 and 10 do not: (0.7 - 0.5) / 0.5.
    pairs = [("a", "a")] * 20 + [("b", "b")] * 15 + [("a", "b")] * 5 + [("b", "a")] * 10
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("a", "a")] * 3) is None and kappa([]) is None


def test_links_count_where_both_could_have_linked():
    one = "[甲]{P1}[乙]{P2}[3户]{C>P1}[4人]{C>P2}"
    other = "[甲]{P1}[乙]{P2}[3户]{C>P1}[4人]{C>P1}"
    (scores,) = measure_agreement(versions(a=[one], b=[other]).values()).values()
    links = next(score for score in scores if score.name == "links")
    # Four pairs: yes-yes, no-no, no-yes, yes-no.
    assert links.f == 0.5 and links.kappa == pytest.approx(0.0)


def test_every_pair_of_three_is_measured_on_what_both_confirmed():
    scores = measure_agreement(versions(a=[ALIKE, LI], b=[ALIKE, ""], c=["", LI]).values())
    assert list(scores) == [("a", "b"), ("a", "c")]
    assert all(rows[0].f == 1.0 for rows in scores.values())


def test_the_page_shows_disagreements_only():
    both = versions(li=[ALIKE, LI], wang=[ALIKE, WANG])
    page = render_page("<残联>", both, measure_agreement(both.values()))
    assert "&lt;残联&gt;" in page and page.count("<article") == 1
    assert '<mark class="ITEM own">老人</mark>' in page
    assert '<mark class="PROGRAM">送餐</mark>' in page
    # The same span with another role is framed on both sides.
    assert page.count('<mark class="COUNT own">3户</mark>') == 2
    assert "http://" not in page and "https://" not in page


def save(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(line, text, document=1):
    fields = {"document": document, "report": "甲", "paragraph": document}
    return {**fields, "text": text, "annotation": line}


def test_settled_paragraphs_go_to_the_corpus(tmp_path, capsys):
    text = "送餐3户老人5%"
    path = save(
        tmp_path / "s.jsonl", row(LI, text, 2), row(ALIKE, "邻里食堂新开12家。"), row(None, text, 3)
    )
    settle_command(path, tmp_path / "out", "残联")
    printed = capsys.readouterr().out
    assert printed.startswith("document 3: not settled; left out\n")
    assert printed.endswith("2 paragraphs in 1 reports\n")
    report = read_report(tmp_path / "out" / "甲.ann")
    assert report.text == f"邻里食堂新开12家。\n{text}"
    assert len(report.entities) == 6


@pytest.mark.parametrize(
    "content, message",
    [
        ([row("[送餐]{P1}4户", "送餐3户")], "document 1: the text was changed"),
        ([row("[送餐{P1}3户", "送餐3户")], r"document 1:1:4: stray"),
        ([row("[送餐]{P1}\n3户", "送餐3户")], "document 1: the text was changed"),
        ([{"x": 1}], "s.jsonl:1: was not saved by the page"),
        ([3], "s.jsonl:1: was not saved by the page"),
    ],
)
def test_what_cannot_be_settled_so_is_named(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        read_settled(save(tmp_path / "s.jsonl", *content))


def test_annotators_who_work_alone(server, tmp_path, capsys):
    name = "Übereinstimmung"
    paragraphs = [
        Paragraph("甲", i, parse_report(line, ""), f"k{i}") for i, line in enumerate([ALIKE, LI], 1)
    ]
    result = push(paragraphs, name, "", server.access, server.folder, independent=True)
    admin = Annotator(server.access, result["project"])
    with pytest.raises(InputError, match="confirmed by two annotators"):
        doccano_agreement(name, tmp_path / "a.html", server.access, server.folder)
    people = [admin.add_member("li"), admin.add_member("wang")]
    first, second = people[0].examples()
    # Nobody sees the model's guess or the other's work.
    assert not people[0].spans(first["id"]) and not people[1].spans(first["id"])
    for person, last in zip(people, ("老人", "人5%")):
        person.annotate(first, [("邻里食堂", "PROGRAM"), ("12家", "COUNT")], [(1, 0, "ACTUAL")])
        person.confirm(first["id"])
        label = "ITEM" if last == "老人" else "PERCENT"
        spans = [("送餐", "PROGRAM"), ("3户", "COUNT"), (last, label)]
        person.annotate(second, spans, [(1, 0, "ACTUAL")])
        person.confirm(second["id"])
    agreement_command(tmp_path / "a.html", name, server.folder)
    printed = capsys.readouterr().out
    assert "2 paragraphs by two annotators or more" in printed
    spans = next(line.split() for line in printed.splitlines() if line.startswith("spans"))
    assert spans[1] == "80.0%" and spans[3:] == ["5", "5"]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "take li" in page and "take wang" in page and page.count("<article") == 1
    # Pushing again does not disturb them.
    again = push(paragraphs, name, "", server.access, server.folder, independent=True)
    assert (again["uploaded"], again["removed"]) == (0, 0)
