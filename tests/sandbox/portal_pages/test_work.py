"""A manager's and an administrator's work in a real browser: kanban, card, timeline, chat, automation, settings."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import Desk, write_from_outside

Sit = Callable[..., Desk]


def _stage(world: World, deal: str) -> str:
    return str(world.result("crm.item.get", entityTypeId=2, id=int(deal))["item"]["stageId"])


def test_a_card_is_dragged_to_another_stage(world: World, desk: Sit) -> None:
    """Dropping a card on a column moves the item to that stage."""
    deal = world.deal()
    page = desk().go("/crm/deal/kanban/category/0/")
    page.locator(f".tile[data-id='{deal}']").drag_to(page.locator("[data-stage=PREPARATION] .column__cards"))
    expect(page.locator("[data-stage=PREPARATION] .tile")).to_have_count(1)
    expect(page.locator("[data-stage=PREPARATION] .column__count")).to_have_text("1")
    assert _stage(world, deal) == "PREPARATION"


def test_a_card_is_moved_by_keyboard(world: World, desk: Sit) -> None:
    """The list of stages on a card does what dragging does, and keeps the focus on the card."""
    deal = world.deal()
    page = desk().go("/crm/deal/kanban/category/0/")
    page.locator(f"[data-move='{deal}']").select_option("EXECUTING")
    expect(page.locator("[data-stage=EXECUTING] .tile")).to_have_count(1)
    expect(page.locator(f"[data-move='{deal}']")).to_be_focused()
    assert _stage(world, deal) == "EXECUTING"


def test_pages_follow_the_portal(world: World, desk: Sit) -> None:
    """What others change appears without reloading: on the kanban, on a card, in the bell."""
    deal = world.deal()
    board, card = desk(), desk("2")
    board.go("/crm/deal/kanban/category/0/")
    card.go(f"/crm/deal/details/{deal}/")
    world.result("crm.item.update", entityTypeId=2, id=int(deal), fields={"stageId": "WON", "title": "Renamed"})
    world.result("im.notify.personal.add", USER_ID=2, MESSAGE="[b]Look[/b]")
    expect(board.page.locator("[data-stage=WON] .tile")).to_contain_text("Renamed")
    expect(card.page.locator("h1")).to_have_text("Renamed")
    expect(card.page.locator("#stages [aria-current]")).to_have_text("Сделка успешна")
    expect(card.page.locator("#bell .badge")).to_have_text("1")


def test_a_field_is_changed_in_place(world: World, desk: Sit) -> None:
    """Custom fields stand in a group of their own and are edited on the card; a refusal is shown and changes nothing."""
    world.hook(
        "crm.deal.userfield.add", fields={"FIELD_NAME": "CUT", "USER_TYPE_ID": "string", "EDIT_FORM_LABEL": "Cut"}
    )
    deal = world.deal()
    window = desk("2")
    page = window.go(f"/crm/deal/details/{deal}/")
    group = page.locator("section", has=page.get_by_role("heading", name="Поля портала"))
    group.locator("summary").click()
    group.get_by_label("Изменить: Cut").click()
    page.keyboard.type("slim")
    page.keyboard.press("Enter")
    expect(group.locator("[data-field=UF_CRM_CUT] .facts__value")).to_have_text("slim")
    expect(page.get_by_label("Изменить: Cut")).to_be_focused()
    world.control("users/2", CRM_ACCESS="own")
    page.get_by_label("Изменить: Cut").click()
    page.keyboard.type(" fit")
    page.keyboard.press("Enter")
    expect(page.locator(".toast--bad")).to_be_visible()
    assert world.result("crm.item.get", entityTypeId=2, id=int(deal))["item"]["ufCrmCut"] == "slim"


def _layout() -> dict[str, object]:
    allow = {"type": "restEvent", "id": "allow", "animationType": "loader", "actionParams": {"offer": "7"}}
    site = {"type": "openRestApp", "actionParams": {"offer": "7"}}
    text = {"type": "text", "properties": {"value": {"ru": "Цена 3,05 $", "en": "Price 3.05 $"}}}
    return {
        "icon": {"code": "info"},
        "header": {"title": "Offer", "tags": {"new": {"title": "New", "type": "success"}}},
        "body": {"logo": {"code": "comment"}, "blocks": {"price": text}},
        "footer": {
            "buttons": {
                "allow": {"title": "Allow", "type": "primary", "action": allow},
                "look": {"title": "Look", "type": "secondary", "action": site},
            }
        },
    }


def test_buttons_of_a_card_in_the_timeline(world: World, desk: Sit) -> None:
    """A pressed button reaches the application, the card waits until it answers; openRestApp opens a panel."""
    deal = world.deal()
    world.bind("onCrmTimelineItemAction", "/action")
    made = world.result(
        "crm.activity.configurable.add", ownerTypeId=2, ownerId=int(deal), fields={"completed": "N"}, layout=_layout()
    )
    window = desk()
    page = window.go(f"/crm/deal/details/{deal}/")
    entry = page.locator("[data-entry]", has_text="Offer")
    expect(entry).to_contain_text("Цена 3,05 $")
    entry.get_by_role("button", name="Look").click()
    expect(window.frame().locator("#where")).to_have_text("/app")
    assert window.ask("b24.placement.options")["offer"] == "7"
    page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
    entry.get_by_role("button", name="Allow").click()
    expect(entry.get_by_role("status")).to_be_visible()
    expect(entry.get_by_role("button", name="Allow")).to_be_disabled()
    [pressed] = world.heard("/action")
    assert (pressed["data"]["id"], pressed["data"]["offer"], pressed["data"]["userId"]) == ("allow", "7", "1")
    done = {"id": made["activity"]["id"], "fields": {"completed": "Y"}, "layout": _layout()}
    world.result("crm.activity.configurable.update", **done)
    expect(entry.get_by_role("status")).to_have_count(0)
    expect(entry).to_contain_text("Готово")


def test_comments_and_stage_moves_stand_on_the_timeline(world: World, desk: Sit) -> None:
    """A comment with a file and a move by a stage button appear on the timeline of the card."""
    deal = world.deal()
    page = desk().go(f"/crm/deal/details/{deal}/")
    page.locator("#comment textarea").fill("Call [b]today[/b]")
    page.locator("#comment input[type=file]").set_input_files(
        {"name": "price.txt", "mimeType": "text/plain", "buffer": b"3.05"}
    )
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.locator("#feed strong", has_text="today")).to_be_visible()
    expect(page.locator("#feed a", has_text="price.txt")).to_be_visible()
    page.locator("#stages [data-stage=WON]").click()
    expect(page.locator("#feed")).to_contain_text("Стадия изменена: Сделка успешна")
    assert _stage(world, deal) == "WON"


def test_an_operator_works_in_the_open_line(world: World, desk: Sit) -> None:
    """Unread marks, answering, writing with a file, changing, deleting and finishing reach the connector."""
    world.bind("OnImConnectorMessageAdd", "/added")
    world.bind("OnImConnectorMessageDelete", "/deleted")
    write_from_outside(world, "Hello [b]there[/b]")
    window = desk()
    window.page.on("dialog", lambda dialog: dialog.accept())
    page = window.go("/online/")
    expect(page.locator(".dialog .badge")).to_be_visible()
    page.locator(".dialog").click()
    expect(page.locator(".message strong", has_text="there")).to_be_visible()
    page.get_by_role("button", name="Ответить").click()
    expect(page.locator(".message--system").last).to_contain_text("начал диалог")
    page.get_by_label("Сообщение").fill("Good day")
    page.locator("#write input[type=file]").set_input_files(
        {"name": "terms.txt", "mimeType": "text/plain", "buffer": b"FOB"}
    )
    expect(page.locator("#write .files")).to_have_text("📎 terms.txt")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Отправить").click()
    mine = page.locator(".message--out")
    expect(mine).to_contain_text("Good day")
    expect(mine.get_by_role("link", name="terms.txt")).to_be_visible()
    [added] = world.heard("/added")
    item = (
        added["data"]["MESSAGES"]["0"] if isinstance(added["data"]["MESSAGES"], dict) else added["data"]["MESSAGES"][0]
    )
    receipt = {"im": item["im"], "message": {"id": ["901"]}, "chat": item["chat"]}
    world.result("imconnector.send.status.delivery", CONNECTOR="trade", LINE=1, MESSAGES=[receipt])
    expect(mine).to_contain_text("✓✓")
    mine.get_by_label("Изменить").click()
    page.get_by_label("Сообщение").fill("Good evening")
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("Good evening")
    mine.get_by_label("Удалить").click()
    expect(mine).to_contain_text("Сообщение удалено")
    assert len(world.heard("/deleted")) == 1
    page.get_by_role("button", name="Завершить диалог").click()
    expect(page.locator(".chat__head")).to_contain_text("завершён")


def test_a_robot_and_a_trigger_are_placed(world: World, desk: Sit) -> None:
    """The form follows the robot's properties, takes placeholders; the placed robot runs, the trigger is set on the stage."""
    properties = {
        "text": {"Name": "Words", "Type": "text", "Required": "Y"},
        "who": {"Name": "To whom", "Type": "select", "Options": {"buyer": "Buyer", "factory": "Factory"}},
    }
    handler = f"{world.ear.url}/robot"
    world.result("bizproc.robot.add", CODE="say", HANDLER=handler, NAME="Say it", AUTH_USER_ID=1, PROPERTIES=properties)
    world.result("crm.automation.trigger.add", CODE="answered", NAME="A factory answered")
    deal = world.deal(title="Lot 9")
    page = desk().go("/crm/deal/automation/0/")
    column = page.locator("section[data-stage=PREPARATION]")
    column.get_by_role("button", name="+ Робот").click()
    page.locator(".offer", has_text="Say it").click()
    page.locator("[data-property=who] select").select_option("factory")
    words = page.locator("[data-property=text] textarea")
    words.fill("About ")
    page.get_by_label("Подстановка").select_option("{=Document:TITLE}")
    expect(words).to_have_value("About {=Document:TITLE}")
    page.get_by_role("button", name="Сохранить").click()
    expect(column.locator(".robot")).to_contain_text("Say it")
    column.get_by_role("button", name="+ Триггер").click()
    page.locator(".offer", has_text="A factory answered").click()
    expect(column).to_contain_text("answered")
    world.result("crm.item.update", entityTypeId=2, id=int(deal), fields={"stageId": "PREPARATION"})
    [ran] = world.heard("/robot")
    assert ran["properties"] == {"text": "About Lot 9", "who": "factory"}
    page.goto(f"{world.url}/crm/deal/details/{deal}/#tab-log")
    expect(page.locator("#log")).to_contain_text("say")


