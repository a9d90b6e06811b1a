from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zh_report_facts.quantity.numerals import read_number, read_span

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("零一二三四五六七八九十百千万", "零壹贰叁肆伍陆柒捌玖拾佰仟萬")
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
WHOLE = st.integers(1, 10**12 - 1) | st.integers(1, 10**5) | st.integers(1, 999)

# No number, scales out of order, digits that may mean two things.
NO_NUMBERS = """
    点 几 数百 第三 三分之一 1/3 ½ ㈢ ٣ 1e5 NaN .5 5. --3 1.2.3 1,23 1,2345 12,34,567
    一点二点三 零点 万千 千百 百五 百八十 二千百 十十 三万五万 1万2千万 1.5万2千 3百2万
    三百二点五 一万半 半百 一百零 二五 三七
"""


def chinese(number: int) -> str:
    """Write a whole number below 10**12 as it is spelled out in a report."""

    def section(n: int) -> str:
        spelled = ""
        for power, scale in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
            digit = n // 10**power % 10
            if digit:
                spelled += DIGITS[digit] + scale
            elif spelled and n % 10**power and not spelled.endswith("零"):
                spelled += "零"
        return spelled

    spelled = ""
    for power, scale in ((8, "亿"), (4, "万"), (0, "")):
        part = number // 10**power % 10**4
        if part:
            spelled += ("零" if spelled and part < 1000 else "") + section(part) + scale
        elif spelled and number % 10**power and not spelled.endswith("零"):
            spelled += "零"
    return (spelled.replace("零零", "零") or "零").removeprefix(
        "一" if 10 <= number < 20 or 10**5 <= number < 2 * 10**5 else "?"
    )


def test_the_formatter():
    spelled = {
        0: "零",
        12: "十二",
        110: "一百一十",
        1005: "一千零五",
        20_050: "二万零五十",
        150_000: "十五万",
        100_000_007: "一亿零七",
        101_000_000: "一亿零一百万",
        300_500_000_010: "三千零五亿零一十",
    }
    assert {number: chinese(number) for number in spelled} == spelled


@given(WHOLE)
def test_arabic(number):
    for text in (str(number), f"{number:,}", f"{number:,}".replace(",", "，")):
        assert read_number(text) == number
        assert read_number(text.translate(FULL_WIDTH)) == number


@given(st.decimals(0, 10**60, places=3))
def test_arabic_decimals_are_exact(number):
    assert read_number(f"{number:f}") == number
    assert read_number(f"{number:f}".translate(FULL_WIDTH)) == number


@given(WHOLE)
def test_chinese(number):
    assert read_number(chinese(number)) == number


@given(WHOLE)
def test_chinese_in_other_forms(number):
    spelled = chinese(number)
    assert read_number(spelled.translate(FORMAL)) == number
    assert read_number(spelled.replace("零", "〇")) == number
    assert read_number(spelled.replace("亿", "億")) == number
    for scale in "百千万亿":
        spelled = spelled.replace("二" + scale, "两" + scale)
    assert read_number(spelled) == number


@given(st.integers(20, 49))
def test_chinese_tens_in_one_character(number):
    tens = {2: "廿", 3: "卅", 4: "卌"}[number // 10]
    assert read_number(tens + (DIGITS[number % 10] if number % 10 else "")) == number


@given(WHOLE, st.text("0123456789", min_size=1, max_size=5))
def test_chinese_decimals(number, decimals):
    spelled = chinese(number) + "点" + "".join(DIGITS[int(digit)] for digit in decimals)
    assert read_number(spelled) == Decimal(f"{number}.{decimals}")
    assume(number < 10_000)
    assert read_number(spelled + "万") == Decimal(f"{number}.{decimals}") * 10_000


@given(st.integers(100, 10**9))
def test_digit_by_digit(number):
    assert read_number("".join(DIGITS[int(digit)] for digit in str(number))) == number
    assert read_number("".join(("〇" + DIGITS[1:])[int(digit)] for digit in str(number))) == number


@given(
    st.decimals(0, 9999, places=4),
    st.sampled_from(
        [("百", 2), ("千", 3), ("万", 4), ("十万", 5), ("百万", 6), ("千万", 7), ("亿", 8)]
        + [("万亿", 12)]
    ),
)
def test_arabic_with_a_scale(number, scale):
    word, power = scale
    # 12.3十万 is written by nobody: two scales need a whole number of one digit before them.
    number = number if len(word) == 1 or word == "万亿" else Decimal(int(number) % 9 + 1)
    assert read_number(f"{number:f}{word}") == number * 10**power


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 9))
def test_mixed(large, small, digit):
    assert read_number(f"{large}万{small:04}") == large * 10_000 + small
    assert read_number(f"{large}亿{small}万") == large * 10**8 + small * 10**4
    assert read_number(f"{large}万{digit}千") == large * 10_000 + digit * 1000
    assert read_number(f"{chinese(large)}万{digit}千") == large * 10_000 + digit * 1000
    assert read_number(f"{large}亿{chinese(small)}万") == large * 10**8 + small * 10**4
    assert read_number(f"{digit}千{small % 9 + 1}百") == digit * 1000 + (small % 9 + 1) * 100


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from("百千万亿"))
def test_a_last_digit_without_its_scale_counts_tenths(large, digit, scale):
    power = {"百": 2, "千": 3, "万": 4, "亿": 8}[scale]
    number = large * 10**power + digit * 10 ** (power - 1)
    assert read_number(f"{large}{scale}{digit}") == number
    assert read_number(f"{DIGITS[large]}{scale}{DIGITS[digit]}") == number
    literal = read_number(f"{DIGITS[large]}{scale}零{DIGITS[digit]}")
    assert literal == large * 10**power + digit


