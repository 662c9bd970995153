"""People: what a person can do with an account, offered as a JSON interface under ``/sandbox/``."""

from sandbox.telegram.people.routes import attach

__all__ = ["attach"]
