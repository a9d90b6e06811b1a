import re
import unicodedata
from pathlib import Path
from random import Random

import pytest

from zh_report_facts.augment.augmenter import EDITS
from zh_report_facts.augment.characters import numeral
from zh_report_facts.augment.names import ProgramNames
from zh_report_facts.augment.replacement import replace
from zh_report_facts.corpus import corpus_files, read_reports
from zh_report_facts.notation import format_report, parse_report
from zh_report_facts.quantity.numerals import read_number
from zh_report_facts.quantity.parse import parse_quantity
from zh_report_facts.report import Report
from zh_report_facts.schema import QUANTITIES
from zh_report_facts.tokenizer.layout import display_width

CORPUS = Path(__file__).parents[2] / "corpus" / "train"
REPORTS = [report for _, report in read_reports(corpus_files(CORPUS)[::10])]
MADE = parse_report(
    "青禾县残联工作小结\n"
    "一、基本情况\n"
    "[暖阳送餐]{P1}服务[12户]{C>P1,I1}[独居老人]{I1}、[2个]{C>P1,I2}[食堂]{I2}，支出[3.5万元]{M>P1}。\n"
    "就业（含培训）：[“巧手”编织班]{P1}开班[3期]{C>P1}；增长[5%]{R>P1:CHANGE}。\n",
    "made",
)


class Seed(Random):
    """Gives a share of 1 first: each place where an edit can be made is changed."""

    drawn = 0

    def random(self):
        self.drawn += 1
        return super().random() if self.drawn > 1 else 1.0

    # Without this Python would draw integers by random().
    getrandbits = Random.getrandbits


def made(kind, seed=0):
    return replace(MADE, EDITS[kind](MADE, Seed(seed)))


def texts(report: Report):
    return [report.span_text(entity) for entity in report.entities]


def labels(report: Report):
    return [entity.label for entity in report.entities]


def fold(text):
    """What edits of punctuation, digits and white space leave as it is."""
    for old, new in zip("。丶“”", '.、""', strict=True):
        text = text.replace(old, new)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def edited(kind):
    for seed, report in enumerate(REPORTS):
        new = replace(report, EDITS[kind](report, Random(seed)))
        yield report, new


def check_spans(report: Report):
    at = 0
    for entity in report.entities:
        span = report.span_text(entity)
        assert span and span == span.strip()
        assert entity.start >= at
        at = entity.end
    quantities = [i for i, label in enumerate(labels(report)) if label in QUANTITIES]
    assert [relation.quantity for relation in report.relations] == quantities


@pytest.mark.parametrize("kind", EDITS)
def test_spans_labels_and_links_follow_the_text(kind):
    changed = 0
    for report, new in edited(kind):
        changed += report.text != new.text
        check_spans(new)
        if kind != "hard_wraps":
            assert parse_report(format_report(new), new.name) == new
        if kind != "crop":
            assert labels(new) == labels(report)
            assert new.relations == report.relations
        if kind not in ("crop", "chinese_numerals"):
            assert [fold(text) for text in texts(new)] == [fold(text) for text in texts(report)]
    # A sum and a count with a comma between stand in one report of nine.
    assert changed > len(REPORTS) / (25 if kind == "joined_quantities" else 10)


@pytest.mark.parametrize(
    "kind",
    ["half_width", "full_width", "mistaken_commas", "wide_digits", "stray_spaces", "hard_wraps"],
)
def test_edits_of_form_leave_the_words(kind):
    for report, new in edited(kind):
        assert fold(new.text) == fold(report.text)


def test_a_sum_and_a_count_of_the_same_heads_are_joined():
    line = "[送餐]{P1}发放[3万元]{M>P1}，受益[9人]{C>P1}，其中[1万元]{M>P1},惠及[2人]{C>P1}"
    report = parse_report(
        f"{line}，计划[4万元]{{M>P1:TARGET}}，[5户]{{C>P1}}，另有[6元]{{M}}", "sums"
    )
    new = replace(report, EDITS["joined_quantities"](report, Seed(0)))
    assert new.text == "送餐发放3万元、受益9人，其中1万元、惠及2人，计划4万元，5户，另有6元"


@pytest.mark.parametrize("kind", ["chinese_numerals", "wide_digits", "stray_spaces", "hard_wraps"])
def test_quantities_keep_their_value(kind):
    for report, new in edited(kind):
        for old, text, label in zip(texts(report), texts(new), labels(new), strict=True):
            if old != text and label in QUANTITIES:
                assert parse_quantity(text, label) == parse_quantity(old, label)


@pytest.mark.parametrize("kind", EDITS)
def test_edits_are_repeatable(kind):
    for report in REPORTS[:10]:
        first, second = (EDITS[kind](report, Random(7)) for _ in range(2))
        assert first == second