@given(WHOLE, st.data())
def test_white_space_and_sign(number, data):
    for text in (f"{number:,}", chinese(number)):
        at = data.draw(st.integers(0, len(text)))
        space = data.draw(st.sampled_from([" ", "\n", "\u3000", " \r\n\t"]))
        assert read_number(text[:at] + space + text[at:]) == number
        assert read_number("-" + text) == read_number("－" + text) == -number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("半", "0.5"),
        ("百", "100"),
        ("千万", "10000000"),
        ("十五", "15"),
        ("一百十五", "115"),
        ("3.50", "3.5"),
        ("负三点五", "-3.5"),
        ("3万500", "30500"),
        ("二〇二五", "2025"),
        ("二○", "20"),
        # JioNLP 1.5.31 reads 22,000 and 220,000,000; cn2an fails at a comma.
        ("1万2千", "12000"),
        ("1亿2千万", "120000000"),
        ("1,286.4", "1286.4"),
    ],
)
def test_single_numbers(text, number):
    assert read_number(text) == Decimal(number)
    assert str(read_number(text)) == number


@pytest.mark.parametrize("text", ["", *NO_NUMBERS.split()])
def test_no_certain_reading(text):
    assert read_number(text) is None


@given(st.text() | st.text("0123456789,.零一二两三十百千万亿半点几数廿- \n"))
def test_any_text_gives_a_finite_number_or_none(text):
    number = read_number(text)
    assert number is None or number.is_finite()
    low, high = read_span(text)
    assert high is None or low < high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三四十", 30, 40),
        ("三、四十", 30, 40),
        ("五六百", 500, 600),
        ("一两万", 10_000, 20_000),
        ("两三千", 2000, 3000),
        ("三五", 3, 5),
        ("七八", 7, 8),
        ("十七八", 17, 18),
        ("二十四五", 24, 25),
        ("一百零三四", 103, 104),
        ("一百五六十", 150, 160),
        ("一千三四百", 1300, 1400),
        ("一亿二三千万", 120_000_000, 130_000_000),
        ("二三百万", 2_000_000, 3_000_000),
        ("十几", 11, 19),
        ("十数", 11, 19),
        ("二十几万", 210_000, 290_000),
        ("一百几十", 110, 190),
        ("120", 120, None),
        ("三四五", 3, 5),
        ("三四五百", 300, 500),
        ("三四五六", 3456, None),
        ("三五七", 357, None),
        ("三点四五六", Decimal("3.456"), None),
        ("三点四五", Decimal("3.45"), None),
        ("数百", None, None),
        ("几十", None, None),
        ("几", None, None),
        ("三七", None, None),
        ("四三十", None, None),
    ],
)
def test_numerals_that_are_ranges(text, low, high):
    assert read_span(text) == (low, high)


@given(st.integers(1, 8), st.sampled_from(["", "十", "百", "千", "万", "十万", "百万", "亿"]))
def test_neighbouring_digits(digit, scale):
    low, high = read_span(DIGITS[digit] + DIGITS[digit + 1] + scale)
    assert (low, high) == (
        read_number(DIGITS[digit] + scale),
        read_number(DIGITS[digit + 1] + scale),
    )
