import pytest
from timing import shortest_time

from tests.readers.conftest import PROSE, kinds, visible
from zh_report_facts.readers.documents import read_document
from zh_report_facts.readers.html import _FURNITURE_TEXT

MENU = "".join(
    f'<li><a href="/{i}">{word}</a></li>' for i, word in enumerate(["首页", "机构概况", "政务公开"])
)
NEWS = "".join(f'<li><a href="/n{i}">县残联举办第{i}期培训班</a></li>' for i in range(8))
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>总结_政府网</title>
<style>p {{ color: red }}</style><script>var text = "共发放99辆";</script></head><body>
<div class="top-nav"><ul>{menu}</ul></div><div>当前位置：<a>首页</a> &gt; <a>工作动态</a></div>
<div class="main"><h1>青禾县残联2023年工作总结</h1>
<div>来源：县残联　发布时间：2024-01-05　浏览次数：<script>write(12)</script></div>{body}
<p style="display: none">隐藏共88人</p></div>
<div class="right"><h3>热门新闻</h3><ul>{news}</ul></div>
<div class="footer"><p>主办单位：青禾县人民政府办公室</p></div>
<p>京ICP备05000001号</p></body></html>"""


@pytest.fixture
def read_page(tmp_path):
    def read(body, charset="utf-8", page=PAGE):
        path = tmp_path / "page.html"
        text = page.format(body=body, menu=MENU, news=NEWS, charset=charset)
        path.write_bytes(text.encode(charset))
        return read_document(path)

    return read


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p>{text}</p>" for text in PROSE),
        "".join(
            f"<div>&nbsp;&nbsp;<span>{text[:9]}</span><b>{text[9:]}</b></div>" for text in PROSE
        ),
        "<div>" + "<br/><br>　　".join(PROSE) + "</div>",
        f"{PROSE[0]}<p>{PROSE[1]}</p>{PROSE[2]}",
        "<table><tr><td>" + "".join(f"<p>{text}</p>" for text in PROSE) + "</td></tr></table>",
        "<pre>" + "\n".join(PROSE) + "</pre>",
        "<p>" + "</p>\n<p>".join(text.replace("，", "，\n") for text in PROSE) + "</p>",
        "<form id=aspnetForm>"
        + "".join(f"<p>{text}</p>" for text in PROSE)
        + "<select><option>2023年共99人</option></select></form>",
        "".join(f"<p>{text}</p>" for text in PROSE)
        + "<p>【打印本页】【关闭窗口】</p><p>上一篇：救助99人</p><p>下一篇</p><p>分享到：微信</p>"
        + "<p>扫一扫在手机打开当前页</p><p>版权所有 县残联 ICP备案号 99</p>",
    ],
    ids=["p", "div", "br", "bare", "layout table", "pre", "wrapped source", "form", "site lines"],
)
def test_page_without_its_site(read_page, body):
    document = read_page(body)
    assert visible(document)[0] == "青禾县残联2023年工作总结"
    assert visible(document)[2:] == list(PROSE)
    assert kinds(document) == ["heading", "byline", "text", "text", "text"]


@pytest.mark.parametrize("charset", ["gb2312", "gb18030", "big5"])
def test_charset_that_the_page_names(read_page, charset):
    text = "全縣發放輪椅3000輛。" if charset == "big5" else PROSE[0]
    page = '<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>{body}</p>'
    assert visible(read_page(text, charset, page)) == [text]


@pytest.mark.parametrize(
    "named",
    ["utf-8", "gb2312", "gb18030", "big5", "iso-8859-1", "windows-1252", "shift_jis", "utf-16"]
    + ["punycode", "rot13", "undefined", "none"],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", [PROSE[0], "救助5人。"])
def test_charset_that_the_page_names_wrongly(tmp_path, named, charset, text):
    path = tmp_path / "page.html"
    path.write_bytes(f"<meta charset={named}><p>{text}</p>".encode(charset))
    assert visible(read_document(path)) == [text]


def test_sentences_that_begin_like_lines_of_the_site_are_kept(read_page):
    lines = [
        "关闭退出煤矿12处，淘汰落后产能300万吨。",
        "打印社保卡3000张。",
        "相关新闻稿件被省级以上媒体采用56篇。",
        "扫一扫办理业务1.2万件。",
        "上一条线索核查5件。",
        "分享到各微信群的政策解读达120条。",
        "版权所有人登记作品1200件。",
    ]
    assert visible(read_page("".join(f"<p>{line}</p>" for line in lines)))[2:] == lines


def test_a_line_that_only_looks_like_one_of_the_site_takes_no_long_time():
    # Read with every way to cut it into words, it would take years.
    line = "打印" * 59 + "!"
    assert not _FURNITURE_TEXT.fullmatch(line)
    assert shortest_time(lambda: _FURNITURE_TEXT.fullmatch(line)) < 1


def test_short_paragraphs_and_a_link_are_kept(read_page):
    body = (
        "<p>发放轮椅3辆。</p><p>救助<a href='/x'>孤独症儿童</a>5人。</p>"
        "<ol start=3><li>培训7人。</li></ol>"
    )
    assert visible(read_page(body))[2:] == ["发放轮椅3辆。", "救助孤独症儿童5人。", "3.培训7人。"]


def test_table_with_spanning_cells_and_caption(read_page):
    body = """<table><caption>资金情况（单位：万元）</caption>
    <tr><th rowspan=2>类别</th><th rowspan=2>项目</th><th colspan=2>金额</th></tr>
    <tr><th>计划</th><th>支出<br>合计</th></tr>
    <tr><td rowspan=2>补贴</td><td>护理</td><td>13</td><td>12</td></tr>
    <tr><td>生活</td><td>9.5</td><td>—</td></tr></table>"""
    document = read_page(body)
    assert visible(document)[2:] == [
        "资金情况（单位：万元）",
        "补贴，项目：护理，金额计划13万元，金额支出合计12万元。",
        "补贴，项目：生活，金额计划9.5万元。",
    ]
    assert kinds(document)[2:] == ["caption", "table row", "table row"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("受益123人<sup>1</sup>。", "受益123人。"),
        ("受益1200<sup>[2]</sup>户。", "受益1200户。"),
        ("受益1200<sup><a href=#n>［2］</a></sup>户。", "受益1200户。"),
        ("受益12<sup>①</sup>户<sup>*</sup>、5人<sup>注1</sup>。", "受益12户、5人。"),
        ("覆盖3<sup>1,2</sup>个村。", "覆盖3个村。"),
        ("建成10<sup>4</sup>户。", "建成10户。"),
        ("面积1200m<sup>2</sup>。", "面积1200m²。"),
        ("面积<b>12km</b><span><sup> 2 </sup></span>。", "面积12km²。"),
        ("土方1200米<sup>3</sup>。", "土方1200米³。"),
        ("产量3.2×10<sup>4</sup>吨。", "产量3.2×10⁴吨。"),
        ("长1200m<sup>[2]</sup>。", "长1200m。"),
        ("排第1<sup>st</sup>。", "排第1st。"),
    ],
)
def test_raised_characters(read_page, source, text):
    assert visible(read_page(f"<p>{source}</p>"))[2:] == [text]


def test_raised_characters_in_a_table(read_page):
    body = """<table><tr><td>项目<td>面积（m<sup>2</sup>）<td>投资（10<sup>4</sup>元）
    <td>人数<sup>1</sup>（人）</tr><tr><td>公园<td>120<td>30<td>123<sup>2</sup></tr></table>
    <p><sup>1</sup>含儿童。</p>"""
    assert visible(read_page(body))[2:] == [
        "公园，面积120m²，投资（10⁴元）30，人数123人。",
        "含儿童。",
    ]


def test_entities_outside_the_page_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    path = tmp_path / "page.html"
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret}">]><p>&x;共3人</p>', encoding="utf-8"
    )
    assert "秘密" not in read_document(path).text
