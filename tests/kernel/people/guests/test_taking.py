"""An account takes along what a guest has: all of it, once, and only whose it is."""

from __future__ import annotations

import pytest
from sqlalchemy import Uuid, text

from kernel.actor import SYSTEM
from kernel.db import Base, reading
from kernel.manifest import load_house
from kernel.people.emails import service as emails
from kernel.people.guests import queries, service, taking
from kernel.people.guests.errors import GuestLinkOver
from kernel.people.guests.rules import comes_along
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.passwords import service as passwords
from kernel.sealing import opened

MAIL, PASSWORD = "noor@example.com", "correct horse battery"

# Columns that hold a person's id and are left as they are, each with its reason.
BANK = "the bank's pages take an account"
ACCOUNT = "takes an account"
EVIDENCE = "says who did something, and stays as it was written"
HOUSE = "who works for the house, or for a shop"
INSURER = "who works for an insurer, with an account"
OTHER = "names no person"
EXCUSED = {
    "banking.card_disputes.owner_id": "empty for purchases; its payment says whose it is",
    "banking.card_refunds.owner_id": "empty for purchases; its payment says whose it is",
    "banking.fx_quotes.owner_id": EVIDENCE,
    "banking.journals.person_id": EVIDENCE,
    "insurance.cargo_claim_entries.person_id": EVIDENCE,
    "insurance.carrier_claim_entries.person_id": EVIDENCE,
    "insurance.changes.taker_id": ACCOUNT,
    "insurance.bordereau_months.person_id": HOUSE,
    "insurance.claim_entries.person_id": EVIDENCE,
    "insurance.claim_moves.person_id": EVIDENCE,
    "insurance.float_call_answers.person_id": INSURER,
    "insurance.float_calls.person_id": HOUSE,
    "insurance.insurer_people.ended_by": HOUSE,
    "insurance.insurer_people.person_id": INSURER,
    "insurance.insurer_people.proposed_by": HOUSE,
    "insurance.insurer_people.sent_by": HOUSE,
    "insurance.referral_entries.person_id": EVIDENCE,
    "insurance.settlements.person_id": HOUSE,
    "insurance.shadow_runs.asked_by": HOUSE,
    "insurance.tariff_drafts.author_id": HOUSE,
    "insurance.open_covers.sales_of": HOUSE,
    "insurance.open_covers.signed_by": HOUSE,
    "insurance.tariff_drafts.proposed_by": HOUSE,
    "insurance.tariff_publications.proposed_by": HOUSE,
    "insurance.tariff_publications.published_by": HOUSE,
    "insurance.tax_returns.confirmed_by": HOUSE,
    "insurance.tax_returns.prepared_by": HOUSE,
    "kernel.audit.person_id": EVIDENCE,
    "kernel.guest.person_id": "what the guest is known by",
    "kernel.guest.taken_by": "an account",
    "kernel.notice_off.person_id": ACCOUNT,
    "kernel.safety_log.person_id": ACCOUNT,
    "marketplace.cart.person_id": "left to its browser, which an account's cart joins",
    "marketplace.customs_quote.buyer_id": EVIDENCE,
    "marketplace.listing_draft.saved_by": HOUSE,
    "marketplace.listing_revision.person_id": HOUSE,
    "marketplace.moderation_objection.objected_by": ACCOUNT,
    "marketplace.product_question.asker_id": ACCOUNT,
    "marketplace.review.author_id": ACCOUNT,
    "marketplace.stock_alert.person_id": ACCOUNT,
    "marketplace.wish_list.person_id": ACCOUNT,
    **{
        f"banking.{name}": BANK
        for name in (
            "allowances.owner_id",
            "approval_low_payments.person_id",
            "approvals.payer_id",
            "approvals.person_id",
            "batch_groups.person_id",
            "batch_lines.owner_id",
            "batches.owner_id",
            "batches.person_id",
            "closings.owner_id",
            "closings.person_id",
            "handles.owner_id",
            "late_credits.owner_id",
            "money_requests.owner_id",
            "own_limits.asked_by",
            "owner_allowances.owner_id",
            "payout_accounts.person_id",
            "saved_cards.owner_id",
            "saved_payees.owner_id",
            "standing_orders.owner_id",
            "standing_orders.person_id",
            "transfers.owner_id",
            "transfers.payee_id",
            "transfers.person_id",
            "trusted_payees.owner_id",
            "wallets.owner_id",
        )
    },
}
# Endings of columns that name something else than whose a thing is, or who for the house did it.
_NO_PERSON = (
    "officer_id",
    "maker_id",
    "checker_id",
    "granted_by",
    "held_by",
    "used_by",
    "answered_by",
    "decided_by",
    "reviewed_by",
    "packs.asked_by",
    "payers.payer_id",
    "beneficiary_id",
    "vendor_id",
    "organisation_id",
    "wallet_id",
    "quote_id",
    "approval_id",
    "session_id",
    "cart_id",
    "cause_id",
    "policy_id",
    "dispute_id",
    "document_id",
    "event_id",
    "payment_id",
    "request_id",
    "series_id",
    "batch_id",
    "transfer_id",
    "payout_id",
    "key",
    ".id",
)


