"""A pipeline small enough to be trained inside the tests, and what it is trained on."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed, load_model_from_config
from thinc.api import Adam, Config

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.notation import parse_report
from zh_report_facts.relations import get_relations

REPORTS = [
    "今年[邻里食堂]{P1}新开[12家]{C>P1,I1}[供餐点]{I1}，投入[85.6万元]{M>P1}，就餐[3万余人次]{C>P1}。",
    "[银发讲堂]{P1}办了[36场]{C>P1,I1}[讲座]{I1}，[到课率]{I2}达[92%]{R>P1,I2}，"
    "计划明年办[40场]{C>P1:TARGET}。",
    "[河道清理]{P1}出动[约300人次]{C>P1,I1}[志愿者]{I1}，比去年[260人次]{C>P1,I1:BASELINE}"
    "增长[15%]{R>P1:CHANGE}。",
    "[“暖冬”取暖补贴]{P1}每户[600元]{M>P1:STANDARD}，发放[1200户]{C>P1}。\n"
    "[旧衣回收]{P1}收到[2480件]{C>P1,I1}[衣物]{I1}，[三至五家]{C>P1,I2}[企业]{I2}参与。",
    "去年[技能夜校]{P1}招收[学员]{I1}[510名]{C>P1,I1}，计划今年招收[600名]{C>P1,I1:TARGET}。",
    "全年举行各类会议，没有数字可写。",
]
# Paragraphs that read as those above, and what is linked in them.
TEXT = (
    "今年邻里食堂新开12家供餐点，投入85.6万元，就餐3万余人次。\n"
    "银发讲堂办了36场讲座，到课率达92%，计划明年办40场。"
)

CONFIG = """
[nlp]
lang = "zh"
pipeline = ["tok2vec","report_ner","quantity","fact_linker"]

[nlp.tokenizer]
@tokenizers = "zh_report_facts.ReportTokenizer.v1"
words = false

[nlp.tokenizer.segmenter]
@misc = "zh_report_facts.JiebaSegmenter.v1"

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "zh_report_facts.ParagraphEncoder.v1"
width = 24
attrs = ["NORM","LEMMA","TAG","SHAPE"]
rows = [300,300,100,100]

[components.tok2vec.model.encode]
@architectures = "zh_report_facts.DilatedEncoder.v1"
width = 24
dilations = [1,2]
maxout_pieces = 2

[components.report_ner]
factory = "report_ner"

[components.report_ner.model]
@architectures = "zh_report_facts.CrfRecognizer.v1"

[components.report_ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 24

[components.quantity]
factory = "quantity"

[components.fact_linker]
factory = "fact_linker"

[components.fact_linker.model]
@architectures = "zh_report_facts.PairLinker.v1"
hidden_width = 16
window_width = 8
feature_width = 4
feature_rows = 200

[components.fact_linker.model.encode]
@architectures = "zh_report_facts.DilatedEncoder.v1"
width = 16
dilations = [1,2]
maxout_pieces = 2

[components.fact_linker.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 24
"""


def make_pipeline() -> Language:
    """The pipeline, not initialised; the recogniser and the linker listen to one encoder."""
    return load_model_from_config(Config().from_str(CONFIG), auto_fill=True)


def make_examples(nlp: Language, sources: list[str] = REPORTS) -> list[Example]:
    """Bare documents and their references, from reports in the inline notation."""
    references = [report_to_doc(nlp, parse_report(source, "own"))[0] for source in sources]
    return [Example(nlp.make_doc(reference.text), reference) for reference in references]


def initialize(nlp: Language) -> Language:
    """Initialise a pipeline, the same at every call."""
    fix_random_seed(0)
    nlp.initialize(lambda: make_examples(nlp))
    return nlp


def train(nlp: Language, steps: int = 40) -> Language:
    """Train an initialised pipeline until it knows `REPORTS` by heart."""
    examples = make_examples(nlp)
    optimizer = Adam(0.02)
    for _ in range(steps):
        nlp.update(examples, sgd=optimizer, annotates=["tok2vec", "report_ner"])
    return nlp


def found(doc: Doc) -> dict[str, list[tuple[object, ...]]]:
    """All that the pipeline says of a document, with the visible text in place of offsets."""

    def visible(start: int, end: int) -> tuple[int, str]:
        return len("".join(doc.text[:start].split())), "".join(doc.text[start:end].split())

    return {
        "entities": [(*visible(e.start_char, e.end_char), e.label_) for e in doc.ents],
        "links": [
            (*visible(r["start"], r["end"]), r["role"], visible(head["start"], head["end"]))
            for r in get_relations(doc)
            for head in r["heads"]
        ],
        "values": [(q["value"], q["high"], q["unit"], q["bound"]) for q in doc._.quantities],
    }


def scores(doc: Doc) -> list[float]:
    """All probabilities that the pipeline gives a document."""
    relations = get_relations(doc)
    return [
        *(ent._.score for ent in doc.ents),
        *(relation["role_score"] for relation in relations),
        *(relation["complete_score"] for relation in relations),
        *(head["score"] for relation in relations for head in relation["heads"]),
    ]
