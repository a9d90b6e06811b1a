from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from io import BytesIO

from made import REPORT, make_record

from zh_report_facts.page.compact import compact_record
from zh_report_facts.page.writer import write_page

EVIL = "</script><script>evil()</script><!--<img src=x onerror=evil()>\"'&amp;\0\ud800\u2028\ufeff"


class Scripts(HTMLParser):
    """Collects the scripts of a page, and the other tags by number."""

    def __init__(self, page):
        super().__init__()
        self.scripts, self.tags = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script":
            self.scripts[-1] += data


def page_of(records, **options):
    stream = BytesIO()
    write_page(records, stream, **options)
    return stream.getvalue().decode("utf-8")


def reports_in(page):
    return [json.loads(script) for script in Scripts(page).scripts if script.startswith("{")]


def test_the_page_holds_every_report():
    records = [make_record(REPORT, "甲", file="甲.txt"), make_record("没有数字。", "乙")]
    assert reports_in(page_of(records)) == [compact_record(record) for record in records]


def test_no_text_ends_its_script():
    warning = {"kind": EVIL, "message": EVIL, "facts": [0]}
    record = make_record(REPORT, warnings=[warning])
    record.update(id=EVIL, file=EVIL, text=EVIL)
    page = page_of([record], title=EVIL.replace("\ud800", ""))
    clean = page_of([make_record(REPORT)])
    assert Scripts(page).tags == Scripts(clean).tags
    (report,) = reports_in(page)
    assert report["text"] == report["id"] == report["file"] == EVIL
    assert report["warnings"] == [[EVIL, EVIL, [0]]]


def test_only_the_own_script_and_style_may_run():
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page_of([]))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert all(re.fullmatch("'(none|sha256-[^']+)'", rule) for rule in rules.values())


def test_reports_are_written_as_they_come():
    stream, sizes = BytesIO(), []

    def records():
        for number in range(3):
            sizes.append(stream.tell())
            yield make_record(REPORT, str(number))

    write_page(records(), stream)
    assert 0 < sizes[0] < sizes[1] < sizes[2] < stream.tell()


def test_the_same_records_give_the_same_page():
    assert page_of([make_record(REPORT)]) == page_of([make_record(REPORT)])
