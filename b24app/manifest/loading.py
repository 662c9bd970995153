"""Finding app.yaml, reading it once and refusing it with every fault at once. Called at start by everybody who needs it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from b24app.manifest.checks import faults
from b24app.manifest.elements import Manifest
from b24app.manifest.reading import ManifestError, read_document

MANIFEST_PATH = Path(__file__).parents[2] / "app.yaml"


def load_manifest(text: str) -> Manifest:
    """Read and check a manifest. Raises ManifestError: a wrong shape names its line, wrong contents are listed together."""
    manifest = read_document(Manifest, text)
    found = faults(manifest)
    if found:
        raise ManifestError("\n  - ".join(["it needs attention:", *found]))
    return manifest


def load(path: Path) -> Manifest:
    """Read and check the manifest in a file; errors as of `load_manifest`."""
    return load_manifest(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def manifest() -> Manifest:
    """Give the manifest of this deployment, read once per process."""
    return load(MANIFEST_PATH)
