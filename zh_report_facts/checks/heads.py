"""Checks of heads and of the edges of all spans."""

import re
from collections.abc import Iterator

from ..report import Report
from ..schema import HEADS
from .finding import Finding, find_in

# Verbs that lead up to a head, unless such a word opens a name (启动仪式, 完成率).
LEADING_VERB = re.compile(
    r"(?:完成|开展|实施|发放(?!及时)|举办|落实|推进|推动|提供|做好|启动|抓好|深化|加强|强化|加快|继续|扎实|积极|"
    r"大力|认真|召开|承办|承接|享受|争取|拨付|办理|建成|新建|打造|成立)"
    r"(?!率|仪式|会$|面|量|额|数|者|机构|制度|方案|费|人$|服务|条件|点$|站)"
)
TRAILING_WORD = re.compile(r"(?<!社会)(?<!社)工作$|任务$|情况$|提标扩面$|等$")
EDGE_START = re.compile(r"[、，。；：！？,;:!?）)》”’·]|[的了]|等(?!级)|及(?!时)|与(?!会)")
EDGE_END = re.compile(r"[、，。；：！？,;:!?（(《“‘·]$|[的了与和]$|(?<![普涉惠])及$")
PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("(", ")"), ("《", "》"), ("「", "」"))
LONGEST = {"PROGRAM": 32, "ITEM": 24, "COUNT": 14, "MONEY": 16, "PERCENT": 14}


def find_bad_heads(report: Report) -> Iterator[Finding]:
    """Find heads with a leading verb or a trailing 工作, and items that no number counts."""
    linked = report.linked
    for index, entity in enumerate(report.entities):
        if entity.label not in HEADS:
            continue
        text = report.span_text(entity)
        if LEADING_VERB.match(text):
            yield find_in(report, entity, "leading verb in a head")
        if TRAILING_WORD.search(text):
            yield find_in(report, entity, "trailing 工作 or the like in a head")
        if entity.label == "ITEM" and index not in linked:
            yield find_in(report, entity, "ITEM without a number")


def find_bad_edges(report: Report) -> Iterator[Finding]:
    """Find spans that end on punctuation or a particle, hold half a pair, or are very long."""
    for entity in report.entities:
        text = report.span_text(entity)
        if EDGE_START.match(text) or EDGE_END.search(text):
            yield find_in(report, entity, "punctuation or particle at a span's edge")
        elif any(text.count(left) != text.count(right) for left, right in PAIRS):
            yield find_in(report, entity, "half a pair of quotes or brackets in a span")
        if len(text) > LONGEST[entity.label]:
            yield find_in(report, entity, "overlong span", f"{len(text)} characters")
