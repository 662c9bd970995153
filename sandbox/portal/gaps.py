"""What the portal as a whole does not simulate; printed by the documentation generator."""

from __future__ import annotations

GENERAL_GAPS = (
    "Plain HTTP only; `.xml` answers do not exist: they are answered 501. Of REST 3.0 there is what its own table names.",
    "Plans and licences: nothing is restricted by tariff, no application payment, no method confirmation.",
    "Rights in CRM are per user (all items, own items, none), not per pipeline, stage or field.",
    "The recycle bin: what is deleted is gone. Lead conversion and exchange rates in amounts do not exist.",
    "Enumerations of documented parameters are not checked in general, only where a method says so.",
    "Unknown parameters are ignored; the time zone of the portal is +03:00 and its own language Russian.",
    "Events are delivered at once; only a slow handler is called less often. Sender addresses are those of this machine.",
    "`operating` counts the time that this program spends, not what a real portal would; limits can pretend a duration.",
    "Frames of applications are not told a theme: the documentation names no field, event or method for it.",
    "Request timeouts of 60 s are not enforced; files are held in the state.",
    (
        "Widgets stand on the pages that exist here: cards, lists, kanban, automation, analytics, messenger, contact center, "
        "menus. Without a page: funnels, tasks, calendar, groups, call card, autocompletes, search in cards, employee cards."
    ),
    (
        "Widgets above the timeline always open as frames: `useBuiltInInterface` and the new-user notification do nothing; "
        "a slow background worker is not unbound."
    ),
)
