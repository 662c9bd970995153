"""Bringing onto the portal what app.yaml declares, as often as one likes: wanted − present = plan, plan → applied.

`wanted` turns the manifest into elements, `snapshot` reads what the portal has, `planning` compares (pure), `applying` acts,
`running` ties them together for the command line and the worker.
"""

from b24app.bitrix24.install.planning import Snapshot, Step, plan
from b24app.bitrix24.install.running import Installer, apply_for, plan_for
from b24app.bitrix24.install.wanted import Element, wanted_elements

__all__ = ["Element", "Installer", "Snapshot", "Step", "apply_for", "plan", "plan_for", "wanted_elements"]
