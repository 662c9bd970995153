"""What the application brings onto a portal, read from app.yaml into frozen values.

Called by the installer, the gateway and the architecture tests. Knows neither the network nor the database.
"""

from b24app.manifest.elements import (
    ACTIVITY_SUFFIX,
    Connector,
    Events,
    Field,
    FieldType,
    Job,
    Manifest,
    Parameter,
    Pipeline,
    Placement,
    Process,
    Robot,
    Stage,
    Title,
    Trigger,
)
from b24app.manifest.loading import MANIFEST_PATH, load, load_manifest, manifest
from b24app.manifest.reading import ManifestError

__all__ = [
    "ACTIVITY_SUFFIX",
    "MANIFEST_PATH",
    "Connector",
    "Events",
    "Field",
    "FieldType",
    "Job",
    "Manifest",
    "ManifestError",
    "Parameter",
    "Pipeline",
    "Placement",
    "Process",
    "Robot",
    "Stage",
    "Title",
    "Trigger",
    "load",
    "load_manifest",
    "manifest",
]
