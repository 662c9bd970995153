"""The bot in the words of this marketplace: wordings that administrators put in the place of the standing texts.

Called by whatever speaks to people on Telegram (`speaker`) and by the desk's page of texts. Sends nothing. Errors: InvalidInput
(by field `<language>`), NotFound. Pages and the Mini App keep the standing texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sqlalchemy import delete, select

from b24app.domain.bot_texts import faults, places
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import LANGUAGES, ZONE, Texts, standing_bot_texts, texts, texts_in_zone
from b24app.services import audit
from storage.models import BotText
from storage.unit_of_work import UnitOfWork

_READ = "bot_texts"
Forms = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One text of the bot: its short key, and by language the standing forms and the changed ones."""

    key: str
    text_id: str
    standing: Mapping[str, Forms]
    changed: Mapping[str, Forms]

    @property
    def places(self) -> list[str]:
        """Give the names in braces that every wording must keep."""
        return sorted({name for forms in self.standing.values() for form in forms for name in places(form) or ()})


def speaker(uow: UnitOfWork, language: str, zone: str = ZONE) -> Texts:
    """Give the voice in which the bot speaks a language and tells the time of a zone, read once for a unit of work."""
    own = tuple(sorted(_usable(uow).get(language, {}).items()))
    return _speaking(language, own, zone) if own else texts_in_zone(language, zone)


@lru_cache(maxsize=128)
def _speaking(language: str, own: tuple[tuple[str, Forms], ...], zone: str) -> Texts:
    return Texts(language, dict(own), zone)


def entries(uow: UnitOfWork) -> list[Entry]:
    """Give every text of the bot in the order of its catalogue."""
    changed: dict[str, dict[str, Forms]] = {}
    for row in uow.session.scalars(select(BotText)):
        changed.setdefault(row.text_id, {})[row.language] = tuple(row.forms)
    return [
        Entry(key, text_id, {code: standing_bot_texts(code)[text_id] for code in LANGUAGES}, changed.get(text_id, {}))
        for key, text_id in _ids().items()
    ]


def entry(uow: UnitOfWork, key: str) -> Entry:
    """Find a text by its key. NotFound."""
    return next((one for one in entries(uow) if one.key == key), None) or _missing()


def unusable(uow: UnitOfWork) -> list[BotText]:
    """Give the wordings that are not said, because the text they replaced is gone or has other places now."""
    usable = _usable(uow)
    rows = uow.session.scalars(select(BotText).order_by(BotText.text_id, BotText.language))
    return [row for row in rows if row.text_id not in usable.get(row.language, {})]


def forget_unusable(uow: UnitOfWork, actor: str) -> None:
    """Take away the wordings that are not said."""
    for row in unusable(uow):
        uow.session.delete(row)
        audit.record(uow, actor, "bot_text_reset", f"bot_text/{_key(row.text_id)}", language=row.language)
    uow.session.flush()


def save(uow: UnitOfWork, key: str, words: Mapping[str, Sequence[str]], actor: str, t: Texts) -> None:
    """Say a text in other words from now on, by language; the standing words reset it. InvalidInput by language, NotFound."""
    found = entry(uow, key)
    said = {
        "forms": t("Write every form of the number."),
        "empty": t("Please fill this in."),
        "too_long": t("This text is too long."),
        "places": t("Keep every name in braces as it stands, and no other braces."),
        "markup": t("Keep the marks in angle brackets as they stand; the signs <, > and & are not possible otherwise."),
    }
    wrong = {code: [said[one] for one in faults(found.standing[code], forms)] for code, forms in words.items()}
    if any(wrong.values()):
        named = {code: [f"{code.upper()}: {line}" for line in lines] for code, lines in wrong.items() if lines}
        raise InvalidInput(fields=named)
    for code, forms in words.items():
        if tuple(forms) != found.changed.get(code, found.standing[code]):
            _keep(uow, found, code, tuple(forms), actor)
    uow.session.flush()
    uow.session.info.pop(_READ, None)


def reset(uow: UnitOfWork, key: str, actor: str) -> None:
    """Say a text in its standing words again, in every language. NotFound."""
    found = entry(uow, key)
    save(uow, key, found.standing, actor, texts("en"))


def _keep(uow: UnitOfWork, found: Entry, language: str, forms: Forms, actor: str) -> None:
    subject = f"bot_text/{found.key}"
    if forms == found.standing[language]:
        gone = delete(BotText).where(BotText.language == language, BotText.text_id == found.text_id)
        uow.session.execute(gone)
        audit.record(uow, actor, "bot_text_reset", subject, language=language)
        return
    uow.session.merge(
        BotText(language=language, text_id=found.text_id, forms=list(forms), changed_by=actor, changed_at=uow.now)
    )
    audit.record(uow, actor, "bot_text_saved", subject, language=language, forms=list(forms))


def _usable(uow: UnitOfWork) -> dict[str, dict[str, Forms]]:
    found: dict[str, dict[str, Forms]] | None = uow.session.info.get(_READ)
    if found is None:
        found = {}
        for language, text_id, forms in uow.session.execute(select(BotText.language, BotText.text_id, BotText.forms)):
            standing = standing_bot_texts(language).get(text_id)
            if standing and not faults(standing, forms):
                found.setdefault(language, {})[text_id] = tuple(forms)
        uow.session.info[_READ] = found
    return found


@cache
def _ids() -> dict[str, str]:
    return {_key(text_id): text_id for text_id in standing_bot_texts("en")}


def _key(text_id: str) -> str:
    return hashlib.sha256(text_id.encode()).hexdigest()[:12]


def _missing() -> Entry:
    raise NotFound(code="bot_text")
