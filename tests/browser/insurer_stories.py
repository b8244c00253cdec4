"""The people of an insurer: one answers a letter for claims money, others wait or have left."""

from __future__ import annotations

from datetime import timedelta

from insurance.reporting.float_calls import service as float_calls
from insurance.reporting.float_calls.queries import Says
from insurance.reporting.insurer_people import service as insurer_people
from insurance.reporting.insurer_people.rules import Part
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from tests.browser.people import TREASURER
from tests.insurance.reporting.insurer_people import joining
from tests.insurance.reporting.insurer_people.joining import LYS, invited, row_of
from tests.insurance.trade.open_cover.conftest import UNDERWRITER
from tests.market import PASSWORD


def insurer_stories() -> dict[str, str]:
    """Let a treasurer join and answer a letter, one colleague wait, and another leave."""
    treasurer = _joined(TREASURER, "Inès Delacroix", Part.TREASURER)
    left = _joined("left@lys.example.com", "Bram Peeters", Part.READER)
    insurer_people.end(person_id=row_of(left), reason="He works elsewhere now.", actor=UNDERWRITER)
    waiting = insurer_people.propose(
        insurer_key=LYS, email="new@lys.example.com", part=Part.READER, actor=UNDERWRITER
    )
    call = float_calls.ask_more(
        insurer_key=LYS,
        amount=Money.of("25000.00", "USD"),
        reason="A container ship ran aground off Singapore with 14 insured shipments on board.",
        actor=UNDERWRITER,
    )
    float_calls.answer(
        ref=call.ref,
        says=Says.PAYS,
        pay_on=clock.today() + timedelta(days=3),
        words="Half of it comes on Monday.",
        actor=treasurer,
    )
    return {
        "float_call": call.ref,
        "insurer_link": invited(insurer_key=LYS, email="invited@lys.example.com"),
        "insurer_person": str(row_of(treasurer)),
        "insurer_waiting": str(waiting),
        "insurer_left": str(row_of(left)),
    }


def _joined(email: str, name: str, part: Part) -> Actor:
    identity.register(
        email=email,
        password=PASSWORD,
        name=name,
        locale="en",
        country="BE",
        roles=frozenset({Role.BUYER}),
        actor=SYSTEM,
    )
    session_id = identity.sign_in(
        email=email, password=PASSWORD, device="test", address=email, actor=SYSTEM
    )
    found = people.actor_of_session(str(session_id))
    assert found is not None
    return joining.joined(found, insurer_key=LYS, part=part, password=PASSWORD)
