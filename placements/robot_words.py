"""What the form of a robot's settings says beside the names of the properties. Called by `robot_settings`; pure."""

from __future__ import annotations

from b24app.i18n import Texts

NUMBERS = {"limit": "limit", "minimum_score": "score", "hours": "hours", "minutes": "minutes"}
"""Whole numbers that have a way of asking of their own."""


def hints(t: Texts, code: str) -> dict[str, str]:
    """Give the sentence under a property, by its name."""
    told = t("Of 100: how well a factory suits the lot by the weights on the page “Matching”. 0 lets everybody in.")
    every = {
        "text_ru": t("Goes to everybody who has no text in a language of their own."),
        "text_uz": t("Empty: the Russian text is sent."),
        "text_en": t("Empty: the Russian text is sent."),
        "minimum_score": told,
        "file": t("Goes right after the text. Anything up to 20 MB; pictures arrive as pictures."),
    }
    if code == "find_matches":
        return {**every, "limit": t("The next steps get the best ones first.")}
    return {**every, "limit": t("A factory that has the lot already is not told again.")}


def explained(t: Texts, code: str) -> dict[str, str]:
    """Give what a choice means, by its value."""
    if code == "wait_for_reply":
        return {
            "factory": t("An offer for the lot, or a message in a conversation of the deal."),
            "buyer": t("A message in any conversation of the deal."),
            "any": t("Whoever is the first."),
        }
    return {
        "buyer": t("Everybody who speaks for the buyer's company."),
        "factory": t("On a lot: factories whose contact is allowed. On an order: its factory."),
        "both": t("Each in their own language."),
        "representative": t("One person: who placed the lot, who registered, the owner of the factory or the company."),
        "item": t("Each side opens its own screen of it."),
    }


def after(t: Texts, code: str) -> str:
    """Say what the next steps may do with what the robot returns."""
    return {
        "notify_factories": t("The next steps know how many factories were told."),
        "wait_for_reply": t(
            "The process stands still until then. The next steps know the text of the reply, who wrote, and whether time ran out: "
            "put that into their condition."
        ),
        "send_telegram": t("The next steps know how many people were written to. Who blocked the bot is left out."),
        "announce_lot": t("When nobody answers in time, the responsible employee gets a notice and a task."),
        "find_matches": t("The next steps get the number of factories, their ids and names, and the best score."),
    }[code]


def presets(t: Texts) -> list[tuple[int, str]]:
    """Give lengths of time that are often chosen, in hours."""
    return [
        (1, t.tn("{count} hour", "{count} hours", 1)),
        (4, t.tn("{count} hour", "{count} hours", 4)),
        (24, t.tn("{count} day", "{count} days", 1)),
        (72, t.tn("{count} day", "{count} days", 3)),
        (168, t.tn("{count} day", "{count} days", 7)),
    ]


def places(t: Texts) -> list[tuple[str, str]]:
    """Give the places that we fill in a text ourselves, with their names."""
    return [
        ("{name}", t("name of the reader")),
        ("{company}", t("company of the reader")),
        ("{lot_number}", t("number of the lot")),
        ("{quantity}", t("quantity of the lot")),
        ("{deadline}", t("last day for offers")),
    ]
