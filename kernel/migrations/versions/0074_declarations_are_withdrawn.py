"""A declared shipment may be withdrawn before it leaves.

`0075` looks at the declarations that stand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("withdrawn_at", sa.DateTime(timezone=True)),
    ("withdrawn_by", sa.Uuid()),
    ("off_owed", sa.BigInteger()),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("declarations", sa.Column(name, kind, nullable=True), schema="insurance")
    op.execute(
        "ALTER TABLE insurance.declarations ADD CONSTRAINT ck_declarations_withdrawn_whole CHECK ("
        "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
        " AND (withdrawn_at IS NULL) = (off_owed IS NULL)"
        " AND (off_owed IS NULL OR off_owed BETWEEN 0 AND net + tax)) NOT VALID"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE insurance.declarations DROP CONSTRAINT ck_declarations_withdrawn_whole")
    for name, _ in _COLUMNS:
        op.drop_column("declarations", name, schema="insurance")
