"""The command that asks an insurer for claims money."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, text

from insurance.money.books import service as books
from insurance.reporting.float_calls import queries, rules
from insurance.reporting.float_calls.errors import FloatCalled, FloatLasts
from insurance.reporting.float_calls.models import float_calls
from insurance.reporting.float_calls.queries import FloatCall
from insurance.reporting.settlement import queries as settlement
from insurance.reporting.settlement.queries import Float, Terms
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id, public_ref
from kernel.money import CURRENCIES, Money

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@command("insurance.float_calls.call")
def call(*, insurer_key: str, currency: str, actor: Actor) -> FloatCall:
    """Write the letter that asks for what brings claims money up again, and keep it as it is.

    What was asked for and is not whole yet is not asked for again. Locks: the calls of the insurer
    in this currency. Raises: FloatLasts, FloatCalled.
    """
    if currency not in CURRENCIES:
        raise FloatLasts
    _check_free(insurer_key, currency)
    stands = _standing(insurer_key, currency)
    if stands.call.minor <= 0:
        raise FloatLasts
    return _keep(stands, "", actor)


@command("insurance.float_calls.ask_more")
def ask_more(*, insurer_key: str, amount: Money, reason: str, actor: Actor) -> FloatCall:
    """Ask for an amount of one's own before claims money runs low, such as for a large loss.

    Locks: as `call`. Raises: FloatCalled.
    """
    assert amount.minor > 0, "forms reject this"
    _check_free(insurer_key, amount.currency)
    stands = _standing(insurer_key, amount.currency)
    return _keep(replace(stands, call=amount), reason, actor)


def _check_free(insurer_key: str, currency: str) -> None:
    session().execute(_LOCK, {"name": f"insurance.float_calls:{insurer_key}:{currency}"})
    for one in queries.calls(insurer_key=insurer_key):
        if one.amount.currency == currency and one.is_open:
            raise FloatCalled(ref=one.ref)


def _standing(insurer_key: str, currency: str) -> Float:
    """Return an insurer's claims money; nothing where it never placed any."""
    zero = Money.zero(currency)
    none = Float(insurer_key=insurer_key, balance=zero, paid=zero, days=None, call=zero)
    found = (
        one
        for one in settlement.floats()
        if (one.insurer_key, one.balance.currency) == (insurer_key, currency)
    )
    return next(found, none)


def _keep(asked: Float, reason: str, actor: Actor) -> FloatCall:
    ref = public_ref("F")
    session().execute(insert(float_calls), _row(ref, asked, reason, actor))
    return queries.call_of(ref)


def _row(ref: str, low: Float, reason: str, actor: Actor) -> dict[str, object]:
    now = clock.now()
    terms, insurer = settlement.terms_on(now.date()), books.insurer(low.insurer_key)
    pay_by = now.date() + timedelta(days=terms.answer_days)
    return {
        "id": new_id(),
        "ref": ref,
        "insurer_key": low.insurer_key,
        "currency": low.call.currency,
        "amount": low.call.minor,
        "balance": low.balance.minor,
        "paid": low.paid.minor,
        "days": low.days,
        "words": rules.letter(_asked(ref, low, reason, terms, insurer)),
        "pay_by": pay_by,
        "person_id": actor.person_id,
        "sent_at": now,
    }


def _asked(ref: str, low: Float, reason: str, terms: Terms, insurer: books.Insurer) -> rules.Asked:
    today = clock.today()
    return rules.Asked(
        ref=ref,
        insurer=insurer.name,
        seat=insurer.seat,
        balance=low.balance,
        paid=low.paid,
        looks_back=terms.looks_back_days,
        lasts=low.days,
        below=terms.call_below_days,
        up_to=terms.call_up_to_days,
        amount=low.call,
        day=today,
        pay_by=today + timedelta(days=terms.answer_days),
        reason=reason,
    )
