"""Losses: two people for each, whoever is fast, and what comes later makes them smaller."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from bank_objects import available, eur, house, make_wallet, outcomes, posted, top_up, transfer
from sqlalchemy import text

from banking.cards.card_topups import service as payments
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.disputes import jobs
from banking.cards.disputes import queries as disputes
from banking.cards.disputes import service as dispute_service
from banking.cards.disputes.errors import DebtChanged, DisputeUndecided, EvidenceClosed
from banking.cards.disputes.events import DisputeGivenUp
from banking.cards.disputes.rules import DisputeState
from banking.control.safeguarding import packing
from banking.control.write_offs import queries, service
from banking.control.write_offs.errors import LossClosed, LossProposedAlready
from banking.control.write_offs.rules import Kind, State
from banking.core.ledger import queries as ledger
from banking.core.ledger import service as ledger_service
from kernel import clock as house_clock
from kernel import memory
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import counting_queries, reading
from kernel.four_eyes import OwnProposal
from kernel.ids import new_id
from tests.asking import says
from tests.banking.paid_by_card import pay_by_card

OPERATOR = frozenset({Role.OPERATOR})


def officer() -> Actor:
    return Actor(person_id=new_id(), roles=OPERATOR)


def disputed(network, *, spent="35.00", is_lost=True):
    """Pay 50 by card, spend some, and let the cardholder dispute it."""
    payments.load_limits(actor=SYSTEM)
    wallet = make_wallet()
    paid = pay_by_card(wallet, network, "50.00")
    if eur(spent):
        transfer(wallet, make_wallet(), eur(spent))
    ref = network.dispute(paid)
    found = dispute_service.settle(dispute_ref=ref)
    if is_lost:
        network.decide(ref, is_won=False)
        found = dispute_service.settle(dispute_ref=ref)
    return wallet, found


def proposed(found, kind=Kind.WRITE_OFF, by=None):
    return service.propose(
        dispute_id=found.id,
        kind=kind,
        note="Moved away, no answer to four letters.",
        actor=by or officer(),
    )


def written_off(network):
    wallet, found = disputed(network)
    service.confirm(loss_ref=proposed(found).ref, actor=officer())
    return wallet, now(found)


def now(found):
    with reading():
        return disputes.dispute(dispute_id=found.id)


def books_of(found):
    """What stands on the debt and on the loss of a dispute."""
    with reading():
        accounts = [
            ledger_service.AccountRef(k, found.ref, "EUR") for k in ("customer_debt", "written_off")
        ]
        stands = ledger.balances(accounts=accounts)
    return tuple(stands[a].posted if a in stands else eur(0) for a in accounts)


def test_a_debt_becomes_a_loss_only_by_the_second_person(db, network, sound):
    _, found = disputed(network)
    maker = officer()
    loss = proposed(found, by=maker)
    assert books_of(found)[0] == eur("-35.00")
    with pytest.raises(OwnProposal):
        service.confirm(loss_ref=loss.ref, actor=maker)
    assert (now(found).owed, now(found).written_off) == (eur("35.00"), eur(0))

    done = service.confirm(loss_ref=loss.ref, actor=officer())

    assert done.state is State.CONFIRMED
    assert (now(found).owed, now(found).written_off) == (eur(0), eur("35.00"))
    assert books_of(found) == (eur(0), eur("-35.00"))
    sound()


def test_the_table_itself_refuses_one_person_twice(db, network):
    _, found = disputed(network)
    loss = proposed(found)

    with pytest.raises(Exception, match="confirmed_by_two"), db.begin_nested():
        db.execute(
            text(
                "UPDATE banking.losses SET state = 'confirmed', checker_id = maker_id,"
                " journal_id = 1, closed_at = now() WHERE ref = :ref"
            ),
            {"ref": loss.ref},
        )


def test_money_that_comes_later_makes_the_loss_smaller_and_the_debt_shows_it(db, network, sound):
    wallet, found = written_off(network)
    top_up(wallet, eur("20.00"))

    jobs.recover_disputes()
    first = books_of(found)
    top_up(wallet, eur("40.00"))
    jobs.recover_disputes()

    assert first == (eur(0), eur("-15.00"))
    assert books_of(found) == (eur(0), eur(0))
    assert (now(found).claim, available(wallet)) == (eur(0), eur("25.00"))
    with reading():
        shown = queries.loss_page(found.ref).entries
    assert [(entry.kind, entry.debt, entry.lost) for entry in shown] == [
        ("card_debt_paid", eur(0), eur("-15.00")),
        ("card_debt_paid", eur(0), eur("-20.00")),
        ("debt_written_off", eur("-35.00"), eur("35.00")),
        ("card_disputed", eur("35.00"), eur(0)),
    ]
    sound()


def test_a_payment_counts_for_the_debt_in_the_books_first(db):
    from banking.cards.disputes.rules import paid_parts

    assert paid_parts(eur(30), owed=eur(20)) == (eur(20), eur(10))
    assert paid_parts(eur(10), owed=eur(20)) == (eur(10), eur(0))


def test_what_was_paid_meanwhile_is_not_written_off(db, network, sound):
    wallet, found = disputed(network)
    loss = proposed(found)
    top_up(wallet, eur("5.00"))
    dispute_service.collect(dispute_id=found.id, actor=SYSTEM)

    with pytest.raises(DebtChanged):
        service.confirm(loss_ref=loss.ref, actor=officer())
    service.send_back(loss_ref=loss.ref, actor=officer())
    service.confirm(loss_ref=proposed(found).ref, actor=officer())

    assert books_of(found) == (eur(0), eur("-30.00"))
    sound()


def test_an_undecided_dispute_and_a_paid_one_leave_nothing_to_write_off(db, network):
    _, undecided = disputed(network, is_lost=False)
    _, paid = disputed(network, spent="0.00")

    for found in (undecided, paid):
        with pytest.raises(DisputeUndecided):
            proposed(found)


def test_a_dispute_has_one_proposal_at_a_time_and_each_ends_once(db, network):
    _, found = disputed(network)
    loss = proposed(found)
    with pytest.raises(LossProposedAlready):
        proposed(found)
    service.send_back(loss_ref=loss.ref, actor=officer())

    with pytest.raises(LossClosed):
        service.confirm(loss_ref=loss.ref, actor=officer())
    assert books_of(found)[0] == eur("-35.00")


def test_giving_up_needs_two_and_tells_the_network_once(db, network, outbox, sound):
    wallet, found = disputed(network, spent="0.00", is_lost=False)
    maker = officer()
    loss = proposed(found, Kind.GIVE_UP, by=maker)
    with pytest.raises(OwnProposal):
        service.confirm(loss_ref=loss.ref, actor=maker)
    assert not [e for e in outbox() if isinstance(e, DisputeGivenUp)]

    service.confirm(loss_ref=loss.ref, actor=officer())
    (told,) = [e for e in outbox() if isinstance(e, DisputeGivenUp)]
    network.fault(Fault.LOSE_API_ANSWER)
    for _ in range(2):
        jobs.tell_given_up(told)

    assert now(found).state is DisputeState.LOST
    assert available(wallet) == eur(0)
    assert posted(house("chargeback_reserve")) == eur(0)
    sound()


def test_who_gave_a_dispute_up_sends_no_evidence_any_more(db, network):
    _, found = disputed(network, is_lost=False)
    loss = proposed(found, Kind.GIVE_UP)
    service.confirm(loss_ref=loss.ref, actor=officer())

    with pytest.raises(EvidenceClosed):
        dispute_service.give_evidence(dispute_id=found.id, words="Delivered.", actor=SYSTEM)


def test_evidence_that_went_out_meanwhile_keeps_a_dispute_from_being_given_up(db, network):
    _, found = disputed(network, is_lost=False)
    loss = proposed(found, Kind.GIVE_UP)
    dispute_service.give_evidence(dispute_id=found.id, words="Delivered.", actor=SYSTEM)

    with pytest.raises(EvidenceClosed):
        service.confirm(loss_ref=loss.ref, actor=officer())


def test_racing_hands_write_off_once_and_the_maker_never_wins(own_database, network):
    _, found = disputed(network)
    makers = [officer() for _ in range(6)]
    made = outcomes(6, lambda n: proposed(found, by=makers[n]))
    (loss,) = [one for one in made if not isinstance(one, Exception)]
    maker = next(one for one in makers if one.person_id == loss.maker_id)
    checkers = [maker, officer(), maker, officer(), maker, officer()]

    ended = outcomes(6, lambda n: service.confirm(loss_ref=loss.ref, actor=checkers[n]))

    assert {type(one) for one in made if isinstance(one, Exception)} == {LossProposedAlready}
    assert len([one for one in ended if not isinstance(one, Exception)]) == 1
    assert all(isinstance(ended[n], OwnProposal | LossClosed) for n in (0, 2, 4))
    assert books_of(found) == (eur(0), eur("-35.00"))


def test_the_resolution_pack_says_who_owes_and_which_two_agreed(db, network):
    _, found = written_off(network)

    with reading():
        packed = packing.pack("RP-1", at=house_clock.now())

    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        tables = {
            name: list(csv.DictReader(io.StringIO(files.read(f"{name}.csv").decode("utf-8-sig"))))
            for name in ("losses", "debts")
        }
    (loss,), (debt,) = tables["losses"], tables["debts"]
    assert (loss["dispute"], loss["amount"], loss["state"]) == (found.ref, "35.00", "confirmed")
    assert loss["first_person"] != loss["second_person"] != ""
    assert (debt["dispute"], debt["owed"], debt["written_off"]) == (found.ref, "0.00", "35.00")


# The desk


def post(browser, found, act, **form):
    address = f"/en/bank/books/losses/{found.ref}/{act}"
    return browser.post(address, data={"csrf_token": "test-token"} | form)


def test_two_operators_write_a_debt_off_on_their_pages(db, network, make_person, as_):
    _, found = disputed(network)
    maker, checker = (as_(make_person(roles=OPERATOR)) for _ in range(2))
    address = f"/en/bank/books/losses/{found.ref}"
    desk = "/en/bank/books/losses/"

    assert found.ref in maker.get(desk).text
    assert post(maker, found, "propose", kind="write_off", note=" ").status_code == 422
    assert post(maker, found, "propose", kind="write_off", note="Gone.").status_code == 303
    with reading():
        loss = queries.loss_page(found.ref).losses[0].loss
    own = post(maker, found, "confirm", loss=loss.ref)
    assert (own.status_code, "confirm" in maker.get(address).text) == (409, True)
    assert says(checker.get(desk), "%(number)s proposal is waiting for a second person.", number=1)
    assert re.search(r"<button[^>]*>Write off the debt</button>", checker.get(address).text)
    assert post(checker, found, "confirm", loss=loss.ref).status_code == 303

    assert says(checker.get(address), "is written off and still claimed.")
    assert says(checker.get(f"/en/bank/books/disputes/{found.ref}"), "Written off, still owed")
    assert post(checker, found, "confirm", loss=loss.ref).status_code == 409


def test_the_customer_owes_what_was_written_off_all_the_same(network, make_person, as_):
    payments.load_limits(actor=SYSTEM)
    person = make_person()
    wallet = make_wallet(owner_id=person.person_id)
    paid = pay_by_card(wallet, network, "50.00")
    transfer(wallet, make_wallet(), eur("35.00"))
    ref = network.dispute(paid)
    dispute_service.settle(dispute_ref=ref)
    network.decide(ref, is_won=False)
    found = dispute_service.settle(dispute_ref=ref)
    service.confirm(loss_ref=proposed(found).ref, actor=officer())

    assert says(as_(person).get(f"/en/bank/disputes/{found.ref}"), "You owe us")


def test_decided_losses_are_paged_by_key(db, network, clock, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    clock("2026-11-04T09:00")
    _, found = disputed(network)
    for _ in range(5):
        service.send_back(loss_ref=proposed(found).ref, actor=officer())
        clock(f"2026-11-04T09:0{_ + 1}")

    pages, before = [], None
    for _ in range(3):
        with reading():
            seen = queries.desk(before=before)
        pages.append([line.loss.ref for line in seen.closed])
        before = seen.before

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({ref for page in pages for ref in page}) == 5
    assert before is None


def test_a_proposal_is_confirmed_and_sent_back_on_its_own_page_alone(db, network, make_person, as_):
    (_, found), (_, other) = disputed(network), disputed(network)
    checker, loss = as_(make_person(roles=OPERATOR)), proposed(found)

    for act in ("confirm", "send-back"):
        assert post(checker, other, act, loss=loss.ref).status_code == 404
    assert (now(found).written_off, now(other).written_off) == (eur(0), eur(0))
    assert post(checker, found, "confirm", loss=loss.ref).status_code == 303


def test_the_pages_ask_few_questions_however_much_happened(db, network, make_person, as_):
    _, found = disputed(network)
    browser = as_(make_person(roles=OPERATOR))
    counts = []
    for _ in range(2):
        memory.forget_everything()
        with counting_queries() as counted:
            browser.get("/en/bank/books/losses/")
            desk = len(counted)
            browser.get(f"/en/bank/books/losses/{found.ref}")
        counts.append((desk, len(counted) - desk))
        for _ in range(3):
            service.send_back(loss_ref=proposed(found).ref, actor=officer())

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
