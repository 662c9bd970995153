"""The shapes of everything that our pages receive. Called by `calls` and `actions`; decides nothing."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from b24app.form_parts import Form, WholeNumber, plain
from b24app.services.moderation import KINDS

REASON_PREFIX = "reason."
POINTS_PREFIX, NOTE_PREFIX = "points.", "note."
WEIGHT_PREFIX = "weight."
PICK_PREFIX = "pick."
TEXT_PREFIX = "text."
_LONG_TEXT = 2000


class LaunchForm(Form):
    """The POST with which a portal page opens a widget: query and body together."""

    DOMAIN = fields.String(required=True, validate=validate.Length(min=1, max=255))
    PROTOCOL = fields.String(required=True, validate=validate.OneOf(["0", "1"]))
    LANG = fields.String(required=True, validate=validate.Length(max=16))
    APP_SID = fields.String(required=True, validate=validate.Length(min=1, max=255))
    AUTH_ID = fields.String(required=True, validate=validate.Length(min=1, max=1024))
    REFRESH_ID = fields.String(load_default="", validate=validate.Length(max=1024))
    AUTH_EXPIRES = WholeNumber(load_default=0)
    member_id = fields.String(required=True, validate=validate.Length(min=1, max=255))
    APPLICATION_TOKEN = fields.String(load_default="", validate=validate.Length(max=255))
    PLACEMENT = fields.String(required=True, validate=validate.Length(max=255))
    # The settings of a robot come with every field of the document.
    PLACEMENT_OPTIONS = fields.String(load_default="", validate=validate.Length(max=400_000))


class RenewForm(Form):
    """A fresh access token of the visitor, from the frame SDK."""

    access_token = fields.String(required=True, validate=validate.Length(min=1, max=1024))


class NothingForm(Form):
    """A button that needs no more than its name."""


class CorrectionsForm(Form):
    """Answers to be mended: every filled `reason.<code>` returns that answer."""

    corrections = fields.List(fields.Dict(), load_default=list)

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the filled reasons in the order of the form; everything else stays beside them."""
        found = [
            {"field": name.removeprefix(REASON_PREFIX), "reason": plain(str(value))[:_LONG_TEXT]}
            for name, value in dict(data).items()
            if name.startswith(REASON_PREFIX) and str(value).strip()
        ]
        others = {name: value for name, value in dict(data).items() if not name.startswith(REASON_PREFIX)}
        return {**others, "corrections": found}

    @post_load
    def not_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Refuse to return a form without saying what is wrong with it."""
        if not data["corrections"]:
            raise ValidationError("Mark at least one answer and say what is wrong with it.", "corrections")
        return data


class OfferForm(Form):
    """A decision on one offer."""

    offer_id = WholeNumber(required=True, strict=False)


class DeclineForm(OfferForm):
    """A refusal of one offer and why."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=_LONG_TEXT))


class AwardForm(OfferForm):
    """The choice of one offer; no quantity means the whole lot."""

    quantity = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(min=1))

    @pre_load
    def empty_is_none(self, data: Any, **_: Any) -> dict[str, Any]:
        """An empty number field means that nothing was said."""
        return {name: value for name, value in dict(data).items() if value != ""}


class FactoryForm(Form):
    """One factory of a list."""

    company_id = WholeNumber(required=True)


class FactoryNameForm(Form):
    """A factory by its name, or by a piece of it."""

    factory = fields.String(required=True, validate=validate.Length(min=2, max=200))


class ProgressForm(Form):
    """How far an order is: a production step, how much of it is done, and what to add."""

    step = fields.String(required=True, validate=validate.Length(min=1, max=80))
    percent = WholeNumber(required=True, validate=validate.Range(min=0, max=100))
    note = fields.String(load_default="", validate=validate.Length(max=1000))


class ReviewForm(Form):
    """A decision on one review."""

    review_id = WholeNumber(required=True)
    publish = fields.Boolean(required=True)


class ReplyForm(Form):
    """A decision on one reply to a review."""

    reply_id = WholeNumber(required=True)
    publish = fields.Boolean(required=True)


class GrantForm(Form):
    """A right given by hand, until the end of a day, with the reason."""

    service = fields.String(required=True)
    until = fields.Date(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=3, max=_LONG_TEXT))


class ReasonForm(Form):
    """A decision that must be explained."""

    reason = fields.String(required=True, validate=validate.Length(min=3, max=_LONG_TEXT))


