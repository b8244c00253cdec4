"""Ask for the price of insuring a shipment, and conclude the policy on exactly that price."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from banking import api as bank
from insurance.money.books import service as books
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Reason, Refusal
from insurance.trade.cargo import changing, pricing, queries, rules
from insurance.trade.cargo.errors import (
    CargoClausesUnopened,
    CargoDeparted,
    CargoNeedsMissing,
    CargoNotOffered,
    CargoQuoteExpired,
    CargoUnknown,
    CargoWalletMissing,
)
from insurance.trade.cargo.events import CargoBound
from insurance.trade.cargo.models import CargoPolicy, CargoQuote
from insurance.trade.cargo.queries import CargoQuoteView
from insurance.trade.cargo.rules import Cargo
from insurance.trade.cargo.stored import stored_answer, stored_cargo, stored_lift
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id, new_id, public_ref

_NUMBER = text("SELECT nextval('insurance.policy_number')")


@command("insurance.cargo.quote")
def quote(*, cargo: Cargo, owner_id: UUID, actor: Actor) -> CargoQuoteView:
    """Price a shipment and keep the price, or keep why there is none."""
    today = clock.today()
    insurer = pricing.insurer_of(cargo, today)
    answer, euro_rate = pricing.answer(cargo, insurer_key=insurer.key)
    hours = rules.terms_on(today).quote_hours
    kept = stored_answer(answer, euro_rate)
    return _keep(cargo, owner_id, outcome=kept, lifetime=timedelta(hours=hours))


@command("insurance.cargo.offer")
def offer(
    *, ref: str, deductible: str, surcharge_pct: int, lifetime: timedelta, actor: Actor
) -> CargoQuoteView:
    """Keep the price that an underwriter offers for a referred shipment, beside the gate's no.

    Who may offer it is asked before. Units: surcharge in per cent of the rate. Shape: deductible is
    empty for what was asked for. Raises: CargoUnknown, CargoNotOffered.
    """
    seen = queries.quote_called(ref)
    cargo = replace(seen.cargo, deductible=deductible or seen.cargo.deductible)
    insurer = pricing.insurer_of(cargo, clock.today())
    found = pricing.lifted_answer(cargo, surcharge_pct=surcharge_pct, insurer_key=insurer.key)
    if isinstance(found.answer, Refusal):
        raise CargoNotOffered
    lifted = stored_lift(
        reasons=found.reasons, surcharge_pct=surcharge_pct, together_eur=found.together_eur
    )
    outcome = stored_answer(found.answer, found.euro_rate) | lifted
    return _keep(cargo, seen.owner_id, outcome=outcome, lifetime=lifetime)


def _keep(
    cargo: Cargo, owner_id: UUID, *, outcome: dict[str, Any], lifetime: timedelta
) -> CargoQuoteView:
    now = clock.now()
    insurer = pricing.insurer_of(cargo, now.date())
    row = CargoQuote(
        id=new_id(),
        ref=public_ref("K"),
        owner_id=owner_id,
        currency=cargo.currency,
        asked=stored_cargo(cargo),
        outcome={"insurer": insurer.key, **outcome},
        tariff_version=tariff.shop_tariff_on(now.date(), insurer_key=insurer.key).version,
        opened={},
        created_at=now,
        valid_until=now + lifetime,
    )
    session().add(row)
    session().flush()
    return queries.quote_view(row)


@command("insurance.cargo.note_opened")
def note_opened(*, ref: str, language: str, actor: Actor) -> None:
    """Note that what the clauses cover was opened in a language; the first time stays.

    Locks: the quote. Raises: CargoUnknown.
    """
    queries.quote_for(actor, ref)
    row = _locked(ref)
    row.opened = {queries.clauses_of(language): clock.now().isoformat()} | (row.opened or {})


@command("insurance.cargo.buy")
def buy(*, ref: str, need: str, locale: str, actor: Actor) -> CargoQuoteView:
    """Conclude a policy on a price that was shown, and pay for it from its owner's wallet.

    One price is one policy, however often it is asked for. Where the payment has to be approved
    first it waits, and the price says which approval. What travels together is asked again, with
    everything on the same conveyance held still.
    Locks: the quote, the conveyance, low payments of the person, the wallet's account.
    Events: CargoBound. Raises: CargoUnknown, CargoQuoteExpired, CargoNotOffered, CargoDeparted,
    CargoClausesUnopened, CargoNeedsMissing, CargoWalletMissing, InsufficientFunds, ReducedLimit,
    AccountFrozen.
    """
    row = _locked(ref)
    seen = queries.quote_for(actor, ref)
    if seen.number is not None:
        return seen
    _wallet(seen)
    _check(seen, need)
    if seen.is_unopened(locale):
        raise CargoClausesUnopened
    opened = {"clauses_opened_at": row.opened[queries.clauses_of(locale)]} if row.opened else {}
    # A changed key alone is not noticed once the row was flushed: the whole is written at once.
    row.wish = {"need": need, "locale": locale, **opened}
    approval = _approval(row, seen, actor)
    if approval.is_given:
        _conclude(row, seen, approval, actor)
    else:
        row.approval_id = approval.id
    session().flush()
    return queries.quote_view(row)


def approved(approval: bank.Approval, actor: Actor) -> None:
    """Conclude or change what was approved, in the transaction of the yes. Raises: as `buy`."""
    if changing.is_change(approval.subject):
        changing.approved(approval, actor)
        return
    row = _locked(approval.subject)
    seen = queries.quote_view(row)
    if seen.number is None:
        assert row.wish is not None, "what waits for an approval was wished"
        _check(seen, row.wish["need"])
        _conclude(row, seen, approval, actor)


def _approval(row: CargoQuote, seen: CargoQuoteView, actor: Actor) -> bank.Approval:
    """Return the question that stands for this price, else ask; given where nobody need be."""
    assert seen.price is not None, "checked before"
    if row.approval_id is not None:
        asked = bank.approval_of(approval_id=row.approval_id)
        if asked.is_open(clock.now()):
            return asked
    return bank.ask_approval(
        person_id=seen.owner_id,
        act=bank.Act.CARGO,
        amount=seen.price.total,
        payee=seen.insurer,
        account=seen.ref,
        subject=seen.ref,
        actor=actor,
        known=bank.Known(until=seen.valid_until),
    )


def _conclude(row: CargoQuote, seen: CargoQuoteView, approval: bank.Approval, actor: Actor) -> None:
    """Conclude the policy of a held price, and take the premium in both books."""
    assert seen.price is not None, "checked before"
    wallet = _wallet(seen)
    bank.redeem_approval(
        approval_id=approval.id,
        act=bank.Act.CARGO,
        amount=seen.price.total,
        payee=seen.insurer,
        account=seen.ref,
        actor=actor,
    )
    now = clock.now()
    number = next_number(now)
    policy = CargoPolicy(
        id=derived_id(row.id, "policy"),
        number=number,
        quote_id=row.id,
        owner_id=row.owner_id,
        wallet_id=wallet.id,
        insurer_key=seen.insurer_key,
        voyage=seen.cargo.voyage,
        departs_on=seen.cargo.departs_on,
        insured_eur=seen.price.insured_eur,
        demands=row.wish,
        bound_at=now,
    )
    session().add(policy)
    session().flush()
    _pay(policy, seen, actor)
    publish(
        CargoBound(
            policy_id=policy.id,
            number=number,
            owner_id=row.owner_id,
            premium=seen.price.total,
            sum_insured=seen.price.sum_insured,
        )
    )


def next_number(now: datetime) -> str:
    """Return the number of the next policy of cargo."""
    return f"{queries.NUMBERED}{now:%y}-{session().execute(_NUMBER).scalar_one():07d}"


def _wallet(seen: CargoQuoteView) -> bank.WalletView:
    wallet = queries.paying_wallet(owner_id=seen.owner_id, currency=seen.cargo.currency)
    if wallet is None:
        raise CargoWalletMissing(currency=seen.cargo.currency)
    return wallet


def _locked(ref: str) -> CargoQuote:
    row = (
        session()
        .execute(
            select(CargoQuote)
            .where(CargoQuote.ref == ref)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .scalar_one_or_none()
    )
    if row is None:
        raise CargoUnknown
    return row


def _check(seen: CargoQuoteView, need: str) -> None:
    if seen.price is None:
        raise CargoNotOffered
    if seen.is_expired:
        raise CargoQuoteExpired
    may_have_left = seen.lifted is not None and Reason.LATE_ENTRY in seen.lifted.reasons
    if seen.cargo.departs_on < clock.today() and not may_have_left:
        raise CargoDeparted
    if not need.strip():
        raise CargoNeedsMissing
    pricing.hold_voyage(seen.cargo.voyage)
    if not pricing.still_sold(seen):
        raise CargoNotOffered


def _pay(policy: CargoPolicy, seen: CargoQuoteView, actor: Actor) -> None:
    """J1: the premium out of the wallet into both books; the wallet's limits count it."""
    bank.spend_from_wallet(
        key=derived_id(policy.id, "premium"),
        kind="cargo_insured",
        wallet_id=policy.wallet_id,
        dues=books.premium_credits(
            split=seen.split, insurer_key=policy.insurer_key, memo=policy.number
        ),
        subject=policy.number,
        actor=actor,
    )
    books.premium_written(
        policy_id=policy.id,
        subject=policy.number,
        split=seen.split,
        insurer_key=policy.insurer_key,
        actor=actor,
    )


bank.register_approved(
    act=bank.Act.CARGO,
    execute=approved,
    page=bank.ResultPage("cargo.price", "ref", is_way_back=True),
)
