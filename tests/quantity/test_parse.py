import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh_report_facts.notation import read_report
from zh_report_facts.quantity.parse import LONGEST, UNREAD, Quantity, parse_quantity
from zh_report_facts.quantity.units import CURRENCIES
from zh_report_facts.schema import BOUNDS, QUANTITIES

ROOT = Path(__file__).parents[2]
REPORTS = ROOT.parent / "shared" / "reports"

# Text, value, high, unit, bound; ␣ is a space, ⏎ a line end, - nothing.
TABLE = """
COUNT   862人               862         -           人          exact
COUNT   3000⏎册             3000        -           册          exact
COUNT   １２␣场             12          -           场          exact
COUNT   10␣800␣人           10800       -           人          exact
COUNT   ３，６００余␣课时   3600        -           课时        over
COUNT   四个                4           -           个          exact
COUNT   半亩                0.5         -           亩          exact
COUNT   一个半              1.5         -           个          exact
COUNT   两亩半              2.5         -           亩          exact
COUNT   三米五              3.5         -           米          exact
COUNT   一米零八            1.08        -           米          exact
COUNT   六斤一两            6.1         -           斤          exact
COUNT   6斤两两             6.2         -           斤          exact
COUNT   九亩二              9.2         -           亩          exact
COUNT   两亩四分            2.4         -           亩          exact
COUNT   两点五公里          2.5         -           公里        exact
COUNT   一百零五户          105         -           户          exact
COUNT   两万五千余人        25000       -           人          over
COUNT   2万5人              25000       -           人          exact
COUNT   12万3456人          123456      -           人          exact
COUNT   1亿2千万人次        120000000   -           人次        exact
COUNT   叁萬伍仟戶          35000       -           戶          exact
COUNT   二〇二五人          2025        -           人          exact
COUNT   两个亿              200000000   -           -           exact
COUNT   约218万             2180000     -           -           about

COUNT   610件（套）         610         -           件（套）    exact
COUNT   945件(套)           945         -           件(套)      exact
COUNT   45人␣（次）         45          -           人（次）    exact
COUNT   146台/副            146         -           台/副       exact
COUNT   120亩               120         -           亩          exact
COUNT   2金                 2           -           金          exact
COUNT   5两                 5           -           两          exact
COUNT   6.5平方千米         6.5         -           平方千米    exact
COUNT   500千瓦             500         -           千瓦        exact
COUNT   12万千瓦            120000      -           千瓦        exact
COUNT   两千千瓦            2000        -           千瓦        exact
COUNT   52千米              52          -           千米        exact
COUNT   三万五千米          35000       -           米          exact
COUNT   1万2千米            12000       -           米          exact
COUNT   3千余名             3000        -           名          over

COUNT   约1.2万余人次       12000       -           人次        over
COUNT   约120亩             120         -           亩          about
COUNT   大概三百人左右      300         -           人          about
COUNT   十来平方米          10          -           平方米      about
COUNT   近两千户            2000        -           户          under
COUNT   近百万只            1000000     -           只          under
COUNT   百余件              100         -           件          over
COUNT   近百余件            100         -           件          over
COUNT   千余人次            1000        -           人次        over
COUNT   十余吨              10          -           吨          over
COUNT   上百条              100         -           条          over
COUNT   上万名              10000       -           名          over
COUNT   3万多户             30000       -           户          over
COUNT   八百三十多万尾      8300000     -           尾          over
COUNT   三吨多              3           -           吨          over
COUNT   超过3万人次         30000       -           人次        over
COUNT   逾四十万株          400000      -           株          over
COUNT   ≥３０人             30          -           人          over
COUNT   不少于10名          10          -           名          over
COUNT   不得少于10名        10          -           名          over
COUNT   不得超过10名        10          -           名          under
COUNT   不低于二百场        200         -           场          over
COUNT   至少1名             1           -           名          over
COUNT   100名以上           100         -           名          over
COUNT   300有余             300         -           -           over
COUNT   不到十例            10          -           例          under
COUNT   不过百人            100         -           人          under
COUNT   百人不到            100         -           人          under
COUNT   不足５␣人           5           -           人          under
COUNT   不超过2␣台          2           -           台          under
COUNT   至多三次            3           -           次          under
COUNT   1300␣件以内         1300        -           件          under
COUNT   25平方米以下        25          -           平方米      under
COUNT   百把号              100         -           号          about
COUNT   百把号人            100         -           号人        about
COUNT   百把人              100         -           人          about
COUNT   约百把人以上        100         -           人          over
COUNT   百把                100         -           把          exact
COUNT   一百把              100         -           把          exact
COUNT   两百把（套）        200         -           把（套）    exact
COUNT   8把                 8           -           把          exact
COUNT   不少于100人左右     100         -           人          about
COUNT   约80人以上          80          -           人          over
COUNT   1000+户             1000        -           户          over
COUNT   1.2万＋人次         12000       -           人次        over
COUNT   100人（含）以上     100         -           人          over
MONEY   50万元(含)以上      500000      -           CNY         over

COUNT   3—5家               3           5           家          exact
COUNT   3至5家              3           5           家          exact
COUNT   三至五家            3           5           家          exact
COUNT   三到⏎五␣家          3           5           家          exact
COUNT   3～5家              3           5           家          exact
COUNT   3-5家               3           5           家          exact
COUNT   3－5家              3           5           家          exact
COUNT   30人至40人          30          40          人          exact
COUNT   约3至5家            3           5           家          about
COUNT   100—200余人         100         200         人          over
COUNT   3—4千顶             3000        4000        顶          exact
COUNT   三至五百人          300         500         人          exact
COUNT   1万～1.5万人        10000       15000       人          exact
COUNT   1—1.5万人           10000       15000       人          exact
COUNT   8000至1.2万人       8000        12000       人          exact
COUNT   五百至一千人        500         1000        人          exact
COUNT   二百至三千万株      2000000     30000000    株          exact
COUNT   2千至3千万株        20000000    30000000    株          exact
COUNT   三至十家            3           10          家          exact
COUNT   三四五家            3           5           家          exact
COUNT   三四五十人          30          50          人          exact
COUNT   约一百二三四十户    120         140         户          about
COUNT   三五七人            357         -           人          exact
COUNT   三四十人            30          40          人          exact
COUNT   十个八个            8           10          个          about
MONEY   三块五块            3           5           CNY         about
COUNT   三、四十人          30          40          人          exact
COUNT   五六百名左右        500         600         名          about
COUNT   二十四五人          24          25          人          exact
COUNT   一千三四百个        1300        1400        个          exact
COUNT   十几个              11          19          个          exact
COUNT   十几至二十几个      11          29          个          exact
COUNT   十几万人            110000      190000      人          exact

COUNT   数百名              -           -           名          about
MONEY   百十块钱            -           -           CNY         about
COUNT   数十余万人          -           -           人          over
COUNT   几十户              -           -           户          about
COUNT   好几百人            -           -           人          about
COUNT   几十至几百人        -           -           人          about
COUNT   三七个              -           -           个          exact
COUNT   5—3家               -           -           家          exact
COUNT   5人至8家            -           -           家          exact

MONEY   798.6万元           7986000     -           CNY         exact
MONEY   五百余万元          5000000     -           CNY         over
MONEY   80元左右            80          -           CNY         about
MONEY   六亿九千余万元      690000000   -           CNY         over
MONEY   1.68万亿元          1680000000000   -       CNY         exact
MONEY   三个多亿元          300000000   -           CNY         over
MONEY   1860␣万⏎元          18600000    -           CNY         exact
MONEY   100元/人·月         100         -           CNY         exact
MONEY   80元每人每月        80          -           CNY         exact
MONEY   两千块钱            2000        -           CNY         exact
MONEY   两块八毛钱          2.8         -           CNY         exact
MONEY   3元5角              3.5         -           CNY         exact
MONEY   三块五毛二分        3.52        -           CNY         exact
MONEY   三块五              3.5         -           CNY         exact
MONEY   千把块              1000        -           CNY         about
MONEY   千把块钱            1000        -           CNY         about
MONEY   万把元              10000       -           CNY         about
MONEY   百把万元            1000000     -           CNY         about
MONEY   5角                 0.5         -           CNY         exact
MONEY   四分八              0.048       -           CNY         exact
MONEY   一毛五              0.15        -           CNY         exact
MONEY   5角/千瓦时          0.5         -           CNY         exact
MONEY   八分钱              0.08        -           CNY         exact
MONEY   壹仟贰佰叁拾肆元整  1234        -           CNY         exact
MONEY   500万人民币         5000000     -           CNY         exact
MONEY   人民币500万元       5000000     -           CNY         exact
MONEY   500万元人民币       5000000     -           CNY         exact
MONEY   500万元（人民币）   5000000     -           CNY         exact
MONEY   500万元(人民币)以上 5000000     -           CNY         over
MONEY   （人民币）500万元   5000000     -           CNY         exact
MONEY   人民币500至800万元  5000000     8000000     CNY         exact
MONEY   3000元（人民币）/月 3000        -           CNY         exact
MONEY   ￥3.5万             35000       -           CNY         exact
MONEY   约2.3亿美元         230000000   -           USD         about
MONEY   US$5万              50000       -           USD         exact
MONEY   3.6亿港币           360000000   -           HKD         exact
MONEY   港币500万元         5000000     -           HKD         exact
MONEY   500万元港币         5000000     -           HKD         exact
MONEY   500万（美元）       5000000     -           USD         exact
MONEY   500万元（港币）     5000000     -           HKD         exact
MONEY   新台币500万元       5000000     -           TWD         exact
MONEY   10万元新台币        100000      -           TWD         exact
MONEY   日元500万           5000000     -           JPY         exact
MONEY   2亿新元             200000000   -           SGD         exact
MONEY   3万瑞士法郎         30000       -           CHF         exact
MONEY   2400万欧元          24000000    -           EUR         exact
MONEY   3万日元             30000       -           JPY         exact
MONEY   2万英镑             20000       -           GBP         exact
MONEY   3万澳门元           30000       -           MOP         exact
MONEY   10万新台币          100000      -           TWD         exact
MONEY   过百万元            1000000     -           CNY         over
MONEY   百万韩元            1000000     -           KRW         exact
MONEY   5万卢布             50000       -           RUB         exact
MONEY   人民币5万美元       50000       -           -           exact
MONEY   500贝壳             500         -           -           exact
MONEY   3000万              30000000    -           -           exact
MONEY   500至800元          500         800         CNY         exact
MONEY   500元—800元         500         800         CNY         exact
MONEY   50-80万元           500000      800000      CNY         exact
MONEY   50万-80万元         500000      800000      CNY         exact
MONEY   5角至2元            0.5         2           CNY         exact
MONEY   500元至1万元        500         10000       CNY         exact
MONEY   1元2角至3元5角      1.2         3.5         CNY         exact
MONEY   一千五六百元        1500        1600        CNY         exact
MONEY   五六十万元          500000      600000      CNY         exact
MONEY   五美元至八欧元      -           -           EUR         exact
MONEY   几十块              -           -           CNY         about

PERCENT 94.97%              94.97       -           %           exact
PERCENT 94.97％             94.97       -           %           exact
PERCENT 96␣.7␣％            96.7        -           %           exact
PERCENT －2.5%              -2.5        -           %           exact
PERCENT -5--3%              -5          -3          %           exact
PERCENT -5%~-3%             -5          -3          %           exact
PERCENT -5%—-3%             -5          -3          %           exact
PERCENT －5％至－3％        -5          -3          %           exact
PERCENT －5－－3％          -5          -3          %           exact
PERCENT -5-3%               -5          3           %           exact
PERCENT -5——3%              -5          3           %           exact
PERCENT 3--5%               3           5           %           exact
PERCENT ≤0.5%               0.5         -           %           under
PERCENT 百分之八十          80          -           %           exact
PERCENT 百分之三点五        3.5         -           %           exact
PERCENT 百分之百            100         -           %           exact
PERCENT 百分百              100         -           %           exact
PERCENT 近百分之八十        80          -           %           under
PERCENT 百分之九十以上      90          -           %           over
PERCENT 三成多一点          30          -           %           over
PERCENT 百分之八十几        81          89          %           exact
PERCENT 百分之八十至九十    80          90          %           exact
PERCENT 百分之一至百分之百  1           100         %           exact
PERCENT 百分之八至百分之九  8           9           %           exact
PERCENT 3.2个百分点         3.2         -           pp          exact
PERCENT 6个点左右           6           -           pp          about
PERCENT 一个多百分点        1           -           pp          over
PERCENT 三百分点            3           -           pp          exact
PERCENT 0.3到0.5个百分点    0.3         0.5         pp          exact
PERCENT 八成                80          -           %           exact
PERCENT 8.5成               85          -           %           exact
PERCENT 三成五              35          -           %           exact
PERCENT 一成半              15          -           %           exact
PERCENT 两成多              20          -           %           over
PERCENT 三成还多            30          -           %           over
PERCENT 四成稍多            40          -           %           over
PERCENT 三成还要多          30          -           %           over
PERCENT 七八成              70          80          %           exact
PERCENT 七至八成            70          80          %           exact
PERCENT 七成至八成          70          80          %           exact
PERCENT 三成至50%           30          50          %           exact
PERCENT 80%—85%             80          85          %           exact
PERCENT 80至85%             80          85          %           exact
PERCENT 3‰                  3           -           ‰           exact
PERCENT 千分之三            3           -           ‰           exact
PERCENT 万分之五            5           -           ‱           exact
PERCENT 2.5倍               2.5         -           倍          exact
PERCENT 80%—5个百分点       -           -           pp          exact
"""
# Texts that are no single quantity: nothing is read, and nothing is guessed.
NO_QUANTITIES = """
    约 人 % 元 千瓦 第三名 共3人 多达300人 多个 若干个 成千上万人 44家64人 三百人五百元 3人5人
    三分之一 1/3 半数 一半 半数以上 大半 一个半百分点 翻了一番 1,2345人 1.2.3人
    3、4家 3+5人 十— —十 “1+10” 上午
"""
ROWS = [line.split() for line in TABLE.splitlines() if line]


