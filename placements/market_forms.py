"""What the part “Marketplace” of the settings receives, and the button that publishes a lot. Called by `actions`; decides nothing."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, pre_load, validate

from b24app.form_parts import Form, WholeNumber, plain
from b24app.services.verification import LONGEST_TEXT

SEGMENT_PREFIX = "unmoderated."
WORDS_PREFIX = "verification_text."
MOST_OFFERS = 50


class PublishForm(Form):
    """A lot, or its change, is to be published; `seen_at` is when the change on the page was asked for, nothing for a whole lot."""

    seen_at = fields.AwareDateTime(load_default=None)


class MarketForm(Form):
    """Ticked `unmoderated.<segment>`, how many offers a buyer sees, the price of the verification and `verification_text.<language>`."""

    unmoderated = fields.List(fields.String(validate=validate.Length(max=64)), load_default=list)
    offers_shown = WholeNumber(required=True, validate=validate.Range(1, MOST_OFFERS))
    verification_price = fields.String(required=True, validate=validate.Length(min=1, max=20))
    verification_currency = fields.String(required=True, validate=validate.Length(equal=3))
    words = fields.Dict(keys=fields.String(), values=fields.String(validate=validate.Length(max=LONGEST_TEXT)))

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the ticked segments and the texts by language."""
        given = dict(data)
        ticked = [name.removeprefix(SEGMENT_PREFIX) for name in given if name.startswith(SEGMENT_PREFIX)]
        words = {n.removeprefix(WORDS_PREFIX): plain(str(v)) for n, v in given.items() if n.startswith(WORDS_PREFIX)}
        return {**given, "unmoderated": ticked, "words": words}
