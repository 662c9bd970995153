"""Showing a factory of the catalogue to one's colleagues. Called by the Mini App.

May send: a bot message to each colleague. Errors: NotAllowed (no access), NotFound, InvalidState (nobody to show it to).
"""

from __future__ import annotations

from b24app.domain.masking import mask
from b24app.errors import InvalidState
from b24app.i18n import Texts
from b24app.services import catalogue, notices, people
from b24app.services.notices import Said, escaped
from b24app.services.screens import factory_path, opening
from storage.models import Company, Person
from storage.unit_of_work import UnitOfWork


def share(uow: UnitOfWork, person: Person, buyer: Company, factory_id: int) -> int:
    """Point a factory out to everybody else who speaks for the buyer; answers to how many. Once a minute for each factory."""
    factory, _ = catalogue.profile(uow, buyer, factory_id)
    others = [one for one in people.active(people.members_of(uow, buyer.id)) if one.id != person.id]
    if not others:
        raise InvalidState("You have no colleagues here yet. Invite them in the settings.", code="no_colleagues")

    def say(t: Texts) -> Said:
        text = t("{name} suggests a factory:", name=people.name_of(person))
        name = mask(factory.name, introductions_too=False).text
        return f"{escaped(text)}\n<b>{escaped(name)}</b>", [
            [opening(t("Look at the factory"), factory_path(factory.id))]
        ]

    minute = int(uow.now.timestamp()) // 60
    for one in others:
        notices.tell(uow, one, say, key=f"share/{factory.id}:person/{person.id}:{minute}", kind="team")
    return len(others)
