from decimal import Decimal

import pytest

from zh_report_facts.files import InputError
from zh_report_facts.quantity.parse import Quantity
from zh_report_facts.scoring.gold import read_corpora, read_gold
from zh_report_facts.scoring.values import compare_values, read_values


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "a.ann").write_text("[送餐]{P1}[3至5家]{C>P1}、[约2万元]{M>P1}。\n", encoding="utf-8")
    (folder / "a.txt").write_text("送餐 3至\n5家、约2万元。\n", encoding="utf-8")
    (folder / "a.values.tsv").write_text(
        "# text\tvalue\thigh\tunit\tbound\n3至5家\t3\t5\t家\texact\n约2万元\t20000\t\tCNY\tabout\n",
        encoding="utf-8",
    )
    (folder / "b.ann").write_text("没有数字。\n", encoding="utf-8")
    return folder


def test_text_as_published_and_values_are_read_where_they_lie_beside(folder):
    a, b = read_gold(folder)
    assert (a.name, a.text, a.is_raw) == ("a", "送餐 3至\n5家、约2万元。\n", True)
    assert a.values == {
        "3至5家": Quantity(Decimal(3), Decimal(5), "家", "exact"),
        "约2万元": Quantity(Decimal(20000), None, "CNY", "about"),
    }
    assert (b.name, b.text, b.is_raw, b.values) == ("b", "没有数字。", False, {})


def test_another_text_is_an_error(folder):
    (folder / "a.txt").write_text("送餐3至6家、约2万元。", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.txt: is not the text of .*3至6家"):
        read_gold(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("3至5家\t3\t5\t家", "is no normal form"),
        ("3至5家\tthree\t5\t家\texact", "is no normal form"),
        ("3至5家\t3\t5\t家\tmaybe", "unknown bound 'maybe'"),
        ("3至5家\tNaN\t5\t家\texact", "is no normal form"),
    ],
)
def test_a_faulty_value_is_cited(folder, line, message):
    path = folder / "a.values.tsv"
    path.write_text(f"# text\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"values\.tsv:2: {message}"):
        read_values(path)


def test_a_text_has_one_normal_form(folder):
    path = folder / "a.values.tsv"
    line = "3 000元\t3000\t\tCNY\texact\n"
    path.write_text(2 * line, encoding="utf-8")
    assert read_values(path) == {"3000元": Quantity(Decimal(3000), None, "CNY", "exact")}
    path.write_text(line + "3000元\t3001\t\tCNY\texact\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"values\.tsv:2: '3000元' has another normal form above"):
        read_values(path)


def test_values_are_compared_as_numbers(folder):
    gold = read_gold(folder)[0]
    places = {gold.annotation.text[a:b]: (a, b) for a, b in gold.annotation.roles}
    found = {
        places["3至5家"]: Quantity(Decimal("3.0"), Decimal(5), "家", "exact"),
        places["约2万元"]: Quantity(Decimal(20000), None, "CNY", "exact"),
        (0, 1): Quantity(Decimal(1), None, None, "exact"),
    }
    readings = compare_values(gold.annotation, gold.values, found)
    assert [reading.gold == reading.found for reading in readings] == [True, False]
    assert compare_values(gold.annotation, gold.values, {}) == []


def test_corpora_are_named_by_their_folders(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.ann").write_text("也没有。\n", encoding="utf-8")
    corpora = read_corpora([folder, other])
    assert {name: [g.name for g in golds] for name, golds in corpora.items()} == {
        "trial": ["a", "b"],
        "other": ["c"],
    }


def test_names_must_tell_corpora_and_reports_apart(folder, tmp_path):
    with pytest.raises(InputError, match="another corpus named trial"):
        read_corpora([folder, folder])
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.ann").write_text("也没有。\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.ann: has the same name as .*b\.ann"):
        read_corpora([folder, other])
