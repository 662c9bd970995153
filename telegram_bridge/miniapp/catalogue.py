"""The buyer's catalogue: the list with its filters, one factory's profile, favourites, the comparison, beginning to talk."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import fields

from b24app.domain.catalogue import SORTS, Wish, read_cursor
from b24app.domain.industries import Choice, Question
from b24app.domain.relations import COMPARED_AT_MOST
from b24app.errors import NotFound
from b24app.form_parts import Form, WholeNumber, plain
from b24app.services import catalogue, enquiries, profile_cards, recommendations, relations, showcase
from b24app.services.industries import pack
from storage.models import Company
from telegram_bridge.miniapp.door import Door, Visit, answer

TEXT_LIMIT = 100
WIDEST = 10**9
HOME = "/app/catalogue"
LISTS = {"favourites": "/app/favourites", "compare": "/app/compare"}


class FactoryForm(Form):
    """An action on a factory."""

    factory_id = WholeNumber(required=True)


class SwitchForm(FactoryForm):
    """Putting a factory on a list or taking it off."""

    on = fields.Boolean(load_default=False)


class NothingForm(Form):
    """An action that needs no words."""


def add_to(door: Door) -> None:
    """Offer these screens and actions."""
    _add_list(door)
    _add_profile(door)
    _add_lists(door)
    _add_actions(door)


def _add_list(door: Door) -> None:
    @door.screen("/catalogue", who="buyer")
    def catalogue_list(visit: Visit) -> str:
        wish = read_wish()
        return visit.render(
            "catalogue",
            wish=wish,
            filters=_filters(wish),
            lists={
                "segments": pack().segments,
                "units": pack().units,
                "certificates": pack().certificates,
                "regions": _asked("region"),
            },
            equipment=_question("equipment"),
            asks_quality=bool(pack().questionnaires["factory"].asks("quality_department")),
            sorts=showcase.sort_words(visit.t),
            access=catalogue.has_access(visit.own_company, visit.uow),
            compared=len(relations.compared(visit.uow, visit.own_company.id)),
            **_page(visit, wish),
        )

    @door.screen("/catalogue/more", who="buyer")
    def catalogue_more(visit: Visit) -> str:
        return visit.render("catalogue_cards", **_page(visit, read_wish()))


def _page(visit: Visit, wish: Wish) -> dict[str, object]:
    buyer = visit.own_company
    found = catalogue.find(visit.uow, buyer, wish, read_cursor(request.args.get("after", "")))
    query = query_of(wish)
    return {
        "cards": [showcase.card(visit.uow, company, entry, visit.language) for company, entry in found.companies],
        "count": found.count,
        "favourites": set(relations.favourites(visit.uow, buyer.id)),
        "query": query,
        "more": f"{query}&after={found.next_cursor}".removeprefix("&") if found.next_cursor else "",
    }


def _question(code: str) -> Question | None:
    """Give a question of the factory's questionnaire, or None when the pack does not ask it."""
    form = pack().questionnaires["factory"]
    return form.question(code) if form.asks(code) else None


def _asked(code: str) -> tuple[Choice, ...]:
    """Give the choices of a question of the factory's questionnaire; none when the pack does not ask it."""
    form = pack().questionnaires["factory"]
    return form.question(code).options if form.asks(code) else ()


def read_wish() -> Wish:
    """Read what is looked for from the address; what cannot be understood is left out."""
    given = request.args
    volume = _whole(given.get("volume", ""))
    return Wish(
        text=plain(given.get("q", ""))[:TEXT_LIMIT],
        equipment=plain(given.get("equipment", ""))[:TEXT_LIMIT],
        segments=_known(given.getlist("segment"), pack().segments),
        volume=volume,
        unit=given.get("unit", "") if volume is not None and _known([given.get("unit", "")], pack().units) else "",
        lead_time_days=_whole(given.get("days", "")),
        certificates=_known(given.getlist("certificate"), pack().certificates),
        regions=_known(given.getlist("region"), _asked("region")),
        quality_department=given.get("quality") == "1",
        verified=given.get("verified") == "1",
        stars=int(given["stars"]) if given.get("stars") in {"3", "4"} else None,
        sort=given.get("sort", "best") if given.get("sort") in SORTS else "best",
    )


def _whole(text: str) -> int | None:
    digits = "".join(text.split())
    return min(int(digits), WIDEST) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _known(codes: list[str], choices: tuple[Choice, ...]) -> tuple[str, ...]:
    asked = set(codes)
    return tuple(choice.code for choice in choices if choice.code in asked)


def query_of(wish: Wish) -> str:
    """Write a wish as the query of an address, in one form only."""
    pairs: list[tuple[str, object]] = [("q", wish.text)] if wish.text else []
    pairs += [("equipment", wish.equipment)] if wish.equipment else []
    pairs += [("segment", code) for code in wish.segments]
    pairs += [("volume", wish.volume), ("unit", wish.unit)] if wish.volume is not None else []
    pairs += [("days", wish.lead_time_days)] if wish.lead_time_days is not None else []
    pairs += [("certificate", code) for code in wish.certificates] + [("region", code) for code in wish.regions]
    pairs += [("quality", 1)] if wish.quality_department else []
    pairs += [("stars", wish.stars)] if wish.stars is not None else []
    pairs += [("verified", 1)] if wish.verified else []
    pairs += [("sort", wish.sort)] if wish.sort != "best" else []
    return urlencode([(name, value) for name, value in pairs if value != ""])


