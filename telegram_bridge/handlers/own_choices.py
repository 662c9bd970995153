"""A person's own choices in the chat: which notices come, the consents, a copy of the data, deleting the account.

Called by the handlers of commands and of pressed buttons.
"""

from __future__ import annotations

from b24app.domain.people import TOPICS
from b24app.domain.quiet import NOTICE_KINDS
from b24app.i18n import Texts
from b24app.services import automation, people, personal_data
from b24app.services.industries import pack
from b24app.services.notices import escaped, kind_name
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply, out_of_date

NIGHT = (22, 8)
Answer = tuple[str, Buttons]


def notices(reply: Reply) -> Answer:
    """Show which notices come and whether the night is quiet, each to be switched by a press."""
    t, person = reply.t, reply.person
    rows: Buttons = [
        [{"text": f"{'✅' if kind not in person.muted else '▫️'} {kind_name(kind, t)}", "data": f"notice:{kind}"}]
        for kind in NOTICE_KINDS
    ]
    quiet = person.quiet_from is not None
    hours = (person.quiet_from, person.quiet_until) if quiet else NIGHT
    words = t("Quiet from {start}:00 to {end}:00", start=hours[0], end=hours[1])
    rows.append([{"text": f"{'✅' if quiet else '▫️'} {words}", "data": "notice:quiet"}])
    text = t("Press what you want to switch on or off. What concerns your account always arrives.")
    title = t("🔔 Notices")
    return f"<b>{escaped(title)}</b>\n{escaped(text)}", [*rows, _settings(t), back(t)]


def switch_notice(reply: Reply, what: str) -> Answer:
    """Switch one kind of notices, or the quiet hours."""
    person = reply.person
    quiet = None if person.quiet_from is None or person.quiet_until is None else (person.quiet_from, person.quiet_until)
    wanted = [kind for kind in NOTICE_KINDS if kind not in person.muted]
    if what == "quiet":
        quiet = None if quiet else NIGHT
    elif what in NOTICE_KINDS:
        wanted = [kind for kind in wanted if kind != what] if what in wanted else [*wanted, what]
    else:
        raise out_of_date()
    people.choose_notices(reply.uow, person, wanted, quiet)
    return notices(reply)


def consents(reply: Reply) -> Answer:
    """Read the consents with what was answered, each to be given or taken back by a press."""
    t = reply.t
    title = t("🔒 Consents and my data")
    lines, rows = [f"<b>{escaped(title)}</b>"], []
    for topic in TOPICS:
        given = people.running_consent(reply.uow, reply.person, topic) is not None
        versions = pack().consents[topic]
        name = {"processing": t("Processing of my data"), "marketing": t("News and offers")}[topic]
        lines.append(
            f"\n{'✅' if given else '▫️'} <b>{escaped(name)}</b>\n{escaped(versions[max(versions)][t.language])}"
        )
        words = t("Take back: {consent}", consent=name) if given else t("Agree: {consent}", consent=name)
        rows.append([{"text": words, "data": f"mine:{topic}"}])
    return "\n".join(lines), [
        *rows,
        [{"text": t("📄 A copy of my data"), "data": "mine:copy"}],
        [{"text": t("🗑 Delete my account"), "data": "mine:delete"}],
        _settings(t),
        back(t),
    ]


def decide(reply: Reply, what: str) -> Answer | str:
    """Give or take back a consent; send a copy of the data; delete the account after asking once more."""
    t, uow, person = reply.t, reply.uow, reply.person
    if what == "copy":
        reply.send_data_copy()
        return t("The copy comes as a file in a moment. You can ask for one every hour.")
    if what == "delete":
        question = t("Delete your account? Your name, contacts and files are removed; this cannot be undone.")
        return escaped(question), [[{"text": t("Yes, delete"), "data": "mine:delete_yes"}], back(t)]
    if what == "delete_yes":
        personal_data.erase(uow, person)
        return t("Your account is deleted.")
    if what not in TOPICS:
        raise out_of_date()
    given = people.running_consent(uow, person, what) is None
    people.consent(uow, person, what, given)
    if what == "processing" and not given:
        automation.consent_withdrawn(uow, person)
    uow.session.flush()
    return consents(reply)


def _settings(t: Texts) -> list[dict[str, str]]:
    return [{"text": t("⚙️ Settings"), "data": "menu:settings"}]
