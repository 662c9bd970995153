"""Open lines: which are connected, which one carries a conversation, what follows when one is lost or wrong.

Called by the desk, by `message_copies`, by the portal's events and by the job that looks at lines. May send: notices to the employee who
installed the application. Errors: NotFound.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from b24app.domain.deliveries import NotifyUser
from b24app.domain.lines import DEAF, SPEECHLESS, Line, chosen
from b24app.errors import NotFound
from b24app.i18n import Texts
from b24app.services import audit, conversations, line_waits, people, portals, settings
from storage.models import Conversation, OpenLine
from storage.unit_of_work import UnitOfWork

DEFAULT = "line_id"


def known(uow: UnitOfWork) -> Sequence[OpenLine]:
    """Give every connected line, the first connected first."""
    return uow.session.scalars(select(OpenLine).order_by(OpenLine.id)).all()


def connected(uow: UnitOfWork, line_id: str, actor: str) -> OpenLine:
    """Remember a line that was just connected; new conversations that no other line is meant for go over it from now on."""
    line = _find(uow, line_id) or OpenLine(line_id=line_id, troubles=[])
    line.troubles, line.checked_at = [], None
    uow.session.add(line)
    uow.session.flush()
    settings.put(uow, DEFAULT, line_id, actor)
    line_waits.resume(uow, line_id)
    _lead_on(uow)
    return line


def _find(uow: UnitOfWork, line_id: str) -> OpenLine | None:
    return uow.session.scalars(select(OpenLine).where(OpenLine.line_id == line_id)).first()


def change(uow: UnitOfWork, number: int, language: str, audience: str, *, default: bool, actor: str) -> OpenLine:
    """Say what a line is for. NotFound."""
    line = uow.session.get(OpenLine, number)
    if line is None:
        raise NotFound(code="line")
    line.language, line.audience = language, audience
    if default:
        settings.put(uow, DEFAULT, line.line_id, actor)
    audit.record(uow, actor, "line_changed", f"line/{line.line_id}", language=language, audience=audience)
    return line


def ask_to_mend(uow: UnitOfWork, number: int, actor: str) -> None:
    """Have a line's settings put right by the job that looks at lines. NotFound."""
    line = uow.session.get(OpenLine, number)
    if line is None:
        raise NotFound(code="line")
    line.mend_asked_at = uow.now
    audit.record(uow, actor, "line_mended", f"line/{line.line_id}")


def line_for(uow: UnitOfWork, conversation: Conversation) -> str:
    """Give the line a conversation goes over, empty while there is none. A dialogue that has begun stays on its line."""
    if conversation.line_id:
        return conversation.line_id
    every = known(uow)
    alive = [line for line in every if not SPEECHLESS & set(line.troubles)]
    readers = conversations.people_on(uow, conversation, "both" if conversation.kind == "help" else "buyer")
    language = people.language_of(readers[0]) if readers else ""
    rules = [Line(line.line_id, line.language, line.audience) for line in alive]
    conversation.line_id = chosen(
        rules, language=language, audience=_audience(uow, conversation), default=_usable(uow, every, alive)
    )
    return conversation.line_id


def _usable(uow: UnitOfWork, every: Sequence[OpenLine], alive: Sequence[OpenLine]) -> str:
    """Give the default line, or another one while that has nobody to read it; none when it was deleted and there is no other."""
    default = settings.get(uow, DEFAULT)
    ids = [line.line_id for line in alive]
    if default in ids or not ids:
        return "" if any(line.line_id == default and "gone" in line.troubles for line in every) else default
    return ids[0]


def _audience(uow: UnitOfWork, conversation: Conversation) -> str:
    if conversation.kind != "help":
        return "deals"
    readers = conversations.people_on(uow, conversation, "both")
    return "factories" if readers and readers[0].active_role == "factory" else "buyers"


def judged(uow: UnitOfWork, line: OpenLine, title: str, troubles: list[str]) -> None:
    """Keep what was found out about a line; what is newly wrong is told to the employee who installed the application."""
    new = [code for code in troubles if code not in line.troubles]
    line.troubles, line.checked_at = troubles, uow.now
    line.title = title or line.title
    if "gone" in new:
        _leave(uow, line.line_id)
    if not DEAF & set(troubles):
        line_waits.resume(uow, line.line_id)
    if new:
        t = portals.speech(uow)
        reasons = "; ".join(words(t)[code] for code in new)
        name = line.title or line.line_id
        _tell(uow, t("Open line “{name}”: {reasons}.", name=name, reasons=reasons), f"line/{line.line_id}")


def lost(uow: UnitOfWork, line_id: str) -> None:
    """Take note that a line, or our channel on it, is gone: conversations go over another one from their next message on."""
    line = _find(uow, line_id)
    if line is not None:
        judged(uow, line, "", ["gone"])
    if settings.get(uow, DEFAULT) == line_id:
        others = [one.line_id for one in known(uow) if not SPEECHLESS & set(one.troubles)]
        settings.put(uow, DEFAULT, others[0] if others else "", "automation")


def found_off(uow: UnitOfWork, line_id: str) -> None:
    """Take note that the portal refused a message because a line is switched off: told at once, not when lines are looked at next."""
    line = _find(uow, line_id)
    if line is not None and not {"gone", "inactive"} & set(line.troubles):
        judged(uow, line, "", [*line.troubles, "inactive"])


def _leave(uow: UnitOfWork, line_id: str) -> None:
    theirs = update(Conversation).where(Conversation.line_id == line_id)
    uow.session.execute(theirs.values(line_id="", line_chat_id="", line_session_id=""))
    _lead_on(uow)


def _lead_on(uow: UnitOfWork) -> None:
    """Give what waits in conversations that lost their line another one, if there is any."""
    for conversation in line_waits.without_line(uow):
        if line_id := line_for(uow, conversation):
            uow.session.flush()
            line_waits.resume(uow, line_id)


def _tell(uow: UnitOfWork, text: str, tag: str) -> None:
    portal = portals.current(uow)
    if portal is not None and portal.owner_user_id:
        uow.send(NotifyUser(user_id=portal.owner_user_id, text=text, tag=tag))


def words(t: Texts) -> dict[str, str]:
    """Say each trouble of a line to an employee."""
    return {
        "gone": t("it was deleted, conversations go over another line"),
        "inactive": t("it is switched off, nobody reads what arrives"),
        "unplugged": t("our channel is switched off on it"),
        "empty": t("no operator is in its queue"),
        "offline": t("no operator is online"),
        "loud": t("it makes leads or sends texts of its own"),
    }


def nobody_reads(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Tell whether nobody is at the line that a conversation goes over."""
    line = _find(uow, line_for(uow, conversation))
    return line is not None and bool((SPEECHLESS | {"offline"}) & set(line.troubles))