def test_crop_keeps_a_run_of_paragraphs_with_all_that_is_in_them():
    for report, new in edited("crop"):
        assert f"\n{new.text}\n" in f"\n{report.text}\n"
        assert len(new.paragraphs) >= len(report.paragraphs) / 2
        first = report.text.index(new.text)
        inside = [e for e in report.entities if first <= e.start < first + len(new.text)]
        assert texts(new) == [report.text[e.start : e.end] for e in inside]
        linked = {i for relation in new.relations for i in relation.heads}
        assert linked <= set(range(len(new.entities)))


def test_full_stops_are_dropped_at_the_ends_of_paragraphs_only():
    assert made("missing_full_stops").text == MADE.text.replace("。\n", "\n").removesuffix("。")


def test_headings_run_into_the_next_paragraph():
    title, heading, *rest = MADE.text.split("\n")
    first, *others = made("joined_headings").text.split("\n")
    assert re.fullmatch(rf"{title}\s?{heading}\s?{rest[0]}", first)
    assert others == rest[1:]
    numbers = parse_report("编号2\n[3人]{C}到场\n", "r")
    assert EDITS["joined_headings"](numbers, Seed(0)) == []


@pytest.mark.parametrize("kind", EDITS)
def test_a_report_without_text_can_be_edited(kind):
    empty = Report("r", "")
    assert replace(empty, EDITS[kind](empty, Random(0))).text.strip() == ""


def test_paragraphs_are_numbered_where_no_number_stands():
    for seed in range(20):
        lines = made("numbered_paragraphs", seed).text.split("\n")
        old = MADE.text.split("\n")
        assert lines[:2] == old[:2]
        marks = [line.removesuffix(text) for line, text in zip(lines[2:], old[2:], strict=True)]
        assert [fold(mark).strip("().、") for mark in marks] in (["1", "2"], ["一", "二"])


def test_small_counts_are_spelled_exactly():
    assert texts(made("chinese_numerals")) == [
        *("暖阳送餐", "十二户", "独居老人", "两个", "食堂", "3.5万元"),
        *("“巧手”编织班", "三期", "5%"),
    ]
    counts = ["120户", "1.2万人", "3-5家", "2 4场", "52千米", "05个"]
    report = parse_report("".join(f"[{count}]{{C}}，" for count in counts), "r")
    assert EDITS["chinese_numerals"](report, Seed(0)) == []
    assert [read_number(numeral(n)) for n in range(1, 100)] == list(range(1, 100))


def test_punctuation_between_digits_is_left():
    report = parse_report("比分3：2，共1，200人。来了12。第2", "r")
    for seed in range(50):
        half = replace(report, EDITS["half_width"](report, Random(seed))).text
        assert {"3：2", "1，200"} <= set(re.findall(r"\d.\d+", half))
    report = parse_report('一.情况\n见"公告"3:2,共1,200人(含 3.5万人).(略)', "r")
    forms = {replace(report, EDITS["full_width"](report, Random(s))).text for s in range(200)}
    assert "一.情况\n见“公告”3:2，共1,200人（含 3.5万人）.（略）" in forms
    assert all({"3:2", "1,200", "3.5"} <= set(re.findall(r"\d.\d+", text)) for text in forms)
    assert all(text.startswith("一.情况") for text in forms)


def test_wrapped_lines_fill_a_column():
    for seed, report in enumerate(REPORTS):
        new = replace(report, EDITS["hard_wraps"](report, Random(seed)))
        lines = [line.strip() for line in new.text.split("\n") if line.strip()]
        assert len(lines) > len(report.paragraphs)
        edge = max(display_width(line) for line in lines)
        # A few closing marks may stand behind the edge, an indent may be missing in front.
        assert 24 - 4 <= edge <= 80 + 8
    broken = {
        label
        for report, new in edited("hard_wraps")
        for text, label in zip(texts(new), labels(new), strict=True)
        if "\n" in text
    }
    assert broken >= {"PROGRAM", "ITEM", "COUNT", "MONEY"}


def test_programmes_are_swapped_for_names_seen_before():
    names = ProgramNames(Random(0))
    assert names(MADE, Seed(0)) == []
    for report in REPORTS:
        names.learn(report)
    new = replace(MADE, names(MADE, Seed(0)))
    check_spans(new)
    assert labels(new) == labels(MADE) and new.relations == MADE.relations
    for old, text, label in zip(texts(MADE), texts(new), labels(new), strict=True):
        assert text in names.names and text != old if label == "PROGRAM" else text == old


def test_names_are_bounded_and_any_of_them_may_stay(monkeypatch):
    monkeypatch.setattr("zh_report_facts.augment.names.MOST_NAMES", 10)
    names = ProgramNames(Random(0))
    for number in range(100):
        names.learn(parse_report(f"[第{number}号工程]{{P1}}[2023]{{P2}}", "r"))
    assert len(names.names) == 10 and names.seen == 100
    assert any(name > "第5" for name in names.names) and "2023" not in names.names
