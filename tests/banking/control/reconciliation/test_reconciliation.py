"""Three books compared: a clean day finds nothing, each kind of trouble is found once and ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from banking import api as bank
from banking.cards.card_refunds import service as refunds
from banking.cards.card_refunds.events import RefundAsked
from banking.cards.card_topups import client
from banking.cards.card_topups import service as payments
from banking.cards.disputes import service as disputes
from banking.control.reconciliation import jobs, queries, rules, service
from banking.control.reconciliation.errors import DifferenceClosed
from banking.control.reconciliation.rules import Action, Item, Kind, State
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading
from kernel.four_eyes import OwnProposal
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.bank_objects import book, eur, house, make_wallet, posted
from tests.banking.cards.purchases.purchasing import (
    COMES_BACK,
    GOOD,
    of_kind,
    paid,
    share,
    work,
)
from tests.banking.merchants.escrow.test_payers import fund
from tests.banking.paid_by_card import pay_by_card

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def item(reference, amount, *, ref="", at=AT):
    return Item(reference=reference, ref=ref or f"{reference}/{amount}", amount=eur(amount), at=at)


def compared(ours, theirs, settled=()):
    return rules.compare(ours, theirs, until=LATER, settled=frozenset(settled))


@pytest.fixture
def wallet(db):
    """An empty wallet in euro, and the limits of cards."""
    payments.load_limits(actor=SYSTEM)
    return bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)


@pytest.fixture
def clean_day(wallet, network):
    """A day with everything cards can do, the network's payout, and the morning after it."""
    top_ups = [pay_by_card(wallet, network, amount) for amount in ("50.00", "30.00", "20.00")]
    refund = refunds.refund_to_card(
        payment_id=top_ups[1].id, amount=eur("10.00"), key=new_id(), actor=SYSTEM
    )
    refunds.send(refund_id=refund.id)
    ref = network.dispute(top_ups[2])
    disputes.settle(dispute_ref=ref)
    network.decide(ref, is_won=True)
    disputes.settle(dispute_ref=ref)
    network.pay_out()
    next_day(5)
    fetch_all()
    return top_ups


def fetch_all():
    return sum(service.fetch(source=pair) for pair in service.pairs())


def compare_all():
    return sum(service.compare(pair=pair, actor=SYSTEM) for pair in service.pairs())


def next_day(days=1):
    house_clock.freeze(house_clock.now() + timedelta(days=days))


def waiting():
    with reading():
        return queries.waiting()


def one_of(pair):
    """Return what the one difference that waits in a pair is."""
    (found,) = [d for d in waiting() if d.pair == pair]
    return found


def bring(source, *lines):
    service.import_lines(source=source, lines=lines, actor=SYSTEM)


def make_difference(amount="12.50"):
    bring("network", item("charge:pi_nobody", amount))
    service.compare(pair="network", actor=SYSTEM)
    return one_of("network")


def test_a_day_of_purchases_gives_nothing(db, network, outbox, sound):
    """Charged by page and given back, refunded in part, sent back by a card's bank, disputed."""
    given_up, part, returned = (
        paid(network, amount, number=number)
        for amount, number in (("50.00", GOOD), ("30.00", GOOD), ("20.00", COMES_BACK))
    )
    lost, won = paid(network, "40.00"), paid(network, "25.00")
    for purchase in (given_up, returned):
        bank.give_up_purchase(payment_id=purchase.id, actor=SYSTEM)
    fund(None, part, ("", "30.00"), share("30.00"))
    bank.refund_escrow(
        key=new_id(), order_ref="V-1", amount=eur("7.00"), to_wallet_id=None, actor=SYSTEM
    )
    work(outbox)
    network.rest()
    for event in of_kind(outbox, RefundAsked):
        refunds.send(refund_id=event.refund_id)
    for purchase, is_won in ((lost, False), (won, True)):
        ref = network.dispute(purchase.payment)
        disputes.settle(dispute_ref=ref)
        network.decide(ref, is_won=is_won)
        disputes.settle(dispute_ref=ref)
    network.pay_out()
    next_day(5)
    fetch_all()

    assert compare_all() == 0

    assert waiting() == []
    assert posted(house("card_receivable")) == eur(0)
    sound()


def test_a_clean_day_gives_nothing(clean_day, sound):
    assert compare_all() == 0

    assert waiting() == []
    assert posted(house("payout_transit")) == eur(0)
    assert posted(house("card_receivable")) == eur(0)
    # 100 came in, 10 went back, the network kept 0.75 + 0.75 and 15 for the dispute.
    assert posted(house("safeguarding_bank")) == eur("-72.75")
    sound()


def test_fetching_and_comparing_again_changes_nothing(clean_day, db):
    jobs.compare_books()
    before = db.execute(text("SELECT count(*) FROM banking.statement_lines")).scalar_one()
    journals = db.execute(text("SELECT count(*) FROM banking.journals")).scalar_one()

    assert fetch_all() == 0
    jobs.compare_books()

    assert db.execute(text("SELECT count(*) FROM banking.statement_lines")).scalar_one() == before
    assert db.execute(text("SELECT count(*) FROM banking.journals")).scalar_one() == journals
    assert waiting() == []


