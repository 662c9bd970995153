"""The company's people: who they are, inviting by a one-time link, roles, removal."""

from __future__ import annotations

from flask import Response
from marshmallow import fields, validate

from b24app.domain.people import MEMBER_ROLES, may
from b24app.form_parts import Form, WholeNumber
from b24app.i18n import Texts
from b24app.services import colleague_news, colleagues, people
from telegram_bridge.miniapp.door import Door, Visit, answer
from telegram_bridge.miniapp.session import JUST_OPENED


class InviteForm(Form):
    """The role that a new colleague gets."""

    role = fields.String(required=True, validate=validate.OneOf(MEMBER_ROLES))


class LinkForm(Form):
    """An invitation that is still open."""

    link_id = WholeNumber(required=True)


class ColleagueForm(Form):
    """A colleague, by the person's number."""

    person_id = WholeNumber(required=True)


class RoleForm(ColleagueForm):
    """A colleague and the role to have from now on."""

    role = fields.String(required=True, validate=validate.OneOf(MEMBER_ROLES))


def add_to(door: Door) -> None:
    """Offer the screen and its actions."""

    @door.screen("/team")
    def team(visit: Visit) -> str:
        company = visit.own_company
        role = people.member_role(visit.uow, visit.person, company.id)
        owns = may(role, "own")
        return visit.render(
            "team",
            company=company,
            members=[
                (member, people.name_of(who), colleague_news.role_name(member.role, visit.t), who.state)
                for member, who in colleagues.of_company(visit.uow, company.id)
            ],
            owns=owns,
            links=[
                (link, colleague_news.role_name(link.role, visit.t))
                for link in (colleagues.open_links(visit.uow, company.id) if owns else [])
            ],
            roles=[(code, colleague_news.role_name(code, visit.t), _duties(code, visit.t)) for code in MEMBER_ROLES],
        )

    _add_actions(door)


def _duties(role: str, t: Texts) -> str:
    return {
        "owner": t("everything, and who belongs to the team"),
        "sales": t("lots, offers, awards, chats, progress"),
        "production": t("chats and progress of orders"),
    }[role]


def _add_actions(door: Door) -> None:
    @door.action("invite_colleague", InviteForm(), opened_within=JUST_OPENED)
    def invite_colleague(visit: Visit, role: str) -> Response:
        colleagues.invite(visit.uow, visit.person, visit.own_company, role)
        return answer(again=True, done=True, toast=visit.t("The invitation is in your chat with the bot: forward it."))

    @door.action("withdraw_link", LinkForm())
    def withdraw_link(visit: Visit, link_id: int) -> Response:
        colleagues.withdraw(visit.uow, visit.person, link_id)
        return answer(again=True, toast=visit.t("The link no longer works."))

    @door.action("colleague_role", RoleForm(), opened_within=JUST_OPENED)
    def colleague_role(visit: Visit, person_id: int, role: str) -> Response:
        colleagues.change_role(visit.uow, visit.person, visit.own_company.id, person_id, role)
        return answer(again=True, toast=visit.t("Saved"))

    @door.action("remove_colleague", ColleagueForm(), opened_within=JUST_OPENED)
    def remove_colleague(visit: Visit, person_id: int) -> Response:
        colleagues.remove(visit.uow, visit.person, visit.own_company.id, person_id)
        if person_id == visit.person.id:
            return answer(go="/app/", replace=True)
        return answer(again=True, done=True, toast=visit.t("Removed. Chats and lots stay with the company."))