@pytest.mark.parametrize(("label", "text", "value", "high", "unit", "bound"), ROWS)
def test_table(label, text, value, high, unit, bound):
    value, high = (None if number == "-" else Decimal(number) for number in (value, high))
    quantity = parse_quantity(text.replace("␣", " ").replace("⏎", "\n"), label)
    assert quantity == Quantity(value, high, None if unit == "-" else unit, bound)


@pytest.mark.parametrize("label", QUANTITIES)
@pytest.mark.parametrize("text", ["", " ", *NO_QUANTITIES.split(), "3" * (LONGEST + 1)])
def test_what_is_no_quantity_is_not_read(text, label):
    assert parse_quantity(text, label) == UNREAD


@pytest.mark.parametrize(
    ("text", "value", "high", "unit", "bound"),
    [
        # JioNLP 1.5.31: 22000, 220000000, 800 alone, and one tag for the last two.
        ("1万2千元", "12000", None, "CNY", "exact"),
        ("1亿2千万元", "120000000", None, "CNY", "exact"),
        ("500至800元", "500", "800", "CNY", "exact"),
        ("不少于500元", "500", None, "CNY", "over"),
        ("不超过500元", "500", None, "CNY", "under"),
        # Recognizers-Text of 2019: nothing, 800000 alone, and no approximator.
        ("3,500万元", "35000000", None, "CNY", "exact"),
        ("50-80万元", "500000", "800000", "CNY", "exact"),
        ("近500余万元", "5000000", None, "CNY", "over"),
        # No library: a line end in the amount; cn2an: any unit.
        ("12.5万\n元", "125000", None, "CNY", "exact"),
    ],
)
def test_where_other_libraries_fail(text, value, high, unit, bound):
    expected = Quantity(Decimal(value), None if high is None else Decimal(high), unit, bound)
    assert parse_quantity(text, "MONEY") == expected


