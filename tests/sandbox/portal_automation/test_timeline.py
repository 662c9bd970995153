"""Comments, log entries, bindings, icons: as the documentation shows them."""

from __future__ import annotations

import base64

from tests.sandbox.portal_automation.world import World

GIF = "R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="
PNG_24 = base64.b64encode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x18\x00\x00\x00\x18").decode()


def test_comment_with_files_is_read_back_and_its_file_downloads(world: World) -> None:
    """A comment keeps its text, author and files, and the file's address gives the file."""
    deal = world.deal()
    fields = {"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "New comment", "FILES": [["1.gif", GIF]]}
    comment = world.result("crm.timeline.comment.add", fields=fields)
    read = world.result("crm.timeline.comment.get", id=comment)
    assert (read["COMMENT"], read["AUTHOR_ID"], read["ENTITY_TYPE"]) == ("New comment", "1", "deal")
    (file,) = read["FILES"].values()
    assert file["name"] == "1.gif"
    assert world.session.get(file["urlDownload"], timeout=10).content == base64.b64decode(GIF)


def test_comment_add_accepts_only_lower_case_fields(world: World) -> None:
    """The key FIELDS in capitals is refused as a missing parameter."""
    fields = {"ENTITY_ID": world.deal(), "ENTITY_TYPE": "deal", "COMMENT": "x"}
    assert world.error("crm.timeline.comment.add", FIELDS=fields) == "100"


def test_comment_on_nothing_and_empty_comment_are_refused(world: World) -> None:
    """An absent owner and an empty text have their documented codes."""
    fields = {"ENTITY_ID": 99, "ENTITY_TYPE": "deal", "COMMENT": "x"}
    assert world.error("crm.timeline.comment.add", fields=fields) == "OWNER_NOT_FOUND"
    fields = {"ENTITY_ID": world.deal(), "ENTITY_TYPE": "deal", "COMMENT": " "}
    assert world.error("crm.timeline.comment.add", fields=fields) == "INVALID_ARG_VALUE"


def test_comment_event_reaches_the_subscriber(world: World) -> None:
    """onCrmTimelineCommentAdd carries the id."""
    world.bind("onCrmTimelineCommentAdd", "/comment")
    fields = {"ENTITY_ID": world.deal(), "ENTITY_TYPE": "deal", "COMMENT": "x"}
    comment = world.result("crm.timeline.comment.add", fields=fields)
    (event,) = world.heard("/comment")
    assert event["data"] == {"ID": str(comment)}


def test_bound_twice_needs_the_owner_to_delete(world: World) -> None:
    """A comment shown on two deals is deleted from the named one only."""
    first, second = world.deal(), world.deal()
    fields = {"ENTITY_ID": first, "ENTITY_TYPE": "deal", "COMMENT": "x"}
    comment = world.result("crm.timeline.comment.add", fields=fields)
    bound = {"OWNER_ID": comment, "ENTITY_ID": second, "ENTITY_TYPE": "deal"}
    assert world.result("crm.timeline.bindings.bind", fields=bound) is True
    assert world.error("crm.timeline.comment.delete", id=comment) == "MULTIPLE_BINDINGS"
    assert world.result("crm.timeline.comment.delete", id=comment, ownerTypeId=2, ownerId=first) is None
    listed = world.result("crm.timeline.comment.list", filter={"ENTITY_ID": second, "ENTITY_TYPE": "deal"})
    assert [row["ID"] for row in listed] == [str(comment)]


def test_log_entries_come_newest_first_in_pages_of_ten(world: World) -> None:
    """The list of log entries pages by ten and counts all."""
    deal = world.deal()
    for number in range(12):
        fields = {"entityTypeId": 2, "entityId": deal, "title": f"t{number}", "text": "x", "iconCode": "info"}
        world.result("crm.timeline.logmessage.add", fields=fields)
    answer = world.rest("crm.timeline.logmessage.list", entityTypeId=2, entityId=deal)
    assert (len(answer["result"]), answer["total"], answer["next"]) == (10, 12, 10)
    assert answer["result"][0]["title"] == "t11"


def test_log_entry_is_deleted_only_by_its_application(world: World) -> None:
    """An entry added by a webhook is not the application's to delete."""
    deal = world.deal()
    fields = {"entityTypeId": 2, "entityId": deal, "title": "t", "text": "x", "iconCode": "info"}
    foreign = world.hook("crm.timeline.logmessage.add", fields=fields)["result"]["logMessage"]["id"]
    own = world.result("crm.timeline.logmessage.add", fields=fields)["logMessage"]["id"]
    assert world.error("crm.timeline.logmessage.delete", id=foreign) == "REMOVING_DISABLED"
    assert world.result("crm.timeline.logmessage.delete", id=own) is True


def test_icon_must_be_a_png_of_the_documented_size(world: World) -> None:
    """A 24x24 PNG is accepted as an icon, not as a logo, and other content is refused."""
    assert world.result("crm.timeline.icon.add", code="lot", fileContent=PNG_24)["icon"]["isSystem"] is False
    assert world.error("crm.timeline.logo.add", code="lot", fileContent=PNG_24) == "INVALID_ARG_VALUE"
    assert world.error("crm.timeline.icon.add", code="gif", fileContent=GIF) == "INVALID_ARG_VALUE"


def test_user_without_rights_may_not_comment(world: World) -> None:
    """An employee without CRM rights is refused."""
    deal = world.deal()
    world.token = world.token_of("4")
    fields = {"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "x"}
    assert world.error("crm.timeline.comment.add", fields=fields) == "ACCESS_DENIED"


def test_deleted_deal_takes_its_records_along(world: World) -> None:
    """Comments go with the deal they stand on."""
    deal = world.deal()
    fields = {"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "x"}
    comment = world.result("crm.timeline.comment.add", fields=fields)
    world.result("crm.item.delete", entityTypeId=2, id=deal)
    assert world.error("crm.timeline.comment.get", id=comment) == ""
