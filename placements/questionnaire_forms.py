"""The shapes of decisions on questionnaires and profiles. Called by `actions`; decides nothing."""

from __future__ import annotations

from marshmallow import fields

from b24app.form_parts import Form, WholeNumber
from placements.forms import CorrectionsForm


class CompanyForm(Form):
    """Which company a decision is about: on the card of a person, who may speak for two."""

    company_id = WholeNumber(load_default=None)


class AnswersForm(CorrectionsForm, CompanyForm):
    """Answers of a questionnaire to be mended."""


class ChangeForm(CompanyForm):
    """A decision on a change of a profile; `seen_at` is when the change on the page was asked for."""

    approve = fields.Boolean(required=True)
    seen_at = fields.AwareDateTime(required=True)
