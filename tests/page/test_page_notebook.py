from __future__ import annotations

import pytest
from tiny import TEXT

from zh_report_facts.page.notebook import render
from zh_report_facts.page.writer import TITLE


def test_outside_a_notebook_it_gives_a_whole_page(trained):
    page = render(trained(TEXT))
    assert page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>")
    assert page.count('<script type="application/json">') == 1
    assert f"<title>{TITLE}</title>" in page


def test_a_document_is_named_as_for_displacy(trained):
    doc = trained(TEXT)
    doc.user_data["title"] = "第<一>份"
    page = render(doc)
    assert "<title>第&lt;一&gt;份</title>" in page and '"id":"第\\u003c一\\u003e份"' in page


def test_in_a_notebook_it_displays_the_page_in_a_frame(trained, chromium, tmp_path, monkeypatch):
    display = pytest.importorskip("IPython.display", reason="needs IPython")
    shown = []
    monkeypatch.setattr(display, "display", shown.append)
    doc = trained(TEXT)
    doc.user_data["title"] = '第"一"份'
    assert render(doc, jupyter=True) is None
    (cell,) = shown
    (tmp_path / "cell.html").write_text(f"<!DOCTYPE html>{cell.data}", encoding="utf-8")
    chromium.get_log("browser")
    chromium.get((tmp_path / "cell.html").as_uri())
    chromium.switch_to.frame(0)
    assert chromium.find_element("css selector", "h1").text == '第"一"份'
    marks = chromium.find_elements("css selector", "#text-pane mark")
    assert [mark.text for mark in marks] == [ent.text for ent in doc.ents]
    marks[0].click()
    assert chromium.find_elements("css selector", "tbody.chosen")
    assert chromium.get_log("browser") == []
    chromium.switch_to.default_content()