def test_a_day_with_four_faults_gives_exactly_four_differences_each_with_a_proposal(
    wallet, network, sound
):
    good, twice, wrong, lost = (
        pay_by_card(wallet, network, amount) for amount in ("10.00", "20.00", "30.00", "40.00")
    )
    network.tamper(duplicate=twice, wrong=(wrong, 100), missing=lost, unknown=700)
    next_day(3)

    fetch_all()
    new = service.compare(pair="network", actor=SYSTEM)

    found = {one.kind: one for one in waiting()}
    assert new == len(waiting()) == 4
    assert {kind: one.action for kind, one in found.items()} == {
        Kind.MISSING: Action.ASK_THEM,
        Kind.DUPLICATE: Action.CLAIM_BACK,
        Kind.WRONG_AMOUNT: Action.BOOK_DIFFERENCE,
        Kind.UNKNOWN: Action.FIND_OWNER,
    }
    assert found[Kind.MISSING].reference == f"charge:{lost.payment_ref}"
    assert found[Kind.DUPLICATE].reference == f"charge:{twice.payment_ref}"
    assert found[Kind.DUPLICATE].amount == found[Kind.DUPLICATE].ours
    assert found[Kind.WRONG_AMOUNT].reference == f"charge:{wrong.payment_ref}"
    assert found[Kind.WRONG_AMOUNT].amount == eur("1.00")
    assert found[Kind.UNKNOWN].theirs == eur("7.00")
    assert service.compare(pair="network", actor=SYSTEM) == 0
    assert f"charge:{good.payment_ref}" not in {one.reference for one in waiting()}
    sound()


def test_a_payout_that_never_reaches_the_bank_is_missing(wallet, network):
    pay_by_card(wallet, network, "50.00")
    (payout,) = network.pay_out()
    service.import_lines(
        source="network",
        lines=service.gateway.network_items(since=queries._BEGINNING),
        actor=SYSTEM,
    )
    compare_all()
    early = waiting()
    next_day(5)

    compare_all()

    assert early == []
    found = one_of("bank")
    assert (found.kind, found.reference, found.ours) == (
        Kind.MISSING,
        f"payout:{payout}",
        eur("49.00"),
    )


def test_what_agrees_later_is_closed_by_itself(wallet, network, clock):
    top_up = pay_by_card(wallet, network, "50.00")
    lines = service.gateway.network_items(since=queries._BEGINNING)
    next_day(2)
    service.compare(pair="network", actor=SYSTEM)
    opened = one_of("network")
    bring("network", *lines)

    service.compare(pair="network", actor=SYSTEM)

    assert (opened.kind, opened.reference) == (Kind.MISSING, f"charge:{top_up.payment_ref}")
    assert waiting() == []
    with reading():
        assert queries.difference(opened.ref).difference.state is State.MATCHED


def test_two_people_book_a_difference_to_suspense(db, clock, make_person, sound):
    clock("2026-11-04T09:00")
    found = make_difference()
    maker, checker = (make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2))
    service.propose(difference_id=found.id, note="Nobody's charge", actor=maker)

    with pytest.raises(OwnProposal):
        service.confirm(difference_id=found.id, actor=maker)
    before = posted_or_nothing("suspense")
    service.confirm(difference_id=found.id, actor=checker)

    assert before == eur(0)
    assert posted(house("suspense")) == eur("12.50")
    assert posted(house("card_receivable")) == eur("-12.50")
    assert service.compare(pair="network", actor=SYSTEM) == 0
    with pytest.raises(DifferenceClosed):
        service.confirm(difference_id=found.id, actor=checker)
    sound()


def posted_or_nothing(kind):
    with reading():
        found = ledger_queries.balances(accounts=[house(kind)])
        return found[house(kind)].posted if found else eur(0)


def test_the_database_refuses_one_person_who_is_both(db, clock, make_person):
    clock("2026-11-04T09:00")
    found = make_difference()
    alone = make_person().person_id

    with pytest.raises(Exception, match="booked_by_two"), db.begin_nested():
        db.execute(
            text(
                "UPDATE banking.differences SET state = 'booked', maker_id = :p, checker_id = :p,"
                " journal_id = 1, closed_at = :at WHERE id = :id"
            ),
            {"p": alone, "id": found.id, "at": AT},
        )


def test_an_explained_difference_moves_no_money_and_is_not_found_again(db, clock, make_person):
    clock("2026-11-04T09:00")
    found = make_difference()

    service.explain(difference_id=found.id, note="A test charge", actor=make_person())

    assert service.compare(pair="network", actor=SYSTEM) == 0
    assert waiting() == []
    assert posted_or_nothing("suspense") == eur(0)


def test_a_journal_nobody_outside_knows_is_missing(db, clock):
    clock("2026-11-02T09:00")
    wallet = make_wallet()
    book(ledger.Leg(wallet.account, eur(5)), ledger.Leg(house("card_receivable"), -eur(5)))
    clock("2026-11-03T09:00")

    service.compare(pair="network", actor=SYSTEM)

    assert one_of("network").kind is Kind.MISSING