class NoteForm(Form):
    """A decision that may be explained."""

    reason = fields.String(load_default="", validate=validate.Length(max=_LONG_TEXT))


class DocumentForm(Form):
    """A decision on one document of an audit."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=80))


class ReturnDocumentForm(DocumentForm):
    """A document that is not good enough, and why."""

    reason = fields.String(required=True, validate=validate.Length(min=3, max=_LONG_TEXT))


class VisitForm(Form):
    """The day of an auditor's visit, what was seen, and where the video is."""

    day = fields.Date(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=_LONG_TEXT))
    video_url = fields.String(
        load_default="",
        validate=validate.Regexp(r"^(https://\S{3,500})?$", error="Write an address that begins with https://."),
    )


class ScoresForm(Form):
    """Points by line of the checklist: every `points.<code>` that was chosen, with its `note.<code>`."""

    scores = fields.Dict(load_default=dict)

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the lines that have points; what is no number is left for the rules to refuse."""
        given = dict(data)
        found = {
            name.removeprefix(POINTS_PREFIX): {
                "points": int(value) if str(value).isdecimal() and len(str(value)) < 3 else -1,
                "note": plain(str(given.get(name.replace(POINTS_PREFIX, NOTE_PREFIX, 1), ""))),
            }
            for name, value in given.items()
            if name.startswith(POINTS_PREFIX) and str(value).strip()
        }
        return {"scores": found}


class VerdictForm(Form):
    """The end of an audit; `until` is how long the badge holds, or the deadline for the conditions."""

    verdict = fields.String(required=True, validate=validate.OneOf(["pass", "conditional", "fail"]))
    conclusion = fields.String(load_default="", validate=validate.Length(max=_LONG_TEXT))
    until = fields.Date(load_default=None, allow_none=True)

    @pre_load
    def empty_is_none(self, data: Any, **_: Any) -> dict[str, Any]:
        """No day means the usual one."""
        return {name: value for name, value in dict(data).items() if value != ""}


class WeightsForm(Form):
    """Points by criterion of matching: every `weight.<criterion>`; whether they make 100 is for the rules to say."""

    weights = fields.Dict(keys=fields.String(), values=WholeNumber(validate=validate.Range(0, 100)), required=True)

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the weights by criterion."""
        given = dict(data).items()
        return {"weights": {n.removeprefix(WEIGHT_PREFIX): v for n, v in given if n.startswith(WEIGHT_PREFIX)}}


class BotTextKeyForm(Form):
    """Which text of the bot is meant."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=40))


class BotTextForm(BotTextKeyForm):
    """A text of the bot in other words: every `text.<language>.<number of the form>`; the rules judge what they say."""

    words = fields.Dict(keys=fields.String(), values=fields.String(validate=validate.Length(max=2 * _LONG_TEXT)))

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the wordings; browsers send their own line ends."""
        given = dict(data).items()
        words = {n: plain(str(v).replace("\r\n", "\n")) for n, v in given if n.startswith(TEXT_PREFIX)}
        return {"text": dict(data).get("text", ""), "words": words}


class QueueForm(Form):
    """Which part of the moderation queue is asked for; an empty field asks for everything."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    segment = fields.String(load_default="", validate=validate.Length(max=64))
    words = fields.String(load_default="", validate=validate.Length(max=80))
    whose = fields.String(load_default="", validate=validate.OneOf(["", "mine", "nobody"]))
    sort = fields.String(load_default="oldest", validate=validate.OneOf(["oldest", "newest", "name", "kind"]))
    page = WholeNumber(load_default=0, validate=validate.Range(0, 1000))


class PickForm(Form):
    """Things marked in the queue: every `pick.<kind>.<id>` that is there."""

    picked = fields.List(fields.Raw(), load_default=list)

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect what was marked as pairs of kind and number."""
        marked = [name.split(".") for name in dict(data) if name.startswith(PICK_PREFIX)]
        picked = [(parts[1], int(parts[2])) for parts in marked if _is_pick(parts)]
        return {**{name: value for name, value in dict(data).items() if name == "reason"}, "picked": picked}

    @post_load
    def not_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Refuse to decide on nothing."""
        if not data["picked"]:
            raise ValidationError("Mark at least one line.", "picked")
        return data


def _is_pick(parts: list[str]) -> bool:
    return len(parts) == 3 and parts[1] in KINDS and parts[2].isdecimal() and len(parts[2]) < 19


class DeclinePickedForm(PickForm):
    """Offers marked in the queue, and why they are declined."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=_LONG_TEXT))


