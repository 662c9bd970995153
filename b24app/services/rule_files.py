"""Files that automation rules enclose: given on the settings page of a robot, named in the rule by their number. Sends nothing.

Called by that page and by the robots. Errors: NotFound, InvalidState.
"""

from __future__ import annotations

from sqlalchemy import func, select

from b24app.errors import InvalidState
from b24app.services import given_files
from b24app.services.given_files import Given
from storage.models import File
from storage.unit_of_work import UnitOfWork

OWNER = "rule/"
"""What the owner of such a file begins with; who gave it follows."""


def add(uow: UnitOfWork, given: Given, actor: str) -> File:
    """Keep a file for a rule that is being set up."""
    return given_files.remember(uow, given, f"{OWNER}{actor}")


def newest(uow: UnitOfWork, actor: str) -> File | None:
    """Give the file that an employee gave last, or None."""
    found = select(func.max(File.id)).where(File.owner == f"{OWNER}{actor}")
    number = uow.session.scalar(found)
    return uow.session.get(File, number) if number else None


def find(uow: UnitOfWork, number: str) -> File | None:
    """Give a file by the number that a rule holds; None for anything else: a number could be anybody's file."""
    known = number.isdecimal() and len(number) < 19
    file = uow.session.get(File, int(number)) if known else None
    return file if file and file.owner.startswith(OWNER) else None


def get(uow: UnitOfWork, number: str) -> File:
    """Give the file that a rule encloses. InvalidState when it is not there."""
    file = find(uow, number)
    if file is None:
        raise InvalidState("The file of this rule is not there: choose it again in the settings of the rule.")
    return file
