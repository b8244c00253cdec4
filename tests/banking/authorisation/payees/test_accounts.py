"""Accounts of countries without IBAN: as people type them, and what is said of a wrong sign."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.authorisation.approvals import rules as approvals
from banking.authorisation.payees.accounts import SCHEMES
from banking.authorisation.payees.errors import AccountUnreadable
from banking.authorisation.payees.rules import Target, target

DIGITS = st.text("0123456789", min_size=1)


@pytest.mark.parametrize("country", SCHEMES)
def test_the_example_of_a_country_reads_as_it_stands_and_fits_a_bank_message(country):
    found = target(SCHEMES[country].example)

    assert found.printed == found.account == SCHEMES[country].example
    assert found.country == country
    assert len(found.account.replace(" ", "")) <= 34


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("us 021000021 123456789", "US 021000021 123456789"),
        ("US-0210-0002-1/1234 5678 9", "US 021000021 123456789"),
        ("US021000021123456789", "US 021000021 123456789"),
        ("ＵＳ　０２１００００２１　１２３４５６７８９", "US 021000021 123456789"),  # full width
        ("\u2067US \u0660٢١٠٠٠٠٢١ ١٢٣٤٥٦٧٨٩\u2069", "US 021000021 123456789"),  # as Arabic writes
        ("de89 ٣٧٠٤ ٠٠٤٤-٠٥٣٢ ٠١٣٠ ٠٠", "DE89370400440532013000"),
        ("cn 102290002433 6222 0210 0123 4567 890", "CN 102290002433 6222021001234567890"),
        ("JP 0001-001 1234567", "JP 0001001 1234567"),
        ("kr 004 123456-78-901234", "KR 004 12345678901234"),
        ("in hdfc0000001 50100012345678", "IN HDFC0000001 50100012345678"),
        ("MX 032 180 00011835971 9", "MX 032180000118359719"),
        ("au 062-000 12345678", "AU 062000 12345678"),
        ("nz 01-0902-0068389-00", "NZ 010902 006838900"),
    ],
)
def test_spaces_dashes_and_small_letters_are_as_good(typed, kept):
    assert target(typed) == Target(account=kept)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "US 0210",
            "US: the bank code (ABA) is missing or wrong. Enter the account like this: US 02",
        ),
        ("US 021000022 123456789", "US: the check digit of ABA doesn't match."),
        ("US 990000000 123456789", "US: the check digit of ABA doesn't match."),  # no Reserve Bank
        ("US 021000021 123", "US: the account number is missing or wrong. It has 4–17 digits."),
        ("CN 102290002433", "CN: the account number is missing or wrong. It has 8–20 digits."),
        ("JP 0001001 123456", "JP: the account number is missing or wrong. It has 7 digits."),
        ("JP 0001001 12345678", "JP: the account number is missing or wrong. It has 7 digits."),
        ("IN HDFC1000001 50100012345678", "IN: the bank code (IFSC) is missing or wrong."),
        ("MX 032180000118359718", "MX: the check digit of CLABE doesn't match."),
        ("MX 03218000011835971", "MX: the account number is missing or wrong. It has 18 digits."),
        ("KR 004 12345X78901", "KR: the account number is missing or wrong. It has 10–16 digits."),
        ("QQ12 3456 7890 1234", "For countries without IBANs, enter country, bank code and"),
        ("DE89370400440532013001", "One character is wrong, so please check it."),
        ("canada", "One character is wrong, so please check it."),
    ],
)
def test_what_is_missing_is_said_for_the_country(typed, said):
    with pytest.raises(AccountUnreadable) as refused:
        target(typed)

    assert said in str(refused.value.why)
    assert refused.value.fields == {"to": refused.value.why}


@given(st.integers(0, 99_999_999), st.integers(0, 9))
def test_of_ten_last_digits_one_makes_a_routing_number(first, last):
    fitting = [n for n in range(10) if _is_read(f"US 0{first % 10_000_000:07d}{n} 123456789")]

    assert len(fitting) == 1
    assert _is_read(f"US 0{first % 10_000_000:07d}{last} 123456789") is (last in fitting)


@given(st.integers(0, 10**17 - 1), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_a_clabe_is_found(number, place, by):
    (whole,) = [f"{number:017d}{n}" for n in range(10) if _is_read(f"MX {number:017d}{n}")]
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]

    assert not _is_read(f"MX {wrong}")


@given(st.sampled_from(sorted(SCHEMES)), DIGITS)
def test_what_was_read_reads_the_same_again(country, digits):
    try:
        found = target(f"{country}{digits}")
    except AccountUnreadable:
        return
    assert target(found.account) == target(found.printed.lower()) == found
    assert approvals.canonical_account(found.account) == found.account
    assert approvals.printed_account(found.account) == found.printed


def test_an_iban_of_a_country_whose_own_check_digits_nobody_verifies_is_read():
    assert target("SE45 5000 0000 0583 9825 7466").account == "SE4550000000058398257466"


def test_people_know_an_account_by_its_last_signs():
    assert target("US 021000021 123456789").ending == "6789"
    assert (target("@camille").country, target("@camille").printed) == ("", "@camille")


def _is_read(typed: str) -> bool:
    try:
        target(typed)
    except AccountUnreadable:
        return False
    return True
