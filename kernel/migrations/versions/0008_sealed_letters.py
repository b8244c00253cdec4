"""Links in letters are sealed, and letters go by their age: a copy of the database opens nothing.

Rows are changed in place: a letter that waits is sent as before, one that was sent keeps its words
with a name where its link was.
"""

import json

import sqlalchemy as sa
from alembic import op

from kernel.sealing import opened, sealed

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_IN_CLEAR = sa.text(
    "SELECT id, data ->> 'token' AS token FROM kernel.mail"
    " WHERE jsonb_typeof(data -> 'token') = 'string' AND data ->> 'token' <> ''"
)
_SEALED = sa.text(
    "SELECT id, data -> 'token' AS token FROM kernel.mail"
    " WHERE jsonb_typeof(data -> 'token') = 'object'"
)
_CHANGE = sa.text(
    "UPDATE kernel.mail SET data = jsonb_set(data, '{token}', CAST(:token AS jsonb)),"
    " text = replace(text, :was, :now), html = replace(html, :was, :now) WHERE id = :id"
)


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(_IN_CLEAR).all():
        change = {"token": json.dumps(sealed(row.token)), "was": row.token, "now": "[token]"}
        connection.execute(_CHANGE, change | {"id": row.id})
    op.create_index("ix_mail_created_at", "mail", ["created_at"], schema="kernel")


def downgrade() -> None:
    op.drop_index("ix_mail_created_at", table_name="mail", schema="kernel")
    connection = op.get_bind()
    for row in connection.execute(_SEALED).all():
        token = opened(row.token)
        change = {"token": json.dumps(token), "was": "[token]", "now": token}
        connection.execute(_CHANGE, change | {"id": row.id})