def test_what_is_from_today_is_not_held_against_anybody_yet(db, clock):
    clock("2026-11-02T23:59")
    wallet = make_wallet()
    book(ledger.Leg(wallet.account, eur(5)), ledger.Leg(house("card_receivable"), -eur(5)))

    assert service.compare(pair="network", actor=SYSTEM) == 0


@pytest.mark.parametrize("sql", ["UPDATE {} SET amount_minor = 1", "DELETE FROM {}"])
def test_lines_of_others_are_evidence(db, clock, sql):
    clock("2026-11-04T09:00")
    make_difference()

    with pytest.raises(Exception, match=r"permission denied|evidence"), db.begin_nested():
        db.execute(text(sql.format("banking.statement_lines")))


# The rule alone


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-500, 500).filter(bool)), max_size=30))
def test_a_book_agrees_with_itself(lines):
    book_ = [
        Item(reference=f"r{name}", ref=str(n), amount=Money(minor, "EUR"), at=AT)
        for n, (name, minor) in enumerate(lines)
    ]

    assert compared(book_, list(reversed(book_))) == []


@given(st.integers(1, 500), st.integers(-500, 500))
def test_what_is_told_is_exactly_what_differs(ours, more):
    found = compared(
        [item("r", "1", ref="a"), Item(reference="x", ref="b", amount=Money(ours, "EUR"), at=AT)],
        [
            item("r", "1", ref="c"),
            Item(reference="x", ref="d", amount=Money(ours + more, "EUR"), at=AT),
        ],
    )

    assert [one.difference.minor for one in found] == ([more] if more else [])


def test_each_kind_of_trouble_has_its_name():
    assert compared([item("a", 1)], [])[0].kind is Kind.MISSING
    assert compared([], [item("a", 1)])[0].kind is Kind.UNKNOWN
    assert compared([item("a", 1)], [item("a", 1, ref="1"), item("a", 1, ref="2")])[0].kind is (
        Kind.DUPLICATE
    )
    assert compared([item("a", 1)], [item("a", 2)])[0].kind is Kind.WRONG_AMOUNT
    assert compared([item("a", 1)], [item("a", 2)], settled=["a"]) == []
    assert compared([item("a", 1, at=LATER)], []) == []


# The desk


def test_the_operators_desk_shows_and_ends_what_does_not_agree(db, clock, make_person, as_):
    clock("2026-11-04T09:00")
    found = make_difference()
    maker, checker = (as_(make_person(roles=frozenset({Role.OPERATOR}))) for _ in range(2))
    address = f"/en/bank/books/reconciliation/{found.ref}"
    form = {"csrf_token": "test-token"}

    shown = maker.get("/en/bank/books/reconciliation/").text
    wordless = maker.post(f"{address}/propose", data=form)
    maker.post(f"{address}/propose", data=form | {"note": "Nobody's charge"})
    own = maker.post(f"{address}/confirm", data=form)
    confirmed = checker.post(f"{address}/confirm", data=form)

    assert says(shown, "%(number)s line doesn't match.", number=1)
    assert (wordless.status_code, own.status_code, confirmed.status_code) == (422, 409, 303)
    assert says(checker.get(address), "In suspense")


def test_ended_differences_are_paged_by_key(db, clock, make_person, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    clock("2026-11-04T09:00")
    operator = make_person(roles=frozenset({Role.OPERATOR}))
    for n in range(5):
        bring("network", item(f"charge:pi_{n}", n + 1))
        service.compare(pair="network", actor=SYSTEM)
        service.explain(difference_id=one_of("network").id, note="Known", actor=operator)
        house_clock.freeze(house_clock.now() + timedelta(minutes=1))

    pages, before = [], None
    for _ in range(3):
        with reading():
            found = queries.desk(before=before)
        pages.append([one.ref for one in found.closed])
        before = found.before

    assert [len(page) for page in pages] == [2, 2, 1]
    assert before is None


def test_the_desk_asks_the_same_for_one_as_for_many(db, clock):
    clock("2026-11-04T09:00")
    make_difference()
    with reading(), counting_queries() as one:
        queries.desk(before=None)
    bring("network", *(item(f"charge:pi_{n}", n + 1) for n in range(5)))
    service.compare(pair="network", actor=SYSTEM)
    with reading(), counting_queries() as many:
        assert len(queries.desk(before=None).waiting) == 6

    assert len(many) == len(one) == 3


def test_nothing_seems_missing_while_the_network_is_away(db, clock, tmp_path, monkeypatch):
    clock("2026-11-02T09:00")
    monkeypatch.setattr(client, "address_file", lambda: tmp_path / "nowhere")
    book(ledger.Leg(house("card_receivable"), -eur("20")), ledger.Leg(house("suspense"), eur("20")))
    clock("2026-11-05T09:00")

    jobs.compare_books()

    with reading():
        assert {run.pair for run in queries.comparisons()} == {"rail", "rail_bank"}
    assert list(waiting()) == []
