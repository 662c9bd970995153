"""What the page of banners receives. Called by `actions`; decides nothing."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from b24app.domain.banners import AUDIENCES, LANGUAGES, LONGEST
from b24app.form_parts import Form, WholeNumber, plain


class BannerKeyForm(Form):
    """Which banner is meant; none for a new one."""

    banner_id = WholeNumber(load_default=None, allow_none=True)

    @pre_load
    def empty_is_none(self, data: Any, **_: Any) -> dict[str, Any]:
        """An empty field means that nothing was said."""
        return {name: value for name, value in dict(data).items() if value != ""}


class MoveBannerForm(BannerKeyForm):
    """One place earlier (-1) or later (1)."""

    banner_id = WholeNumber(required=True)
    step = WholeNumber(required=True, validate=validate.OneOf([-1, 1]))


class BannerForm(BannerKeyForm):
    """A banner as typed: `title.<language>`, `text.<language>`, where it leads, to whom and when it is shown."""

    words = fields.Dict(load_default=dict)
    screen = fields.String(load_default="", validate=validate.Length(max=200))
    link = fields.String(load_default="", validate=validate.Length(max=500))
    audience = fields.String(required=True, validate=validate.OneOf(AUDIENCES))
    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)
    file_id = WholeNumber(load_default=None, allow_none=True)
    hidden = fields.Boolean(load_default=False)

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the words by language."""
        given = dict(data)
        words = {
            code: {part: plain(str(given.get(f"{part}.{code}", "")))[: 2 * most] for part, most in LONGEST.items()}
            for code in LANGUAGES
        }
        return {**given, "words": words}


class PictureForm(Form):
    """A picture chosen for a banner; its content is judged before anything is kept."""

    picture = fields.Raw(load_default=None)

    @post_load
    def only_a_file(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Take the one file that was chosen, and a text in its place for none."""
        given = data["picture"] if isinstance(data["picture"], list) else []
        return {"picture": given[0] if given else None}
