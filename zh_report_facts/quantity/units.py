"""Read a quantity's unit: a measure word as written, a currency's ISO code, a percentage."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

_CURRENCIES = {
    "CNY": "元 圆 块 块钱 元钱 元整 人民币 人民币元 RMB",
    "USD": "美元 美金",
    "HKD": "港元 港币 港圆",
    "EUR": "欧元",
    "JPY": "日元 日圆 日币",
    "GBP": "英镑",
    "MOP": "澳门元 澳门币 澳门圆",
    "TWD": "新台币 新台币元 台币",
    "KRW": "韩元 韩币 韩圆",
    "RUB": "卢布 俄罗斯卢布",
    "AUD": "澳元 澳大利亚元 澳币",
    "CAD": "加元 加拿大元 加币",
    "NZD": "新西兰元 纽元",
    "SGD": "新加坡元 新加坡币 新元",
    "CHF": "瑞士法郎 瑞郎",
    "SEK": "瑞典克朗",
    "NOK": "挪威克朗",
    "DKK": "丹麦克朗",
    "CZK": "捷克克朗",
    "PLN": "波兰兹罗提 兹罗提",
    "HUF": "匈牙利福林 福林",
    "TRY": "土耳其里拉 里拉",
    "AED": "阿联酋迪拉姆",
    "SAR": "沙特里亚尔",
    "THB": "泰铢",
    "VND": "越南盾",
    "LAK": "老挝基普 基普",
    "KHR": "柬埔寨瑞尔 瑞尔",
    "MMK": "缅元 缅币",
    "MNT": "蒙古图格里克 图格里克",
    "MYR": "林吉特 马来西亚林吉特",
    "IDR": "印尼盾 印度尼西亚盾 印尼卢比",
    "PHP": "菲律宾比索",
    "INR": "印度卢比",
    "PKR": "巴基斯坦卢比",
    "KZT": "坚戈 哈萨克斯坦坚戈",
    "BRL": "巴西雷亚尔",
    "MXN": "墨西哥比索",
    "ZAR": "南非兰特 兰特",
}
_PERCENTAGES = {"%": "% ％ ﹪", "‰": "‰", "pp": "个百分点 百分点 个点"}
_PREFIXES = {
    "%": "百分之 百分",
    "‰": "千分之",
    "‱": "万分之",
    "CNY": "人民币 ¥ ￥ RMB CNY",
    "USD": "US$ $ ＄",
    "HKD": "HK$",
    "EUR": "€",
    "GBP": "£",
}


def by_word(words: Mapping[str, str]) -> dict[str, str]:
    """Turn a table of words around.

    words (Mapping[str, str]): meaning → its words, with spaces between them.
    RETURNS (dict[str, str]): word → meaning.
    """
    return {word: meaning for meaning, written in words.items() for word in written.split()}


CURRENCIES = by_word(_CURRENCIES) | {code: code for code in _CURRENCIES}
# What may stand before the number and give its unit; a 元 in front of it does not.
PREFIXES = by_word(_PREFIXES) | {word: code for word, code in CURRENCIES.items() if code != "CNY"}
_PERCENT_NAMES = by_word(_PERCENTAGES)

# Words for a part or a multiple of a unit.
_FACTORS = {
    ("MONEY", "角"): ("元", Decimal("0.1")),
    ("MONEY", "毛"): ("元", Decimal("0.1")),
    ("MONEY", "分"): ("元", Decimal("0.01")),
    ("PERCENT", "成"): ("%", Decimal(10)),
}
_RATE = re.compile("[/／每].*")


class Unit(NamedTuple):
    """A unit's name, and the factor that turns a number of the written unit into it."""

    name: str | None
    factor: Decimal = Decimal(1)


def read_unit(written: str, prefix: str | None, label: str, currencies: Mapping[str, str]) -> Unit:
    """Read the words around a number that give its unit.

    written (str): what stands behind the number, without white space; may be empty.
    prefix (str | None): one of PREFIXES before the number, if any.
    label (str): COUNT, MONEY or PERCENT: 5块 may be five yuan or five pieces.
    currencies (Mapping[str, str]): name of a currency → ISO 4217 code.
    RETURNS (Unit): the unit; its name is None where none is written or a currency is not known.
    """
    # 元/人·月 and 元每人 are yuan; whom the amount is for is told by links and role.
    word = _RATE.sub("", written) if label == "MONEY" else written
    word, factor = _FACTORS.get((label, word.removesuffix("钱")), (word, Decimal(1)))
    name: str | None
    if label == "MONEY":
        # 元港币, as 元 alone does not tell whose.
        name = currencies.get(word) or currencies.get(word.removeprefix("元"))
    elif label == "PERCENT":
        name = _PERCENT_NAMES.get(word, word or None)
    else:
        name = word or None
    if prefix and word in ("", "元"):
        name = PREFIXES[prefix]
    elif prefix and name != PREFIXES[prefix]:
        name = None
    return Unit(name, factor)
