"""The page in a real browser: what its reader sees and clicks."""

from __future__ import annotations

import base64
import io
import json
import time

import pdfplumber
import pytest
from made import make_record

from zh_report_facts.page.writer import write_page

pytest.importorskip("selenium", reason="needs selenium to drive a browser")
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

# The ideographic space inside a name stands for a line end, see `canteens`.
CANTEENS = """\
🚴🏽 今年[邻里食堂]{P1}新开[12家]{C>P1,I1}[供餐点]{I1}，\
投入[85.6万元]{M>P1}，[到座率]{I2}达[92%]{R>P1,I2}。
银发讲堂在城北街道另办，[银发　讲堂]{P1}今年办[约40场]{C>P1}，\
多了[4场]{C>P1:CHANGE}，明年计划办[50至60场]{C>P1:TARGET}，\
每场补助[300元]{M>P1:STANDARD}，另有[7人]{C}。
"""
PAIR = {"kind": "two-values", "message": "两处数字不一致。", "facts": [0, 3]}
MANY = "".join(
    f"第{n}天，街道干部和志愿者一起上门，听老人说想吃什么，[邻里食堂]{{P1}}新开[{n}家]{{C>P1,I1}}"
    "[供餐点]{I1}，饭菜热乎，人人称好。\n"
    for n in range(1, 60)
)


def canteens(name="甲", warnings=(), source=CANTEENS, **options):
    record = make_record(source, name, list(warnings), **options)
    return json.loads(json.dumps(record).replace("\\u3000", "\\n"))


@pytest.fixture
def open_page(chromium, tmp_path):
    """Writes records as a page and opens it; gives the browser."""

    def open_page(*records, width=1360, height=860, scheme="light", address=""):
        path = tmp_path / "page.html"
        with open(path, "wb") as stream:
            write_page(records, stream, title="核对")
        chromium.get("about:blank")
        set_window(chromium, width, height)
        set_media(chromium, scheme=scheme)
        chromium.get_log("browser"), chromium.get_log("performance")
        chromium.get(path.as_uri() + address)
        return chromium

    return open_page


def set_window(browser, width, height):
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def set_media(browser, media="", scheme="light"):
    # Without motion a click has done its work when it returns.
    features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": media, "features": [{"name": k, "value": v} for k, v in features.items()]},
    )


def find(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector)


def find_all(browser, selector):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def texts(browser, selector):
    return browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(node => node.textContent)",
        selector,
    )


def number(browser, fact):
    return find(browser, f'#text-pane mark[data-fact="{fact}"]')


def row(browser, fact):
    return find(browser, f'#table-pane tbody[data-fact="{fact}"]')


def rows(browser):
    return [
        int(body.get_attribute("data-fact")) for body in find_all(browser, "tbody:not([hidden])")
    ]


def entries(browser):
    return texts(browser, "#reports bdi")


def is_in_view(browser, node):
    return browser.execute_script(
        """const [box, pane] = [arguments[0], arguments[0].closest(".pane")]
             .map(node => node.getBoundingClientRect());
           return box.top >= pane.top && box.bottom <= pane.bottom""",
        node,
    )


def style(browser, node, name):
    return browser.execute_script("return getComputedStyle(arguments[0])[arguments[1]]", node, name)


def drawn_arcs(browser):
    """Each arc as the texts of the marks on which its ends lie."""
    return browser.execute_script(
        """const marks = [...document.querySelectorAll("#text-pane mark.linked")];
           const at = (path, length) => {
             const {x, y} = path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
             const hit = marks.find(mark => [...mark.getClientRects()].some(box =>
               x > box.left && x < box.right && y > box.top - 2 && y < box.bottom + 2));
             return hit ? hit.textContent : null;
           };
           return [...document.querySelectorAll(".arcs > path:not(.halo)")]
             .map(path => [at(path, 0), at(path, path.getTotalLength())]);"""
    )


