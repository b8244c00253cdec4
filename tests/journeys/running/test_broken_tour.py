"""A tour that was broken off goes on, nothing is done twice; whom it names can look around."""

import pytest

from marketplace.demo.tour import guest, talk, tour, welcome
from marketplace.demo.tour.visitor import Visitor

pytestmark = pytest.mark.journey


class BrokenOffError(Exception):
    """Somebody pressed Ctrl-C."""


def until(words):
    """Return what stops the tour after it said something."""

    def say(said):
        if words in said:
            raise BrokenOffError

    return say


@pytest.mark.parametrize(
    ("shopper", "last_words"),
    list(
        zip(
            tour.SHOPPERS,
            ["opens an account", "says who they are", "tops the wallet up"],
            strict=True,
        )
    ),
)
def test_whoever_was_stopped_goes_on_to_two_orders_of_one_piece(house, shopper, last_words):
    with pytest.raises(BrokenOffError):
        tour.buy(house.base_url, shopper, until(last_words))

    walk = tour.buy(house.base_url, shopper, lambda _said: None, is_known=True)

    pieces = house.ask(
        "SELECT array_agg(l.quantity) FROM marketplace.order_line l"
        " JOIN marketplace.vendor_order o ON o.id = l.vendor_order_id"
        " JOIN marketplace.order_group g ON g.id = o.group_id WHERE g.ref = :ref",
        ref=walk.group_ref,
    )
    accounts = house.ask(
        "SELECT count(*) FROM kernel.person WHERE email = :email", email=shopper.email
    )
    assert (len(walk.order_refs), pieces, accounts) == (2, [1, 1], 1)


def test_a_guest_pays_by_card_and_comes_back_by_the_letter(house):
    ref = house.ask(
        "SELECT ref FROM marketplace.product WHERE external_ref = :key", key=guest.PRODUCT
    )
    said = []

    group = guest.buy(house.base_url, f"/p/{ref}/", said.append)
    house.wait_until_quiet()
    guest.come_back(house.base_url, group, said.append)

    assert said[-1] == "   opens the order by the link in the letter: no password, no account"
    paid = house.ask(
        "SELECT array_agg(p.state) FROM marketplace.order_group g"
        " JOIN banking.card_payments p ON p.id = g.payment_id"
        " JOIN kernel.person b ON b.id = g.person_id WHERE b.guest_email = :email",
        email=guest.EMAIL,
    )
    assert paid == ["captured"]


def test_what_was_said_before_a_tour_broke_off_is_not_said_again(house):
    for _ in range(2):
        talk.leave_open(house.base_url, lambda _said: None)

    waiting = talk._told()["waiting"]
    asked = house.ask(
        "SELECT count(*) FROM marketplace.product_question WHERE words = :words",
        words=waiting["question"]["words"],
    )
    written = house.ask(
        "SELECT count(*) FROM marketplace.thread_message WHERE words = :words",
        words=waiting["thread"]["said"][0],
    )
    assert (asked, written) == (1, 1)


@pytest.mark.parametrize(
    "account",
    [one for one in welcome.ACCOUNTS if one.email != tour.SHOPPERS[0].email],
    ids=lambda account: account.who,
)
def test_whoever_the_demonstration_names_opens_the_page_it_names(house, account):
    visitor = Visitor(house.base_url, "en")
    tour.sign_in(visitor, account.email)
    visitor.open(account.path.removeprefix("/en"))
    assert visitor.address == f"{house.base_url}{account.path}"
    assert visitor.heading()
