"""Traders who insure a shipment for the tests of cargo: a wallet, a price, a policy."""

from banking.authorisation.approvals import service as approvals
from insurance.trade.cargo import queries, service
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from tests.insurance.conftest import make_wallet
from tests.insurance.trade.cargo.conftest import make_cargo

NEED = "My shipment is insured by ICC (A) from warehouse to warehouse."


def trader(currency="EUR", amount="1000.00"):
    """Somebody with a wallet of a thousand euro."""
    owner = new_id()
    actor = Actor(person_id=owner, roles=frozenset({Role.BUYER}))
    return actor, make_wallet(owner, currency, amount)


def quoted(actor, **shipment):
    return service.quote(cargo=make_cargo(**shipment), owner_id=actor.person_id, actor=actor)


def bought(actor, *, locale="en", **shipment):
    """Insure a shipment, and say yes where that is asked for."""
    quote = quoted(actor, **shipment)
    service.note_opened(ref=quote.ref, language=locale, actor=actor)
    done = service.buy(ref=quote.ref, need=NEED, locale=locale, actor=actor)
    if done.number is None:
        approvals.give(approval_id=done.approval_id, method="totp", actor=actor)
    with reading():
        return queries.policy_for(actor, queries.quote_for(actor, quote.ref).number)
