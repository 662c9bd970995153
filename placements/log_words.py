"""What the log's lines say: the deed of each line, the kind of thing it was done to. Called by `log`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from b24app.i18n import Texts
from b24app.services.industries import pack
from placements import setting_words

_LONGEST = 200


def deed(action: str, t: Texts) -> str:
    """Say what was done; a deed without words of its own is named by its code."""
    return {**_trade(t), **_companies(t), **_conversations(t), **_desk(t), **_machinery(t)}.get(action, action)


def more(subject: str, details: Mapping[str, Any], t: Texts) -> str:
    """Give what was written down beside the deed for people to read: a right with its last day, a reason, the value of a setting."""
    granted = {
        "verification": t("Verification"),
        "subscription_6m": t("Subscription"),
        "catalogue_access": t("Catalogue access"),
    }.get(str(details.get("service")), "")
    until = str(details.get("until") or "")
    right = f"{granted} {t('until {day}', day=t.date(date.fromisoformat(until[:10])))}" if granted and until else ""
    value = setting_words.value(subject.removeprefix("setting/"), str(details.get("value") or ""), t)
    said = " · ".join(str(part) for part in (right, _document(details, t), details.get("reason") or value) if part)
    return said[:_LONGEST]


def _document(details: Mapping[str, Any], t: Texts) -> str:
    asked = (one for one in pack().audit.documents if one.code == details.get("document"))
    return next((one.label(t.language) for one in asked), "")


def thing(noun: str, name: str, t: Texts) -> str:
    """Name a thing that has no better name than its kind and number."""
    named = {
        "order": t("Order No. {number}", number=name),
        "audit": t("Audit No. {number}", number=name),
        "conversation": t("Conversation No. {number}", number=name),
        "message": t("Message No. {number}", number=name),
        "meeting": t("Meeting No. {number}", number=name),
        "review": t("Review No. {number}", number=name),
        "reply": t("Reply to a review No. {number}", number=name),
        "consent": t("Consent"),
        "setting": setting_words.name(name.partition(":")[0], t),
        "outbox": t("Message No. {number}", number=name),
        "banner": t("Banner No. {number}", number=name),
        "template": t("Template No. {number}", number=name),
    }
    return named.get(noun, f"{noun}/{name}")


def kinds(t: Texts) -> dict[str, str]:
    """Name the kinds of things by which the log is filtered."""
    return {
        "lot": t("Lots"),
        "offer": t("Offers"),
        "order": t("Orders"),
        "company": t("Companies"),
        "audit": t("Audits"),
        "conversation": t("Conversations"),
        "message": t("Messages"),
        "review": t("Reviews"),
        "setting": t("Settings"),
    }


def _trade(t: Texts) -> dict[str, str]:
    return {
        "lot_submitted": t("sent for checking"),
        "lot_approved": t("published"),
        "lot_returned": t("returned for corrections"),
        "lot_revised": t("changed"),
        "lot_change_asked": t("change sent for checking"),
        "lot_change_returned": t("change returned for corrections"),
        "lot_sent": t("sent to more factories"),
        "lot_extended": t("takes offers longer"),
        "lot_awarded": t("closed: a factory was chosen"),
        "lot_expired": t("closed: the time is over"),
        "lot_cancelled": t("cancelled"),
        "offer_submitted": t("made or changed"),
        "offer_confirmed": t("confirmed for the changed lot"),
        "offer_allowed": t("contact allowed"),
        "offer_declined": t("declined"),
        "offer_withdrawn": t("withdrawn"),
        "offer_reconsidered": t("taken up again"),
        "offer_awarded": t("chosen"),
        "progress_reported": t("progress reported"),
        "order_late": t("behind its plan"),
        "review_published": t("published"),
        "review_declined": t("declined"),
        "reply_published": t("published"),
        "reply_declined": t("declined"),
    }


def _companies(t: Texts) -> dict[str, str]:
    return {
        "questionnaire_submitted": t("sent for checking"),
        "questionnaire_returned": t("returned for corrections"),
        "questionnaire_accepted": t("questionnaire accepted"),
        "profile_changed": t("profile changed"),
        "profile_change_asked": t("change of the profile sent for checking"),
        "profile_change_decided": t("change of the profile decided"),
        "service_granted": t("right given by hand"),
        "subscription_expired": t("subscription ran out"),
        "factory_published": t("shown to buyers"),
        "factory_suspended": t("suspended"),
        "suspension_asked": t("suspended for its rating"),
        "suspension_lifted": t("shown to buyers"),
        "suspension_kept": t("left suspended"),
        "badge_withdrawn": t("badge withdrawn"),
        "responsible_changed": t("responsible employee changed"),
        "catalogue_access_requested": t("access to the catalogue asked for"),
        "catalogue_access_given": t("access to the catalogue given"),
        "catalogue_access_declined": t("access to the catalogue declined"),
        "verification_requested": t("verification asked for"),
        "audit_requested": t("audit begun"),
        "audit_document_sent": t("document sent"),
        "audit_document_accepted": t("document accepted"),
        "audit_document_returned": t("document returned"),
        "audit_visited": t("visit noted"),
        "audit_scored": t("points given"),
        "audit_decided": t("verdict given"),
        "audit_cancelled": t("audit stopped"),
    }


def _conversations(t: Texts) -> dict[str, str]:
    return {
        "conversation_opened": t("opened"),
        "contacts_released": t("contacts shown from then on"),
        "message_released": t("hidden part shown"),
        "file_left_hidden": t("file left hidden"),
        "message_sent": t("written by an employee"),
        "meeting_proposed": t("meeting proposed"),
        "meeting_agreed": t("meeting agreed"),
        "meeting_withdrawn": t("meeting withdrawn"),
        "colleague_invited": t("colleague invited"),
        "colleague_joined": t("colleague joined"),
        "colleague_removed": t("colleague left"),
        "colleague_role": t("colleague's role changed"),
        "consent_given": t("consent given"),
        "consent_withdrawn": t("consent withdrawn"),
        "person_erased": t("account deleted"),
    }


def _desk(t: Texts) -> dict[str, str]:
    return {
        "setting_changed": t("setting changed"),
        "absence_added": t("absence noted"),
        "absence_removed": t("absence removed"),
        "banner_saved": t("banner saved"),
        "banner_moved": t("banner moved"),
        "banner_removed": t("banner removed"),
        "bot_text_saved": t("text of the bot changed"),
        "bot_text_reset": t("text of the bot as it was at first"),
        "template_saved": t("template saved"),
        "template_removed": t("template removed"),
        "line_changed": t("open line changed"),
        "line_mended": t("open line connected again"),
        "stage_rule_switched": t("ready-made set switched"),
        "reports_exported": t("reports saved as a file"),
    }


def _machinery(t: Texts) -> dict[str, str]:
    return {
        "stage_rule_ran": t("ready-made set has run"),
        "stage_taken_back": t("stage moved back"),
        "crm_edit_refused": t("change in the card refused"),
        "crm_item_deleted": t("deleted in the CRM"),
        "delivery_resent": t("message sent again"),
        "delivery_confirmed": t("message marked as arrived"),
        "delivery_dropped": t("message given up"),
        "fact_replayed": t("event tried again"),
        "comparison_asked": t("comparison with the CRM begun"),
        "application_taken_over": t("application taken over"),
        "installation_started": t("installation begun"),
        "removal_prepared": t("removal prepared"),
    }
