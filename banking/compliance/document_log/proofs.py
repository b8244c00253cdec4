"""That every document which is still kept is there, and is the one that was shown."""

from __future__ import annotations

from sqlalchemy import text

from banking.compliance.onboarding import queries as onboarding
from kernel.db import reading
from kernel.manifest import Proof

_KEPT = text(
    """
    SELECT DISTINCT d.sha256 FROM banking.application_documents d
    WHERE NOT EXISTS (SELECT FROM banking.document_deletions g WHERE g.document_id = d.id)
    ORDER BY d.sha256
    """
)


def _prove() -> tuple[bool, str]:
    with reading() as current:
        kept = current.scalars(_KEPT).all()
    bad = [sha256 for sha256 in kept if not onboarding.is_whole(sha256=sha256)]
    if bad:
        return (
            False,
            f"{len(bad)} of {len(kept)} files are missing or changed, the first is {bad[0]}",
        )
    return True, f"{len(kept)} files, all there as they were shown"


PROOF = Proof(name="banking.documents", prove=_prove)