class ReportForm(Form):
    """Which period, segment and part of the league a report is about; an empty field was not asked for."""

    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)
    segment = fields.String(load_default="", validate=validate.Length(max=64))
    factory = fields.String(load_default="", validate=validate.Length(max=80))
    sort = fields.String(load_default="won", validate=validate.Length(max=16))
    page = WholeNumber(load_default=0, validate=validate.Range(0, 1000))

    @pre_load
    def empty_is_none(self, data: Any, **_: Any) -> dict[str, Any]:
        """An empty field means that nothing was said."""
        return {name: value for name, value in dict(data).items() if value != ""}


class MessageForm(Form):
    """A decision on one message of a conversation."""

    message_id = WholeNumber(required=True)


class ConversationForm(Form):
    """A decision on one conversation."""

    conversation_id = WholeNumber(required=True)


class PersonForm(Form):
    """A decision about one person."""

    person_id = WholeNumber(required=True)


class ConversationStateForm(ConversationForm):
    """Closing or opening a conversation."""

    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))


class RowForm(Form):
    """A decision on one message in trouble, outgoing or incoming."""

    row_id = WholeNumber(required=True)


class TakeOverForm(Form):
    """The visitor's own refresh token, from the frame SDK."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=1024))


class AbsenceForm(Form):
    """The days on which an employee is away, and who stands in."""

    user_id = fields.String(required=True, validate=validate.Regexp(r"^\d{1,10}$", error="Write one id."))
    from_day = fields.Date(required=True)
    until_day = fields.Date(required=True)
    stand_in_id = fields.String(load_default="", validate=validate.Regexp(r"^\d{0,10}$", error="Write one id."))

    @validates_schema
    def in_order(self, data: Any, **_: Any) -> None:
        """Refuse an absence that ends before it begins, or one in which somebody stands in for himself."""
        if data["until_day"] < data["from_day"]:
            raise ValidationError("The last day is before the first.", "until_day")
        if data["stand_in_id"] == data["user_id"]:
            raise ValidationError("Nobody stands in for himself.", "stand_in_id")


class LookForm(Form):
    """The visitor's own language and theme."""

    language = fields.String(required=True, validate=validate.OneOf(["ru", "uz", "en"]))
    theme = fields.String(required=True, validate=validate.OneOf(["light", "dark"]))


class BotForm(Form):
    """The bot and the channel; an empty token keeps the one that is stored, `take_bot` lets a bot change over to us."""

    bot_token = fields.String(
        load_default="",
        validate=validate.Regexp(r"^(\d{5,15}:[A-Za-z0-9_-]{30,64})?$", error="This is not a bot token."),
    )
    tender_channel_id = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^(-\d{5,20}|@[A-Za-z]\w{4,31})?$", error="A channel is @name or a number such as -1001234567890."
        ),
    )
    take_bot = fields.Boolean(load_default=False)


class InstallForm(BotForm):
    """What is asked before an installation, beside the roles of employees."""

    card_language = fields.String(required=True, validate=validate.OneOf(["ru", "uz", "en"]))
    line_id = fields.String(load_default="", validate=validate.Regexp(r"^\d{0,18}$"))
    distribution = fields.String(load_default="turn", validate=validate.OneOf(["turn", "load"]))


_IDS = validate.Regexp(r"^(\d{1,10}(\s*,\s*\d{1,10})*)?$", error="Write ids separated by commas.")


class TestModeForm(Form):
    """Whether the test mode shall be on."""

    on = fields.Boolean(required=True)


class RatesForm(Form):
    """Exchange rates as they are written: `USD=1`, one a line."""

    rates = fields.String(load_default="", validate=validate.Length(max=1000))


class PeopleForm(Form):
    """The employees of each role by their ids on the portal, how newcomers are shared out, and the language of cards."""

    responsible_ids = fields.String(load_default="", validate=_IDS)
    moderator_ids = fields.String(load_default="", validate=_IDS)
    admin_ids = fields.String(load_default="", validate=_IDS)
    distribution = fields.String(load_default="turn", validate=validate.OneOf(["turn", "load"]))
    factories_told = fields.String(load_default="at_once", validate=validate.OneOf(["at_once", "by_rule"]))
    card_language = fields.String(required=True, validate=validate.OneOf(["ru", "uz", "en"]))
