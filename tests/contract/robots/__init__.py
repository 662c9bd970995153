"""Automation rules' calls as the portal sends them."""