def test_settings_page_of_a_robot(world: World, desk: Sit) -> None:
    """A robot with its own settings page shows it in a frame; what it sets by setPropertyValue is saved with the robot."""
    address = f"{world.ear.url}/robot"
    properties = {"text": {"Name": "Words", "Type": "string"}}
    world.result(
        "bizproc.robot.add",
        CODE="set",
        HANDLER=address,
        NAME="With page",
        AUTH_USER_ID=1,
        PROPERTIES=properties,
        USE_PLACEMENT="Y",
        PLACEMENT_HANDLER=f"{address}-page",
    )
    window = desk()
    page = window.go("/crm/deal/automation/0/")
    column = page.locator("section[data-stage=NEW]")
    column.get_by_role("button", name="+ Робот").click()
    page.locator(".offer", has_text="With page").click()
    expect(window.frame().locator("#where")).to_have_text("/robot-page")
    assert window.ask("b24.placement.options")["code"] == "set"
    window.ask("b24.placement.call('setPropertyValue', { text: 'chosen: here' })")
    page.get_by_role("button", name="Сохранить").click()
    expect(column.locator(".robot")).to_contain_text("With page")
    [stage] = world.look("automation?entity=2")["stages"]
    assert stage["robots"][0]["properties"] == {"text": "chosen: here"}


