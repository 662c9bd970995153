"""Employees of the portal as far as we met them, and when each is away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Employee(Base):
    """Somebody whom the portal vouched for when he opened a page of ours."""

    __tablename__ = "employees"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(server_default="")
    is_admin: Mapped[bool] = mapped_column(server_default=text("false"))
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Absence(Base):
    """The days, both included, on which an employee is away; an empty `stand_in_id` leaves it to the other managers."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    from_day: Mapped[date]
    until_day: Mapped[date]
    stand_in_id: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
