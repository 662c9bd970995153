"""Encodings of the wire: query strings and forms with bracketed keys, JSON, multipart; and back to forms.

Used by both worlds to read requests and by event delivery to write them. It must not know any method.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from aiohttp import BodyPartReader, MultipartReader, web

_DISPOSITION = re.compile(r'([A-Za-z*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
_BRACKETS = re.compile(r"\[([^\]]*)\]")
MAX_DEPTH = 64


class UnreadableBodyError(ValueError):
    """The body is not what its content type says."""


class Upload(dict[str, Any]):
    """One uploaded file of a multipart form: keys `filename`, `content_type`, `content` (bytes)."""


def decode_pairs(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Folds `a[b][]=1` pairs into nested dicts; sequences keyed 0, 1, 2… become lists."""
    tree: dict[str, Any] = {}
    plain = True
    for key, value in pairs:
        if "[" in key:
            plain = False
            _put(tree, key, value)
        else:
            tree[key] = value
    return tree if plain else {key: _fold(value) for key, value in tree.items()}


def decode_query(text: str) -> dict[str, Any]:
    """A query string or urlencoded body as a nested dict of strings."""
    return decode_pairs(parse_qsl(text, keep_blank_values=True))


def _put(tree: dict[str, Any], key: str, value: Any) -> None:
    head, bracket, _ = key.partition("[")
    parts = [head, *_BRACKETS.findall(key[len(head) :])] if bracket else [head]
    node = tree
    for part in parts[:MAX_DEPTH][:-1]:
        name = part or str(len(node))
        child = node.get(name)
        if not isinstance(child, dict):
            child = node[name] = {}
        node = child
    node[parts[-1] or str(len(node))] = value


def _fold(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if isinstance(value, Upload):
        return value
    folded = {key: _fold(item) for key, item in value.items()}
    if folded and all(key == str(index) for index, key in enumerate(folded)):
        return list(folded.values())
    return folded


def encode_pairs(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Flattens nested data into bracketed pairs; True is 1, False is 0, None is left out."""
    if isinstance(value, dict):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    elif value is None:
        return []
    else:
        return [(prefix, str(int(value)) if isinstance(value, bool) else str(value))]
    pairs: list[tuple[str, str]] = []
    for key, item in items:
        pairs.extend(encode_pairs(item, f"{prefix}[{key}]" if prefix else str(key)))
    return pairs


def encode_form(value: dict[str, Any]) -> str:
    """Nested data as an `application/x-www-form-urlencoded` body."""
    return urlencode(encode_pairs(value))


async def read_params(request: web.Request) -> dict[str, Any]:
    """Query and body of a request as one dict; the body wins. Raises UnreadableBodyError."""
    params: dict[str, Any] = {}
    if query := request.rel_url.raw_query_string:
        params = decode_query(query)
    if request.method in {"GET", "HEAD"} or not request.body_exists:
        return params
    params.update(await _read_body(request))
    return params


async def _read_body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    raw = await request.read()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableBodyError("body is not UTF-8") from error
    if request.content_type == "application/json" or text[:1] in {"{", "["}:
        return _read_json(text)
    return decode_query(text)


def _read_json(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError("body is not JSON") from error
    if isinstance(body, list):
        return {str(index): item for index, item in enumerate(body)}
    if not isinstance(body, dict):
        raise UnreadableBodyError("JSON body is not an object")
    return body


def _disposition(part: BodyPartReader) -> tuple[str, str | None]:
    """(name, file name or None) of a form part. Some clients leave a file name with letters of other alphabets without
    quotes, which the real services accept and the strict parser of aiohttp does not."""
    header = part.headers.get("Content-Disposition", "")
    found = {key.lower(): quoted or bare.strip() for key, quoted, bare in _DISPOSITION.findall(header)}
    encoded = found.get("filename*", "")
    if encoded.lower().startswith("utf-8''"):
        return found.get("name", ""), unquote(encoded[7:])
    return found.get("name", ""), found.get("filename")


async def _read_multipart(request: web.Request) -> dict[str, Any]:
    try:
        reader = await request.multipart()
    except (ValueError, AssertionError) as error:
        raise UnreadableBodyError("body is not a multipart form") from error
    return await read_parts(reader)


async def read_parts(reader: MultipartReader) -> dict[str, Any]:
    """A form with files, part by part. Raises UnreadableBodyError."""
    pairs: list[tuple[str, Any]] = []
    try:
        async for part in reader:
            name, filename = _disposition(part) if isinstance(part, BodyPartReader) else ("", None)
            if not isinstance(part, BodyPartReader) or not name:
                continue
            content = bytes(await part.read(decode=True))
            if filename is None:
                pairs.append((name, content.decode("utf-8")))
                continue
            kind = part.headers.get("Content-Type", "application/octet-stream")
            pairs.append((name, Upload(filename=filename, content_type=kind, content=content)))
    except (ValueError, AssertionError) as error:
        raise UnreadableBodyError("body is not a multipart form") from error
    return decode_pairs(pairs)
