"""Addresses of the pages."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from sandbox.telegram.people.webapps import THEMES, VERSION
from sandbox.telegram.world import World

_HERE = Path(__file__).parent


class _Pages:
    def __init__(self, world: World) -> None:
        self.world = world
        self.templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape(["html"]), auto_reload=False
        )

    def _page(self, name: str, **values: object) -> web.Response:
        html = self.templates.get_template(name).render(**values)
        return web.Response(text=html, content_type="text/html")

    async def people(self, request: web.Request) -> web.StreamResponse:
        """Several people side by side; ``?people=1,2`` chooses whom."""
        wanted = [int(part) for part in request.query.get("people", "").split(",") if part.strip().isdigit()]
        return self._page("people.html", wanted=wanted, themes=THEMES, version=VERSION)

    async def panel(self, _request: web.Request) -> web.StreamResponse:
        """The control panel."""
        return self._page("panel.html")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file as the person's client shows it, by its id."""
        unique_id = self.world.state.file_ids.get(request.match_info["file_id"], "")
        stored = self.world.state.files.get(unique_id)
        if stored is None:
            raise web.HTTPNotFound
        kind = (stored.mime_type or "application/octet-stream").partition(";")[0]
        if stored.kind == "photo":
            kind = "image/png" if stored.path.endswith("png") else "image/jpeg"
        safe = kind.startswith(("image/", "video/", "audio/")) and kind != "image/svg+xml"
        headers = {} if safe else {"Content-Disposition": "attachment"}
        return web.Response(
            body=self.world.blobs[unique_id],
            content_type=kind,
            headers={**headers, "X-Content-Type-Options": "nosniff"},
        )


def attach(app: web.Application, world: World) -> None:
    """Adds the pages to the application."""
    pages = _Pages(world)
    app.add_routes(
        [
            web.get("/", pages.people),
            web.get("/panel", pages.panel),
            web.get("/sandbox/files/{file_id}", pages.file),
            web.static("/static", _HERE / "static"),
        ]
    )
