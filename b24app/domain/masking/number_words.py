"""The words for numbers in Russian, Uzbek (both alphabets) English and Turkish, in every spelling people use, and what each is worth.

Besides the dictionary's spelling: Uzbek without apostrophes or special letters, Russian in Latin letters, the Russian nouns
for single figures. Needed by the finder of spelled-out numbers alone. Pure.
"""

from __future__ import annotations

import re
from itertools import product

_TABLE = """
0 ноль нуль нолик нулик нуля нулей нули ноля нолика zero oh nought nil nol ноль нол
1 один адин одна раз единица единичка единицы единички одиночка one bir бир
2 два две двойка двоечка двойки двоечки двоек two ikki икки
3 три тройка троечка тройки троечки троек three uch уч
4 четыре четыри читыре чтыре четвёрка четвёрки four to'rt тўрт
5 пять пятёрка пятёрки пятёрок five besh беш
6 шесть шестёрка шестёрки six olti олти
7 семь семёрка семёрки семёрок seven yetti етти
8 восемь восьмёрка восьмёрки eight sakkiz саккиз
9 девять девет девятка девятки девяток nine to'qqiz тўққиз
10 десять ten o'n ўн
11 одиннадцать eleven
12 двенадцать twelve
13 тринадцать thirteen
14 четырнадцать fourteen
15 пятнадцать fifteen
16 шестнадцать sixteen
17 семнадцать seventeen
18 восемнадцать eighteen
19 девятнадцать nineteen
20 двадцать двацать twenty yigirma йигирма
30 тридцать трицать thirty o'ttiz ўттиз
40 сорок forty fourty qirq қирқ
50 пятьдесят fifty ellik эллик
60 шестьдесят sixty oltmish олтмиш
70 семьдесят seventy yetmish етмиш
80 восемьдесят eighty sakson саксон
90 девяносто девеносто ninety ninty to'qson тўқсон
100 сто hundred yuz юз
200 двести
300 триста
400 четыреста
500 пятьсот
600 шестьсот
700 семьсот
800 восемьсот
900 девятьсот
"""
_TURKISH = """
0 sıfır sifir
3 üç uc
4 dört dort
6 altı alti
7 yedi
8 sekiz
9 dokuz
20 yirmi
30 otuz
40 kırk kirk
50 elli
60 altmış altmis
70 yetmiş yetmis
80 seksen
90 doksan
100 yüz
"""
_RUSSIAN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
    ("a",), ("b",), ("v",), ("g",), ("d",), ("e", "ye"), ("yo", "e"), ("j", "zh"), ("z",), ("i",), ("y", "i"), ("k",), ("l",), ("m",),
    ("n",), ("o",), ("p",), ("r",), ("s",), ("t",), ("u",), ("f",), ("h", "x"), ("ts", "c", "s"), ("ch",), ("sh",), ("sh",), ("",),
    ("y", "i"), ("", "'"), ("e",), ("yu",), ("ya", "ia"),
), strict=True))  # fmt: skip
_BARE_UZBEK = str.maketrans({"ў": "у", "қ": "к", "ғ": "г", "ҳ": "х"})
_TWICE = re.compile(r"(.)\1")
DOUBTFUL = {"on": 10, "un": 10, "ун": 10}
"""Spellings that are rather other words, the English preposition and flour, unless they stand between numbers."""


def _spellings(word: str) -> set[str]:
    found = {word, word.replace("'", ""), word.replace("ё", "е"), word.replace("ь", ""), word.translate(_BARE_UZBEK)}
    found |= {_TWICE.sub(r"\1", spelling) for spelling in found}
    if word[0] in _RUSSIAN and set(word) <= _RUSSIAN.keys():
        found |= {"".join(letters) for letters in product(*(_RUSSIAN[letter] for letter in word))}
    return found - DOUBTFUL.keys()


def _worth() -> dict[str, int]:
    rows = (row.split() for row in (_TABLE + _TURKISH).split("\n") if row)
    return {spelling: int(value) for value, *words in rows for word in words for spelling in _spellings(word)}


WORTH = _worth()
