"""What the log calls each setting and its values: the words of the page where it is chosen. Called by `log_words`."""

from __future__ import annotations

from b24app.i18n import LANGUAGE_NAMES, Texts
from b24app.services.industries import pack


def name(setting: str, t: Texts) -> str:
    """Give a setting's name; one without words is named by its code."""
    return {**_application(t), **_conversations(t)}.get(setting, t("Setting {name}", name=setting))


def value(setting: str, code: str, t: Texts) -> str:
    """Give what was chosen, in words where the stored value is a code."""
    if setting == "unmoderated_segments":
        return ", ".join(pack().named("segments", one, t.language) for one in code.split())
    if setting == "verification_price" and code:
        amount_minor, _, currency = code.partition(" ")
        return t.money(int(amount_minor), currency)
    return _choices(t).get(setting, {}).get(code, code)


def _application(t: Texts) -> dict[str, str]:
    return {
        "desk_look": t("How you see these pages"),
        "responsible_ids": t("Managers"),
        "moderator_ids": t("Moderators"),
        "admin_ids": t("Administrators of the application"),
        "bot_token": t("Bot token"),
        "tender_channel_id": t("Tender channel"),
        "test_mode": t("Test mode"),
        "exchange_rates": t("Exchange rates"),
        "card_language": t("Language of cards on timelines"),
        "distribution": t("New buyers and factories go to the managers"),
        "factories_told": t("Who tells factories of a published lot"),
        "unmoderated_segments": t("Lots published without moderation"),
        "offers_shown": t("Offers for a lot that its buyer sees at most"),
        "verification_price": t("Price of the verification"),
        **{
            f"verification_text_{code}": t("What an unverified factory is told: {language}", language=language)
            for code, language in LANGUAGE_NAMES.items()
        },
        "matching_weights": t("Matching weights"),
        "matching_weights_before": t("Matching weights before the change"),
    }


def _conversations(t: Texts) -> dict[str, str]:
    return {
        "line_id": t("Open line"),
        "timeline_mode": t("On the timeline of the deal"),
        "timeline_minutes": t("Length of a stretch, minutes"),
        "remind_hours": t("Remind who owes an answer after, working hours"),
        "overdue_hours": t("Call the manager after, working hours"),
        "work_hours": t("Working hours"),
        "work_weekdays": t("Working days"),
        "work_zone": t("Time zone"),
        "work_holidays": t("Holidays"),
        "translation_url": t("Address of the service"),
        "translation_secret": t("Secret"),
    }


def _choices(t: Texts) -> dict[str, dict[str, str]]:
    return {
        "card_language": LANGUAGE_NAMES,
        "distribution": {"turn": t("in turn"), "load": t("to whom has least open")},
        "factories_told": {"at_once": t("the publication itself"), "by_rule": t("an automation rule")},
        "test_mode": {"on": t("on"), "off": t("off")},
        "timeline_mode": {
            "each": t("every message"),
            "digest": t("one entry for a stretch of time"),
            "line": t("nothing: the open line only"),
        },
    }
