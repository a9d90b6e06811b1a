"""What people do with the mouse on doccano's page, and on the page of disagreements."""

import json
import time

import pytest
from annotator import Annotator
from test_doccano_agreement import ALIKE, LI, WANG, versions

from zh_report_facts.doccano.agreement import measure_agreement
from zh_report_facts.doccano.bridge import pull, push
from zh_report_facts.doccano.disagreements import read_settled, render_page
from zh_report_facts.doccano.examples import from_example
from zh_report_facts.doccano.paragraphs import Paragraph
from zh_report_facts.notation import parse_report

pytest.importorskip("selenium", reason="needs selenium to drive a browser")


def until(check, seconds=60):
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_marks_behind_an_emoji_stay_in_their_place(server, chromium):
    from doccano_page import Page

    gold = parse_report("😀𠮷野镇[读书节]{P1}🎉办了[12场]{C}讲座。", "")
    access, folder = server.access, server.folder
    result = push([Paragraph("甲", 1, gold, "k")], "表情", "", access, folder)
    person = Annotator(access, result["project"])
    document = person.examples()[0]["id"]
    page = Page(chromium, access)
    page.open(result["project"], "sequence-labeling?page=1", "PROGRAM")
    # The page shows the guess where it is in the text.
    left, right, _ = page.place("读书节")
    line = page.browser.execute_script(
        """return [...document.querySelectorAll("svg line")].map(e => e.getBoundingClientRect())
            .map(r => [r.left, r.right])"""
    )
    assert any(abs(a - left) < 3 and abs(b - right) < 3 for a, b in line)
    page.select("讲座")
    page.choose("ITEM")
    until(lambda: len(person.spans(document)) == 3)
    page.find(".v-input--switch .v-input--selection-controls__ripple").click()
    page.click("COUNT")
    page.click("ITEM")
    page.choose("TARGET")
    until(lambda: person.relations(document))
    person.confirm(document)
    (row,) = pull("表情", access, folder)
    one = from_example(row)
    expected = parse_report("😀𠮷野镇[读书节]{P1}🎉办了[12场]{C>I1:TARGET}[讲座]{I1}。", "")
    assert one.paragraph.annotation._replace(name="") == expected and not one.faults


def test_disagreements_are_settled_in_the_browser(chromium, tmp_path):
    both = versions(li=[ALIKE, LI, LI], wang=[ALIKE, WANG, WANG])
    page = tmp_path / "page.html"
    page.write_text(render_page("残联", both, measure_agreement(both.values())), encoding="utf-8")
    where = {"behavior": "allow", "downloadPath": str(tmp_path)}
    chromium.execute_cdp_cmd("Page.setDownloadBehavior", where)
    chromium.get(page.as_uri())
    assert chromium.find_element("id", "count").text == "0 of 2 settled"
    first, second = chromium.find_elements("tag name", "article")
    chromium.execute_script("arguments[0].scrollIntoView({block: 'center'})", first)
    first.find_element("css selector", "button[data-annotator=wang]").click()
    second.find_element("tag name", "textarea").send_keys("[送餐]{P1}3户老人5%")
    assert chromium.find_element("id", "count").text == "2 of 2 settled"
    chromium.find_element("id", "save").click()
    saved = tmp_path / "settled.jsonl"
    until(lambda: saved.exists() and saved.stat().st_size)
    assert len([json.loads(line) for line in saved.read_text("utf-8").splitlines()]) == 3
    settled, unsettled = read_settled(saved)
    assert not unsettled
    assert [one.paragraph.annotation.entities for one in settled] == [
        parse_report(line, "").entities for line in (ALIKE, WANG, "[送餐]{P1}3户老人5%")
    ]
