"""Tasks of the portal's people."""
