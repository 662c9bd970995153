"""Whole flows over HTTP, with the real sandbox and nothing replaced."""
