"""Takes the pictures of docs/doccano.md, from a server that `doccano-server` runs."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import spacy
from annotator import Annotator
from doccano_page import Page
from selenium import webdriver

from zh_report_facts.doccano.access import find_access
from zh_report_facts.doccano.agreement import group_versions, measure_agreement
from zh_report_facts.doccano.bridge import push
from zh_report_facts.doccano.disagreements import render_page
from zh_report_facts.doccano.examples import Pulled
from zh_report_facts.doccano.paragraphs import Paragraph, read_paragraphs
from zh_report_facts.notation import parse_report

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
REPORT = """青禾县2025年湿地保护工作总结
全年候鸟守护巡线走完48趟，护线员登记96人，比上年多出21人。
“春风送岗”专场招聘活动办了12场，提供招聘岗位340余个，投入经费7.6万元。
计划明年新建观鸟点6处，康复服务覆盖率保持95%以上。
困难残疾人生活补贴发放612.4万元、受益17350人次。
"""
LI = (
    "[残疾人生活补贴]{P1}发放[612.4万元]{M>P1}、受益[17350人次]{C>P1}，多出[320人次]{C>P1:CHANGE}。"
)
WANG = "残疾人[生活补贴]{P1}发放[612.4万元]{M>P1}、受益[17350人次]{C>P1}，多出[320人次]{C>P1}。"


def main(folder: Path) -> None:
    IMAGES.mkdir(exist_ok=True)
    access = find_access(folder)
    with TemporaryDirectory() as temporary:
        Path(temporary, "青禾县.txt").write_text(REPORT, encoding="utf-8")
        paragraphs = read_paragraphs([Path(temporary)], spacy.load("zh_report_facts"))
    guideline = (ROOT / "corpus" / "GUIDELINE.md").read_text(encoding="utf-8")
    project = push(paragraphs, "残联年报", guideline, access, folder)["project"]
    documents = [e["text"] for e in Annotator(access, project).examples()]
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,720"]:
        options.add_argument(flag)
    browser = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    page = Page(browser, access)

    def shoot(name: str) -> None:
        browser.save_screenshot(str(IMAGES / f"doccano-{name}.png"))

    page.open(project, "dataset", "候鸟")
    shoot("dataset")
    number = next(i for i, text in enumerate(documents, 1) if text.startswith("“春风"))
    page.open(project, f"sequence-labeling?page={number}", "MONEY")
    page.place("春风送岗")
    shoot("guess")
    number = next(i for i, text in enumerate(documents, 1) if "候鸟" in text)
    page.open(project, f"sequence-labeling?page={number}", "COUNT")
    page.find(".v-input--switch .v-input--selection-controls__ripple").click()
    page.click("COUNT")
    page.click("PROGRAM")
    page.wait_for("Select a label")
    shoot("link")
    both = group_versions(
        (name, Pulled(5, Paragraph("青禾县", 5, parse_report(line, "")), {}, []))
        for name, line in (("li", LI), ("wang", WANG))
    )
    with TemporaryDirectory() as temporary:
        file = Path(temporary, "page.html")
        scores = measure_agreement(both.values())
        file.write_text(render_page("残联年报", both, scores), encoding="utf-8")
        browser.set_window_size(1200, 1120)
        browser.get(file.as_uri())
        browser.find_element("css selector", "button[data-annotator=li]").click()
        shoot("agreement")
    browser.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".doccano"))
