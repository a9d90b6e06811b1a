from zh_report_facts.notation import parse_report
from zh_report_facts.scoring.annotation import annotate_report
from zh_report_facts.scoring.excerpts import MARGIN, cut_excerpt
from zh_report_facts.scoring.mistakes import FOUND, GOLD, NUMBER, Mark


def cut(text, *marks):
    """The excerpt in one line: `text` or `<side text>`, and the tags in brackets."""
    pieces = cut_excerpt(text, annotate_report(parse_report(text, "a.ann")), marks)
    return "".join(
        (f"<{piece.side} {piece.text}>" if piece.side else piece.text)
        + "".join(f"({side} {label})" for side, label in piece.tags)
        for piece in pieces
    )


def test_the_sentence_of_a_mark_is_cut_out():
    text = "第一句。夜校 30 人到场。第三句。"
    assert cut(text, Mark((6, 9), GOLD, "COUNT")) == "夜校 <gold 30 人>(gold COUNT)到场。"
    assert cut(text, Mark((0, 1), FOUND, "ITEM")) == "<found 第>(found ITEM)一句。"


def test_marks_of_several_sentences_and_paragraphs():
    text = "夜校很热闹。\n共30人。\n完。"
    marks = [Mark((0, 2), GOLD, "PROGRAM"), Mark((7, 10), NUMBER, "COUNT")]
    assert cut(text, *marks) == "<gold 夜校>(gold PROGRAM)很热闹。\n共<number 30人>(number COUNT)。"


def test_marks_that_lie_on_each_other():
    same = [Mark((0, 4), GOLD, "PROGRAM"), Mark((2, 4), FOUND, "PROGRAM")]
    assert cut("社区夜校开课", *same) == "<gold 社区><both 夜校>(both PROGRAM)开课"
    other = [Mark((0, 4), GOLD, "PROGRAM"), Mark((0, 4), FOUND, "ITEM")]
    assert cut("社区夜校开课", *other) == "<clash 社区夜校>(gold PROGRAM)(found ITEM)开课"


def test_a_long_sentence_is_shortened():
    text = "前" * 100 + "30人" + "后" * 100
    shown = cut(text, Mark((100, 103), GOLD, "COUNT"))
    assert shown == f"…{'前' * MARGIN}<gold 30人>(gold COUNT){'后' * MARGIN}…"