def test_a_channel_is_set_up_in_the_contact_center(world: World, desk: Sit) -> None:
    """The tile says where the channel is on; its page holds the application's settings frame and a way to switch it off."""
    world.bind("OnImConnectorStatusDelete", "/off")
    write_from_outside(world, "Hello")
    window = desk()
    page = window.go("/contact_center/")
    page.get_by_role("link", name="Trade chat").click()
    expect(window.frame().locator("#where")).to_have_text("/connector")
    assert window.ask("b24.placement.options")["LINE"] == "1"
    page.get_by_role("button", name="Отключить").click()
    expect(page.locator("#state")).to_contain_text("Не подключено")
    assert len(world.heard("/off")) == 1


def test_employees_and_the_switcher(world: World, desk: Sit) -> None:
    """Rights given on the page of employees work at once; the switcher changes person and language."""
    world.deal(title="Lot 11", assignedById=1)
    page = desk().go("/company/")
    page.locator("[data-user='4'][data-name=CRM_ACCESS]").select_option("all")
    expect(page.locator(".toast")).to_have_text("Сохранено")
    page.get_by_label("Кто вошёл").select_option("4")
    expect(page.locator(".menu")).to_contain_text("Сделки")
    page.get_by_label("Язык", exact=True).select_option("en")
    expect(page.locator(".menu")).to_contain_text("Deals")
    assert world.state.users["4"]["LANGUAGE"] == "en"


