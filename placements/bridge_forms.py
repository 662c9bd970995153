"""The shapes of what the page about conversations receives. Called by `actions`; decides nothing."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from b24app.domain.lines import AUDIENCES
from b24app.form_parts import Form, WholeNumber
from placements.forms import ConversationForm

_HOURS = validate.Range(min=0.1, max=720, error="Write a number of hours between 0.1 and 720.")
_SIDE = validate.OneOf(["both", "buyer", "factory"])
SLOT_PREFIX = "slot."
_KEY = validate.Length(min=8, max=64)


class RhythmForm(Form):
    """What of conversations is written on timelines, the working hours, and when an answer is late."""

    timeline_mode = fields.String(required=True, validate=validate.OneOf(["each", "digest", "line"]))
    timeline_minutes = WholeNumber(
        required=True, validate=validate.Range(min=1, max=1440, error="Write a number of minutes between 1 and 1440.")
    )
    work_zone = fields.String(load_default="", validate=validate.Length(max=60))
    work_hours = fields.String(load_default="", validate=validate.Length(max=20))
    work_weekdays = fields.String(load_default="", validate=validate.Length(max=20))
    work_holidays = fields.String(load_default="", validate=validate.Length(max=1000))
    remind_hours = fields.Float(required=True, validate=_HOURS)
    overdue_hours = fields.Float(required=True, validate=_HOURS)


class LineForm(Form):
    """What a line is for; `default` makes it the one for everything else."""

    line = WholeNumber(required=True)
    language = fields.String(load_default="", validate=validate.OneOf(["", "ru", "uz", "en"]))
    audience = fields.String(load_default="", validate=validate.OneOf(["", *AUDIENCES]))
    default = fields.Boolean(load_default=False)


class MendLineForm(Form):
    """The line whose settings are to be put right."""

    line = WholeNumber(required=True)


class MoveLineForm(Form):
    """The line whose conversations go over another one from now on."""

    line = WholeNumber(required=True)
    other = WholeNumber(required=True)


class TranslationForm(Form):
    """The translation service; an empty address switches it off, an empty secret keeps the one that is stored."""

    address = fields.String(load_default="", validate=validate.Length(max=500))
    secret = fields.String(load_default="", validate=validate.Length(max=500))


class TemplateForm(Form):
    """One text in three languages; an empty number makes a new one."""

    template_id = WholeNumber(load_default=0)
    title = fields.String(required=True, validate=validate.Length(min=1, max=80))
    text_ru = fields.String(load_default="", validate=validate.Length(max=3000))
    text_uz = fields.String(load_default="", validate=validate.Length(max=3000))
    text_en = fields.String(load_default="", validate=validate.Length(max=3000))


class RemoveTemplateForm(Form):
    """The template to take away."""

    template_id = WholeNumber(required=True)


class ColleagueForm(ConversationForm):
    """The employee to be let into a conversation, `instead` of whoever leads it."""

    user_id = fields.String(required=True, validate=validate.Regexp(r"^\d{1,10}$", error="Choose one employee."))
    instead = fields.Boolean(load_default=False)


class SendCardForm(ConversationForm):
    """The card to send into a conversation, and the key that makes a repeated press harmless."""

    card = fields.String(required=True, validate=validate.Regexp(r"^(?:factory|buyer|lot|(?:company|lot)/\d{1,18})$"))
    key = fields.String(required=True, validate=_KEY)


class SendInvoiceForm(ConversationForm):
    """What stands on an invoice and where it is; the rules judge each part. For whom, and the key of the press."""

    number = fields.String(load_default="", validate=validate.Length(max=200))
    amount = fields.String(load_default="", validate=validate.Length(max=60))
    currency = fields.String(load_default="", validate=validate.Length(max=3))
    due_on = fields.String(load_default="", validate=validate.Length(max=40))
    purpose = fields.String(load_default="", validate=validate.Length(max=2000))
    address = fields.String(load_default="", validate=validate.Length(max=4000))
    side = fields.String(required=True, validate=_SIDE)
    key = fields.String(required=True, validate=_KEY)


class ProposeMeetingForm(ConversationForm):
    """A meeting: every filled `slot.<number>` is a time by the clock of `zone`; the rules judge each part."""

    subject = fields.String(load_default="", validate=validate.Length(max=500))
    link = fields.String(load_default="", validate=validate.Length(max=4000))
    zone = fields.String(load_default="", validate=validate.Length(max=60))
    minutes = WholeNumber(load_default=0)
    locals = fields.List(fields.NaiveDateTime(format="iso"), load_default=list)
    side = fields.String(required=True, validate=_SIDE)
    instead_of = WholeNumber(load_default=0)
    key = fields.String(required=True, validate=_KEY)

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the times that were filled in."""
        given = dict(data)
        slots = [str(value).strip() for name, value in given.items() if name.startswith(SLOT_PREFIX)]
        return {**given, "locals": [slot for slot in slots if slot]}


class MeetingForm(ConversationForm):
    """The meeting of a conversation that is meant."""

    meeting_id = WholeNumber(required=True)


class SendInvoiceAgainForm(ConversationForm):
    """An invoice that was sent before, for whom it is now, and the key of the press."""

    invoice_id = WholeNumber(required=True)
    side = fields.String(required=True, validate=_SIDE)
    key = fields.String(required=True, validate=_KEY)


class UseTemplateForm(ConversationForm):
    """A template to say in a conversation, to whom, and the key that makes a repeated press harmless."""

    template_id = WholeNumber(required=True)
    side = fields.String(required=True, validate=_SIDE)
    key = fields.String(required=True, validate=_KEY)


class SayForm(ConversationForm):
    """What a manager writes, to whom, whether a button under it opens the lot, and the key that makes a repeated press harmless."""

    text = fields.String(load_default="", validate=validate.Length(max=10_000))
    side = fields.String(required=True, validate=validate.OneOf(["both", "buyer", "factory", "note"]))
    key = fields.String(required=True, validate=validate.Length(min=8, max=64))
    button = fields.Boolean(load_default=False)
    files = fields.Raw(load_default=list)

    @post_load
    def only_files(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out a text in the place of files, and the empty file that a browser sends when none was chosen."""
        given = data["files"] if isinstance(data["files"], list) else []
        return {**data, "files": [one for one in given if getattr(one, "filename", "")]}


class AttachmentForm(Form):
    """One file for an automation rule to enclose; a text in its place is none."""

    attachment = fields.Raw(load_default=None)

    @post_load
    def only_a_file(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Take the one file that was chosen."""
        given = data["attachment"] if isinstance(data["attachment"], list) else []
        return {"attachment": next((one for one in given if getattr(one, "filename", "")), None)}
