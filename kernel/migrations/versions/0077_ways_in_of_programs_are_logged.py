"""The log of safety learns of ways in for programs: keys, webhooks, new secrets of these.

`0078` looks at the rows that stand.
"""

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_BEFORE = (
    "'signed_in', 'passkey_added', 'passkey_removed', 'app_added', 'app_removed', 'codes_made',"
    " 'code_used', 'password_changed', 'password_renewed', 'email_changed', 'reset_asked',"
    " 'reset_cancelled', 'reset_done', 'wallets_frozen', 'wallets_thawed', 'wallet_closed',"
    " 'account_closed', 'limit_changed', 'payee_trusted', 'payee_removed', 'barred', 'admitted',"
    " 'appointed', 'dismissed'"
)


def upgrade() -> None:
    _know(f"{_BEFORE}, 'key_made', 'webhook_added', 'webhook_renewed'")


def downgrade() -> None:
    _know(_BEFORE)


def _know(kinds: str) -> None:
    op.execute(
        "ALTER TABLE kernel.safety_log DROP CONSTRAINT ck_safety_log_kind_known,"
        f" ADD CONSTRAINT ck_safety_log_kind_known CHECK (kind IN ({kinds})) NOT VALID"
    )
