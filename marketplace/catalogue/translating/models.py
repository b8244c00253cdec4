"""Translations of what shops wrote, beside the originals and never in their place."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.db import plain_table

translation = plain_table(
    __name__,
    "marketplace.translation",
    """What a machine says for one text of a shop in one language, or why it says nothing.

    Shape: subject_id is a product for title and description, a vendor for story; digest is the
    original's MD5: a translation of other words than those that stand there is over, and shown by
    nothing; left_over are words it left as they were; refusal is empty where it may be shown.
    """,
    Column("kind", Text, primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", Text, primary_key=True),
    Column("source_locale", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("left_over", ARRAY(Text), server_default="{}", nullable=False),
    Column("refusal", Text, server_default="", nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('title', 'description', 'story')", name="kind_known"),
    CheckConstraint("(words = '') = (refusal <> '')", name="says_or_refuses"),
)


# What rooms above may join.
READABLE = (translation,)
