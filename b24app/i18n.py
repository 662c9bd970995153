"""Texts for people in Russian, Uzbek (Latin) and English: catalogues, plural forms, dates, money.

Called by services and doors. Every door keeps its own catalogue (`locale/<language>/LC_MESSAGES/<area>.po`) and
all of a language are merged here, so that two authors never edit one file. English texts are the message ids.
Knows nothing of who reads or where a text goes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.units import format_unit

LANGUAGES = ("ru", "uz", "en")
LANGUAGE_NAMES = {"ru": "Русский", "uz": "Oʻzbekcha", "en": "English"}
"""Each language by its own name."""
LOCALE_DIR = Path(__file__).with_name("locale")
REMEMBERED = 4096
_SIZES = ("byte", "kilobyte", "megabyte")
ZONE = "Asia/Tashkent"
# What the bot says: its own sentences and the news it brings.
BOT_AREAS = ("bot", "news")
# The plural forms of whole numbers, in the order in which the catalogues hold them.
PLURALS = {"ru": ("one", "few", "many"), "uz": ("one", "other"), "en": ("one", "other")}
_BABEL_NAMES = {"ru": "ru_RU", "uz": "uz_Latn_UZ", "en": "en_GB"}
# The usual Russian form ends with an abbreviation's full stop, which would double the one of a sentence.
_DAY_FORMATS = {"ru": "d MMM y"}
# The collected data give Uzbek the slashes and two-digit years that nobody there writes.
_MOMENT_FORMATS = {"uz": "dd.MM.y, HH:mm"}


def known_language(code: str | None, default: str = "en") -> str:
    """Map a language code of the outside world (`ru-RU`, `uz`, `kk`) to one of ours."""
    short = (code or "").replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else default


@lru_cache(maxsize=64)
def babel_locale(language: str) -> Locale:
    """Give Babel's locale for one of our languages."""
    return Locale.parse(_BABEL_NAMES[known_language(language)])


def compile_catalogues() -> int:
    """Write the binary catalogue beside every `.po` file that is newer; answers how many were written."""
    written = 0
    for source in sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Whole at once: another process may be starting and reading it.
        partial = target.with_suffix(f".{os.getpid()}")
        with source.open("rb") as po, partial.open("wb") as mo:
            write_mo(mo, read_po(po, locale=source.parent.parent.name))
        partial.replace(target)
        written += 1
    return written


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> NullTranslations:
    """Give the merged catalogue of a language; texts not found fall back to their English id."""
    merged: GNUTranslations | None = None
    for path in sorted(LOCALE_DIR.glob(f"{language}/LC_MESSAGES/*.mo")):
        with path.open("rb") as mo:
            loaded = GNUTranslations(mo)
        if merged is None:
            merged = loaded
        else:
            merged.add_fallback(loaded)
    return merged or NullTranslations()


@lru_cache(maxsize=len(LANGUAGES))
def standing_bot_texts(language: str) -> dict[str, tuple[str, ...]]:
    """Give every text of the bot by its English id: one form, or all plural forms in the order of `PLURALS`."""
    found: dict[str, tuple[str, ...]] = {}
    # English has no catalogue of its own: its texts are the ids.
    source = "ru" if language == "en" else language
    for message in chain.from_iterable(_catalogue(source, area) for area in BOT_AREAS):
        said = (message.id if language == "en" else message.string) or ""
        forms = (said,) if isinstance(said, str) else tuple(said)
        if message.id and all(forms):
            found[message.id if isinstance(message.id, str) else message.id[0]] = forms
    return found


def _catalogue(language: str, area: str) -> Catalog:
    with (LOCALE_DIR / language / "LC_MESSAGES" / f"{area}.po").open("rb") as po:
        return read_po(po, locale=language)


