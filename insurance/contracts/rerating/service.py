"""Commands that rate the policies of late by a draft."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.rerating import queries, rules
from insurance.contracts.rerating.events import ShadowRunAsked
from insurance.contracts.rerating.models import ShadowRun
from insurance.rating.drafts import queries as drafts
from insurance.rating.drafts import service as drafting
from insurance.rating.drafts.rules import earliest_day
from insurance.rating.tariff.queries import with_house_rows
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id


@command("insurance.shadow_runs.ask")
def ask(*, ref: str, actor: Actor) -> None:
    """Let the policies of late be rated by a draft as it was saved last; asked twice is once.

    Events: ShadowRunAsked. Raises: DraftUnknown.
    """
    draft, _ = drafts.drafted_tariff(ref)
    made = session().scalar(
        insert(ShadowRun)
        .values(
            id=new_id(),
            draft_id=draft.id,
            edition=draft.edition,
            asked_by=actor.somebody(),
            asked_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["draft_id", "edition"])
        .returning(ShadowRun.id)
    )
    if made is not None:
        publish(ShadowRunAsked(run_id=made, draft_ref=ref))


@command("insurance.shadow_runs.run")
def run(*, run_id: UUID, ref: str, actor: Actor) -> None:
    """Rate the policies of late by a draft and keep the result; an older edition keeps none.

    Locks: the run, then the draft.
    """
    row = session().get(ShadowRun, run_id, with_for_update=True, populate_existing=True)
    assert row is not None, "it was asked for"
    draft, tariff = drafts.drafted_tariff(ref)
    if row.done_at is not None or draft.edition != row.edition:
        return
    now = clock.now()
    day = earliest_day(now)
    of = with_house_rows(tariff, day)
    sold = queries.sold_before(now, insurer_key=draft.insurer_key)
    row.result = rules.compared(sold, of, day=day)
    row.done_at = now
    drafting.note_rated(ref=ref, edition=row.edition, actor=actor)
