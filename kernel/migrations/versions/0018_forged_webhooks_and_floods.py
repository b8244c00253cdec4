"""Counted refusals learn two kinds: forged webhooks, and floods.

`0019` looks at the rows that stand.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = "'password', 'code', 'passkey', 'link', 'forbidden', 'too_many'"


def upgrade() -> None:
    _know(f"{_BEFORE}, 'webhook', 'flood'")


def downgrade() -> None:
    op.execute("DELETE FROM kernel.refusal_count WHERE kind IN ('webhook', 'flood')")
    _know(_BEFORE)


def _know(kinds: str) -> None:
    op.execute(
        "ALTER TABLE kernel.refusal_count DROP CONSTRAINT ck_refusal_count_kind_known,"
        f" ADD CONSTRAINT ck_refusal_count_kind_known CHECK (kind IN ({kinds})) NOT VALID"
    )
