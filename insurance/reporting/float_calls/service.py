"""Commands that ask an insurer for claims money, and that keep what it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import insert, text

from insurance.money.books import service as books
from insurance.reporting.float_calls import queries, rules
from insurance.reporting.float_calls.errors import FloatCalled, FloatCallPaid, FloatLasts
from insurance.reporting.float_calls.models import float_call_answers, float_calls
from insurance.reporting.float_calls.queries import FloatCall
from insurance.reporting.float_calls.rules import Says
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.settlement import queries as settlement
from insurance.reporting.settlement.queries import Float, Terms
from kernel import clock, mail
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id, public_ref
from kernel.money import CURRENCIES, Money
from kernel.people.identity import queries as people

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@command("insurance.float_calls.call")
def call(*, insurer_key: str, currency: str, actor: Actor) -> FloatCall:
    """Write the letter that asks for what brings claims money up again, and keep it as it is.

    What was asked for and is not whole yet is not asked for again. The insurer's treasurers are
    told by mail. Locks: the calls of the insurer
    in this currency. Raises: FloatLasts, FloatCalled.
    """
    if currency not in CURRENCIES:
        raise FloatLasts
    _check_free(insurer_key, currency, actor)
    stands = _standing(insurer_key, currency, actor)
    if stands.call.minor <= 0:
        raise FloatLasts
    return _keep(stands, "", actor)


@command("insurance.float_calls.ask_more")
def ask_more(*, insurer_key: str, amount: Money, reason: str, actor: Actor) -> FloatCall:
    """Ask for an amount of one's own before claims money runs low, such as for a large loss.

    Locks: as `call`. Raises: FloatCalled.
    """
    assert amount.minor > 0, "forms reject this"
    _check_free(insurer_key, amount.currency, actor)
    stands = _standing(insurer_key, amount.currency, actor)
    return _keep(replace(stands, call=amount), reason, actor)


@command("insurance.float_calls.answer")
def answer(*, ref: str, says: Says, pay_on: date | None, words: str, actor: Actor) -> FloatCall:
    """Keep what a treasurer answers to a letter, and tell the officer who wrote it.

    The money answers it in the end: what was said is no payment, and a later answer takes its
    place. Shape: pay_on for who pays, words for who objects. Locks: the calls of the insurer in
    this currency. Raises: FloatCallUnknown, NotTreasurer, FloatCallPaid.
    """
    assert (says is Says.PAYS) == (pay_on is not None), "forms reject this"
    call = queries.call_of(ref, actor=actor)
    insurer_people.require_treasurer(actor, call.insurer_key)
    _lock(call.insurer_key, call.amount.currency)
    if not queries.call_of(ref, actor=actor).is_open:
        raise FloatCallPaid
    row = {
        "id": new_id(),
        "call_id": call.id,
        "says": says.value,
        "pay_on": pay_on,
        "words": words,
        "person_id": actor.somebody(),
        "at": clock.now(),
    }
    session().execute(insert(float_call_answers), row)
    _tell_officer(call, says, pay_on, words)
    return queries.call_of(ref, actor=actor)


def _tell_officer(call: FloatCall, says: Says, pay_on: date | None, words: str) -> None:
    officer = people.person(call.person_id) if call.person_id else None
    if officer is None:
        return
    mail.send(
        to=officer,
        template="insurance/mail/float_answered.txt",
        locale=officer.locale,
        data={
            "name": officer.name,
            "insurer": books.insurer(call.insurer_key).name,
            "ref": call.ref,
            "says": says.value,
            "pay_on": pay_on.isoformat() if pay_on else "",
            "words": words,
        },
    )


def _tell_treasurers(call: FloatCall) -> None:
    """Write to the insurer's treasurers, where it has any, that a letter waits for them."""
    for treasurer in insurer_people.treasurers(insurer_key=call.insurer_key):
        mail.send(
            to=treasurer,
            template="insurance/mail/float_asked.txt",
            locale=treasurer.locale,
            data={
                "name": treasurer.name,
                "insurer": books.insurer(call.insurer_key).name,
                "ref": call.ref,
                "amount": {"minor": call.amount.minor, "currency": call.amount.currency},
                "pay_by": call.pay_by.isoformat(),
            },
        )


def _lock(insurer_key: str, currency: str) -> None:
    session().execute(_LOCK, {"name": f"insurance.float_calls:{insurer_key}:{currency}"})


def _check_free(insurer_key: str, currency: str, actor: Actor) -> None:
    _lock(insurer_key, currency)
    for one in queries.calls(insurer_key=insurer_key, actor=actor):
        if one.amount.currency == currency and one.is_open:
            raise FloatCalled(ref=one.ref)


def _standing(insurer_key: str, currency: str, actor: Actor) -> Float:
    """Return an insurer's claims money; nothing where it never placed any."""
    zero = Money.zero(currency)
    none = Float(insurer_key=insurer_key, balance=zero, paid=zero, days=None, call=zero)
    found = (
        one
        for one in settlement.floats(actor=actor)
        if (one.insurer_key, one.balance.currency) == (insurer_key, currency)
    )
    return next(found, none)


def _keep(asked: Float, reason: str, actor: Actor) -> FloatCall:
    ref = public_ref("F")
    session().execute(insert(float_calls), _row(ref, asked, reason, actor))
    call = queries.call_of(ref, actor=actor)
    _tell_treasurers(call)
    return call


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
