"""What a page of ours is asked: by whom, about which CRM entity, in which language.

Parses the launch that a portal page posts into a frame and describes the trusted call that follows from it. Called by `routes`;
knows neither templates nor services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from marshmallow import ValidationError

from b24app.domain.lines import LINE_CHAT
from b24app.errors import InvalidInput
from b24app.outside_json import read_json
from placements.forms import LaunchForm

FIELD_PLACEMENT = "USERFIELD_TYPE"
_CARDS = {"CRM_DEAL": 2, "CRM_COMPANY": 4}
"""Cards in which a field drawn by us knows its factory."""


@dataclass(frozen=True)
class Entity:
    """A CRM object: its type (1 lead, 2 deal, 3 contact, 4 company; 0 for none) and its id there; or an open-line chat (LINE_CHAT)."""

    type_id: int = 0
    id: str = ""


@dataclass(frozen=True)
class Launch:
    """What the portal's page claims; nothing of it is trusted before the portal confirms `access_token`."""

    member_id: str
    access_token: str
    expires_in: int
    domain: str
    language: str
    application_token: str
    placement: str
    entity_type_id: int
    entity_id: str
    options: Mapping[str, Any] = field(default_factory=dict)
    refresh_token: str = ""


class Visitor(Protocol):
    """An employee whom the portal vouched for. `can_read` tells whether he may see the entity of the launch."""

    @property
    def user_id(self) -> str:
        """The employee's id on the portal."""

    @property
    def name(self) -> str:
        """The name to greet him with."""

    @property
    def is_admin(self) -> bool:
        """Whether he administers the portal."""

    @property
    def can_read(self) -> bool:
        """Whether the portal shows him the entity."""


class ConfirmVisitor(Protocol):
    """Asks the portal whose token a launch carries."""

    def __call__(self, launch: Launch) -> Visitor:
        """Give the visitor; raises NotAllowed when the portal does not confirm him, GatewayError when it does not answer."""


@dataclass(frozen=True)
class Call:
    """A trusted request.

    `code` names our page, `role` what the visitor may do (see `rights`), `theme` is light or dark; `asked` holds what a section
    was asked for beside its name: a search, an earlier page; `options` what the portal's window said when it opened the page, known
    only then. Both are the visitor's own text and prove nothing.
    """

    member_id: str
    user_id: str
    user_name: str
    is_admin: bool
    role: str
    code: str
    entity: Entity
    language: str
    theme: str
    asked: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """The visitor as services and the audit log name him."""
        return f"user/{self.user_id}"


def launch_from(query: Mapping[str, str], body: Mapping[str, str], entity_type_id: int) -> Launch:
    """Read a launch; `entity_type_id` is that of the page's placement, 0 for a page without an entity.

    A field says itself in which card it stands; in the card of an item not saved yet it is about nothing.
    Raises InvalidInput when a field is missing or malformed. Protocol: the POST that every widget of the portal makes.
    """
    try:
        form = LaunchForm().load({**body, **query})
    except ValidationError as error:
        raise InvalidInput("The page was not opened by Bitrix24.", code="bad_launch") from error
    options = _options(form["PLACEMENT_OPTIONS"])
    if form["PLACEMENT"] == FIELD_PLACEMENT:
        entity = _card_of_field(options)
    else:
        entity = _entity(options, entity_type_id) if entity_type_id else Entity()
    return Launch(
        member_id=form["member_id"],
        access_token=form["AUTH_ID"],
        expires_in=form["AUTH_EXPIRES"],
        domain=form["DOMAIN"],
        language=form["LANG"],
        application_token=form["APPLICATION_TOKEN"],
        placement=form["PLACEMENT"],
        entity_type_id=entity.type_id,
        entity_id=entity.id,
        options=options or {},
        refresh_token=form["REFRESH_ID"],
    )


def _options(text: str) -> dict[str, Any] | None:
    """Read PLACEMENT_OPTIONS, None when they are no object; PHP writes an object without members as a list."""
    try:
        found = read_json(text or "{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else {} if found == [] else None


def _entity(options: Mapping[str, Any] | None, type_id: int) -> Entity:
    said = str((options or {}).get("dialogId" if type_id == LINE_CHAT else "ID", ""))
    entity_id = said.removeprefix("chat") if type_id == LINE_CHAT else said
    if not (entity_id.isascii() and entity_id.isdigit() and len(entity_id) <= 18):
        raise InvalidInput("The page was opened without a CRM item.", code="bad_launch")
    # A bare number is the colleague of a private chat, not a chat of that number.
    return Entity() if type_id == LINE_CHAT and said == entity_id else Entity(type_id, entity_id)


def _card_of_field(options: Mapping[str, Any] | None) -> Entity:
    """Read PLACEMENT_OPTIONS of a field as documented for userfieldtype.add."""
    if options is None:
        raise InvalidInput("The page was opened without a field.", code="bad_launch")
    type_id, item = _CARDS.get(str(options.get("ENTITY_ID", "")), 0), str(options.get("ENTITY_VALUE_ID") or "")
    known = type_id and item.isascii() and item.isdigit() and len(item) <= 18 and int(item)
    return Entity(type_id, item) if known else Entity()
