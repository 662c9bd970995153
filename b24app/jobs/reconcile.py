"""Comparing the CRM with our records: every night, when somebody presses the button, and from the command line."""

from __future__ import annotations

from b24app.bitrix24.reconciling import Reconciliation


def run(reconciliation: Reconciliation) -> None:
    """Compare everything once, unless that is being done."""
    reconciliation.run()
