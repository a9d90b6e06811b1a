"""The whole way: a programme the model misses is annotated in doccano, pulled, and learned."""

from annotator import Annotator
from thinc.api import Adam
from tiny import TEXT, found, initialize, make_examples, make_pipeline, train

from scripts.doccano_pull import doccano_pull
from zh_report_facts.corpus import AnnotatedReports
from zh_report_facts.doccano.bridge import push
from zh_report_facts.doccano.paragraphs import read_paragraphs

# What stands in the reports of a team that runs 候鸟守护巡线, and what people mark in it: numbers,
# heads and other words apart, so that both are easy to read.
PARAGRAPHS = [
    "今年候鸟守护巡线走完48趟，护线员登记96人。",
    "候鸟守护巡线投入12.6万元，添置望远镜30台。",
    "上半年候鸟守护巡线走完17趟，比去年9趟多出8趟。",
    "全县候鸟守护巡线救护伤鸟112只，放飞87只。",
    "计划明年候鸟守护巡线走完60趟，覆盖湿地14处。",
    "候鸟守护巡线每趟补助150元，全年支出7200元。",
    "志愿者185人加入候鸟守护巡线，劝离游客340人次。",
    "春季，候鸟守护巡线清除捕鸟网26张。",
    "候鸟守护巡线开到第三年，到岗率95%。",
    "东湖片区候鸟守护巡线完成21趟，西湖片区完成19趟。",
    "在学校，候鸟守护巡线讲解会办了8场，学生620人到场。",
    "候鸟守护巡线秋季走完33趟，拍下照片1400张。",
]
PROGRAM = "候鸟守护巡线"
# (number, item, role) of each.
MARKED = [
    [("48趟", "", "ACTUAL"), ("96人", "护线员", "ACTUAL")],
    [("12.6万元", "", "ACTUAL"), ("30台", "望远镜", "ACTUAL")],
    [("17趟", "", "ACTUAL"), ("9趟", "", "BASELINE"), ("8趟", "", "CHANGE")],
    [("112只", "伤鸟", "ACTUAL"), ("87只", "伤鸟", "ACTUAL")],
    [("60趟", "", "TARGET"), ("14处", "湿地", "TARGET")],
    [("150元", "", "STANDARD"), ("7200元", "", "ACTUAL")],
    [("185人", "志愿者", "ACTUAL"), ("340人次", "游客", "ACTUAL")],
    [("26张", "捕鸟网", "ACTUAL")],
    [("95%", "到岗率", "ACTUAL")],
    [("21趟", "", "ACTUAL"), ("19趟", "", "ACTUAL")],
    [("8场", "讲解会", "ACTUAL"), ("620人", "学生", "ACTUAL")],
    [("33趟", "", "ACTUAL"), ("1400张", "照片", "ACTUAL")],
]
NEW = "去年候鸟守护巡线走完52趟，护线员登记103人。"


def annotate(person: Annotator, example: dict, facts: list) -> None:
    """Mark a paragraph as a person would, in place of the model's guess."""
    text, where = example["text"], {}
    person.clear(example["id"])
    names = {PROGRAM: "PROGRAM", **{item: "ITEM" for _, item, _ in facts if item}}
    for number, _, _ in facts:
        names[number] = "MONEY" if "元" in number else "PERCENT" if "%" in number else "COUNT"
    at = 0
    for name, label in sorted(names.items(), key=lambda entry: text.index(entry[0])):
        # 9趟 is also the end of 19趟.
        at = text.index(name, at)
        where[name] = person.mark(example["id"], at, at + len(name), label)
        at += len(name)
    for number, item, role in facts:
        for head in filter(None, (PROGRAM, item)):
            person.link(example["id"], where[number], where[head], role)
    person.confirm(example["id"])


def test_a_missed_programme_is_learned(server, trained, tmp_path):
    assert PROGRAM not in [ent.text for ent in trained(NEW).ents]
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "湿地.txt").write_text("\n\n".join(PARAGRAPHS), encoding="utf-8")
    paragraphs = read_paragraphs([reports], trained)
    assert [p.annotation.text for p in paragraphs] == PARAGRAPHS
    result = push(paragraphs, "候鸟", "", server.access, server.folder)
    person = Annotator(server.access, result["project"])
    for example in person.examples():
        annotate(person, example, MARKED[PARAGRAPHS.index(example["text"])])

    corpus = tmp_path / "corpus"
    arguments = "候鸟", corpus / "doccano", trained, server.access, server.folder, False
    number, _, faults = doccano_pull(*arguments)
    assert number == len(PARAGRAPHS) and not faults

    nlp = initialize(make_pipeline())
    examples = [*make_examples(nlp), *AnnotatedReports(corpus)(nlp)]
    optimizer = Adam(0.02)
    for _ in range(40):
        nlp.update(examples, sgd=optimizer, annotates=["tok2vec", "report_ner"])
    facts = {fact.quantity.text: fact for fact in nlp(NEW)._.facts}
    assert [span.text for span in facts["52趟"].programs] == [PROGRAM]
    assert [span.text for span in facts["103人"].items] == ["护线员"]
    # What it knew before, it still knows.
    assert (
        found(nlp(TEXT))["entities"] == found(train(initialize(make_pipeline()))(TEXT))["entities"]
    )