@pytest.fixture
def guest(make_guest):
    return make_guest(email=MAIL)


def take(guest, person):
    taking.take_along(guest_id=guest.person_id, person_id=person.person_id, actor=person)


def sign_in(email, guest, *, address="192.0.2.5"):
    return identity.sign_in(
        email=email, password=PASSWORD, device="Firefox", address=address, actor=guest
    )


def test_every_column_with_a_persons_id_is_taken_along_or_excused():
    load_house()
    declared = {
        f"{column.class_.__table__.fullname}.{column.key}"
        for belongings in taking.all_belongings()
        for column in belongings.columns
    }
    named = {
        f"{table.fullname}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Uuid)
        and (not column.foreign_keys or table.fullname == "kernel.guest")
    }
    of_people = {name for name in named if not name.endswith(_NO_PERSON)}

    assert of_people - declared == set(EXCUSED)
    assert declared & set(EXCUSED) == set()


def test_an_account_has_everything_and_the_guest_is_over(guest, order_of, owners, make_person):
    ref, camille = order_of(guest), make_person()

    take(guest, camille)

    assert owners(ref) == camille.person_id
    assert queries.guest(guest.person_id).is_over
    assert people.actor_of_session(str(guest.session_id)) is None


def test_twice_is_once_and_another_account_comes_too_late(guest, order_of, owners, make_person):
    ref, camille, other = order_of(guest), make_person(), make_person()
    take(guest, camille)

    take(guest, camille)
    with pytest.raises(GuestLinkOver):
        take(guest, other)

    assert owners(ref) == camille.person_id


def test_an_account_takes_no_account_along(make_person):
    camille, other = make_person(), make_person()

    with pytest.raises(AssertionError):
        take(camille, other)


def test_a_guest_takes_no_guest_along(guest, make_guest):
    with pytest.raises(AssertionError):
        take(guest, make_guest())


def test_what_was_under_way_comes_after(guest, order_of, owners, make_person):
    camille = make_person()
    take(guest, camille)
    late = order_of(guest)

    taking.take_what_was_under_way(actor=SYSTEM)

    assert owners(late) == camille.person_id
    assert queries.now_of(guest.person_id) == camille.person_id
    assert queries.now_of(camille.person_id) == camille.person_id


@pytest.mark.parametrize(
    ("by_link", "has_bought", "is_same_address", "comes"),
    [
        (False, False, True, True),
        (False, False, False, True),
        (False, True, True, True),
        (False, True, False, False),
        (True, True, True, True),
        (True, True, False, False),
        (True, False, False, False),
    ],
)
def test_who_comes_along_at_sign_in(by_link, has_bought, is_same_address, comes):
    assert (
        comes_along(by_link=by_link, has_bought=has_bought, is_same_address=is_same_address)
        is comes
    )


def test_signing_in_from_the_guests_browser_brings_its_order(guest, order_of, owners, make_person):
    ref, account = order_of(guest), make_person(email=MAIL)

    sign_in(MAIL, guest)

    assert owners(ref) == account.person_id


def test_somebody_else_at_the_same_browser_does_not_get_the_order(
    guest, order_of, owners, make_person
):
    ref = order_of(guest)
    make_person(email="other@example.com")

    sign_in("other@example.com", guest)

    assert owners(ref) == guest.person_id
    assert people.actor_of_session(str(guest.session_id)) is None