def wait_for(browser, condition):
    return WebDriverWait(browser, 10, 0.02).until(lambda _: condition())


def seconds_to_open(browser):
    script = "return performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"
    return browser.execute_script(script)


def type_query(browser, query):
    box = find(browser, "#query")
    box.clear()
    box.send_keys(query)
    time.sleep(0.25)  # the page waits until typing ends


def test_opens_without_errors_and_without_network(open_page):
    browser = open_page(canteens("甲", file="报告/甲.txt"), make_record(MANY, "乙"))
    assert find(browser, "h1").text == "核对"
    assert find(browser, "#totals").text == "2 份报告 · 67 个数字 · 0 条提示"
    assert entries(browser) == ["甲", "乙"]
    assert find(browser, "#name").text == "甲" and find(browser, "#file").text == "报告/甲.txt"
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    requests = [e for e in events if e["method"] == "Network.requestWillBeSent"]
    assert {e["params"]["request"]["url"] for e in requests} == {browser.current_url.split("#")[0]}


def test_entities_are_marked_in_the_text(open_page):
    record = canteens()
    browser = open_page(record)
    assert texts(browser, "#text-pane .text") == [record["text"]]
    assert texts(browser, "#text-pane mark") == [span["text"] for span in record["entities"]]
    marks = find_all(browser, "#text-pane mark")
    labels = [span["label"].lower() for span in record["entities"]]
    assert [mark.get_attribute("class").split()[0] for mark in marks] == labels
    colours = {label: style(browser, mark, "backgroundColor") for label, mark in zip(labels, marks)}
    assert len(set(colours.values())) == 5


def test_a_fact_is_a_row(open_page):
    browser = open_page(canteens())
    cells = [texts(browser, f'tbody[data-fact="{fact}"] td') for fact in (0, 1, 3, 5, 7)]
    assert [row[:1] + row[1:3] + row[3:] for row in cells] == [
        ["12家第 1 段", "邻里食堂", "供餐点", "实际", "12 家", "1.00"],
        ["85.6万元第 1 段", "邻里食堂", "", "实际", "856,000 元", "1.00"],
        ["约40场第 2 段", "银发讲堂", "", "实际", "≈ 40 场", "1.00"],
        ["50至60场第 2 段", "银发讲堂", "", "目标", "50–60 场", "1.00"],
        ["7人第 2 段", "", "", "实际", "7 人", "1.00"],
    ]
    assert find(browser, ".role .target").get_attribute("title") == "TARGET"


def test_arcs_lead_from_the_number_under_the_pointer_to_its_heads(open_page):
    browser = open_page(canteens())
    pointer = ActionChains(browser)
    pointer.move_to_element(number(browser, 0)).perform()
    assert drawn_arcs(browser) == [["12家", "邻里食堂"], ["12家", "供餐点"]]
    assert [node.text for node in find_all(browser, "mark.linked")] == [
        "邻里食堂",
        "12家",
        "供餐点",
    ]
    pointer.move_to_element(number(browser, 4)).perform()
    assert drawn_arcs(browser) == [["4场", "银发\n讲堂"]]
    pointer.move_to_element(number(browser, 7)).perform()
    assert drawn_arcs(browser) == []
    pointer.move_to_element(find(browser, "#text-pane mark.program")).perform()
    numbers = [["12家", "邻里食堂"], ["85.6万元", "邻里食堂"], ["92%", "邻里食堂"]]
    others = [["12家", "供餐点"], ["92%", "到座率"]]
    assert sorted(drawn_arcs(browser)) == sorted(numbers + others)
    pointer.move_to_element(row(browser, 1)).perform()
    assert drawn_arcs(browser) == [["85.6万元", "邻里食堂"]]
    pointer.move_to_element(find(browser, "h1")).perform()
    assert drawn_arcs(browser) == []


