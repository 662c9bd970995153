"""The table of our pages: which widget shows which sections to which kind of item. Called by `routes` and `admission`."""

from __future__ import annotations

from b24app.domain.lines import LINE_CHAT
from placements import (
    audit_tab,
    banners,
    bot_texts,
    bridge_settings,
    chat_mobile,
    chat_sidebar,
    chat_textarea,
    company_button,
    company_tab,
    contact_button,
    contact_tab,
    deal_button,
    deal_tab,
    dealings,
    desk_settings,
    dispute_tab,
    findings,
    health,
    invitations,
    last_sent,
    lead_button,
    lead_tab,
    log,
    moderation_queue,
    overview,
    questionnaires,
    reports,
    robot_designer,
    robot_settings,
    standing,
    subjects,
    transcript,
    weights,
)
from placements.calls import FIELD_PLACEMENT
from placements.pages import Page, Section, nothing

FOREIGN = (Section("foreign", "desk/foreign.html", nothing),)
QUESTIONNAIRE = Section("questionnaire", "desk/questionnaire.html", questionnaires.of_company)
SPEAKERS = Section("people", "desk/people.html", lead_tab.speakers)
SENT = Section("sent", "desk/sent.html", last_sent.last_sent, lazy=True)
HISTORY = Section("history", "desk/history.html", log.of_company, lazy=True)
TRANSCRIPT = Section("transcript", "desk/transcript.html", transcript.conversations, lazy=True)

REPORTS = (
    Section("report_lots", "desk/reports.html", reports.lots, lazy=True, slot="view"),
    Section("report_factories", "desk/reports.html", reports.factories, slot="view"),
    Section("report_conversations", "desk/reports.html", reports.conversations, slot="view"),
)

READY_SETS = Section("ready_sets", "desk/ready_sets.html", robot_designer.ready_sets, slot="view")

