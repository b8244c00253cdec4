"""What a customer asked of underwriters stands on one page, however much it is."""

from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from insurance.contracts.insuring import service as insuring
from insurance.offers.referrals import queries, service
from insurance.offers.referrals.rules import ReferralState, Refused
from insurance.offers.shipments.rules import Kind
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import make_wallet
from tests.insurance.contracts.insuring.buying import moneyed, open_information, wish
from tests.insurance.offers.referrals.referring import offered, officer, referred

BUDGET = 15


def number(n):
    return f"JD0146{n:06d}RQ"


def test_a_dozen_questions_are_read_in_two_queries_and_the_page_keeps_its_budget(
    make_person, as_, clock
):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    actor = make_person(email="ada@example.com", country="DE")
    make_wallet(actor.person_id, amount="100000.00")
    asked = [referred(actor, tracking_number=number(n))[1] for n in range(12)]
    for one in asked[:8]:
        offered(one)

    with reading(), counting_queries() as counted:
        rows = queries.asked_by(owner_id=actor.person_id)
    browser = as_(actor)
    browser.get("/en/cover/")
    with counting_queries() as page_counted:
        page = browser.get("/en/cover/")

    assert {one.referral.ref for one in rows} == {one.ref for one in asked}
    assert len(counted) == 2, counted.statements
    assert len(page_counted) <= BUDGET, page_counted.statements
    shown = BeautifulSoup(page.data, "html.parser")
    assert len(shown.select("section[aria-labelledby=asked] tbody tr")) == 12
    assert says(page, "You'll have an answer by %(at)s")


def test_each_question_stands_where_it_stands_and_nobody_sees_anothers(db, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    actor, _ = moneyed("100000.00")
    other, _ = moneyed()
    waiting, declined, priced, bought = (
        referred(actor, tracking_number=number(n), kind=Kind.FRESH, value=Money.of("180.00", "EUR"))
        for n in range(4)
    )
    service.decline(ref=declined[1].ref, refusal=Refused.ROUTE, words="", actor=officer())
    for one in (priced, bought):
        offered(one[1])
    open_information(bought[0], actor)
    insuring.buy(ref=bought[0].ref, wish=wish(), actor=actor)

    with reading():
        told = {
            one.referral.ref: (one.referral.state, one.is_bought)
            for one in queries.asked_by(owner_id=actor.person_id)
        }
        assert queries.asked_by(owner_id=other.person_id) == []

    assert told == {
        waiting[1].ref: (ReferralState.ASKED, False),
        declined[1].ref: (ReferralState.DECLINED, False),
        priced[1].ref: (ReferralState.QUOTED, False),
        bought[1].ref: (ReferralState.QUOTED, True),
    }
