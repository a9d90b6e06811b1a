"""Tells headings, bylines and captions from running text by their words."""

import re

TEXT, HEADING, BYLINE, CAPTION, TABLE_ROW = "text", "heading", "byline", "caption", "table row"

# Longer lines are sentences.
_SHORT = 60
_HEADING = re.compile(
    r"(?:第?[一二三四五六七八九十百]+[、.．章节篇]|[（(][一二三四五六七八九十]+[）)])[^。！？；]{2,40}"
)
_NAME = r"[\u4e00-\u9fff·]{2,4}"
_BYLINE = re.compile(
    r"(?:(?:信息)?来源|作者|(?:责任)?编辑|责编|审核|校对|撰稿|供稿|发布(?:时间|日期|机构|人)|日期|时间|"
    r"浏览(?:次数|量)|点击(?:数|量)?|阅读(?:量|次数)|字[号体]|文号|索引号|发文字号)\s*[:：].*"
    rf"|[（(]?(?:[\u4e00-\u9fff]{{0,4}}(?:记者|通讯员)[\s:：]*{_NAME}(?:[\s、]+{_NAME})*[\s、/]*)+"
    r"(?:文/图|摄影报道|报道|文|图|摄)?[）)]?"
)
_CAPTION = re.compile(
    r"(?:附?[图表]|图表)\s*[\d一二三四五六七八九十]+(?![\d.．]*[%％个件人万元年月]).*"
    r"|[（(]?单位\s*[:：].{1,20}"
    rf"|.*[。\s（(]{_NAME}\s*[/／]?\s*摄[）)]?"
)


def kind_of(text: str) -> str:
    """Tell what a line or paragraph is by its words alone.

    text (str): a line or a paragraph.
    RETURNS (str): heading, byline, caption or text.
    """
    text = text.strip()
    if len(text) <= _SHORT:
        for kind, pattern in ((HEADING, _HEADING), (BYLINE, _BYLINE), (CAPTION, _CAPTION)):
            if pattern.fullmatch(text):
                return kind
    return TEXT
