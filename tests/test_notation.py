import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh_report_facts.notation import (
    NotationError,
    cite,
    format_report,
    parse_report,
    read_report,
    write_report,
)
from zh_report_facts.report import Aside, Entity, Relation, Report
from zh_report_facts.schema import HEADS, LABELS, ROLES

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SOURCE = """\
# 自拟的例子
青禾县工作小结

[暖阳送餐]{P1}服务[36户]{C>P1,I1}[独居老人]{I1}，较去年[30户]{C>P1,I1:BASELINE}增长[两成]{R>P1:CHANGE}。
\\# 备注：\\[表略\\]，路径 C:\\\\，集合 \\{甲\\}
# 中间的说明
共有[食堂]{I1}[5个]{C>I1}，耗资[8万元]{M}。
"""


def test_report_holds_text_entities_relations_and_asides():
    report = parse_report(SOURCE, "r.ann")
    text = report.text
    assert text == (
        "青禾县工作小结\n"
        "暖阳送餐服务36户独居老人，较去年30户增长两成。\n"
        "# 备注：[表略]，路径 C:\\，集合 {甲}\n"
        "共有食堂5个，耗资8万元。"
    )
    assert [(text[e.start : e.end], e.label) for e in report.entities] == [
        ("暖阳送餐", "PROGRAM"),
        ("36户", "COUNT"),
        ("独居老人", "ITEM"),
        ("30户", "COUNT"),
        ("两成", "PERCENT"),
        ("食堂", "ITEM"),
        ("5个", "COUNT"),
        ("8万元", "MONEY"),
    ]
    assert report.relations == (
        Relation(1, "ACTUAL", (0, 2)),
        Relation(3, "BASELINE", (0, 2)),
        Relation(4, "CHANGE", (0,)),
        Relation(6, "ACTUAL", (5,)),
        Relation(7, "ACTUAL", ()),
    )
    assert report.asides == (Aside(0, "# 自拟的例子"), Aside(1, ""), Aside(3, "# 中间的说明"))
    assert [text[start:end] for start, end in report.paragraphs] == text.split("\n")


def test_canonical_source_comes_back_byte_for_byte(tmp_path):
    (tmp_path / "a.ann").write_bytes(SOURCE.encode())
    write_report(read_report(tmp_path / "a.ann"), tmp_path / "b.ann")
    assert (tmp_path / "b.ann").read_bytes() == SOURCE.encode()


def test_writing_renumbers_ids_sorts_heads_and_leaves_actual_out():
    source = "[3场]{C>I7,P9,P2:ACTUAL}[讲座]{I7}[普法]{P9}与[义诊]{P2}"
    written = "[3场]{C>P1,P2,I1}[讲座]{I1}[普法]{P1}与[义诊]{P2}\n"
    assert format_report(parse_report(source, "r")) == written


@pytest.mark.parametrize("source", ["", "# 只有说明\n", "\n \n", "一行\n"])
def test_reports_without_entities(source):
    report = parse_report(source, "r")
    assert format_report(report) == source
    assert len(report.paragraphs) == (1 if report.text else 0)


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ("发放[补贴{P1}", 6, "stray '{'"),
        ("发放[补贴", 3, "never closed"),
        ("发放[送餐[补贴]{P1}", 6, "inside the span opened at column 3"),
        ("发放补贴]{P1}", 5, "without its '['"),
        ("发放[补贴]，", 6, "without a whole mark"),
        ("发放[补贴]{P1", 6, "without a whole mark"),
        ("发放[]{P1}", 3, "empty span"),
        ("发放[补贴 ]{P1}", 3, "space at the edge"),
        ("发放[　补贴]{P1}", 3, "space at the edge"),
        ("共[补贴]{X1}", 6, "bad mark {X1}"),
        ("共[补贴]{}", 6, "bad mark {}"),
        ("共[补贴]{P}", 6, "id only"),
        ("共[补贴]{P1>P2}", 6, "id only"),
        ("共[补贴]{P1:TARGET}", 6, "id only"),
        ("共[3人]{C1}", 6, "no id"),
        ("共[3人]{C:GOAL}", 6, "unknown role 'GOAL'; write one of ACTUAL, TARGET"),
        ("共[3人]{C:}", 6, "unknown role ''"),
        ("共[3人]{C>}", 6, "'' is no head id"),
        ("共[3人]{C>C1}", 6, "'C1' is no head id"),
        ("[餐]{P1}共[3人]{C>P1,P1}", 13, "names the head P1 twice"),
        ("[餐]{P1}共[3人]{C>P2}", 13, "no head P2 in the paragraph (it has: P1)"),
        ("[餐]{I1}和[衣]{I1}", 12, "I1 stands twice"),
        ("甲\\n乙", 2, "bad escape"),
        ("甲\\", 2, "bad escape"),
        ("甲}乙", 2, "stray '}'"),
    ],
)
def test_fault_is_named_with_file_line_and_column(line, column, what):
    with pytest.raises(NotationError) as error:
        parse_report(f"# 说明\n好的一行\n{line}\n", "bad.ann")
    message = str(error.value)
    assert message.startswith(f"bad.ann:3:{column}: ")
    assert what in message
    assert "\n" not in message


def test_heads_are_known_in_their_own_paragraph_only():
    with pytest.raises(NotationError, match=r"^r:2:6: no head P1 .*none"):
        parse_report("[餐]{P1}\n共[3人]{C>P1}", "r")


def test_line_ends_and_byte_order_mark_of_other_systems(tmp_path):
    (tmp_path / "r.ann").write_bytes(b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode())
    assert format_report(read_report(tmp_path / "r.ann")) == SOURCE