def test_the_control_panel(world: World, desk: Sit) -> None:
    """Clock, faults, limits, demo data and snapshots are moved by buttons; recorded calls are listed."""
    page = desk().go("/panel/")
    page.get_by_role("button", name="Запомнить").click()
    page.get_by_role("button", name="Загрузить демо-данные").click()
    expect(page.locator(".toast").last).to_be_visible()
    page.wait_for_function("fetch('/sandbox/health').then((a) => a.json()).then((h) => h.tables.crm_2 === 4)")
    page.get_by_role("button", name="+1 d").click()
    page.locator("#fault [name=action]").select_option("status")
    page.locator("#fault [name=method]").fill("crm.deal.list")
    page.locator("#fault").get_by_role("button", name="Добавить").click()
    expect(page.locator("#faults li")).to_contain_text("status")
    assert world.session.get(f"{world.url}/rest/1/KEY/crm.deal.list", timeout=10).status_code == 500
    page.get_by_role("button", name="Убрать все").click()
    expect(page.locator("#faults li")).to_have_count(0)
    world.hook("profile")
    expect(page.locator("#calls")).to_contain_text("profile")
    page.get_by_role("button", name="Вернуть").click()
    page.wait_for_function("fetch('/sandbox/health').then((a) => a.json()).then((h) => !h.tables.crm_2)")


def test_an_activity_is_completed(world: World, desk: Sit) -> None:
    """A planned activity, a to-do or an application's card, is completed on the timeline by a person."""
    deal = world.deal()
    when = {"deadline": "2030-01-01T12:00:00+03:00", "responsibleId": 1}
    world.hook("crm.activity.todo.add", ownerTypeId=2, ownerId=int(deal), title="Call", description="Ring", **when)
    world.result("crm.activity.configurable.add", ownerTypeId=2, ownerId=int(deal), fields={}, layout=_layout())
    page = desk("2").go(f"/crm/deal/details/{deal}/")
    for words in ("Ring", "Offer"):
        entry = page.locator("[data-entry]", has_text=words)
        entry.get_by_role("button", name="Выполнить").click()
        expect(entry).to_contain_text("Готово")


def test_a_smart_process_has_pages_of_its_own(world: World, desk: Sit) -> None:
    """A smart process stands in the menu, has kanban and cards, and takes new items from the form."""
    fields = {"title": "Factory visits", "isStagesEnabled": "Y", "isCategoriesEnabled": "Y"}
    number = world.hook("crm.type.add", fields=fields)["result"]["type"]["entityTypeId"]
    page = desk().go("/online/")
    page.locator(".menu").get_by_role("link", name="Factory visits").click()
    page.locator("#new-item summary").click()
    page.get_by_label("Название").fill("ABC, May")
    page.locator("#new-item").get_by_role("button", name="Создать").click()
    expect(page.locator("h1")).to_have_text("ABC, May")
    page.locator("#stages button", has_text="Согласование").click()
    expect(page.locator("#stages [aria-current]")).to_have_text("Согласование")
    page.goto(f"{world.url}/crm/type/{number}/")
    expect(page.locator("section[aria-label=Согласование] .tile")).to_contain_text("ABC, May")


def test_a_widget_of_the_chat(world: World, desk: Sit) -> None:
    """Widgets at the text area and the sidebar of a chat open in a panel and know the dialog."""
    options = {"iconName": "fa-star"}
    for place in ("IM_TEXTAREA", "IM_SIDEBAR"):
        handler = f"{world.ear.url}/{place.lower()}"
        world.result("placement.bind", PLACEMENT=place, HANDLER=handler, TITLE=f"Open {place}", OPTIONS=options)
    write_from_outside(world, "Hello")
    window = desk()
    page = window.go("/online/?IM_DIALOG=chat1")
    for place in ("IM_TEXTAREA", "IM_SIDEBAR"):
        page.get_by_role("button", name=f"Open {place}").click()
        expect(window.frame().locator("#where")).to_have_text(f"/{place.lower()}")
        assert window.ask("b24.placement.options")["dialogId"] == "chat1"
        page.get_by_role("dialog").get_by_role("button", name="Закрыть").click()
