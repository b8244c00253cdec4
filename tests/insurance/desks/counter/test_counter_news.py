"""Mails to holders, and the tiles that cover hangs into other floors' pages."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from insurance.desks.counter.queries import cover_tile
from insurance.losses.claims import jobs as claim_jobs
from kernel import clock as kernel_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.money import Money
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


def main_of(response):
    return BeautifulSoup(response.data, "html.parser").find("main")


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
    clock("2026-06-01T09:00")
    holder = make_person()
    buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))

    with counting_queries() as count, reading():
        tile = cover_tile(holder)
    assert (tile.active, tile.ending, tile.open_claims, len(count)) == (1, 0, 0, 1)
    assert says(as_(holder).get("/en/account").get_data(as_text=True), "One parcel covered.")


def links_of(response):
    tile = BeautifulSoup(response.data, "html.parser").select_one("[aria-labelledby=cover-tile]")
    return {
        " ".join(link.get_text(" ").split()): link["href"].split("/en", 1)[-1]
        for link in tile.select("a")
    }


def test_an_empty_tile_says_what_will_appear_and_how_it_gets_there(make_person, as_):
    main = as_(make_person()).get("/en/bank/")

    assert says(main, "Cover appears here once you buy it.")
    assert set(links_of(main).values()) == {"/cover/", "/bank/cover/new"}


def test_what_stands_with_cover_leads_to_its_list(make_person, as_, clock):
    clock("2026-06-01T09:00")
    holder = make_person()
    lost(holder)
    buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))

    links = links_of(as_(holder).get("/en/bank/"))

    assert list(links.values()) == [
        "/cover/#policies",
        "/cover/#claims",
        "/cover/#claims",
        "/cover/",
        "/bank/cover/new",
    ]


def arrived(holder, **terms):
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id), **terms)
    scan(policy)
    cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )
    return policy


def test_the_bank_says_until_when_what_arrived_can_be_reported(make_person, as_, clock):
    clock("2026-06-01T09:00")
    holder = make_person()
    arrived(holder)
    clock("2026-06-10T09:00")

    words = " ".join(main_of(as_(holder).get("/en/bank/")).get_text(" ").split())

    assert says(words, "One parcel has arrived. If something's wrong with it, tell us by %(day)s.")
    assert "8 July 2026" in words


@pytest.mark.parametrize("level", list(cover.Cover))
@pytest.mark.parametrize("on", ["2026-06-10T09:00", "2026-07-08T09:00", "2026-07-08T09:01"])
def test_the_tile_counts_exactly_what_its_holder_can_still_report(make_person, clock, level, on):
    clock("2026-06-01T09:00")
    holder = make_person()
    policy = arrived(holder, level=level)
    clock(on)

    with reading():
        tile = cover_tile(holder)
        until = cover.notice_until(policy=cover.policy_for_parcel(parcel_ref=policy.parcel_ref))

    assert (tile.ending, tile.report_by) == ((1, until) if until else (0, None))


def test_what_is_approved_and_not_paid_yet_stands_in_the_bank(make_person, as_, clock):
    clock("2026-06-01T09:00")
    holder = make_person()
    lost(holder)

    main = main_of(as_(holder).get("/en/bank/"))
    with reading():
        tile = cover_tile(holder)

    assert tile.due == [Money.of("128.00", "EUR")]
    assert says(" ".join(main.get_text(" ").split()), "Approved and still to be paid to you:")

    fund("128.00")
    claim_jobs.pay_waiting_claims()

    with reading():
        assert cover_tile(holder).due == []


def test_the_bank_names_a_paid_claim_and_leads_to_it(make_person, as_, clock):
    clock("2026-06-01T09:00")
    fund()
    holder = make_person()
    lost(holder)

    page = as_(holder).get("/en/bank/").get_data(as_text=True)

    assert says(page, "Claim paid by the insurer")
    assert "/en/cover/claims/C-" in page
