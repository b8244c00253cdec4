"""A buyer and a shop write to each other; nobody else reads it, and few mails tell of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import clock as house_clock
from kernel import mail, memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, transaction
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.notices import service as notices
from kernel.web.letters import render_letter
from marketplace.buying.orders import queries as orders
from marketplace.catalogue.vendors import service as vendors
from marketplace.logistics.shipping.models import Parcel
from marketplace.trust.messages import jobs, queries, service, subjects
from marketplace.trust.messages.errors import (
    LeadsElsewhere,
    NobodyToAsk,
    ThreadUnknown,
    TooManyMessages,
)
from marketplace.trust.messages.events import MessageSent
from marketplace.trust.messages.queries import Side
from marketplace.trust.messages.rules import LONGEST
from marketplace.trust.messages.service import Written
from tests.marketplace.makers import make_offer, make_order, make_vendor


def written(words="Does the lid fit tightly?", locale="en", key=None):
    return Written(key or new_id(), words, locale)


def begin(actor, made, words="Does the lid fit tightly?", *, product=True, order="", key=None):
    with reading():
        about = subjects.subject_for(
            actor, shop=made.vendor.slug, product=made.ref if product else "", order=order
        )
    return service.begin(about=about, written=written(words, key=key), actor=actor)


def write(actor, ref, words="It does.", key=None):
    service.write(thread_ref=ref, written=written(words, key=key), actor=actor)


def page(actor, ref, side=Side.BUYER, before=None):
    with reading():
        return queries.thread_for(actor, ref, side=side, before=before)


def said(actor, ref, side=Side.BUYER):
    return [message.words for message in page(actor, ref, side).messages]


def sent(outbox):
    return [event for event in outbox() if isinstance(event, MessageSent)]


def hear(event):
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_other_side(event)


def letters(kind):
    with reading():
        return [m for m in mail.mailbox(limit=200) if m.template == f"marketplace/mail/{kind}.txt"]


def post(browser, address, **form):
    return browser.post(
        f"/en{address}",
        data={"csrf_token": "test-token", "key": str(new_id())} | form,
        follow_redirects=True,
    )


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_both_sides_read_one_thread_in_the_order_of_time(made, buyer, seller):
    ref = begin(buyer, made)
    write(seller, ref, "It does.")
    write(buyer, ref, "Thank you!")

    assert said(buyer, ref) == ["Does the lid fit tightly?", "It does.", "Thank you!"]
    assert said(seller, ref, Side.VENDOR) == said(buyer, ref)
    assert [m.side for m in page(buyer, ref).messages] == [Side.BUYER, Side.VENDOR, Side.BUYER]


def test_one_buyer_and_one_shop_have_one_thread_about_a_thing(made, buyer, seller):
    about_goods, again = begin(buyer, made), begin(buyer, made, "And the handle?")
    about_shop = begin(buyer, made, "When do you open?", product=False)
    order = make_order(made=made, buyer=buyer)
    about_order = begin(buyer, made, "Where is it?", order=order)
    from_shop = begin(seller, made, "It left this morning.", order=order)

    assert about_goods == again
    assert about_order == from_shop
    assert len({about_goods, about_shop, about_order}) == 3
    assert said(buyer, about_order) == ["Where is it?", "It left this morning."]


def test_a_form_that_is_sent_twice_says_it_once(made, buyer, seller, outbox):
    key = new_id()
    ref = begin(buyer, made, key=key)

    assert begin(buyer, made, key=key) == ref
    write(buyer, ref, key=key)

    assert said(buyer, ref) == ["Does the lid fit tightly?"]
    assert len(sent(outbox)) == 1
    assert page(seller, ref, Side.VENDOR).thread.unread == 1


def test_two_first_messages_at_once_stand_in_one_thread(own_database):
    made = make_offer()
    identity.register(
        email="b@example.com",
        password="correct horse battery",
        name="B",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    key = identity.sign_in(
        email="b@example.com",
        password="correct horse battery",
        device="test",
        address=new_id().hex,
        actor=SYSTEM,
    )
    buyer = people.actor_of_session(str(key))
    start, refs = threading.Barrier(2), []

    def press(words):
        start.wait()
        refs.append(begin(buyer, made, words))

    presses = [threading.Thread(target=press, args=(words,)) for words in ("One.", "Two.")]
    for press_ in presses:
        press_.start()
    for press_ in presses:
        press_.join()

    assert len(refs) == 2
    assert len(set(refs)) == 1
    assert sorted(said(buyer, refs[0])) == ["One.", "Two."]
    with reading():
        assert queries.thread(refs[0], Side.VENDOR).unread == 2


def test_strangers_other_buyers_and_other_shops_read_and_write_nothing(
    made, buyer, staff_of, make_person
):
    ref = begin(buyer, made)
    others = [make_person(), staff_of(make_vendor())]
    for other in others:
        for side in Side:
            with pytest.raises(ThreadUnknown), reading():
                queries.thread_for(other, ref, side=side, before=None)
        with pytest.raises(ThreadUnknown):
            write(other, ref)
        with pytest.raises(ThreadUnknown):
            service.mark_read(thread_ref=ref, actor=other)
        with reading():
            assert queries.inbox_for(other, before=None).threads == []
            assert queries.desk_inbox_for(other, view="all", before=None).threads == []

    assert said(buyer, ref) == ["Does the lid fit tightly?"]


def test_each_side_sees_its_own_pages_only(made, buyer, seller):
    ref = begin(buyer, made)

    with pytest.raises(ThreadUnknown):
        page(buyer, ref, Side.VENDOR)
    with pytest.raises(ThreadUnknown):
        page(seller, ref, Side.BUYER)


def test_an_order_is_written_about_by_its_buyer_and_its_shop_alone(made, buyer, make_person):
    order = make_order(made=made, buyer=buyer)

    with pytest.raises(NotFound), reading():
        subjects.subject_for(make_person(), order=order)
    with reading():
        assert subjects.subject_for(buyer, order=order).side is Side.BUYER


def test_nobody_writes_to_a_closed_shop_or_to_their_own(made, buyer, seller):
    with pytest.raises(NobodyToAsk):
        begin(seller, made)
    vendors.pause(organisation_id=made.vendor.organisation_id, actor=SYSTEM)
    memory.forget_everything()
    with pytest.raises(NobodyToAsk):
        begin(buyer, made)


def test_a_way_out_of_the_house_stops_before_it_is_sent(made, buyer, outbox):
    with pytest.raises(LeadsElsewhere) as refused:
        begin(buyer, made, "Write to a n n a (at) gmail dot com or call ０６ １２ ３４ ５６ ７８")

    told = refused.value.fields["words"].data
    assert told == {"fragments": "anna@gmail.com, 06 12 34 56 78"}
    assert sent(outbox) == []
    with reading():
        assert queries.inbox_for(buyer, before=None).threads == []


def test_an_orders_own_numbers_may_be_said_in_its_thread(made, buyer, seller):
    order = make_order(made=made, buyer=buyer, phone="+33 6 12 34 56 78")
    ref = begin(buyer, made, "The carrier may call +33 6 12 34 56 78.", order=order)

    with pytest.raises(LeadsElsewhere):
        write(seller, ref, "Call +33 6 98 76 54 32 instead.")

    assert len(said(buyer, ref)) == 1


def test_the_carriers_number_may_be_said_once_the_parcel_is_on_its_way(made, buyer):
    number = "00340434161094021501"
    order = make_order(made=made, buyer=buyer)
    with pytest.raises(LeadsElsewhere):
        begin(buyer, made, f"Was it {number}?", order=order)

    with transaction(name="test", actor=SYSTEM) as current:
        current.add(
            Parcel(
                id=new_id(),
                ref=orders.by_ref(order).parcel_ref,
                vendor_order_ref=order,
                option_code="post",
                carrier="Post",
                tracking_number=number,
                state="in_transit",
                origin={},
                destination={},
                crosses_border=True,
                weight_g=800,
                promised_on=house_clock.today(),
                dispatched_at=house_clock.now(),
            )
        )
    ref = begin(buyer, made, f"Was it {number}?", order=order)

    assert said(buyer, ref) == [f"Was it {number}?"]


def test_so_many_threads_and_messages_and_no_more_at_once(made, buyer):
    goods = [made] + [make_offer(vendor=made.vendor) for _ in range(5)]
    refs = [begin(buyer, one) for one in goods[:5]]

    with pytest.raises(TooManyMessages) as refused:
        begin(buyer, goods[5])
    assert refused.value.retry_after
    for _ in range(25):
        write(buyer, refs[0], "More.")
    with pytest.raises(TooManyMessages):
        write(buyer, refs[0], "More.")


def test_one_mail_for_each_run_of_what_is_unread(made, buyer, seller, outbox):
    ref = begin(buyer, made)
    write(buyer, ref, "And the handle?")
    for event in sent(outbox):
        hear(event)
    assert [m.recipient for m in letters("vendor_message")] == ["seller@example.com"]

    service.mark_read(thread_ref=ref, actor=seller)
    write(buyer, ref, "And the colour?")
    hear(sent(outbox)[-1])

    assert len(letters("vendor_message")) == 2


def test_no_mail_comes_about_what_was_read_meanwhile(made, buyer, seller, outbox):
    ref = begin(buyer, made)
    service.mark_read(thread_ref=ref, actor=seller)

    hear(sent(outbox)[0])

    assert letters("vendor_message") == []


def test_the_buyers_mail_is_in_their_language_and_may_be_turned_off(made, buyer, seller, outbox):
    ref = begin(buyer, made)
    write(seller, ref)
    hear(sent(outbox)[-1])
    (letter,) = letters("message")
    body = render_letter(letter.template, letter.locale, letter.data)
    assert letter.locale == "fr"
    assert "Théière Shino" in body.subject
    assert f"/fr/messages/{ref}" in body.text
    assert "It does." not in body.text

    notices.choose(offered=["marketplace.messages"], wanted=[], actor=buyer)
    service.mark_read(thread_ref=ref, actor=buyer)
    write(seller, ref, "And it is light.")
    hear(sent(outbox)[-1])

    assert len(letters("message")) == 1


def test_what_is_new_is_marked_until_it_was_read(made, buyer, seller, as_):
    ref = begin(buyer, made)
    write(seller, ref)
    write(seller, ref, "And it is light.")
    browser = as_(buyer)

    assert soup(browser.get("/en/account")).select_one(".doors b").text == "Unread messages 1"
    assert len(soup(browser.get(f"/en/messages/{ref}")).select(".talk .tag")) == 2
    assert soup(browser.get(f"/en/messages/{ref}")).select(".talk .tag") == []
    assert soup(browser.get("/en/account")).select_one(".doors b") is None


def test_a_shop_sees_unread_threads_oldest_first_with_their_age(made, buyer, seller, clock):
    clock("2026-11-20T09:00")
    first = begin(buyer, made)
    clock("2026-11-21T09:00")
    second = begin(buyer, made, product=False)
    with reading():
        waiting = queries.unread_of_vendor(seller)
        listed = queries.desk_inbox_for(seller, view="unread", before=None).threads

    assert (waiting.count, waiting.since.day) == (2, 20)
    assert [one.ref for one in listed] == [first, second]


@pytest.mark.parametrize(("answers", "told"), [(4, None), (5, timedelta(hours=3))])
def test_the_time_to_answer_is_a_median_told_from_five_answers_on(
    made, seller, make_person, clock, answers, told
):
    at = clock("2026-11-20T09:00")
    for hours in (1, 2, 3, 30, 60)[:answers]:
        ref = begin(make_person(), made)
        house_clock.freeze(at + timedelta(hours=hours))
        write(seller, ref)
        write(seller, ref, "One more word, which answers nothing.")
        house_clock.freeze(at)
    memory.forget_everything()
    with reading():
        assert queries.serving(made.vendor.id).answers_within == told
        house_clock.freeze(at + timedelta(days=100))
        memory.forget_everything()
        assert queries.serving(made.vendor.id).answers_within is None


def test_pages_turn_without_losing_or_repeating_a_message(made, buyer, seller, db):
    ref = begin(buyer, made, "0")
    for number in range(1, 60):
        db.execute(text("DELETE FROM kernel.try_count"))
        write(buyer, ref, str(number))
    newest = page(buyer, ref)
    earlier = page(buyer, ref, before=newest.before)

    told = [m.words for m in (*earlier.messages, *newest.messages)]
    assert told == [str(number) for number in range(60)]
    assert earlier.before is None


def test_an_inbox_turns_its_pages_by_key(made, seller, make_person, clock):
    clock("2026-11-20T09:00")  # all at once, so that only the key tells them apart
    refs = [begin(make_person(), made) for _ in range(queries.PAGE + 3)]
    with reading():
        first = queries.desk_inbox_for(seller, view="all", before=None)
        second = queries.desk_inbox_for(seller, view="all", before=first.before)
        unread = queries.desk_inbox_for(seller, view="unread", before=None)
        rest = queries.desk_inbox_for(seller, view="unread", before=unread.before)

    assert [one.ref for one in (*first.threads, *second.threads)] == refs[::-1]
    assert [one.ref for one in (*unread.threads, *rest.threads)] == refs


def test_a_forgotten_buyer_leaves_no_name_and_no_word(made, buyer, seller, db):
    ref = begin(buyer, made, "My name is Camille.")
    write(seller, ref)
    service.forget(person_id=buyer.person_id, actor=SYSTEM)

    shown = page(seller, ref, Side.VENDOR)
    assert [m.words for m in shown.messages] == ["", "It does."]
    assert (shown.thread.buyer_name, shown.thread.is_open) == ("", False)
    with pytest.raises(NobodyToAsk):
        write(seller, ref, "Are you there?")
    kept = db.execute(
        text("SELECT count(*) FROM marketplace.thread_message WHERE author_id = :p"),
        {"p": buyer.person_id},
    )
    assert kept.scalar_one() == 0


def test_the_way_from_the_goods_to_an_answer_leads_through_pages(made, buyer, seller, as_):
    mine, theirs = as_(buyer), as_(seller)
    form = soup(mine.get(f"/en/messages/new?shop={made.vendor.slug}&product={made.ref}"))
    assert "Shino teapot" in form.main.text
    answer = post(
        mine, f"/messages/new?shop={made.vendor.slug}&product={made.ref}", words="Is it <b>red</b>?"
    )
    assert answer.status_code == 200
    ref = (
        soup(mine.get("/en/messages/"))
        .select_one(".threads a")["href"]
        .split("/")[-1]
        .split("#")[0]
    )
    assert "&lt;b&gt;red&lt;/b&gt;" in mine.get(f"/en/messages/{ref}").text

    assert ref in theirs.get("/en/desk/messages/?view=unread").text
    post(theirs, f"/desk/messages/{ref}", words="It is white.")
    last = soup(mine.get(f"/en/messages/{ref}")).select_one("#last")
    assert "It is white." in last.text
    assert last.select_one("time")["datetime"]
    again = mine.get(f"/en/messages/new?shop={made.vendor.slug}&product={made.ref}")
    assert again.location.endswith(f"/en/messages/{ref}")


def test_a_refused_message_comes_back_with_its_words_and_why(made, buyer, as_):
    ref = begin(buyer, made)

    answer = post(as_(buyer), f"/messages/{ref}", words="Mail anna@gmail.com, please")

    assert answer.status_code == 422
    field = soup(answer).select_one("#f-words")
    assert field.text == "Mail anna@gmail.com, please"
    assert "anna@gmail.com" in soup(answer).select_one("#e-words").text
    assert said(buyer, ref) == ["Does the lid fit tightly?"]


@pytest.mark.parametrize(("length", "status"), [(LONGEST, 200), (LONGEST + 1, 422)])
def test_a_message_has_a_longest_length(made, buyer, as_, length, status):
    ref = begin(buyer, made)

    assert post(as_(buyer), f"/messages/{ref}", words="a" * length).status_code == status


def test_lists_cost_the_same_however_long_they_are(made, seller, buyer, make_person, as_):
    asked = []
    for more in (1, 8):
        for _ in range(more):
            begin(make_person(), made)
        browser = as_(seller)
        browser.get("/en/desk/messages/")
        with counting_queries() as counted:
            browser.get("/en/desk/messages/")
        asked.append(len(counted))

    assert asked[0] == asked[1]
    assert asked[1] <= 5
