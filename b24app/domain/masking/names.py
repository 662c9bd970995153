"""The names by which a buyer could be known, taken from what he told about himself. Pure.

Words that many companies carry (trade, textile, group) and legal forms identify nobody and stay readable.
"""

from __future__ import annotations

import re

_COMMON = """
    ооо оао зао ип пао мчж mchj xk ok llc ltd inc corp corporation company co gmbh limited holding group trade trading house brand brands
    fashion style textile textiles cotton market store shop wear clothing garment garments factory international global import export
    компания группа холдинг торговый дом торговля текстиль мода стиль хлопок магазин маркет фабрика одежда трикотаж бренд импорт экспорт
    kompaniya guruh savdo uyi toʻqimachilik matolar kiyim fabrika bozor moda paxta
    city россия узбекистан russia uzbekistan moscow москва tashkent ташкент
"""
_GENERIC = frozenset(_COMMON.split())
_PART = re.compile(r"[^\W\d_][\w'ʻʼ’-]*")
SHORTEST_PART = 5


def identifying(*, company: str, full_name: str, user_name: str, website: str) -> frozenset[str]:
    """Give what to hide: the company's and person's names, whole and in their telling parts, user name, site."""
    core = " ".join(
        part for part in _PART.findall(company) if part.lower() not in {"ооо", "ип", "llc", "ltd", "mchj", "мчж"}
    )
    host = website.rpartition("://")[2].removeprefix("www.").partition("/")[0]
    whole = {company, core, full_name, user_name, host, host.rpartition(".")[0]}
    parts = {part for part in _PART.findall(company) if len(part) >= SHORTEST_PART}
    parts |= {part for part in _PART.findall(full_name) if len(part) >= SHORTEST_PART - 1}
    return frozenset(name.strip() for name in whole | parts if name.strip() and name.strip().lower() not in _GENERIC)