def test_cited_place_points_into_the_source():
    report = parse_report(SOURCE, "r.ann")
    lines = SOURCE.split("\n")
    for offset, character in enumerate(report.text):
        if character != "\n":
            name, line, column = cite(SOURCE, report, offset).split(":")
            assert name == "r.ann" and lines[int(line) - 1][int(column) - 1] == character
    assert cite(SOURCE, report, report.text.index("36户")) == "r.ann:4:14"


@pytest.mark.parametrize(
    ("report", "what"),
    [
        (Report("r", "甲\n\n乙"), "paragraph 2 of the text is blank"),
        (Report("r", "甲\r乙"), "offset 1"),
        (Report("r", "甲\0"), "offset 1"),
        (Report("r", "甲", asides=(Aside(0, "乙"),)), "is no comment line"),
        (Report("r", "甲", asides=(Aside(2, ""),)), "before no paragraph"),
        (Report("r", "甲", asides=(Aside(1, ""), Aside(0, ""))), "not in order"),
        (Report("r", "甲乙", (Entity(0, 1, "PLACE"),)), "no known label"),
        (Report("r", "甲 乙", (Entity(0, 2, "ITEM"),)), "space at its edge"),
        (Report("r", "甲\n乙", (Entity(0, 3, "ITEM"),)), "crosses a line"),
        (Report("r", "甲乙", (Entity(0, 3, "ITEM"),)), "not inside the text"),
        (Report("r", "甲乙", (Entity(1, 1, "ITEM"),)), "is empty"),
        (Report("r", "甲", asides=(Aside(0, "# \r"),)), "is no comment line"),
        (Report("r", "甲乙", (Entity(0, 2, "ITEM"), Entity(1, 2, "ITEM"))), "overlaps"),
        (Report("r", "3人", (Entity(0, 2, "COUNT"),)), "do not match the quantities"),
        (Report("r", "3人", (Entity(0, 2, "COUNT"),), (Relation(0, "GOAL"),)), "role 'GOAL'"),
        (
            Report("r", "3人", (Entity(0, 2, "COUNT"),), (Relation(0, "ACTUAL", (0,)),)),
            "no PROGRAM",
        ),
        (
            Report(
                "r",
                "餐\n3人",
                (Entity(0, 1, "ITEM"), Entity(2, 4, "COUNT")),
                (Relation(1, "ACTUAL", (0,)),),
            ),
            "another paragraph",
        ),
    ],
)
def test_what_the_notation_cannot_hold_is_not_written(tmp_path, report, what):
    with pytest.raises(NotationError, match=what):
        write_report(report, tmp_path / "r.ann")
    assert not list(tmp_path.iterdir())


@st.composite
def reports(draw):
    """Any report the notation can hold, with much need for escapes."""
    alphabet = st.one_of(st.sampled_from("[]{}\\# 甲"), st.characters(codec="utf-8"))
    line = st.text(alphabet, min_size=1, max_size=30).map(
        lambda text: text.replace("\n", "").replace("\r", "").replace("\0", "")
    )
    paragraphs = draw(st.lists(line.filter(str.strip), max_size=4))
    if paragraphs and paragraphs[0].startswith("\ufeff"):
        paragraphs[0] = "甲" + paragraphs[0]
    entities, relations, offset = [], [], 0
    for paragraph in paragraphs:
        cuts = draw(st.lists(st.integers(0, len(paragraph)), max_size=8, unique=True).map(sorted))
        first = len(entities)
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            span = paragraph[start:end]
            if span == span.strip():
                label = draw(st.sampled_from(LABELS))
                entities.append(Entity(offset + start, offset + end, label))
        inside = range(first, len(entities))
        heads = [index for index in inside if entities[index].label in HEADS]
        for index in set(inside) - set(heads):
            chosen = draw(st.sets(st.sampled_from(heads))) if heads else ()
            relations.append(Relation(index, draw(st.sampled_from(ROLES)), tuple(sorted(chosen))))
        offset += len(paragraph) + 1
    asides = draw(
        st.lists(
            st.builds(
                Aside, st.integers(0, len(paragraphs)), st.sampled_from(["", " ", "# 说明 {"])
            ),
            max_size=3,
        ).map(sorted)
    )
    text = "\n".join(paragraphs)
    return Report("r", text, tuple(entities), tuple(sorted(relations)), tuple(asides))


@given(reports())
def test_any_report_comes_back_from_its_source(report):
    source = format_report(report)
    assert parse_report(source, "r") == report
    assert format_report(parse_report(source, "r")) == source


@given(st.text(st.sampled_from("[]{}\\#>:,PIC1 \n甲"), max_size=40))
def test_any_source_is_read_or_refused_and_what_is_read_can_be_written(source):
    try:
        report = parse_report(source, "r")
    except NotationError:
        return
    assert parse_report(format_report(report), "r") == report


@pytest.mark.parametrize("folder", ["train", "dev", "test"])
def test_corpus_is_well_formed_and_comes_back(folder):
    files = sorted((ROOT / "corpus" / folder).glob("*.ann"))
    assert files
    for file in files:
        report = read_report(file)
        assert parse_report(format_report(report), str(file)) == report


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared with the reference scorer")
def test_reader_agrees_with_the_reference_scorer():
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    files = [*(ROOT / "corpus").rglob("*.ann"), *(SHARED / "reports").glob("*.ann")]
    assert files
    for file in files:
        report = read_report(file)
        spans = [(entity.start, entity.end) for entity in report.entities]
        labels = [entity.label for entity in report.entities]
        links = {
            (spans[head], spans[relation.quantity]): relation.role
            for relation in report.relations
            for head in relation.heads
        }
        roles = {spans[relation.quantity]: relation.role for relation in report.relations}
        mine = report.text, dict(zip(spans, labels, strict=True)), links, roles
        assert mine == score.read_annotated(file)
