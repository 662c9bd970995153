"""What an administrator chose on our settings page. Values are texts; each reader knows how to read its own."""

from __future__ import annotations

from sqlalchemy import select

from b24app.services import audit
from storage.holding import HELD
from storage.models import Setting
from storage.unit_of_work import UnitOfWork

SECRET = frozenset({"bot_token", "translation_secret"})
TOGETHER = (
    frozenset(
        {
            "card_language",
            "work_zone",
            "responsible_ids",
            "moderator_ids",
            "admin_ids",
            "distribution",
            "test_mode",
            "matching_weights",
            "unmoderated_segments",
            "offers_shown",
            "line_id",
            "timeline_mode",
            "timeline_minutes",
        }
    ),
    frozenset(
        {"verification_price", "verification_text_ru", "verification_text_uz", "verification_text_en"},
    ),
)
"""Each group is read in one statement: what almost everything asks for when it speaks to employees, what verification is."""
_READ = "settings"


def get(uow: UnitOfWork, name: str, default: str = "") -> str:
    """Give a choice, or `default` when none was made; read once for a unit of work."""
    known: dict[str, str] = uow.session.info.setdefault(_READ, {})
    if name not in known:
        names = next((group for group in TOGETHER if name in group), {name})
        known.update(dict.fromkeys(names, ""))
        # What is being written meanwhile is no setting and need not be sent before its time.
        with uow.session.no_autoflush:
            rows = uow.session.scalars(select(Setting).where(Setting.name.in_(names)))
            known.update({one.name: one.value for one in rows})
    return known[name] or default


def put(uow: UnitOfWork, name: str, value: str, actor: str) -> None:
    """Keep a choice and who made it; the values of secrets never reach the log, nor does what was and stays empty."""
    found = uow.session.get(Setting, name, with_for_update=HELD)
    if value == (found.value if found else ""):
        return
    if found is None:
        found = Setting(name=name)
        uow.session.add(found)
    found.value = value
    found.changed_by = actor
    found.changed_at = uow.now
    uow.session.flush()
    uow.session.info.pop(_READ, None)
    audit.record(uow, actor, "setting_changed", f"setting/{name}", value="***" if name in SECRET else value)
