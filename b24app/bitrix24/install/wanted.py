"""The manifest as a list of elements to be brought onto the portal, each with the call that makes it. Pure.

An element's key (`robot:publish_lot`) names it for ever; its fingerprint changes when anything about it does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from b24app.bitrix24 import bizproc, fields
from b24app.bitrix24.addresses import Addresses
from b24app.bitrix24.install import process_fields
from b24app.domain.industries import Pack, said
from b24app.manifest import ACTIVITY_SUFFIX, Manifest, Stage
from b24app.manifest.elements import ACTIVITY_ONLY, OBJECTS

DEAL = 2
ROBOT_FORM = "robot_settings"
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
    "<path fill='none' stroke='#fff' stroke-width='2' stroke-linejoin='round' d='M5 7h22v14H15l-6 5v-5H5z'/>"
    "<path stroke='#fff' stroke-width='2' stroke-linecap='round' d='M10 12h12M10 16h8'/></svg>"
)


@dataclass(frozen=True)
class Element:
    """One thing on the portal. `title` is for people; `payload` is everything that makes it what it is."""

    key: str
    title: str
    payload: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The part of the key before the colon."""
        return self.key.partition(":")[0]

    @property
    def name(self) -> str:
        """The part of the key behind the colon."""
        return self.key.partition(":")[2]

    @property
    def fingerprint(self) -> str:
        """A digest of the payload."""
        return hashlib.sha256(json.dumps(self.payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def wanted_elements(manifest: Manifest, pack: Pack, addresses: Addresses, language: str, app_id: str) -> list[Element]:
    """Give every element in the order in which they must be made; created texts are in `language`, `app_id` is our number there."""
    return [
        *_pipelines(manifest, language),
        *_processes(manifest, language),
        *_field_types(manifest, addresses, language),
        *_fields(manifest, pack, language, app_id),
        *_automation(manifest, addresses, language),
        *_triggers(manifest, language),
        *_placements(manifest, addresses, language),
        *_events(manifest, addresses),
        *_connector(manifest, addresses, language),
    ]


def _pipelines(manifest: Manifest, language: str) -> Iterator[Element]:
    for number, (code, pipeline) in enumerate(manifest.pipelines.items()):
        title = pipeline.title.of(language)
        yield Element(f"pipeline:{code}", title, {"name": title, "sort": (number + 1) * 100})
        yield from _stages(code, title, pipeline.stages, language)


def _stages(code: str, title: str, stages: Mapping[str, Stage], language: str) -> Iterator[Element]:
    for place, (stage_code, stage) in enumerate(stages.items()):
        name = stage.title.of(language)
        payload = {
            "STATUS_ID": stage.status or stage_code.upper(),
            "NAME": name,
            "SORT": (place + 1) * 10,
            "COLOR": stage.color,
            "SEMANTICS": {"success": "S", "failure": "F"}.get(stage.semantics, ""),
        }
        yield Element(f"stage:{code}.{stage_code}", f"{title}: {name}", payload)


def _processes(manifest: Manifest, language: str) -> Iterator[Element]:
    for code, process in manifest.processes.items():
        title = process.title.of(language)
        # Automation for our robots, the client for the company; one pipeline, since the stages say everything.
        switched_on = ("isStagesEnabled", "isAutomationEnabled", "isBizProcEnabled", "isClientEnabled")
        payload = {"title": title, **dict.fromkeys(switched_on, "Y")}
        yield Element(f"process:{code}", title, payload)
        yield from _stages(code, title, process.stages, language)


def _field_types(manifest: Manifest, addresses: Addresses, language: str) -> Iterator[Element]:
    for code, kind in manifest.field_types.items():
        title = kind.title.of(language)
        payload = {
            "USER_TYPE_ID": code,
            "HANDLER": addresses.placement(code),
            "TITLE": title,
            "DESCRIPTION": kind.description.of(language),
            "OPTIONS": {"height": kind.height},
        }
        yield Element(f"field_type:{code}", title, payload)


def _fields(manifest: Manifest, pack: Pack, language: str, app_id: str) -> Iterator[Element]:
    for object_name, declared in fields.declared_fields(manifest, pack).items():
        for number, spec in enumerate(declared.values()):
            making = fields.creation if object_name in OBJECTS else process_fields.creation
            # The portal knows a kind of ours by its code and the number it gave this application: userfieldtype.add.
            drawn = replace(spec, type=f"rest_{app_id}_{spec.type}") if spec.type in manifest.field_types else spec
            payload = making(drawn, language, (number + 1) * 10)
            yield Element(f"field:{object_name}.{spec.code}", said(spec.words, language), payload)


def _automation(manifest: Manifest, addresses: Addresses, language: str) -> Iterator[Element]:
    for kind, suffix, declared in (("robot", "", manifest.robots), ("activity", ACTIVITY_SUFFIX, manifest.activities)):
        for name, robot in declared.items():
            code = name + suffix
            staged = tuple(document for document in robot.documents if document not in ACTIVITY_ONLY)
            offered = replace(robot, documents=staged) if kind == "robot" else robot
            form = addresses.placement(ROBOT_FORM)
            payload = bizproc.registration(code, offered, handler=addresses.robot(code), form=form, language=language)
            yield Element(f"{kind}:{code}", robot.title.of(language), payload)


def _triggers(manifest: Manifest, language: str) -> Iterator[Element]:
    for code, trigger in manifest.triggers.items():
        title = trigger.title.of(language)
        yield Element(f"trigger:{code}", title, {"CODE": code, "NAME": title})


def _placements(manifest: Manifest, addresses: Addresses, language: str) -> Iterator[Element]:
    for code, placement in manifest.placements.items():
        title = placement.title.of(language)
        payload: dict[str, Any] = {
            "PLACEMENT": placement.placement,
            "HANDLER": addresses.placement(code),
            "TITLE": title,
        }
        if placement.options:
            payload["OPTIONS"] = dict(placement.options)
        if language != "uz":
            payload["LANG_ALL"] = {lang: {"TITLE": text} for lang, text in placement.title.portal_map().items()}
        yield Element(f"placement:{code}", title, payload)


def _events(manifest: Manifest, addresses: Addresses) -> Iterator[Element]:
    for event in manifest.events.online:
        yield Element(f"event:{event}", event, {"event": event, "handler": addresses.events})
    for event in manifest.events.offline:
        yield Element(f"offline:{event}", event, {"event": event, "event_type": "offline"})


def _connector(manifest: Manifest, addresses: Addresses, language: str) -> Iterator[Element]:
    connector = manifest.connector
    title = connector.title.of(language)
    icon = {
        "DATA_IMAGE": f"data:image/svg+xml,{quote(ICON)}",
        "COLOR": connector.color,
        "SIZE": "90%",
        "POSITION": "center",
    }
    payload = {
        "ID": connector.id,
        "NAME": title,
        "ICON": icon,
        "ICON_DISABLED": icon,
        "PLACEMENT_HANDLER": addresses.connector,
        "CHAT_GROUP": True,
        "NEED_SIGNATURE": False,
        "NEED_SYSTEM_MESSAGES": False,
        "NEWSLETTER": False,
    }
    yield Element(f"connector:{connector.id}", title, payload)
    line_title = connector.line_title.of(language)
    yield Element(f"line:{connector.id}", line_title, {"CONNECTOR": connector.id, "LINE_NAME": line_title})