def test_the_keyboard_does_what_the_pointer_does(open_page):
    browser = open_page(canteens())
    find(browser, "#text-pane").send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "12家"
    assert drawn_arcs(browser) == [["12家", "邻里食堂"], ["12家", "供餐点"]]
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert "chosen" in row(browser, 0).get_attribute("class")
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert drawn_arcs(browser) == [["85.6万元", "邻里食堂"]]
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert drawn_arcs(browser) == [] and find_all(browser, ".chosen") == []


def test_a_row_leads_to_its_place(open_page):
    browser = open_page(make_record(MANY))
    place = number(browser, 57)
    assert not is_in_view(browser, place)
    row(browser, 57).click()
    assert is_in_view(browser, place)
    assert style(browser, place, "animationName") == "flash"
    assert drawn_arcs(browser) == [["58家", "邻里食堂"], ["58家", "供餐点"]]
    ActionChains(browser).move_to_element(find(browser, "h1")).perform()
    assert len(drawn_arcs(browser)) == 2


def test_a_number_leads_to_its_row(open_page):
    browser = open_page(make_record(MANY))
    assert not is_in_view(browser, row(browser, 58))
    number(browser, 58).click()
    assert is_in_view(browser, row(browser, 58))
    assert style(browser, row(browser, 58), "animationName") == "flash"
    find(browser, "#text-pane mark.item").click()
    assert find(browser, "tbody.chosen").get_attribute("data-fact") == "0"


def test_facts_are_filtered(open_page):
    doubtful = canteens(warnings=[PAIR])
    doubtful["facts"][1]["score"] = 0.3
    browser = open_page(doubtful, make_record("[河道清理]{P1}清淤[9处]{C>P1}。", "乙"))
    assert rows(browser) == list(range(8))

    find(browser, "#roles label[title=TARGET]").click()
    assert (rows(browser), entries(browser)) == ([5], ["甲"])
    find(browser, "#roles label[title=CHANGE]").click()
    assert rows(browser) == [4, 5]
    assert "unwanted" in number(browser, 0).get_attribute("class")
    number(browser, 0).click()  # its row comes all the same
    assert rows(browser) == [0, 4, 5]
    find(browser, "button[type=reset]").click()
    wait_for(browser, lambda: rows(browser) == list(range(8)))

    find(browser, "#score").send_keys(Keys.END)
    assert find(browser, "#score-shown").text == "1.00"
    assert rows(browser) == [0, 2, 3, 4, 5, 6, 7]
    assert find(browser, "#count").text == "2 份报告，8 个数字"
    find(browser, "#score").send_keys(Keys.HOME)

    find(browser, "#warned + span").click()
    assert (rows(browser), entries(browser)) == ([0, 3], ["甲"])
    find(browser, "#warned + span").click()

    type_query(browser, "银发讲堂")
    assert rows(browser) == [3, 4, 5, 6, 7]
    words = browser.execute_script("return [...CSS.highlights.get('words')].map(String)")
    assert words == ["银发讲堂", "银发\n讲堂"]
    type_query(browser, "供餐点 ８５.6")
    assert rows(browser) == [0, 1, 2]
    type_query(browser, "河道")
    assert (entries(browser), find(browser, "#name").text) == (["乙"], "乙")
    type_query(browser, "查无此词(-\\[^$.*+?")
    assert entries(browser) == [] and not find(browser, "#report").is_displayed()
    type_query(browser, "街道")
    assert entries(browser) == ["甲"]


def test_warnings_stand_beside_their_facts(open_page):
    browser = open_page(canteens(warnings=[PAIR]))
    assert texts(browser, "tr.warning td") == [
        "⚠ 两处数字不一致。 另见 约40场",
        "⚠ 两处数字不一致。 另见 12家",
    ]
    assert [node.text for node in find_all(browser, "#text-pane .warned")] == ["12家", "约40场"]
    find(browser, "tr.warning button").click()
    assert [node.text for node in find_all(browser, "mark.chosen")] == ["约40场"]


