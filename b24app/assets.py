"""The browser bundles that `npm run build` leaves in `static/vendor`: their hashed names and their serving.

Called by the doors that render pages (`url("miniapp.js")`) and by the composition root, which mounts the blueprint. Names carry
a content hash, so a browser keeps them for good; the gzipped twin goes to whoever accepts it. Knows no page.
"""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

from b24app.access import authenticated_by

VENDOR_DIR = Path(__file__).parents[1] / "static" / "vendor"
_KEEP_SECONDS = 365 * 24 * 3600


class MissingBundle(Exception):
    """The front end is not built: run `npm ci && npm run build` in `static/`."""


class Assets:
    """Knows which hashed file stands for `miniapp.js`; notices a new build by the manifest's time."""

    def __init__(self, folder: Path = VENDOR_DIR) -> None:
        self.folder = folder
        self._read_at = 0.0
        self._names: dict[str, str] = {}

    def url(self, name: str) -> str:
        """Give the address of a bundle such as `miniapp.css`. Raises MissingBundle when it was not built."""
        manifest = self.folder / "manifest.json"
        if not manifest.exists():
            raise MissingBundle(MissingBundle.__doc__)
        changed_at = manifest.stat().st_mtime
        if changed_at != self._read_at:
            self._names = json.loads(manifest.read_text(encoding="utf-8"))
            self._read_at = changed_at
        if name not in self._names:
            raise MissingBundle(f"{name}: {MissingBundle.__doc__}")
        return f"/assets/{self._names[name]}"


def create_blueprint(folder: Path = VENDOR_DIR) -> Blueprint:
    """Serve the built files under `/assets/`."""
    blueprint = Blueprint("assets", __name__, url_prefix="/assets")

    @blueprint.get("/<name>")
    @authenticated_by("nobody: public files without any data")
    def bundle(name: str) -> Response:
        if not name.endswith((".js", ".css")):
            abort(404)
        packed = request.accept_encodings.quality("gzip") > 0 and (folder / f"{name}.gz").is_file()
        answer = send_from_directory(folder, f"{name}.gz" if packed else name)
        answer.headers["Content-Type"] = "text/css; charset=utf-8" if name.endswith(".css") else "text/javascript"
        if packed:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = f"public, max-age={_KEEP_SECONDS}, immutable"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return blueprint
