"""The table of what can be pressed: the form it takes, the one call it makes, the sections it changes. Called by `routes`.

Who may press is in `rights`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from b24app.form_parts import Form
from placements import (
    application,
    audit_tab,
    banner_forms,
    banners,
    bot_texts,
    bridge_forms,
    bridge_settings,
    company_tab,
    conversation_acts,
    conversation_offers,
    deal_tab,
    desk_settings,
    forms,
    health,
    invitations,
    market_forms,
    market_settings,
    moderation_queue,
    questionnaire_forms,
    questionnaires,
    rates,
    robot_designer,
    robot_settings,
    weights,
)
from placements.calls import Call
from placements.outside import Outside
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

Ask = Callable[[Outside, Call, dict[str, Any]], None]
Run = Callable[[UnitOfWork, Call, Subject, dict[str, Any]], str]


@dataclass(frozen=True)
class Action:
    """One named action: `pages` where it exists, `refreshes` the sections shown anew, the first with the notice.

    `ask` speaks to the outside before the transaction and may refuse; `then` sets something going once the action is kept.
    """

    form: type[Form]
    run: Run
    pages: tuple[str, ...]
    refreshes: tuple[str, ...]
    ask: Ask | None = None
    then: Callable[[Outside], None] | None = None


_DEAL, _COMPANY, _OVERVIEW, _AUDIT = ("deal_tab",), ("company_tab",), ("overview",), ("audit_tab",)
_TALK = ("deal_tab", "chat_sidebar", "chat_mobile")
_PERSONAL = ("lead_button", "contact_button", "company_button")
_WRITING = ("deal_tab", "deal_button", "chat_textarea", "chat_sidebar", "chat_mobile", *_PERSONAL)
_WRITTEN = ("transcript", "write", "sent")
_AUTOMATION = ("overview", "robot_designer")
_BOTH = ("documents", "checklist")
_QUESTIONNAIRES = ("lead_tab", "company_tab", "contact_tab")
_CHECKED = ("questionnaire", "profile", "relations", "history")

ACTIONS: dict[str, Action] = {
    "approve_company": Action(
        questionnaire_forms.CompanyForm,
        questionnaires.approve,
        _QUESTIONNAIRES,
        ("questionnaire", "profile", "audits", "rights", "relations", "history"),
    ),
    "return_company": Action(questionnaire_forms.AnswersForm, questionnaires.return_answers, _QUESTIONNAIRES, _CHECKED),
    "decide_change": Action(questionnaire_forms.ChangeForm, questionnaires.decide_change, _QUESTIONNAIRES, _CHECKED),
    "approve_lot": Action(market_forms.PublishForm, deal_tab.approve, _DEAL, ("moderation", "matches")),
    "return_lot": Action(forms.CorrectionsForm, deal_tab.return_lot, _DEAL, ("moderation",)),
    "allow_offer": Action(forms.OfferForm, deal_tab.allow, _DEAL, ("offers", "transcript")),
    "decline_offer": Action(forms.DeclineForm, deal_tab.decline, _DEAL, ("offers",)),
    "award_offer": Action(forms.AwardForm, deal_tab.award, _DEAL, ("offers", "moderation", "transcript")),
    "invite_factory": Action(forms.FactoryForm, invitations.invite_factory, _DEAL, ("matches",)),
    "invite_named": Action(forms.FactoryNameForm, invitations.invite_named, _DEAL, ("matches",)),
    "invite_matching": Action(forms.NothingForm, invitations.invite_matching, _DEAL, ("matches",)),
    "set_progress": Action(forms.ProgressForm, deal_tab.set_progress, _DEAL, ("order",)),
    "decide_review": Action(forms.ReviewForm, deal_tab.decide_review, _DEAL, ("order",)),
    "decide_reply": Action(forms.ReplyForm, deal_tab.decide_reply, _DEAL, ("order",)),
    "grant": Action(forms.GrantForm, company_tab.grant, _COMPANY, ("rights", "profile", "history")),
    "publish_company": Action(forms.NothingForm, company_tab.publish, _COMPANY, ("profile", "history")),
    "suspend_company": Action(forms.ReasonForm, company_tab.suspend, _COMPANY, ("profile", "history")),
    "request_audit": Action(forms.NoteForm, audit_tab.request, _COMPANY, ("audits", "history")),
    "withdraw_badge": Action(
        forms.ReasonForm, audit_tab.withdraw_badge, _COMPANY, ("audits", "profile", "rights", "history")
    ),
    "accept_document": Action(forms.DocumentForm, audit_tab.accept_document, _AUDIT, _BOTH),
    "return_document": Action(forms.ReturnDocumentForm, audit_tab.return_document, _AUDIT, _BOTH),
    "record_visit": Action(forms.VisitForm, audit_tab.record_visit, _AUDIT, ("checklist", "documents")),
    "save_scores": Action(forms.ScoresForm, audit_tab.save_scores, _AUDIT, ("checklist",)),
    "decide_audit": Action(forms.VerdictForm, audit_tab.decide, _AUDIT, ("checklist", "documents")),
    "cancel_audit": Action(forms.ReasonForm, audit_tab.cancel, _AUDIT, ("checklist", "documents")),
    "say": Action(bridge_forms.SayForm, conversation_acts.say, _WRITING, _WRITTEN, ask=conversation_acts.take_files),
    "begin_conversation": Action(forms.PersonForm, conversation_acts.begin, _PERSONAL, ("write", "sent")),
    "release_message": Action(forms.MessageForm, conversation_acts.release_message, _TALK, ("transcript",)),
    "release_conversation": Action(
        forms.ConversationForm, conversation_acts.release_conversation, _TALK, ("transcript",)
    ),
    "set_conversation": Action(forms.ConversationStateForm, conversation_acts.set_conversation, _TALK, ("transcript",)),
    "use_template": Action(bridge_forms.UseTemplateForm, conversation_acts.use_template, _WRITING, _WRITTEN),
    "send_card": Action(bridge_forms.SendCardForm, conversation_acts.send_card, _WRITING, _WRITTEN),
    "send_invoice": Action(bridge_forms.SendInvoiceForm, conversation_offers.send_invoice, _WRITING, _WRITTEN),
    "send_invoice_again": Action(
        bridge_forms.SendInvoiceAgainForm, conversation_offers.send_invoice_again, _WRITING, _WRITTEN
    ),
    "propose_meeting": Action(bridge_forms.ProposeMeetingForm, conversation_offers.propose_meeting, _WRITING, _WRITTEN),
    "withdraw_meeting": Action(bridge_forms.MeetingForm, conversation_offers.withdraw_meeting, _WRITING, _WRITTEN),
    "save_rhythm": Action(bridge_forms.RhythmForm, bridge_settings.save_rhythm, _OVERVIEW, ("bridge",)),
    "save_line": Action(bridge_forms.LineForm, bridge_settings.save_line, _OVERVIEW, ("bridge",)),
    "mend_line": Action(bridge_forms.MendLineForm, bridge_settings.mend_line, _OVERVIEW, ("bridge",)),
    "move_line": Action(bridge_forms.MoveLineForm, bridge_settings.move_line, _OVERVIEW, ("bridge",)),
    "bring_colleague": Action(bridge_forms.ColleagueForm, conversation_acts.bring_colleague, _TALK, ("transcript",)),
    "translate": Action(forms.MessageForm, conversation_acts.translate, _TALK, ("transcript",)),
    "save_translation": Action(bridge_forms.TranslationForm, bridge_settings.save_translation, _OVERVIEW, ("bridge",)),
    "save_template": Action(bridge_forms.TemplateForm, bridge_settings.save_template, _OVERVIEW, ("bridge",)),
    "remove_template": Action(bridge_forms.RemoveTemplateForm, bridge_settings.remove_template, _OVERVIEW, ("bridge",)),
    "retry_delivery": Action(forms.RowForm, health.retry, _OVERVIEW, ("health",)),
    "confirm_delivery": Action(forms.RowForm, health.confirm, _OVERVIEW, ("health",)),
    "drop_delivery": Action(forms.RowForm, health.drop, _OVERVIEW, ("health",)),
    "replay_fact": Action(forms.RowForm, health.replay, _OVERVIEW, ("health",)),
    "approve_many": Action(forms.PickForm, moderation_queue.approve_many, _OVERVIEW, ("queue",)),
    "decline_many": Action(forms.DeclinePickedForm, moderation_queue.decline_many, _OVERVIEW, ("queue",)),
    "take_many": Action(forms.PickForm, moderation_queue.take_many, _OVERVIEW, ("queue",)),
    "undo_decision": Action(forms.RowForm, moderation_queue.undo, _OVERVIEW, ("queue",)),
    "save_weights": Action(forms.WeightsForm, weights.save, _OVERVIEW, ("weights",)),
    "restore_weights": Action(forms.NothingForm, weights.go_back, _OVERVIEW, ("weights",)),
    "compare_now": Action(forms.NothingForm, health.compare, _OVERVIEW, ("health",)),
    "preview_bot_text": Action(forms.BotTextForm, bot_texts.look, _OVERVIEW, ("bot_text_preview",)),
    "save_bot_text": Action(forms.BotTextForm, bot_texts.save, _OVERVIEW, ("bot_texts",)),
    "reset_bot_text": Action(forms.BotTextKeyForm, bot_texts.reset, _OVERVIEW, ("bot_texts",)),
    "forget_bot_texts": Action(forms.NothingForm, bot_texts.forget, _OVERVIEW, ("health",)),
    "add_banner_picture": Action(
        banner_forms.PictureForm, banners.add_picture, _OVERVIEW, ("banner_picture",), ask=banners.take_picture
    ),
    "preview_banner": Action(banner_forms.PictureForm, banners.look, _OVERVIEW, ("banner_preview",)),
    "save_banner": Action(banner_forms.BannerForm, banners.save, _OVERVIEW, ("banners",)),
    "move_banner": Action(banner_forms.MoveBannerForm, banners.move, _OVERVIEW, ("banners",)),
    "remove_banner": Action(banner_forms.BannerKeyForm, banners.remove, _OVERVIEW, ("banners",)),
    "switch_rule": Action(robot_designer.RuleForm, robot_designer.switch, _AUTOMATION, ("ready_sets",)),
    "add_rule_file": Action(
        bridge_forms.AttachmentForm,
        robot_settings.add_file,
        ("robot_settings",),
        ("rule_file",),
        ask=robot_settings.take_file,
    ),
    "choose_look": Action(forms.LookForm, desk_settings.choose_look, _OVERVIEW, ("settings",)),
    "save_bot": Action(
        forms.BotForm,
        desk_settings.save_bot,
        _OVERVIEW,
        ("settings",),
        ask=desk_settings.check_bot,
        then=desk_settings.put_bot_to_work,
    ),
    "add_absence": Action(forms.AbsenceForm, desk_settings.add_absence, _OVERVIEW, ("settings",)),
    "remove_absence": Action(forms.RowForm, desk_settings.remove_absence, _OVERVIEW, ("settings",)),
    "take_over": Action(
        forms.TakeOverForm, application.taken_over, _OVERVIEW, ("settings",), ask=application.take_over
    ),
    "bring_up_to_date": Action(
        forms.NothingForm, application.begin, _OVERVIEW, ("settings",), then=application.start_apply
    ),
    "prepare_removal": Action(
        forms.NothingForm, application.leave, _OVERVIEW, ("settings",), then=application.start_removal
    ),
    "switch_test_mode": Action(forms.TestModeForm, desk_settings.switch_test_mode, _OVERVIEW, ("settings",)),
    "save_people": Action(forms.PeopleForm, desk_settings.save_people, _OVERVIEW, ("settings",)),
    "save_market": Action(market_forms.MarketForm, market_settings.save, _OVERVIEW, ("settings",)),
    "save_rates": Action(forms.RatesForm, rates.save, _OVERVIEW, ("settings",)),
}