def test_reports_are_turned_over(open_page):
    names = [f"第{n}份" for n in range(1, 6)]
    browser = open_page(*(make_record(MANY, name) for name in names), address="#3")
    assert find(browser, "#name").text == "第3份" and find(browser, "#position").text == "3 / 5"
    find(browser, "#next").click()
    assert find(browser, "#name").text == "第4份" and browser.current_url.endswith("#4")
    find(browser, "#previous").click()
    find(browser, '#reports [data-report="0"]').click()
    assert find(browser, "#name").text == "第1份" and not find(browser, "#previous").is_enabled()
    assert find(browser, "#reports [aria-current=true] bdi").text == "第1份"


def luminance(colour):
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(browser, node, background=None):
    first = luminance(style(browser, node, "color"))
    second = luminance(style(browser, background or node, "backgroundColor"))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_both_readable(open_page, scheme):
    browser = open_page(canteens(warnings=[PAIR]), scheme=scheme)
    body = find(browser, "body")
    assert (luminance(style(browser, body, "backgroundColor")) < 0.1) == (scheme == "dark")
    assert all(contrast(browser, mark) > 4.5 for mark in find_all(browser, "#text-pane mark"))
    pane = find(browser, "#table-pane")
    for cell in find_all(browser, "td .name, th, tr.warning td"):
        assert contrast(browser, cell, pane) > 4.5
    assert contrast(browser, find(browser, "#totals"), body) > 4.5

    find(browser, "#theme").click()
    switched = luminance(style(browser, body, "backgroundColor"))
    assert (switched < 0.1) == (scheme == "light")
    set_media(browser, scheme="light")  # a choice outlives what the system does
    assert luminance(style(browser, body, "backgroundColor")) == switched


def printed(browser):
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    with pdfplumber.open(io.BytesIO(base64.b64decode(pdf))) as document:
        return ["".join((page.extract_text() or "").split()) for page in document.pages]


def test_paper_holds_text_and_table_only(open_page):
    browser = open_page(canteens(warnings=[PAIR]), scheme="dark")
    set_media(browser, media="print", scheme="dark")
    assert not any(node.is_displayed() for node in find_all(browser, "button, input, nav, .arcs"))
    assert style(browser, find(browser, "#text-pane"), "overflow") == "visible"
    assert luminance(style(browser, find(browser, "#text-pane mark"), "color")) < 0.1
    set_media(browser)
    paper = "".join(printed(browser))
    assert "核对" not in paper and "可信度≥" not in paper
    for text in ("邻里食堂新开12家⚠供餐点", "856,000元", "⚠两处数字不一致。", "第2段", "50–60场"):
        assert text in paper, text


def test_all_listed_reports_are_printed_at_once(open_page):
    records = [canteens("甲"), make_record(MANY, "乙"), canteens("丙")]
    browser = open_page(*records)
    browser.execute_script("window.print = () => {}")
    find(browser, "#roles label[title=TARGET]").click()
    find(browser, "#print-listed").click()
    assert texts(browser, "#paper h2") == ["甲", "丙"]
    first, second = printed(browser)
    assert first.startswith("甲") and second.startswith("丙")
    assert "50–60场" in first and "856,000元" not in first
    wait_for(browser, lambda: texts(browser, "#paper h2") == [])
    assert find(browser, "#report").is_displayed()


