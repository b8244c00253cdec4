"""Who acts is somebody, or is asked to sign in."""

import pytest

from banking.merchants.payouts import service as payouts
from kernel.actor import ANONYMOUS, SYSTEM, Actor
from kernel.errors import Forbidden, NotSignedIn
from kernel.ids import new_id
from kernel.people.notices import service as notices
from marketplace.buying.checkout import service as checkout


def test_a_person_is_somebody():
    person_id = new_id()
    assert Actor(person_id=person_id).somebody() == person_id


@pytest.mark.parametrize("nobody", [ANONYMOUS, SYSTEM], ids=lambda actor: actor.label)
def test_nobody_acts_in_a_persons_place(db, nobody):
    """Behind the page's permission the command asks once more, whatever called it."""
    with pytest.raises(NotSignedIn):
        nobody.somebody()
    with pytest.raises(NotSignedIn):
        notices.choose(offered=set(), wanted=set(), actor=nobody)
    with pytest.raises(NotSignedIn):
        checkout.start(cart_id=new_id(), locale="en", country="FR", currency="EUR", actor=nobody)


def test_the_house_alone_vouches_for_a_vendors_account(db, make_person):
    with pytest.raises(Forbidden):
        payouts.vouch_for_payout_account(
            vendor_id=new_id(),
            currency="EUR",
            account="DE89370400440532013000",
            name="Fibbia",
            person_id=new_id(),
            actor=make_person(),
        )
