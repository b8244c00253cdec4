"""What a year brings to traders: cargo by itself, open covers, declarations, and their losses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.cover_people import Holder, OpenYear, Year, say_yes
from insurance.rating.tariff.queries import War
from insurance.trade.cargo import changing
from insurance.trade.cargo import queries as cargo_queries
from insurance.trade.cargo import service as cargo
from insurance.trade.cargo.queries import CargoView
from insurance.trade.cargo_claims import queries as claims
from insurance.trade.cargo_claims import service as losses
from insurance.trade.cargo_claims.rules import Kind, State, Survey
from insurance.trade.clauses.queries import Peril
from insurance.trade.open_cover import declaring, running
from insurance.trade.open_cover import queries as open_covers
from insurance.trade.open_cover import rules as terms_of
from insurance.trade.open_cover import service as open_cover
from insurance.trade.open_cover.rules import Agreed, Source
from kernel import clock
from kernel.db import reading
from kernel.money import Money
from tests.insurance.trade.cargo.conftest import make_cargo
from tests.insurance.trade.open_cover import conftest as traders

TRADED_IN = ("EUR", "USD")
# Months an open cover runs: those that end within the year are settled by their turnover.
MONTHS = (6, 12)
_PERILS = (Peril.SEAWATER, Peril.FIRE, Peril.THEFT)


def trade(year: Year) -> None:
    """Insure one shipment of a business, by itself or under its open cover."""
    if year.open_covers and year.likely(0.5):
        _declare(year)
    else:
        _buy(year)


def open_the_year(year: Year, covers: int) -> None:
    """Let so many businesses have an open cover, each with a deposit in one of two currencies."""
    for number in range(covers):
        holder, currency = year.lot.choice(year.holders), TRADED_IN[number % 2]
        today, ref = clock.today(), ""
        ends_on = terms_of.year_from(today, MONTHS[number // 2 % 2])
        with year.step("open a year"):
            asked = traders.application(
                turnover=year.money(200_000, currency),
                largest=year.money(40_000, currency),
                starts_on=today,
            )
            ref = open_cover.apply(application=asked, owner_id=holder.id, actor=holder.actor).ref
            signed = open_cover.sign(
                ref=ref, agreed=_terms(year, currency, ends_on), actor=year.officers[0]
            )
            done = open_cover.accept(ref=ref, sha256=signed.sha256 or "", actor=holder.actor)
            say_yes(done.approval_id if done.accepted_at is None else None, holder)
            year.open_covers.append(OpenYear(ref, holder, currency, ends_on))
            _each_month(year, year.open_covers[-1])


def _terms(year: Year, currency: str, ends_on: date) -> Agreed:
    return traders.terms(
        war=War.NONE,
        conveyance_limit=year.money(60_000, currency),
        location_limit=year.money(10_000_000, currency),
        turnover=year.money(200_000, currency),
        deposit=year.money(20, currency),
        least=year.money(150, currency),
        starts_on=clock.today(),
        ends_on=ends_on,
    )


def _each_month(year: Year, cover: OpenYear) -> None:
    """Pay what is owed each month, one time in six too late; settle a year that is over."""
    year.later(30 if year.likely(0.85) else 50, lambda: _pay_owed(year, cover))


def _pay_owed(year: Year, cover: OpenYear) -> None:
    with reading():
        seen = open_covers.cover_for(cover.holder.actor, cover.ref)
    if seen.owed:
        with year.step("pay for declarations"):
            done = open_cover.pay_owed(ref=cover.ref, actor=cover.holder.actor)
            say_yes(done.approval_id if done.owed else None, cover.holder)
    if clock.today() <= cover.ends_on:
        _each_month(year, cover)
        return
    with year.step("settle an open year"):
        turnover = year.money(year.lot.choice([10_000, 60_000]), cover.currency)
        running.adjust(ref=cover.ref, turnover=turnover, actor=year.officers[0])


def _declare(year: Year) -> None:
    cover = year.lot.choice(year.open_covers)
    if clock.today() > cover.ends_on:
        year.open_covers.remove(cover)
    number = ""
    with year.step("declare"):
        done = declaring.declare(
            ref=cover.ref,
            shipment=replace(
                traders.shipment(f"INV-{year.lot.getrandbits(40)}"),
                value=year.money(year.lot.choice([900, 2_500, 5_000]), cover.currency),
                freight=Money.zero(cover.currency),
                conveyance=f"MV {year.lot.getrandbits(40)}",
                departs_on=clock.today() + timedelta(days=5),
            ),
            source=Source.FORM,
            actor=cover.holder.actor,
        )
        number = done.number
    if number:
        _lived(year, number, cover.holder)


def _buy(year: Year) -> None:
    """Insure a shipment of a business, as its page does, and say yes where that is asked for."""
    holder, currency = year.lot.choice(year.holders), year.lot.choice(TRADED_IN)
    shipment = make_cargo(
        value=str(year.money(year.lot.choice([900, 2_500]), currency).amount),
        currency=currency,
        conveyance=f"MV {year.lot.getrandbits(40)}",
        departs_on=clock.today() + timedelta(days=5),
    )
    number = ""
    with year.step("insure cargo"):
        quote = cargo.quote(cargo=shipment, owner_id=holder.id, actor=holder.actor)
        cargo.note_opened(ref=quote.ref, language="en", actor=holder.actor)
        done = cargo.buy(ref=quote.ref, need="As agreed.", locale="en", actor=holder.actor)
        say_yes(done.approval_id if done.number is None else None, holder)
        with reading():
            number = cargo_queries.quote_for(holder.actor, quote.ref).number or ""
    if not number:
        return
    drawn = year.lot.random()
    if drawn < 0.15:
        year.later(year.lot.choice([2, 9]), lambda: _end(year, number, holder))
    else:
        _lived(year, number, holder)


def _end(year: Year, number: str, holder: Holder) -> None:
    """Cancel a shipment's cover: before it leaves for all of its price, else for the days left."""
    with year.step("cancel cargo"):
        shown = changing.show_end(policy_id=_held(holder, number).id, actor=holder.actor)
        changing.confirm(ref=shown.ref, actor=holder.actor)