def test_the_label_tells_coins_from_pieces():
    assert parse_quantity("5块", "MONEY").unit == "CNY"
    assert parse_quantity("5块", "COUNT").unit == "块"


def test_further_currencies():
    assert parse_quantity("3万贝壳", "MONEY", (("贝壳", "XXX"),)).unit == "XXX"
    assert parse_quantity("3万元", "MONEY", (("贝壳", "XXX"),)).unit == "CNY"


@pytest.mark.parametrize("name", CURRENCIES)
def test_every_currency(name):
    assert parse_quantity(f"约3万{name}", "MONEY") == (30_000, None, CURRENCIES[name], "about")


NUMBERS = st.decimals(Decimal("0.01"), 99_999, places=2)
SCALES = st.sampled_from([("", 0), ("万", 4), ("亿", 8), ("百万", 6), ("千万", 7)])
COUNTED = st.sampled_from(["人", "人次", "件（套）", "平方公里", "户", "个", "千瓦", "铜", ""])
BEFORE = st.sampled_from(
    [("", "exact"), ("约", "about"), ("大约", "about"), ("近", "under"), ("不到", "under")]
    + [("不超过", "under"), ("超", "over"), ("超过", "over"), ("逾", "over"), ("不少于", "over")]
)
AFTER = st.sampled_from(
    [("", ""), ("左右", "about"), ("上下", "about"), ("以上", "over"), ("以内", "under")]
)
BETWEEN = st.sampled_from([("", ""), ("余", "over"), ("多", "over"), ("来", "about")])
WHOLE = st.integers(1, 9999)
SEPARATORS = st.sampled_from(["至", "到", "-", "—", "——", "–", "~", "～", " — ", "\n至"])


