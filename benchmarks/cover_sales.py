"""How policies of a year begin: in a cart, for a shop and in the bank."""

from __future__ import annotations

from typing import Any

from banking import api as bank
from benchmarks import cover_lives as lives
from benchmarks.cover_people import CURRENCIES, Year, say_yes
from benchmarks.cover_trade import trade
from insurance import api as cover
from insurance.contracts.insuring import service as insuring
from insurance.contracts.insuring.service import Wish
from insurance.contracts.policies import queries as policies
from insurance.offers.shipments import queries as shipment_queries
from insurance.offers.shipments import service as shipments
from insurance.offers.shipments.rules import Described, Kind
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import derived_id

HOMES = {"EUR": ("DE", "FR", "AT", "ES"), "USD": ("US",), "GBP": ("GB",), "CNY": ("CN",)}
FROM = ("CN", "US", "JP", "DE")


def live(year: Year) -> None:
    """Let one policy begin: a buyer's, a shop's or a business's; its life goes on the agenda."""
    drawn = year.lot.random()
    if drawn < 0.1:
        _sellers(year)
    elif drawn < 0.2:
        trade(year)
    elif drawn < 0.28:
        _bought_in_the_bank(year)
    else:
        _buyers(year)


def _risk(
    year: Year, currency: str, interest: cover.Interest = cover.Interest.SENDER
) -> cover.ParcelRisk:
    home = year.lot.choice(HOMES.get(currency, ("DE",)))
    value = year.money(year.lot.lognormvariate(4.3, 0.8), currency)
    return cover.ParcelRisk(
        policyholder_country=home,
        origin_country=year.lot.choice([one for one in FROM if one != home]),
        destination_country=home,
        items=(cover.InsuredItem(description="Tea caddy", hs_code="732399", value=value),),
        freight=year.money(8, currency),
        interest=interest,
        mode=year.lot.choice([cover.Mode.TRK, cover.Mode.EXP]),
        planned_days=year.lot.choice([6, 10, 30]),
    )


def _parcel(year: Year) -> str:
    return f"P-{year.lot.getrandbits(60):015X}"


def _demands() -> cover.Demands:
    return cover.Demands(
        needs=("The parcel is insured on its way to me.",),
        is_active_choice=True,
        product_information=cover.PRODUCT_INFORMATION_VERSION,
        product_information_opened_at=clock.now(),
        locale="en",
    )


def _buyers(year: Year) -> None:
    holder, currency = year.lot.choice(year.holders), year.lot.choice(list(CURRENCIES))
    interest = cover.Interest.CONSUMER if year.likely(0.25) else cover.Interest.SENDER
    key, parcel = year.new_id(), _parcel(year)
    policy: cover.PolicyView | None = None
    with year.step("quote"):
        risk = _risk(year, currency, interest)
        quote = cover.quote_parcel(risk=risk, subject=parcel, actor=SYSTEM)
    offered = [one for one in cover.Cover if quote.level(one).price is not None]
    if not offered:
        year.refused["quote: nothing offered"] += 1
        return
    terms: dict[str, Any] = {
        "quote_id": quote.id,
        "cover": year.lot.choice(offered),
        "with_delay": quote.rider is not None and year.likely(0.3),
    }
    wallet = holder.wallets[currency]
    with year.step("bind"), transaction(name="benchmark", actor=SYSTEM):
        bank.collect_from_wallet(
            key=derived_id(key, "pay"),
            kind="escrow_funded",
            wallet_id=wallet,
            dues=cover.premium_credits(**terms),
            subject=parcel,
            actor=SYSTEM,
        )
        policy = cover.bind(
            **terms,
            policyholder_id=holder.id,
            policyholder_wallet_id=wallet,
            parcel_ref=parcel,
            order_ref="G-YEAR",
            demands=_demands(),
            key=key,
            actor=SYSTEM,
        )
    if policy is not None:
        lives.before_the_scan(year, policy, holder)


def _sellers(year: Year) -> None:
    shop, key, parcel = year.lot.choice(year.shops), year.new_id(), _parcel(year)
    currency = year.lot.choice(["EUR", "USD", "JPY"])
    policy: cover.PolicyView | None = None
    with year.step("quote"):
        risk = _risk(year, currency)
        quote = cover.quote_parcel(risk=risk, subject=f"{parcel}:seller", actor=SYSTEM)
    if quote.level(cover.Cover.TL).price is None:
        year.refused["quote: nothing offered"] += 1
        return
    terms: dict[str, Any] = {"quote_id": quote.id, "cover": cover.Cover.TL}
    with year.step("bind for a shop"), transaction(name="benchmark", actor=SYSTEM):
        bank.charge_vendor(
            key=key,
            kind="premium_charged",
            vendor_id=shop,
            dues=cover.premium_credits(**terms),
            subject=parcel,
            actor=SYSTEM,
        )
        wallet = bank.wallet_of_earnings(
            owner_id=shop, owner_kind="organisation", currency=currency, actor=SYSTEM
        )
        policy = cover.bind(
            **terms,
            policyholder_id=shop,
            policyholder_wallet_id=wallet.id,
            parcel_ref=parcel,
            order_ref="G-YEAR",
            demands=_demands(),
            key=key,
            side=cover.Side.SELLER,
            payer=cover.Payer.VENDOR,
            actor=SYSTEM,
        )
    if policy is not None:
        lives.sellers(year, policy)


def _bought_in_the_bank(year: Year) -> None:
    """Insure a parcel from anywhere, as the bank's page does."""
    holder = year.lot.choice(year.holders)
    policy: cover.PolicyView | None = None
    described = Described(
        carrier="DHL",
        tracking_number=f"JD{year.lot.getrandbits(38):012d}RQ",
        kind=Kind.HOME,
        contents="A walnut stool",
        value=year.money(year.lot.choice([60, 120, 180]), "EUR"),
        delivery=year.money(20, "EUR"),
        origin_country="JP",
        destination_country="DE",
        mode=cover.Mode.TRK,
        weight_g=2500,
        interest=cover.Interest.PRIVATE,
    )
    with year.step("insure in the bank"):
        asked = shipments.ask(described=described, country="DE", actor=holder.actor)
        insurer_key = asked.quote.level(cover.Cover.STD).insurer_key
        paper = cover.information_of(insurer_key=insurer_key, language="en")
        shipments.note_informed(ref=asked.ref, paper=paper, actor=holder.actor)
        wish = Wish(cover=cover.Cover.STD, needs=("My parcel is insured.",), locale="en")
        done = insuring.buy(ref=asked.ref, wish=wish, actor=holder.actor)
        say_yes(done.approval_id if done.policy_id is None else None, holder)
        with reading():
            seen = shipment_queries.shipment_for(holder.actor, asked.ref)
            policy = policies.policy(policy_id=seen.policy_id) if seen.policy_id else None
    if policy is not None:
        lives.before_the_scan(year, policy, holder)
