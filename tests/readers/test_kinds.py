import pytest

from zh_report_facts.readers.kinds import kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("一、积极推进康复服务", "heading"),
        ("（三）主要成效", "heading"),
        ("第二章 保障措施", "heading"),
        ("一、全年发放轮椅120辆。", "text"),
        ("来源：县残联 发布时间：2024-01-05", "byline"),
        ("本报记者 张三 通讯员 李四", "byline"),
        ("（记者 张三 文/图）", "byline"),
        ("记者从县残联获悉，全年救助130人", "text"),
        ("作者共有3人", "text"),
        ("图1 康复站", "caption"),
        ("表2：资金使用情况", "caption"),
        ("单位：万元", "caption"),
        ("工作人员为残疾人适配辅具。 张三 摄", "caption"),
        ("图3万元", "text"),
        ("全县发放轮椅120辆", "text"),
        ("", "text"),
    ],
)
def test_kind_by_words(text, kind):
    assert kind_of(text) == kind