@given(WHOLE, SCALES, COUNTED, BEFORE, BETWEEN, AFTER)
def test_the_last_approximator_wins(number, scale, unit, before, between, after):
    text = f"{before[0]}{number}{between[0]}{scale[0]}{unit}{after[0]}"
    bound = after[1] or between[1] or before[1]
    value = number * 10 ** scale[1]
    assert parse_quantity(text, "COUNT") == (value, None, unit or None, bound)


@given(NUMBERS, SCALES.filter(lambda scale: len(scale[0]) < 2), st.sampled_from(sorted(CURRENCIES)))
def test_money(number, scale, currency):
    quantity = parse_quantity(f"{number}{scale[0]}{currency}", "MONEY")
    assert quantity == (number * 10 ** scale[1], None, CURRENCIES[currency], "exact")


@given(NUMBERS)
def test_percentages(number):
    assert parse_quantity(f"{number}%", "PERCENT") == (number, None, "%", "exact")
    assert parse_quantity(f"百分之{number}", "PERCENT") == (number, None, "%", "exact")
    assert parse_quantity(f"{number}个百分点", "PERCENT") == (number, None, "pp", "exact")
    assert parse_quantity(f"{number}成", "PERCENT") == (number * 10, None, "%", "exact")


@given(
    WHOLE, WHOLE, st.sampled_from(["", "百", "千", "万", "亿"]), SEPARATORS, COUNTED, st.booleans()
)
def test_ranges_share_the_scale_of_the_high_end(one, other, scale, separator, unit, twice):
    low, high = sorted((one, other))
    factor = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}[scale]
    text = f"{low}{scale if twice else ''}{separator}{high}{scale}{unit}"
    expected = (low * factor, high * factor, unit or None, "exact")
    assert parse_quantity(text, "COUNT") == expected


