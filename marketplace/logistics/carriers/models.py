"""The state of the simulated carriers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class CarrierParcel(Base):
    """What the simulated carriers keep about a parcel they were paid for."""

    __tablename__ = "carrier_parcel"
    __table_args__ = ({"schema": "marketplace"},)

    serial: Mapped[int] = mapped_column(BigInteger, Identity(start=47312482), primary_key=True)
    key: Mapped[UUID] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    parcel_ref: Mapped[str]
    service: Mapped[str]
    origin: Mapped[str]
    destination: Mapped[str]
    crosses_border: Mapped[bool]
    booked_at: Mapped[datetime]
    delay_hours: Mapped[int]
    is_lost: Mapped[bool]
    is_duplicated: Mapped[bool]
    is_reordered: Mapped[bool]


class CarrierMischief(Base):
    """How the simulated carriers were told to misbehave; used up one parcel or call at a time."""

    __tablename__ = "carrier_mischief"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('lose','delay','duplicate','reorder','timeout')", name="kind_is_known"
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    parcel_ref: Mapped[str | None]
    hours: Mapped[int]
    remaining: Mapped[int]
