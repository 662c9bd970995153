"""Hiding contacts: what must be hidden, what must stay readable."""
