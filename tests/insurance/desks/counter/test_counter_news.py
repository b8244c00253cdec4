"""Mails to holders, and the tiles that cover hangs into other floors' pages."""

from datetime import timedelta

from insurance import api as cover
from kernel import clock as kernel_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import counting_queries
from tests.asking import english, says
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan


def lost(holder):
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=9))
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=policy.bound_at + timedelta(days=5),
        evidence={"event": "lost"},
        actor=SYSTEM,
    )
    drain()
    return policy


def subjects(holder):
    return [letter.subject for letter in mail.mailbox(recipient=holder.email)]


def test_a_holder_hears_of_policy_claim_and_payment(make_person, clock):
    clock("2026-06-01T09:00")
    fund()
    holder = make_person()
    policy = lost(holder)

    told = subjects(holder)
    assert english("Your cover %(number)s", number=policy.number) in told
    assert any(says(subject, "We've opened claim %(ref)s for you") for subject in told)
    paid = next(
        m for m in mail.mailbox(recipient=holder.email) if says(m.subject, "Claim %(ref)s is paid")
    )
    assert "128.00" in paid.text
    assert "/en/cover/claims/C-" in paid.text


def test_a_refused_claim_says_where_the_reasons_stand(make_person, clock):
    clock("2026-06-01T09:00")
    holder = make_person()
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"event": "lost"},
        actor=SYSTEM,
    )
    drain()

    assert any(says(subject, "We can't pay claim %(ref)s") for subject in subjects(holder))


def test_the_account_shows_cover_in_one_statement(make_person, as_, clock):
    from insurance.desks.counter.queries import cover_tile
    from kernel.db import reading

    clock("2026-06-01T09:00")
    holder = make_person()
    buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))

    with counting_queries() as count, reading():
        tile = cover_tile(holder)
    assert (tile.active, tile.open_claims, len(count)) == (1, 0, 1)
    assert says(as_(holder).get("/en/account").get_data(as_text=True), "One parcel covered.")


def test_the_bank_names_a_paid_claim_and_leads_to_it(make_person, as_, clock):
    clock("2026-06-01T09:00")
    fund()
    holder = make_person()
    lost(holder)

    page = as_(holder).get("/en/bank/").get_data(as_text=True)

    assert says(page, "Claim paid by the insurer")
    assert "/en/cover/claims/C-" in page