@given(st.sampled_from([row[:2] for row in ROWS]), st.data())
def test_white_space_does_not_matter(row, data):
    label, text = row
    text = text.replace("␣", "").replace("⏎", "")
    spaced = "".join(char + data.draw(st.sampled_from(["", " ", "\n", "\u3000"])) for char in text)
    assert parse_quantity(spaced, label) == parse_quantity(text, label)


@given(
    st.text()
    | st.text(
        "0123456789,.零一二两三五十百千万亿半点几数余多来约近超上至-—成元角人个%百分之 \n",
        max_size=20,
    )
    | st.lists(st.sampled_from([row[1] for row in ROWS]), max_size=3).map("".join),
    st.sampled_from(QUANTITIES),
)
def test_any_text_is_read_or_left_alone(text, label):
    value, high, unit, bound = parse_quantity(text, label)
    assert bound in BOUNDS and unit != ""
    assert high is None or (value is not None and value <= high)


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_every_quantity_of_the_corpus_is_read(split):
    unread = []
    for path in sorted((ROOT / "corpus" / split).glob("*.ann")):
        report = read_report(path)
        for start, end, label in report.entities:
            text = report.text[start:end]
            if label in QUANTITIES and parse_quantity(text, label).value is None:
                unread.append(text)
    # 几十, 数百 and 百十 have no value.
    assert [text for text in unread if not re.search("[几数]|百十", text)] == []


def test_gold_values_of_the_shared_reports():
    tables = sorted(REPORTS.glob("*.values.tsv"))
    if not tables:
        pytest.skip("needs ../shared/reports beside the repository")
    checked = 0
    for table in tables:
        lines = table.read_text(encoding="utf-8").splitlines()
        gold = dict(line.split("\t", 1) for line in lines if line and not line.startswith("# "))
        report = read_report(str(table).replace(".values.tsv", ".ann"))
        for start, end, label in report.entities:
            text = "".join(report.text[start:end].split())
            if label in QUANTITIES and text in gold:
                value, high, unit, bound = (cell or None for cell in gold[text].split("\t"))
                expected = (value and Decimal(value), high and Decimal(high), unit, bound)
                assert parse_quantity(report.text[start:end], label) == expected
                checked += 1
    assert checked > 100