def _lived(year: Year, number: str, holder: Holder) -> None:
    if year.likely(0.3):
        year.later(20, lambda: _lose(year, number, holder))


def _lose(year: Year, number: str, holder: Holder) -> None:
    """Report a loss of cargo in the policy's currency: a part, everything, or a contribution."""
    policy = _held(holder, number)
    kind = year.lot.choice([Kind.DAMAGE, Kind.DAMAGE, Kind.TOTAL_LOSS, Kind.GENERAL_AVERAGE])
    peril = year.lot.choice(_PERILS)
    if kind is Kind.GENERAL_AVERAGE:
        peril = Peril.GENERAL_AVERAGE
    with year.step("report a loss of cargo"):
        claim = losses.notify(
            policy_id=policy.id,
            kind=kind,
            peril=peril,
            claimed=_part(policy, "0.4"),
            loss_on=clock.today(),
            description="Water in the container.",
            actor=holder.actor,
        )
        year.later(4, lambda: _decide(year, claim.ref, policy, holder))


def _decide(
    year: Year, ref: str, policy: CargoView, holder: Holder, *, is_appeal: bool = False
) -> None:
    """Survey a loss and let two officers decide; half of what is refused is appealed."""
    with reading():
        claim = claims.claim_for(holder.actor, ref)
    maker, checker = year.officers[2:] if is_appeal else year.officers[:2]
    is_approval = is_appeal or year.likely(0.75)
    with year.step("decide on cargo"):
        if claim.kind is Kind.GENERAL_AVERAGE and claim.state is State.SUBMITTED:
            losses.guarantee(claim_id=claim.id, actor=maker)
        if claim.survey is None:
            losses.record_survey(claim_id=claim.id, survey=_survey(claim.kind, policy), actor=maker)
        losses.recommend(claim_id=claim.id, is_approval=is_approval, reason="Seen.", actor=maker)
        done = losses.confirm(claim_id=claim.id, actor=checker)
    if done.state is State.REFUSED and not is_appeal and year.likely(0.5):
        with year.step("appeal about cargo"):
            losses.appeal(claim_id=claim.id, words="Look again.", actor=holder.actor)
        year.later(3, lambda: _decide(year, ref, policy, holder, is_appeal=True))


def _survey(kind: Kind, policy: CargoView) -> Survey:
    """Return what a surveyor found: of a total loss nothing is whole, a tenth came from others."""
    part = "0.1" if kind is Kind.TOTAL_LOSS else "0.7"
    whole = _part(policy, "0" if kind is Kind.TOTAL_LOSS else "1")
    return Survey(
        surveyor="Havre Survey, Rhine and Elbe",
        report="HS-771",
        day=clock.today(),
        whole=whole,
        part=_part(policy, "0.02" if kind is Kind.GENERAL_AVERAGE else part),
    )


def _part(policy: CargoView, share: str) -> Money:
    insured = policy.price.sum_insured
    return Money.rounded(insured.amount * Decimal(share), insured.currency)


def _held(holder: Holder, number: str) -> CargoView:
    with reading():
        return cargo_queries.policy_for(holder.actor, number)
