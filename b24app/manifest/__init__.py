"""What the application brings onto a portal, read from app.yaml into frozen values.

Called by the installer, the gateway and the architecture tests. Knows neither the network nor the database.
"""

from b24app.manifest.elements import (
    Choice,
    Connector,
    Events,
    Field,
    Job,
    Manifest,
    Parameter,
    Pipeline,
    Placement,
    Robot,
    Stage,
    Title,
    Trigger,
)
from b24app.manifest.loading import MANIFEST_PATH, load_manifest, manifest
from b24app.manifest.reading import ManifestError

__all__ = [
    "MANIFEST_PATH",
    "Choice",
    "Connector",
    "Events",
    "Field",
    "Job",
    "Manifest",
    "ManifestError",
    "Parameter",
    "Pipeline",
    "Placement",
    "Robot",
    "Stage",
    "Title",
    "Trigger",
    "load_manifest",
    "manifest",
]
