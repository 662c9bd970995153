"""Promises of the sandbox."""