def _filters(wish: Wish) -> int:
    """Count the filters in use, the text and the order left aside."""
    plain = query_of(replace(wish, text="", sort="best", unit=""))
    return len([part for part in plain.split("&") if part])


def _add_profile(door: Door) -> None:
    @door.screen("/catalogue/<int:factory_id>", who="buyer")
    def factory(visit: Visit, factory_id: int) -> str:
        buyer = visit.own_company
        access = catalogue.has_access(buyer, visit.uow)
        if not access and not profile_cards.was_shown(visit.uow, buyer, factory_id):
            return visit.render("catalogue_closed", back=HOME)
        company, entry = catalogue.one(visit.uow, factory_id)
        relation = relations.viewed(visit.uow, buyer, company, visit.person)
        query = query_of(read_wish())
        return visit.render(
            "factory",
            access=access,
            profile=showcase.profile(visit.uow, company, entry, visit.language),
            reviews=showcase.said_of(visit.uow, company.id, visit.language),
            relation=relation,
            state=relations.state_words(relation.state, visit.t) if relation.state != "viewed" else "",
            conversation=enquiries.running(visit.uow, buyer.id, company.id),
            back=LISTS.get(request.args.get("from", ""), f"{HOME}?{query}" if query else HOME),
        )


def _add_lists(door: Door) -> None:
    @door.screen("/favourites", who="buyer")
    def favourites(visit: Visit) -> str:
        buyer = visit.own_company
        ids = relations.favourites(visit.uow, buyer.id)
        found = catalogue.several(visit.uow, ids) if catalogue.has_access(buyer, visit.uow) else []
        cards = [showcase.card(visit.uow, company, entry, visit.language) for company, entry in found]
        return visit.render("favourites", cards=cards, gone=len(ids) - len(found), kept=len(ids))

    @door.screen("/compare", who="buyer")
    def compare(visit: Visit) -> str:
        buyer = visit.own_company
        ids = relations.compared(visit.uow, buyer.id)
        found = catalogue.several(visit.uow, ids) if catalogue.has_access(buyer, visit.uow) else []
        return visit.render(
            "compare",
            cards=[showcase.card(visit.uow, company, entry, visit.language) for company, entry in found],
            rows=showcase.side_by_side(visit.uow, found, visit.language),
            most=COMPARED_AT_MOST,
        )


def _chosen(visit: Visit, factory_id: int, *, on: bool) -> Company:
    """Give the factory of an action; one that left the catalogue can still be taken off a list."""
    if on:
        return catalogue.profile(visit.uow, visit.own_company, factory_id)[0]
    relation = relations.between(visit.uow, visit.own_company.id, factory_id)
    if relation is None:
        raise NotFound(code="company")
    return visit.uow.session.get_one(Company, factory_id)


def _add_actions(door: Door) -> None:
    @door.action("favourite", SwitchForm(), who="buyer")
    def favourite(visit: Visit, factory_id: int, on: bool) -> Response:
        relations.set_favourite(visit.uow, visit.own_company, _chosen(visit, factory_id, on=on), on)
        said = visit.t("Added to the favourites") if on else visit.t("Taken out of the favourites")
        return answer(again=True, toast=said)

    @door.action("compare_factory", SwitchForm(), who="buyer")
    def compare_factory(visit: Visit, factory_id: int, on: bool) -> Response:
        relations.set_compared(visit.uow, visit.own_company, _chosen(visit, factory_id, on=on), on)
        said = visit.t("Added to the comparison") if on else visit.t("Taken out of the comparison")
        return answer(again=True, toast=said)

    @door.action("share_factory", FactoryForm(), who="buyer")
    def share_factory(visit: Visit, factory_id: int) -> Response:
        told = recommendations.share(visit.uow, visit.person, visit.own_company, factory_id)
        return answer(done=True, toast=visit.t.tn("Shown to {count} colleague", "Shown to {count} colleagues", told))

    @door.action("not_interested", FactoryForm(), who="buyer")
    def not_interested(visit: Visit, factory_id: int) -> Response:
        factory = _chosen(visit, factory_id, on=True)
        relations.advance(visit.uow, visit.own_company, factory, "not_interested", visit.person)
        return answer(again=True, toast=visit.t("Noted. The manager will not offer this factory to you."))

    @door.action("talk_to_factory", FactoryForm(), who="buyer")
    def talk_to_factory(visit: Visit, factory_id: int) -> Response:
        conversation = enquiries.begin(visit.uow, visit.person, visit.own_company, factory_id)
        return answer(go=f"/app/chats/{conversation.id}", done=True)

    @door.action("ask_access", NothingForm(), who="buyer")
    def ask_access(visit: Visit) -> Response:
        conversation = enquiries.ask_for_access(visit.uow, visit.person, visit.own_company)
        said = visit.t("The manager has your request and will write to you here.")
        return answer(go=f"/app/chats/{conversation.id}", done=True, toast=said)
