"""What the bot offers a person at each stage and in each role: sentences with their buttons.

Called by handlers. Nothing but registration and settings is offered before the questionnaire is complete. Knows the addresses of
the Mini App's screens; the screens themselves are its own affair.
"""

from __future__ import annotations

from html import escape

from b24app.i18n import LANGUAGE_NAMES, LANGUAGES, Texts
from b24app.services.industries import pack
from b24app.services.screens import CORRECTIONS, HOME, NEW_LOT
from telegram_bridge.reply import Buttons


def language_question() -> tuple[str, Buttons]:
    """Ask for the language in all of them: nothing is known of the person yet."""
    text = "Выберите язык\nTilni tanlang\nChoose your language"
    return text, [[{"text": LANGUAGE_NAMES[code], "data": f"lang:{code}"}] for code in LANGUAGES]


def description(t: Texts) -> str:
    """Say what this place is; also shown by Telegram before the first start (512 characters at most)."""
    return t(
        "{industry}: a marketplace of verified factories. Everything between a buyer and a factory goes through us:"
        " we check companies, keep every word on record and protect both sides.",
        industry=_industry(t),
    )


def _industry(t: Texts) -> str:
    return pack().labels[t.language]


def short_description(t: Texts) -> str:
    """Say what this place is in one line of the bot's profile (120 characters at most)."""
    return t("{industry}: verified factories and their buyers, lots, offers, talks, contracts.", industry=_industry(t))


def role_question(t: Texts) -> tuple[str, Buttons]:
    """Ask what the person came for."""
    buttons = [
        [{"text": t("🛍 I am a buyer"), "data": "role:buyer"}],
        [{"text": t("🏭 I am a factory"), "data": "role:factory"}],
    ]
    question = t("Who are you?")
    return f"{description(t)}\n\n<b>{question}</b>", buttons


def questionnaire(t: Texts, role: str) -> tuple[str, Buttons]:
    """Invite to the questionnaire of the chosen role."""
    text = (
        t("Please tell us about your company. It takes about five minutes; you can stop at any time and go on later.")
        if role == "buyer"
        else t(
            "Please tell us about your factory. It takes about ten minutes; you can stop at any time and go on later."
        )
    )
    return text, [
        [{"text": t("📝 Fill in the questionnaire"), "web_app": f"{HOME}form/{role}"}],
        [{"text": t("💬 Answer here in the chat"), "data": f"fill:{role}:0"}],
        [{"text": t("⚙️ Settings"), "data": "menu:settings"}],
    ]


def submitted(t: Texts) -> tuple[str, Buttons]:
    """Say that the questionnaire is being checked."""
    text = t("Thank you! Your questionnaire is with our managers. You will hear from us here as soon as it is checked.")
    return text, [
        [{"text": t("💬 Talk to a manager"), "data": "menu:help"}],
        [{"text": t("⚙️ Settings"), "data": "menu:settings"}],
    ]


def corrections(t: Texts) -> tuple[str, Buttons]:
    """Ask for the answers that the manager returned."""
    text = t("Our manager asks you to correct some answers. Only those are open, everything else is kept.")
    return text, [
        [{"text": t("📝 Correct the answers"), "web_app": CORRECTIONS}],
        [{"text": t("💬 Answer here in the chat"), "data": "fill:mend:0"}],
        [{"text": t("💬 Talk to a manager"), "data": "menu:help"}],
        [{"text": t("⚙️ Settings"), "data": "menu:settings"}],
    ]


def main_menu(t: Texts, role: str, company_name: str) -> tuple[str, Buttons]:
    """Give the menu of an accepted buyer or factory."""
    question = t("What would you like to do?")
    heading = f"<b>{escape(company_name, quote=False)}</b>\n{question}"
    first: Buttons = (
        [
            [{"text": t("➕ Place an order"), "web_app": NEW_LOT}],
            [{"text": t("📦 My lots"), "web_app": f"{HOME}lots"}],
        ]
        if role == "buyer"
        else [
            [{"text": t("📥 Lots for me"), "web_app": f"{HOME}tenders"}],
            [{"text": t("📄 My offers"), "web_app": f"{HOME}offers"}],
        ]
    )
    in_chat = [{"text": t("📋 Lots here in the chat"), "data": "menu:lots"}]
    if role == "factory":
        in_chat.append({"text": t("📄 Offers here in the chat"), "data": "menu:offers"})
        first.append([{"text": t("📊 Statistics"), "data": "menu:statistics"}])
    else:
        in_chat.append({"text": t("🔎 Factories here in the chat"), "data": "menu:catalogue"})
    return heading, [
        *first,
        in_chat,
        [{"text": t("💬 My chats"), "data": "menu:chats"}, {"text": t("🏭 My orders"), "data": "menu:orders"}],
        [{"text": t("⚙️ Settings"), "data": "menu:settings"}, {"text": t("❓ Help"), "data": "menu:help"}],
    ]


def settings_menu(t: Texts, role: str) -> tuple[str, Buttons]:
    """Offer what can be changed at any time: language, role, consents."""
    other = "factory" if role == "buyer" else "buyer"
    switch = t("🏭 Act as a factory") if other == "factory" else t("🛍 Act as a buyer")
    rows: Buttons = [[{"text": LANGUAGE_NAMES[code], "data": f"lang:{code}"} for code in LANGUAGES]]
    if role:
        rows.append([{"text": switch, "data": f"role:{other}"}])
        rows.append([{"text": t("✏️ Company profile"), "data": "change:0"}])
        rows.append([{"text": t("🔔 Notices"), "data": "menu:notices"}, {"text": t("👥 Team"), "data": "menu:team"}])
        rows.append([{"text": t("🔒 Consents and my data"), "data": "menu:consents"}])
    rows.append([{"text": t("📱 All settings"), "web_app": f"{HOME}settings"}])
    rows.append(back(t))
    title, text = t("Settings"), t("Choose the language of messages and screens, or what you want to change.")
    return f"<b>{title}</b>\n{text}", rows


def back(t: Texts) -> list[dict[str, str]]:
    """Give the row that leads back to the menu."""
    return [{"text": t("⬅️ Main menu"), "data": "menu:menu"}]


COMMANDS = ("start", "menu", "lots", "offers", "orders", "catalogue", "chats", "settings", "language", "help")


def command_texts(t: Texts) -> dict[str, str]:
    """Describe each command for the list that Telegram shows."""
    return {
        "start": t("Begin"),
        "menu": t("Main menu"),
        "lots": t("Lots"),
        "offers": t("My offers"),
        "orders": t("My orders"),
        "catalogue": t("Catalogue of factories"),
        "chats": t("My chats"),
        "settings": t("Settings"),
        "language": t("Change the language"),
        "help": t("Talk to a manager"),
    }