def test_a_wrong_password_brings_nothing(guest, order_of, owners, make_person):
    ref = order_of(guest)
    make_person(email=MAIL)

    with pytest.raises(identity.WrongCredentials):
        identity.sign_in(
            email=MAIL, password="another one", device="", address="192.0.2.5", actor=guest
        )

    assert owners(ref) == guest.person_id


def test_who_signs_in_amid_a_checkout_keeps_what_was_typed(guest, db, make_person):
    other = make_person(email="other@example.com")

    sign_in("other@example.com", guest)

    assert queries.guest(guest.person_id).taken_by == other.person_id


def test_one_field_makes_an_account_with_the_order_in_it(guest, order_of, owners, as_):
    ref, browser = order_of(guest), as_(guest)

    answer = browser.post(
        f"/en/guest/account?next=/en/orders/{ref}",
        data={"password": PASSWORD, "csrf_token": "test-token"},
    )

    account = people.person_by_email(MAIL)
    assert (answer.status_code, answer.location) == (303, f"/en/orders/{ref}")
    assert (account.name, account.country, account.locale) == ("Noor Guest", "FR", "en")
    assert owners(ref) == account.id
    with browser.session_transaction() as cookies:
        assert people.actor_of_session(cookies["_user_id"]).person_id == account.id


def test_one_field_takes_over_no_account_there_is(guest, order_of, owners, make_person, as_):
    ref, camille = order_of(guest), make_person(email=MAIL)

    answer = as_(guest).post(
        "/en/guest/account", data={"password": "another lamp entirely", "csrf_token": "test-token"}
    )

    assert answer.status_code == 422
    assert 'data-code="email_taken"' in answer.text
    assert owners(ref) == guest.person_id
    with pytest.raises(identity.WrongCredentials):
        identity.sign_in(
            email=MAIL,
            password="another lamp entirely",
            device="",
            address="192.0.2.5",
            actor=SYSTEM,
        )
    assert people.person_by_email(MAIL).id == camille.person_id


def test_an_account_opened_by_a_stranger_with_a_guests_address_gets_nothing(
    guest, order_of, owners, make_person
):
    """Nobody proved the mailbox: an address is only typed at sign-up."""
    ref = order_of(guest)

    make_person(email=MAIL)

    assert owners(ref) == guest.person_id


def test_a_new_password_by_mail_proves_the_mailbox_and_brings_every_order(
    make_guest, order_of, owners, make_person, settle, db
):
    refs = [order_of(make_guest(email=MAIL)) for _ in range(2)]
    other = order_of(make_guest(email="other@example.com"))
    account = make_person(email=MAIL)
    passwords.send_link(email=MAIL, actor=SYSTEM)
    sealed = db.execute(
        text("SELECT data -> 'token' FROM kernel.mail WHERE template LIKE '%password_forgotten%'")
    ).scalar_one()

    passwords.renew(
        token=opened(sealed), password="a lamp behind doors", address="192.0.2.1", actor=SYSTEM
    )
    settle()

    assert [owners(ref) for ref in refs] == [account.person_id] * 2
    assert owners(other) != account.person_id


def test_a_new_address_that_is_proved_brings_what_guests_bought_with_it(
    guest, order_of, owners, make_person, settle, db
):
    ref, account = order_of(guest), make_person()
    emails.ask(email=MAIL, actor=account)
    settle()
    assert owners(ref) == guest.person_id, "asking proves nothing"
    sealed = db.execute(
        text("SELECT data -> 'token' FROM kernel.mail WHERE template LIKE '%email_confirm%'")
    ).scalar_one()

    emails.confirm(token=opened(sealed), actor=account)
    settle()

    assert owners(ref) == account.person_id


def test_a_guest_who_bought_nothing_is_nobodys_by_a_mailbox(guest, make_person):
    account = make_person(email=MAIL)

    taking.take_all_along(person_id=account.person_id, actor=SYSTEM)

    with reading():
        assert not queries.guest(guest.person_id).is_over


def test_letters_go_to_the_account_from_then_on(guest, order_of, make_person):
    ref, camille = order_of(guest), make_person()
    take(guest, camille)

    found = queries.whose(ref)

    assert found.person_id == camille.person_id
    assert queries.reader_of(found.person_id, camille.email).id == camille.person_id
    assert queries.reader_of(found.person_id, MAIL).id == guest.person_id
    assert queries.reader_of(found.person_id, "stranger@example.com") is None
    service.note_purchase(person_id=camille.person_id, actor=SYSTEM)
