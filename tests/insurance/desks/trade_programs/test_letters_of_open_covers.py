"""Programs of traders hear of open covers, certificates and answers, as the document says."""

import json
from datetime import date

from sqlalchemy import text

from insurance.contracts.certificates import service as certificates
from insurance.contracts.certificates.queries import Reason
from insurance.desks.trade_programs import jobs
from insurance.offers.referrals.events import ReferralDeclined, ReferralQuoted
from insurance.trade.open_cover import running, service, withdrawing
from insurance.trade.open_cover import words as open_cover_words
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading, session, transaction
from kernel.events import publish
from kernel.people.endpoints import service as endpoints
from kernel.web import described
from tests.insurance.conftest import buy, drain, make_wallet
from tests.insurance.trade.open_cover.conftest import (
    UNDERWRITER,
    accepted,
    application,
    declared,
    eur,
    paid,
)


def told(documented, of):
    return [kind for kind in documented.told if kind.startswith(of)]


def test_an_open_cover_is_told_from_its_terms_to_its_settled_year(trader, documented, clock):
    ref = accepted(trader, notice_days=1, deposit=eur("50.00")).ref
    line = declared(trader, ref, "TB-1")
    back = declared(trader, ref, "TB-2", departs_on=date(2026, 6, 20))
    withdrawing.withdraw(ref=ref, number=back.number, actor=trader)
    drain()
    clock("2026-07-20T09:00")
    running.mind(ref=ref, actor=SYSTEM)
    drain()
    assert told(documented, "open_cover")[-2:] == [
        "open_cover.month_closed",
        "open_cover.suspended",
    ]
    paid(trader, ref)
    running.give_notice(ref=ref, is_war=False, actor=trader)
    clock("2026-07-22T09:00")
    running.mind(ref=ref, actor=SYSTEM)
    running.adjust(ref=ref, turnover=line.cif, actor=UNDERWRITER)
    drain()

    assert told(documented, "open_cover") == [
        "open_cover.offered",
        "open_cover.opened",
        "open_cover.declared",
        "open_cover.declared",
        "open_cover.withdrawn",
        "open_cover.month_closed",
        "open_cover.suspended",
        "open_cover.resumed",
        "open_cover.cancelled",
        "open_cover.ended",
        "open_cover.adjusted",
    ]
    assert told(documented, "certificate") == ["certificate.issued"] * 2


def test_a_limit_that_comes_near_and_an_application_that_is_declined_are_told(trader, documented):
    ref = accepted(trader, conveyance_limit=eur("27000.00")).ref
    declared(trader, ref, "TB-1")
    asked = service.apply(application=application(), owner_id=trader.person_id, actor=trader)
    service.decline(ref=asked.ref, reason="Too large for us.", actor=UNDERWRITER)
    drain()

    assert "open_cover.limit_near" in documented.told
    assert documented.told[-1] == "open_cover.declined"


def test_every_word_that_a_holder_is_told_has_a_letter():
    silent = {"asked", "orders_on", "orders_off", "sales_on", "sales_off", "turnover"}

    assert set(open_cover_words.HISTORY) - silent == set(jobs.NEWS)
    assert {kind for kind, _ in jobs.NEWS.values()} <= set(described.letters())


def test_a_revoked_certificate_is_told_to_its_holder(trader, documented):
    parcel = buy(owner_id=trader.person_id, wallet=make_wallet(trader.person_id))
    drain()
    assert told(documented, "certificate") == ["certificate.issued"]

    certificates.revoke(subject=parcel.number, reason=Reason.ERROR, actor=SYSTEM)
    drain()

    assert told(documented, "certificate") == ["certificate.issued", "certificate.revoked"]


def test_what_underwriters_answer_is_told(trader, documented):
    with transaction(name="test", actor=SYSTEM):
        publish(
            ReferralQuoted(
                ref="R-7K2M9QXA",
                kind="parcel",
                owner_id=trader.person_id,
                offered_ref="H-7K2M9QXA",
                valid_until=house_clock.now(),
            )
        )
        publish(
            ReferralDeclined(
                ref="R-7K2M9QXB",
                kind="cargo",
                owner_id=trader.person_id,
                subject_ref="C-7K2M9QXB",
                refusal="sum",
                words="Too much for one ship.",
            )
        )
    drain()

    assert told(documented, "quote") == ["quote.offered", "quote.declined"]


def test_a_policy_and_its_certificate_are_two_letters_with_ids_of_their_own(trader):
    endpoints.add(url="https://1.1.1.1/hook", actor=trader)
    buy(owner_id=trader.person_id, wallet=make_wallet(trader.person_id))
    drain()

    with reading():
        query = text("SELECT event_id, body FROM kernel.endpoint_letter")
        rows = session().execute(query).all()

    assert {json.loads(row.body)["type"] for row in rows} == {
        "policy.bound",
        "certificate.issued",
    }
    assert len({row.event_id for row in rows}) == 2