PAGES: dict[str, Page] = {
    page.code: page
    for page in (
        Page(
            "lead_tab",
            frozenset({"CRM_LEAD_DETAIL_TAB"}),
            subjects.LEAD,
            {"lead": (QUESTIONNAIRE, SPEAKERS, HISTORY), "": FOREIGN},
        ),
        Page(
            "contact_tab",
            frozenset({"CRM_CONTACT_DETAIL_TAB"}),
            subjects.CONTACT,
            {
                "contact": (
                    Section("people", "desk/people.html", contact_tab.person),
                    Section("questionnaire", "desk/questionnaire.html", questionnaires.of_person),
                    Section("relations", "desk/relations.html", contact_tab.relations),
                    Section("history", "desk/history.html", log.of_person, lazy=True),
                ),
                "": FOREIGN,
            },
        ),
        Page(
            "deal_tab",
            frozenset({"CRM_DEAL_DETAIL_TAB"}),
            subjects.DEAL,
            {
                "lot": (
                    Section("moderation", "desk/moderation.html", deal_tab.moderation),
                    Section("offers", "desk/offers.html", deal_tab.offers_made),
                    Section("matches", "desk/matches.html", invitations.matches, lazy=True),
                    TRANSCRIPT,
                ),
                "order": (Section("order", "desk/order.html", deal_tab.order), TRANSCRIPT),
                "": FOREIGN,
            },
        ),
        Page(
            "deal_button",
            frozenset({"CRM_DEAL_DETAIL_ACTIVITY"}),
            subjects.DEAL,
            {
                "lot": (Section("write", "desk/write.html", deal_button.write), SENT),
                "order": (Section("write", "desk/write.html", deal_button.write), SENT),
                "": FOREIGN,
            },
        ),
        *(
            Page(
                f"{noun}_button",
                frozenset({f"CRM_{noun.upper()}_DETAIL_ACTIVITY"}),
                type_id,
                {noun: (Section("write", "desk/write.html", write), SENT), "": FOREIGN},
            )
            for noun, type_id, write in (
                ("lead", subjects.LEAD, lead_button.write),
                ("contact", subjects.CONTACT, contact_button.write),
                ("company", subjects.COMPANY, company_button.write),
            )
        ),
        Page(
            "chat_textarea",
            frozenset({"IM_TEXTAREA"}),
            LINE_CHAT,
            {"conversation": (Section("write", "desk/write.html", chat_textarea.write), SENT), "": FOREIGN},
        ),
        Page(
            "chat_sidebar",
            frozenset({"IM_SIDEBAR"}),
            LINE_CHAT,
            {
                "conversation": (Section("about", "desk/about_talk.html", chat_sidebar.about), TRANSCRIPT),
                "": FOREIGN,
            },
        ),
        Page(
            "chat_mobile",
            frozenset({"IMMOBILE_CONTEXT_MENU"}),
            LINE_CHAT,
            {
                "conversation": (Section("about", "desk/about_talk.html", chat_mobile.about), TRANSCRIPT),
                "": FOREIGN,
            },
        ),
        Page(
            "company_tab",
            frozenset({"CRM_COMPANY_DETAIL_TAB"}),
            subjects.COMPANY,
            {
                "company": (
                    Section("profile", "desk/profile.html", company_tab.profile),
                    Section("audits", "desk/audits.html", audit_tab.history),
                    Section("rights", "desk/rights.html", company_tab.rights),
                    QUESTIONNAIRE,
                    SPEAKERS,
                    Section("dealings", "desk/dealings.html", dealings.dealings, lazy=True),
                    HISTORY,
                ),
                "": FOREIGN,
            },
        ),
        Page(
            "audit_tab",
            frozenset(),
            0,
            {
                "audit": (
                    Section("documents", "desk/audit_documents.html", audit_tab.documents),
                    Section("checklist", "desk/audit_checklist.html", audit_tab.checklist),
                ),
                "": FOREIGN,
            },
            process="audit",
        ),
        Page(
            "dispute_tab",
            frozenset(),
            0,
            {"": (Section("dispute", "desk/dispute.html", dispute_tab.shell),)},
            process="dispute",
        ),
        Page(
            "overview",
            frozenset({"LEFT_MENU", "DEFAULT"}),
            0,
            {
                "": (
                    Section("today", "desk/today.html", overview.today, slot="view"),
                    Section("queue", "desk/queue.html", moderation_queue.queue, slot="view"),
                    *REPORTS,
                    Section("weights", "desk/weights.html", weights.weights, slot="view"),
                    Section("weights_preview", "desk/weights_preview.html", weights.preview, inner=True),
                    Section("banners", "desk/banners.html", banners.banners, slot="view"),
                    Section("banner_picture", "desk/banner_picture.html", banners.picture, inner=True),
                    Section("banner_preview", "desk/banner_preview.html", banners.preview, inner=True),
                    Section("bot_texts", "desk/bot_texts.html", bot_texts.bot_texts, slot="view"),
                    Section("bot_text_preview", "desk/bot_text_preview.html", bot_texts.preview, inner=True),
                    READY_SETS,
                    Section("health", "desk/health.html", health.health, slot="view"),
                    Section("bridge", "desk/bridge.html", bridge_settings.bridge, slot="view"),
                    Section("comparison", "desk/comparison.html", findings.comparison, slot="view"),
                    Section("log", "desk/log.html", log.log, slot="view"),
                    Section("settings", "desk/settings.html", desk_settings.settings, slot="view"),
                )
            },
        ),
        Page(
            "standing",
            frozenset({FIELD_PLACEMENT}),
            0,
            {
                "company": (Section("standing", "desk/standing.html", standing.of_company),),
                "order": (Section("standing", "desk/standing.html", standing.of_order),),
                "": (Section("standing", "desk/standing.html", nothing),),
            },
            quiet=True,
        ),
        Page(
            "robot_settings",
            frozenset(),
            0,
            {
                "": (
                    Section("robot_settings", "desk/robot_settings.html", robot_settings.form),
                    Section("rule_file", "desk/rule_file.html", robot_settings.enclosed, inner=True),
                )
            },
            quiet=True,
        ),
        Page("robot_designer", frozenset({"CRM_DEAL_ROBOT_DESIGNER_TOOLBAR"}), 0, {"": (READY_SETS,)}),
        Page("reports", frozenset({"CRM_ANALYTICS_MENU"}), 0, {"": REPORTS}),
    )
}