class Texts:
    """Speaks one language: `t("Lot No. {number}", number=256)`, `t.tn("{count} offer", "{count} offers", 2)`.

    `own` are wordings to be said in the place of the catalogue's, by English id; one that cannot be filled is passed over.
    """

    def __init__(self, language: str, own: Mapping[str, Sequence[str]] | None = None, zone: str = ZONE) -> None:
        self.language = known_language(language)
        self.zone = zone
        self._own = own or {}
        self._catalogue = catalogue(self.language)
        # A text is looked for in one catalogue after another; a page asks for the same few hundred again and again.
        self._found = lru_cache(maxsize=REMEMBERED)(self._catalogue.gettext)
        self._counted = lru_cache(maxsize=REMEMBERED)(self._catalogue.ngettext)

    def __call__(self, text: str, **params: object) -> str:
        """Translate `text` and fill its named places."""
        if text in self._own and (said := _filled(self._own[text], 0, params)):
            return said
        found = self._found(text) if text else ""
        return found.format(**params) if params else found

    def tn(self, singular: str, plural: str, count: int, **params: object) -> str:
        """Translate with the plural form that `count` asks for; `{count}` is filled in by itself."""
        params = {"count": _decimal(count, self.language), **params}
        if singular in self._own:
            form = PLURALS[self.language].index(babel_locale(self.language).plural_form(count))
            if said := _filled(self._own[singular], form, params):
                return said
        return self._counted(singular, plural, count).format(**params)

    def day_and_month(self, day: date) -> str:
        """Write a day without its year, for a scale whose years are clear."""
        return format_date(day, format="dd.MM", locale=babel_locale(self.language))

    def month(self, day: date) -> str:
        """Write a month with its year, short enough for a scale."""
        return format_date(day, format="LLL yy", locale=babel_locale(self.language))

    def date(self, day: date) -> str:
        """Write a day in words short enough for a list; a moment is given the day that it is in the zone of this voice."""
        if isinstance(day, datetime):
            day = day.astimezone(ZoneInfo(self.zone)).date()
        return format_date(day, format=_DAY_FORMATS.get(self.language, "medium"), locale=babel_locale(self.language))

    def moment(self, moment: datetime, zone: str = "") -> str:
        """Write a moment in the zone of its reader; without one in that of this voice."""
        shape = _MOMENT_FORMATS.get(self.language, "short")
        return format_datetime(
            moment, format=shape, tzinfo=ZoneInfo(zone or self.zone), locale=babel_locale(self.language)
        )

    def place(self, zone: str) -> str:
        """Name the city whose clock a zone is."""
        return get_timezone_location(zone, locale=babel_locale(self.language), return_city=True)

    def number(self, value: int | float | Decimal) -> str:
        """Write a number with the grouping of the language."""
        return _decimal(value, self.language)

    def size(self, size_bytes: int) -> str:
        """Write the size of a file in the largest unit that it reaches."""
        power = 2 if size_bytes >= 1_000_000 else 1 if size_bytes >= 1000 else 0
        value = round(size_bytes / 1000**power, 1 if power else None)
        return format_unit(value, f"digital-{_SIZES[power]}", length="short", locale=babel_locale(self.language))

    def money(self, amount_minor: int, currency: str) -> str:
        """Write an amount given in minor units (cents, tiyin) of an ISO 4217 currency."""
        digits = get_currency_precision(currency)
        amount = Decimal(amount_minor).scaleb(-digits)
        return format_currency(amount, currency, locale=babel_locale(self.language))


def _filled(forms: Sequence[str], form: int, params: Mapping[str, object]) -> str:
    """Fill one form of a wording, or give nothing: a message in the standing words is better than none."""
    try:
        return forms[form].format(**params) if params else forms[form]
    except (IndexError, KeyError, ValueError, AttributeError, TypeError):
        return ""


@lru_cache(maxsize=REMEMBERED)
def _decimal(value: int | float | Decimal, language: str) -> str:
    return format_decimal(value, locale=babel_locale(language))


@lru_cache(maxsize=len(LANGUAGES))
def texts(language: str) -> Texts:
    """Give the shared, stateless speaker of a language."""
    return Texts(language)


@lru_cache(maxsize=128)
def texts_in_zone(language: str, zone: str) -> Texts:
    """Give the shared speaker of a language who tells the time of a zone."""
    return Texts(language, zone=zone)


if __name__ == "__main__":
    compile_catalogues()
