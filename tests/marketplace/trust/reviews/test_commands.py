"""A review is its buyer's alone, once for a bought line, and every star is counted."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import memory
from kernel.actor import SYSTEM, Role
from kernel.db import reading, transaction
from marketplace.catalogue.ratings import queries as ratings
from marketplace.catalogue.ratings.events import RatingChanged
from marketplace.catalogue.vendors.errors import NotAVendor
from marketplace.shop.listing_index import jobs as shelf_jobs
from marketplace.shop.listing_index import queries as shelves
from marketplace.trust.reviews import personal_data, queries, service, told
from marketplace.trust.reviews.errors import (
    AlreadyReviewed,
    NotBought,
    NotDelivered,
    OwnGoods,
    ReviewClosed,
    ReviewUnknown,
)
from marketplace.trust.reviews.events import ReviewAnswered, ReviewWritten
from tests.marketplace.makers import make_offer
from tests.marketplace.trust.reviews.review_objects import WORDS, make_line, make_review, said


def review(ref):
    with reading():
        return told.review(ref).review


def counts(made):
    """The stars of goods and of their shop, which are the same here."""
    memory.forget_everything()
    with reading():
        found = tuple(ratings.counts_of_product(made.product_id))
        assert ratings.of_vendor(made.vendor.id) == ratings.rating(found)
    return found


def heard(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def test_a_review_keeps_stars_words_language_country_and_a_first_name(made, make_person, outbox):
    ref = make_review(made, make_person(), country="JP", locale="fr", stars=4)

    found = review(ref)

    assert (found.stars, found.title, found.words) == (4, "Pours well", WORDS)
    assert (found.author, found.country, found.locale) == ("Camille", "JP", "fr")
    assert counts(made) == (0, 0, 0, 1, 0)
    assert [event.review_ref for event in heard(outbox, ReviewWritten)] == [ref]
    assert [event.product_id for event in heard(outbox, RatingChanged)] == [made.product_id]


def test_nobody_reviews_what_somebody_else_bought(made, make_person):
    line = make_line(made, make_person())

    with pytest.raises(NotBought):
        service.write(line_id=line, said=said(), actor=make_person())

    assert counts(made) == (0, 0, 0, 0, 0)


def test_goods_under_way_have_no_review(made, make_person):
    buyer = make_person()
    line = make_line(made, buyer, is_delivered=False)

    with pytest.raises(NotDelivered):
        service.write(line_id=line, said=said(), actor=buyer)

    assert counts(made) == (0, 0, 0, 0, 0)


def test_a_shop_does_not_review_its_own_goods(made, staff_of):
    seller = staff_of(made.vendor)
    line = make_line(made, seller)

    with pytest.raises(OwnGoods):
        service.write(line_id=line, said=said(), actor=seller)


def test_the_same_review_sent_twice_is_one(made, make_person, outbox):
    buyer = make_person()
    line = make_line(made, buyer)

    first = service.write(line_id=line, said=said(), actor=buyer)
    again = service.write(line_id=line, said=said(), actor=buyer)

    assert again == first
    assert counts(made) == (0, 0, 0, 0, 1)
    assert len(heard(outbox, ReviewWritten)) == 1


def test_another_review_of_the_same_purchase_is_refused(made, make_person):
    buyer = make_person()
    line = make_line(made, buyer)
    service.write(line_id=line, said=said(), actor=buyer)

    with pytest.raises(AlreadyReviewed):
        service.write(line_id=line, said=said(stars=1), actor=buyer)

    assert counts(made) == (0, 0, 0, 0, 1)


def test_who_buys_twice_reviews_twice(made, make_person):
    buyer = make_person()

    make_review(made, buyer)
    make_review(made, buyer, stars=2)

    assert counts(made) == (0, 1, 0, 0, 1)


def test_a_changed_review_moves_its_star(made, make_person):
    buyer = make_person()
    ref = make_review(made, buyer)

    service.change(
        ref=ref, said=said(stars=2, words="The lid broke in the first week."), actor=buyer
    )

    found = review(ref)
    assert (found.stars, found.words) == (2, "The lid broke in the first week.")
    assert found.changed_at is not None
    assert counts(made) == (0, 1, 0, 0, 0)


def test_the_same_words_again_are_no_change(made, make_person):
    buyer = make_person()
    ref = make_review(made, buyer)

    service.change(ref=ref, said=said(locale="fr"), actor=buyer)

    assert review(ref).changed_at is None


def test_a_changed_review_stays_in_its_language(made, make_person):
    buyer = make_person()
    ref = make_review(made, buyer, locale="ja")

    service.change(ref=ref, said=said(locale="en", stars=3), actor=buyer)

    assert (review(ref).locale, review(ref).stars) == ("ja", 3)


def test_nobody_changes_or_withdraws_somebody_elses_review(made, make_person):
    ref = make_review(made, make_person())
    other = make_person()

    with pytest.raises(ReviewUnknown):
        service.change(ref=ref, said=said(stars=1), actor=other)
    with pytest.raises(ReviewUnknown):
        service.withdraw(ref=ref, actor=other)

    assert counts(made) == (0, 0, 0, 0, 1)


def test_after_thirty_days_a_review_is_withdrawn_but_not_changed(made, make_person, clock):
    clock("2026-03-01T09:00")
    buyer = make_person()
    ref = make_review(made, buyer)

    clock("2026-03-31T09:01")

    with pytest.raises(ReviewClosed):
        service.change(ref=ref, said=said(stars=1), actor=buyer)
    service.withdraw(ref=ref, actor=buyer)
    assert counts(made) == (0, 0, 0, 0, 0)


def test_a_withdrawn_review_keeps_no_words_and_no_answer(made, make_person, staff_of):
    buyer = make_person()
    ref = make_review(made, buyer)
    service.answer(ref=ref, words="Glad to hear.", locale="ja", actor=staff_of(made.vendor))

    service.withdraw(ref=ref, actor=buyer)
    service.withdraw(ref=ref, actor=buyer)

    found = review(ref)
    assert (found.title, found.words, found.answer) == ("", "", None)
    assert counts(made) == (0, 0, 0, 0, 0)
    with pytest.raises(ReviewClosed):
        service.change(ref=ref, said=said(), actor=buyer)
    with pytest.raises(AlreadyReviewed):
        service.write(line_id=found.line_id, said=said(), actor=buyer)


def test_the_shop_answers_once_and_changes_its_answer(made, make_person, staff_of, outbox):
    ref, seller = make_review(made, make_person()), staff_of(made.vendor)

    service.answer(ref=ref, words="Glad to hear.", locale="ja", actor=seller)
    service.answer(ref=ref, words="Thank you very much.", locale="en", actor=seller)

    answer = review(ref).answer
    assert (answer.words, answer.locale) == ("Thank you very much.", "en")
    assert len(heard(outbox, ReviewAnswered)) == 1


def test_no_other_shop_and_no_buyer_answers(made, make_person, staff_of):
    ref = make_review(made, make_person())

    with pytest.raises(ReviewUnknown):
        service.answer(ref=ref, words="Mine.", locale="en", actor=staff_of(make_offer().vendor))
    with pytest.raises(NotAVendor):
        service.answer(ref=ref, words="Mine.", locale="en", actor=make_person())

    assert review(ref).answer is None


def test_letting_go_leaves_the_words_without_a_name(made, make_person):
    buyer = make_person()
    ref = make_review(made, buyer)

    assert service.let_go(person_id=buyer.person_id, actor=buyer) == 1

    found = review(ref)
    assert (found.author, found.author_id, found.words) == ("", None, WORDS)
    assert counts(made) == (0, 0, 0, 0, 1)
    with reading():
        assert personal_data.reviews_of(buyer.person_id) == []
        assert queries.of_lines([found.line_id]) == {found.line_id: ""}
    with pytest.raises(ReviewUnknown):
        service.withdraw(ref=ref, actor=buyer)


def test_the_export_holds_all_one_wrote_and_nothing_of_others(made, make_person, staff_of):
    buyer = make_person()
    ref = make_review(made, buyer, stars=3)
    make_review(made, make_person())
    service.answer(ref=ref, words="Glad to hear.", locale="en", actor=staff_of(made.vendor))

    with reading():
        (found,) = personal_data.reviews_of(buyer.person_id)

    assert (found["ref"], found["product"], found["stars"]) == (ref, made.ref, 3)
    assert (found["text"], found["answer"], found["name"]) == (
        WORDS,
        "Glad to hear.",
        "Camille",
    )


def test_a_card_shows_the_stars_that_reviews_left(made, make_person, outbox):
    make_review(made, make_person(), stars=5)
    make_review(made, make_person(), stars=4)
    for event in heard(outbox, RatingChanged):
        with transaction(name="test", actor=SYSTEM):
            shelf_jobs.refresh_rating(event)

    with reading():
        (card,) = shelves.by_ids([made.product_id], reader=shelves.Reader("en", "EUR"))

    assert (card.rating_count, card.rating_total) == (2, 9)


@pytest.mark.parametrize("change", ["stars = 6", "words = 'short'", "state = 'hidden'"])
def test_the_table_refuses_what_no_form_lets_through(made, make_person, change):
    make_review(made, make_person())

    with (
        pytest.raises(DBAPIError, match="ck_review"),
        transaction(name="test", actor=SYSTEM) as current,
    ):
        current.execute(text(f"UPDATE marketplace.review SET {change}"))


def test_roles_without_the_right_write_nothing(as_, make_person, made):
    officer = make_person(roles=frozenset({Role.SYSTEM}))

    answer = as_(officer).post(
        "/en/account/reviews/lines/1", data={"csrf_token": "test-token", "stars": "5"}
    )

    assert answer.status_code == 403
