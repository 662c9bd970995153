"""Pages as HTML: who may see what, what they hold, how they take hostile text and bad requests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandbox.portal.pages import automation, bbcode, menu, people, rendering, texts
from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import look, write_from_outside

EVERY_PAGE = [
    "/crm/deal/kanban/category/0/",
    "/crm/lead/list/",
    "/crm/contact/list/",
    "/crm/deal/automation/0/",
    "/online/",
    "/apps/",
    "/contact_center/",
    "/company/",
    "/bizproc/userprocesses/",
    "/company/personal/user/1/tasks/",
    "/notifications/",
    "/panel/",
]
SPOKEN = re.compile(r"""(?<![\w.])t\(\s*(?:"([^"]+)"|'([^']+)')""")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_of_an_empty_portal_is_shown(world: World, path: str) -> None:
    """A fresh portal shows each page to its administrator, in the language of the person."""
    answer = look(world, path)
    assert answer.status_code == 200
    assert '<html lang="ru">' in answer.text
    assert '<html lang="en">' in look(world, "/online/", "3").text


def test_rights_in_crm_decide_what_is_seen(world: World) -> None:
    """Without rights CRM answers 403; with rights to own items other people's neither stand on the kanban nor open."""
    foreign, own = world.deal(title="Foreign lot", assignedById=1), world.deal(title="Own lot", assignedById=3)
    assert look(world, "/crm/deal/kanban/category/0/", "4").status_code == 403
    assert look(world, f"/crm/deal/details/{own}/", "4").status_code == 403
    assert "/crm/deal/" not in look(world, "/online/", "4").text
    board = look(world, "/crm/deal/kanban/category/0/", "3").text
    assert "Own lot" in board
    assert "Foreign lot" not in board
    assert look(world, f"/crm/deal/details/{foreign}/", "3").status_code == 403


def test_only_administrators_see_settings(world: World) -> None:
    """Automation, keys of applications and the control panel are closed to managers."""
    for path in ("/crm/deal/automation/0/", f"/apps/{world.app['app_id']}/", "/panel/"):
        assert look(world, path, "2").status_code == 403
    assert world.app["client_secret"] not in look(world, "/apps/", "2").text


def test_addresses_that_lead_nowhere(world: World) -> None:
    """An unknown item, pipeline, application or dialog is a page with status 404, not a crash."""
    paths = ["/crm/deal/details/999/", "/crm/deal/kanban/category/77/", "/crm/type/999/", "/marketplace/app/99/"]
    for path in [*paths, "/online/5/", "/contact_center/connector/?ID=none"]:
        assert look(world, path).status_code == 404, path


def test_hostile_text_stays_text(world: World) -> None:
    """Markup in titles, comments, messages and names is shown as it was typed and never becomes markup."""
    hostile = "<img src=x onerror=alert(1)>'\"</script>"
    deal = world.deal(title=hostile)
    world.hook("crm.timeline.comment.add", fields={"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": hostile})
    write_from_outside(world, hostile)
    for path in ("/crm/deal/kanban/category/0/", f"/crm/deal/details/{deal}/", "/online/1/", "/crm/deal/list/"):
        assert "<img src=x" not in look(world, path).text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[b]bold[/b]", "<strong>bold</strong>"),
        ("[b]open", "<strong>open</strong>"),
        ("[/b]shut", "shut"),
        ("[b][i]crossed[/b][/i]", "<strong><em>crossed</em></strong>"),
        ("[url=javascript:alert(1)]x[/url]", "x"),
        ("[url=/crm/deal/details/1/]deal[/url]", '<a href="/crm/deal/details/1/">deal</a>'),
        ("<b>[br]&", "&lt;b&gt;<br>&amp;"),
        ("[user=5]Ann[/user]", '<span class="person">Ann</span>'),
        ('[url=https://a.example/"onclick="x]y[/url]', None),
    ],
)
def test_bb_codes(text: str, html: str | None) -> None:
    """Known codes become balanced elements, dangerous addresses and all other markup stay text."""
    made = bbcode.html(text)
    if html is None:
        assert '"onclick="' not in made
    else:
        assert made == html


def test_a_foreign_page_cannot_act(world: World) -> None:
    """Actions are taken only as JSON, which no form of another site can send in a person's name."""
    deal = world.deal()
    body = {"method": "crm.item.delete", "params": f'{{"entityTypeId": 2, "id": {deal}}}'}
    assert world.session.post(f"{world.url}/pages/call", data=body, timeout=30).status_code == 415
    assert look(world, f"/crm/deal/details/{deal}/").status_code == 200


def test_actions_run_with_the_rights_of_the_person(world: World) -> None:
    """A method called from a page is refused to a person without rights, with the code and text of the method."""
    deal = world.deal()
    asked = {"method": "crm.item.update", "params": {"entityTypeId": 2, "id": int(deal), "fields": {"title": "x"}}}
    answer = world.session.post(f"{world.url}/pages/call", json=asked, cookies={"sandbox_user": "4"}, timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (400, "ACCESS_DENIED")


def test_a_frame_is_known_by_its_own_token_only(world: World) -> None:
    """Another person's token, or none, gets neither fresh tokens nor the end of an installation."""
    foreign = world.token_of("2")
    for path in ("init", "refresh", "finish", "option"):
        for token in (foreign, "", "nonsense"):
            answer = world.session.post(f"{world.url}/pages/frame/{path}", json={"token": token}, timeout=30)
            assert answer.status_code == 403


def test_signing_in_stays_on_the_portal(world: World) -> None:
    """The switcher remembers the person and leads back to the page, never to a foreign address."""
    for back, target in (("/online/", "/online/"), ("//evil.example/", "/"), ("https://evil.example", "/")):
        form = {"user": "2", "language": "ru", "back": back}
        answer = world.session.post(f"{world.url}/pages/sign-in", data=form, allow_redirects=False, timeout=30)
        assert (answer.status_code, answer.headers["Location"]) == (303, target)
        assert answer.cookies["sandbox_user"] == "2"


def test_every_text_is_translated() -> None:
    """Whatever templates, scripts and sections say in English is said in Russian too."""
    said = {
        "No access",
        "Not found",
        "There is no such page.",
        *people.RIGHTS.values(),
        *(title for _, title in menu.CRM),
    }
    for title, properties in automation.OWN.values():
        said |= {title, *(name for name, _ in properties.values())}
    for source in [*_sources("templates", "*.html"), *_sources("static", "*.js")]:
        said |= {first or second for first, second in SPOKEN.findall(source.read_text(encoding="utf-8"))}
    assert sorted(said - set(texts.table("ru"))) == []


def _sources(folder: str, pattern: str) -> list[Path]:
    return sorted((rendering.FOLDER / folder).glob(pattern))


def test_a_lot_of_deals(world: World) -> None:
    """A stage with more deals than fit shows the newest 50, their whole number and the way to all of them."""
    for number in range(55):
        world.deal(title=f"Deal {number}")
    board = look(world, "/crm/deal/kanban/category/0/").text
    assert board.count('class="tile"') == 50
    assert '<span class="column__count">55</span>' in board
    assert "?start=50" in look(world, "/crm/deal/list/category/0/").text
    assert look(world, "/crm/deal/list/?find=Deal 54").text.count('data-key="row-') == 1