def test_hostile_text_is_only_text(open_page):
    evil = "</script><script>evil=1</script><img src=x onerror=evil=1>\"'&lt;\u202e\x07👨‍👩‍👧"
    record = make_record("今年[食堂]{P1}新开[12家]{C>P1}，")
    end, tail = len(record["text"]), evil * 2
    record.update(id=evil, file=evil, text=record["text"] + tail + "\ud83d\r\n")
    entity = {"start": end, "end": end + len(tail), "label": "PROGRAM", "text": tail, "score": 1.0}
    record["entities"].append(entity)
    record["facts"][0]["programs"].append(entity)
    record["facts"][0]["unit"] = evil
    record["warnings"] = [{"kind": evil, "message": evil, "facts": [0]}]
    browser = open_page(record, canteens())
    type_query(browser, "<img")
    number(browser, 0).click()
    assert browser.execute_script("return typeof evil") == "undefined"
    assert find_all(browser, "img") == [] and len(find_all(browser, "script")) == 3
    assert browser.get_log("browser") == []
    shown = evil.replace("\u202e", "\u2060").replace("\x07", "␇")
    assert texts(browser, "#text-pane mark")[-1] == shown * 2
    assert texts(browser, "#name") == texts(browser, "#reports bdi") == [shown]
    find_text = "return document.querySelector('#text-pane .text').textContent"
    assert browser.execute_script(f"{find_text}.split('<img').length") == 3
    assert (
        browser.execute_script(f"{find_text}.length")
        == len(record["text"].encode("utf-16-le", "surrogatepass")) / 2
    )


def test_a_narrow_window_shows_everything_without_scrolling_sideways(open_page):
    record = canteens("很长的文件名" * 8, file="文件夹/" * 20, warnings=[PAIR])
    browser = open_page(record, make_record(MANY, "乙"), width=400, height=800)
    for pane in ("html", "#text-pane", "#table-pane"):
        node = find(browser, pane)
        assert node.get_property("scrollWidth") <= node.get_property("clientWidth"), pane
    assert (
        find(browser, "#text-pane").is_displayed() and find(browser, "#table-pane").is_displayed()
    )
    assert not find(browser, "#reports").is_displayed()
    row(browser, 5).click()
    assert is_in_view(browser, number(browser, 5))
    find(browser, "#filter-switch").click()
    type_query(browser, "邻里")
    find(browser, "#list-switch").click()
    find(browser, '#reports [data-report="1"]').click()
    assert find(browser, "#name").text == "乙" and not find(browser, "#reports").is_displayed()


def test_300_reports_open_in_five_seconds(open_page):
    long = canteens(source=MANY + CANTEENS)
    assert len(long["text"]) > 2900
    browser = open_page(*({**long, "id": f"报告{n}"} for n in range(300)))
    assert find(browser, "#totals").text.startswith("300 份报告 · 20,100 个数字")
    assert seconds_to_open(browser) < 5
    type_query(browser, "计划")
    find(browser, "#roles label[title=TARGET]").click()
    assert find(browser, "#count").text == "300 份报告，300 个数字"


def test_a_very_long_report_opens_too(open_page):
    part = make_record(MANY)
    length, parts = len(part["text"]), 100

    def shift(span, by):
        return {**span, "start": span["start"] + by, "end": span["end"] + by}

    record = {**part, "text": part["text"] * parts, "entities": [], "facts": []}
    for by in range(0, length * parts, length):
        record["entities"] += [shift(span, by) for span in part["entities"]]
        for fact in part["facts"]:
            heads = {key: [shift(head, by) for head in fact[key]] for key in ("programs", "items")}
            record["facts"].append({**fact, **heads, "quantity": shift(fact["quantity"], by)})
    assert len(record["text"]) > 250_000
    browser = open_page(record)
    assert seconds_to_open(browser) < 10
    browser.execute_script("goToPlace(current.facts.length - 1)")
    assert is_in_view(browser, number(browser, len(record["facts"]) - 1))
    assert drawn_arcs(browser) == [["59家", "邻里食堂"], ["59家", "供餐点"]]


def test_without_reports_there_is_an_empty_page(open_page):
    browser = open_page()
    assert find(browser, "#totals").text == "0 份报告 · 0 个数字 · 0 条提示"
    assert browser.get_log("browser") == []
    browser = open_page(make_record("全年举行各类会议，没有数字可写。"))
    assert find(browser, "#table-pane").text == "这份报告里没有找到数字。"
    assert browser.get_log("browser") == []
