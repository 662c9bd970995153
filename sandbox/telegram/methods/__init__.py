"""Bot API methods, one module per family; importing this package registers them all."""

from __future__ import annotations

import importlib
import pkgutil


def register_all() -> None:
    """Imports every family, which puts its methods into the table of ``sandbox.telegram.call``."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
