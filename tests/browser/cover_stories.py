"""Changes of a cover whose parcel waits, and a shipment that is insured beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.changes import service as changes
from insurance.contracts.changes.service import Asked
from insurance.contracts.insuring import service as insuring
from insurance.losses.recovery import cargo_cases as at_carrier
from insurance.losses.recovery import queries as carriers
from insurance.offers.quotes.queries import Mode
from insurance.offers.referrals import parcels
from insurance.offers.referrals import service as referrals
from insurance.offers.referrals.rules import Offer, Refused
from insurance.offers.shipments import service as shipments
from insurance.offers.shipments.rules import Described, Kind
from insurance.rating.liability.queries import Interest
from insurance.trade.cargo import changing as cargo_changes
from insurance.trade.cargo import queries as cargo_queries
from insurance.trade.cargo import referring
from insurance.trade.cargo import service as cargo
from insurance.trade.cargo_claims import service as cargo_claims
from insurance.trade.cargo_claims.rules import Kind as LossKind
from insurance.trade.clauses.queries import Peril
from insurance.trade.open_cover import declaring, files, running, withdrawing
from insurance.trade.open_cover import queries as open_cover_queries
from insurance.trade.open_cover import rules as open_covers
from insurance.trade.open_cover import service as open_cover
from insurance.trade.open_cover.rules import Source
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.orders import queries as orders
from tests.browser.insurer_stories import insurer_stories
from tests.browser.people import LISTED
from tests.insurance.contracts.insuring.buying import open_information, wish
from tests.insurance.trade.cargo.conftest import make_cargo
from tests.insurance.trade.open_cover.conftest import (
    UNDERWRITER,
    application,
    terms,
)
from tests.insurance.trade.open_cover.conftest import shipment as declared_shipment


def cover_stories(buyer: Actor, unpacked: str) -> dict[str, str]:
    """Show other terms, an end and an offer of one policy, and leave all of them open.

    Parcels from elsewhere are described, too: one has its price, one is refused, and one is insured
    within Germany, whose tax is owed.
    """
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=orders.by_ref(unpacked).parcel_ref)
    assert policy is not None
    as_it_is = Asked(
        values=tuple(item.value.times(Fraction(11, 10)) for item in policy.items),
        destination_country=policy.destination_country,
        insured_name="Atelier Fontaine",
        is_business=True,
        with_delay=True,
    )
    dearer = changes.show_endorsement(policy_id=policy.id, asked=as_it_is, actor=buyer)
    cheaper = changes.show_endorsement(
        policy_id=policy.id,
        asked=replace(
            as_it_is,
            values=tuple(item.value.times(Fraction(1, 2)) for item in policy.items),
            with_delay=False,
        ),
        actor=buyer,
    )
    ended = changes.show_end(policy_id=policy.id, actor=buyer)
    offered = changes.show_assignment(policy_id=policy.id, email=LISTED, actor=buyer)
    changes.confirm(ref=offered.ref, actor=buyer)
    asked = changes.show_assignment(policy_id=policy.id, email=LISTED, actor=buyer)
    vase = _vase()
    priced, refused = (
        shipments.ask(described=parcel, country="FR", actor=buyer)
        for parcel in (vase, replace(vase, kind=Kind.FRESH))
    )
    within = replace(
        vase, tracking_number="JD014600008RQ", origin_country="DE", destination_country="DE"
    )
    taxed = shipments.ask(described=within, country="DE", actor=buyer)
    open_information(taxed, buyer)
    insuring.buy(ref=taxed.ref, wish=wish(), actor=buyer)
    return (
        cargo_stories(buyer)
        | open_cover_stories(buyer)
        | insurer_stories()
        | referral_stories(buyer, vase)
        | {
            "priced_parcel": priced.ref,
            "refused_parcel": refused.ref,
            "changeable": policy.number,
            "dearer": dearer.ref,
            "cheaper": cheaper.ref,
            "ended_cover": ended.ref,
            "offered_cover": offered.ref,
            "asked_cover": asked.ref,
        }
    )


def _vase() -> Described:
    return Described(
        carrier="DHL",
        tracking_number="JD014600003RQ",
        kind=Kind.CERAMICS,
        contents="A celadon vase",
        value=Money.of("180.00", "EUR"),
        delivery=Money.of("20.00", "EUR"),
        origin_country="JP",
        destination_country="FR",
        mode=Mode.TRK,
        weight_g=2500,
        interest=Interest.PRIVATE,
    )


def cargo_stories(buyer: Actor) -> dict[str, str]:
    """Price two shipments, insure one and report a loss of another; a third has no price."""
    shipment = make_cargo(
        value="1500.00", departs_on=clock.today() + timedelta(days=9), is_letter_of_credit=True
    )
    first, second, third = (
        cargo.quote(cargo=one, owner_id=buyer.somebody(), actor=buyer)
        for one in (shipment, shipment, replace(shipment, hs_code="240220"))
    )
    cargo.note_opened(ref=first.ref, language="en", actor=buyer)
    insured = cargo.buy(ref=first.ref, need="Insure it.", locale="en", actor=buyer)
    with reading():
        policy = cargo_queries.policy_for(buyer, insured.number or "")
    ending = cargo_changes.show_end(policy_id=policy.id, actor=buyer)
    leaving = cargo.quote(
        cargo=replace(shipment, departs_on=clock.today()), owner_id=buyer.somebody(), actor=buyer
    )
    cargo.note_opened(ref=leaving.ref, language="en", actor=buyer)
    gone = cargo.buy(ref=leaving.ref, need="Insure it.", locale="en", actor=buyer)
    with reading():
        claimed = cargo_queries.policy_for(buyer, gone.number or "")
    claim = cargo_claims.notify(
        policy_id=claimed.id,
        kind=LossKind.DAMAGE,
        peril=Peril.SEAWATER,
        claimed=Money.of("200.00", "EUR"),
        loss_on=clock.today(),
        description="Water in the container.",
        actor=buyer,
    )
    at_carrier.open_cargo_case(claim_id=claim.id, actor=SYSTEM)
    with reading():
        asked = carriers.of_cargo_claim(buyer, claim.ref)
    assert asked is not None, "a loss on the way asks its carrier"
    return {
        "cargo_carrier": asked.ref,
        "cargo_change": ending.ref,
        "cargo_claim": claim.ref,
        "cargo_claimed": claimed.number,
        "cargo_price": second.ref,
        "cargo_refused": third.ref,
        "cargo": insured.number,
    }


def referral_stories(buyer: Actor, parcel: Described) -> dict[str, str]:
    """Ask an underwriter about five risks: waiting, proposed, priced, declined, and a cargo."""
    dear = replace(parcel, value=Money.of("15000.00", "EUR"))
    waiting, proposed, offered, declined = (
        shipments.ask(
            described=replace(dear, tracking_number=f"JD01460000{place}RQ"),
            country="FR",
            actor=buyer,
        )
        for place in range(4, 8)
    )
    asked = {
        one.ref: parcels.ask(ref=one.ref, words="Packed in two crates.", actor=buyer)
        for one in (waiting, proposed, offered, declined)
    }
    officer = Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))
    for one, surcharge in ((proposed, 60), (offered, 20)):
        offer = Offer(surcharge_pct=surcharge)
        referrals.offer(ref=asked[one.ref].ref, offer=offer, actor=officer)
    referrals.decline(
        ref=asked[declined.ref].ref,
        refusal=Refused.VALUE,
        words="The receipt names another vase.",
        actor=officer,
    )
    ship = make_cargo(value="300000.00", departs_on=clock.today() + timedelta(days=9))
    quote, unasked = (
        cargo.quote(cargo=ship, owner_id=buyer.somebody(), actor=buyer) for _ in range(2)
    )
    of_cargo = referring.ask(ref=quote.ref, words="", actor=buyer)
    return {
        "waiting_parcel": waiting.ref,
        "offered_parcel": offered.ref,
        "declined_parcel": declined.ref,
        "referral": asked[waiting.ref].ref,
        "proposed_referral": asked[proposed.ref].ref,
        "declined_referral": asked[declined.ref].ref,
        "cargo_waiting": quote.ref,
        "cargo_referred": unasked.ref,
        "cargo_referral": of_cargo.ref,
    }


def open_cover_stories(buyer: Actor) -> dict[str, str]:
    """Ask for four open covers: one waits, one has terms, one runs, and one has ended.

    What runs has a shipment, one that was withdrawn, and a file with a line that was declared and one that was not.
    """
    today = clock.today()
    asked, offered, runs, over = (
        open_cover.apply(
            application=application(starts_on=today), owner_id=buyer.somebody(), actor=buyer
        ).ref
        for _ in range(4)
    )
    # A notice of a day before today ends a cover at once; nobody would sign that.
    for ref, days in ((offered, 30), (runs, 30), (over, -1)):
        agreed = terms(
            deposit=Money.of("10.00", "EUR"),
            starts_on=today,
            ends_on=open_covers.year_from(today, 12),
            notice_days=days,
        )
        open_cover.sign(ref=ref, agreed=agreed, actor=UNDERWRITER)
    for ref in (runs, over):
        _accept(ref, buyer)
    running.give_notice(ref=over, is_war=False, actor=buyer)
    running.mind(ref=over, actor=SYSTEM)
    leaves = today + timedelta(days=9)
    stays, withdrawn = (
        declaring.declare(
            ref=runs,
            shipment=declared_shipment(name, value="1500.00", departs_on=leaves),
            source=Source.FORM,
            actor=buyer,
        ).number
        for name in ("INV-1", "INV-2")
    )
    withdrawing.withdraw(ref=runs, number=withdrawn, actor=buyer)
    table = files.example().decode().replace("2026-12-31", leaves.isoformat())
    lines = files.read(f"{table}INV-2042{',' * 16}".encode(), most_lines=10)
    with reading():
        cover = open_cover_queries.cover_for(buyer, runs)
    sent = files.declare_file(
        cover=cover, name="june.csv", lines=lines, countries=["CN", "DE"], actor=buyer
    )
    return {
        "asked_open_cover": asked,
        "offered_open_cover": offered,
        "open_cover": runs,
        "ended_open_cover": over,
        "declared_shipment": stays,
        "withdrawn_shipment": withdrawn,
        "open_cover_file": sent.ref,
        "open_cover_month": f"{today:%Y-%m}",
    }


def sellers_open_cover(seller: Actor) -> dict[str, str]:
    """Let a shop's owner take out an open cover that could take what the shop sends."""
    today = clock.today()
    asked = open_cover.apply(
        application=replace(
            application(starts_on=today),
            turnover=Money.of("900000", "CNY"),
            largest=Money.of("90000", "CNY"),
            country="CN",
        ),
        owner_id=seller.somebody(),
        actor=seller,
    )
    agreed = terms(
        country="CN",
        deposit=Money.of("100", "CNY"),
        least=Money.of("1", "CNY"),
        turnover=Money.of("900000", "CNY"),
        conveyance_limit=Money.of("90000", "CNY"),
        location_limit=Money.of("90000", "CNY"),
        starts_on=today,
        ends_on=open_covers.year_from(today, 12),
    )
    open_cover.sign(ref=asked.ref, agreed=agreed, actor=UNDERWRITER)
    _accept(asked.ref, seller)
    return {"sellers_open_cover": asked.ref}


def _accept(ref: str, buyer: Actor) -> None:
    with reading():
        signed = open_cover_queries.cover_for(buyer, ref)
    done = open_cover.accept(ref=ref, sha256=signed.sha256 or "", actor=buyer)
    if done.accepted_at is None:
        assert done.approval_id is not None, "it is accepted, or waits for an approval"
        approvals.give(approval_id=done.approval_id, method="totp", actor=buyer)
