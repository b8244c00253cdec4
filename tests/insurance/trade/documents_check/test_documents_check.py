"""On which points a bank or a buyer would refuse a certificate of cargo."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.rules import (
    Certificate,
    Credit,
    Incoterm,
    Paper,
    Signer,
    failures,
    least_insured,
)
from kernel.money import Money

BROKEN = json.loads((Path(__file__).parent / "vectors" / "broken.json").read_text())


def sets(names):
    return frozenset(ClauseSet(name) for name in names)


READERS = {
    "paper": Paper,
    "signed_as": Signer,
    "incoterm": Incoterm,
    "issued_on": date.fromisoformat,
    "effective_on": lambda day: day and date.fromisoformat(day),
    "sum_insured": lambda amount: Money.of(*amount),
    "route": tuple,
    "clauses": sets,
    "asks_for": sets,
}

SOUND = Certificate(
    paper=Paper.CERTIFICATE,
    is_signed=True,
    signed_as=Signer.AGENT,
    signed_for="Havre Cargo Insurance NV",
    originals_issued=2,
    originals_presented=2,
    issued_on=date(2026, 12, 9),
    effective_on=date(2026, 12, 8),
    sum_insured=Money.of("55000.00", "EUR"),
    route=("Jingdezhen", "Ningbo", "Hamburg", "Berlin"),
    clauses=frozenset({ClauseSet.ICC_C}),
    has_deductible=False,
    is_payable_to_bearer=True,
)
CREDIT = Credit(
    is_letter_of_credit=True,
    incoterm=Incoterm.CIF,
    value=Money.of("50000.00", "EUR"),
    shipped_on=date(2026, 12, 10),
    start="Jingdezhen",
    end="Hamburg",
)


def certificate(**other):
    return replace(SOUND, **other)


def credit(**other):
    return replace(CREDIT, **other)


def points(paper, asked):
    return [failure.point for failure in failures(paper, asked)]


def read(told):
    """What a vector states, as rules take it."""
    return {name: READERS.get(name, lambda fact: fact)(fact) for name, fact in told.items()}


def test_a_sound_certificate_fails_on_no_point():
    assert failures(SOUND, CREDIT) == ()


def test_article_28_names_each_failed_point_of_six_broken_certificates():
    assert len(BROKEN) == 6
    for vector in BROKEN:
        paper = certificate(**read(vector["certificate"]))
        asked = credit(**read(vector.get("credit", {})))

        assert points(paper, asked) == vector["failed"], vector["title"]


def test_every_failure_says_why_and_what_mends_it():
    for vector in BROKEN:
        paper = certificate(**read(vector["certificate"]))
        for failure in failures(paper, credit(**read(vector.get("credit", {})))):
            assert str(failure.words).endswith(".")
            assert str(failure.mend).endswith(".")


@pytest.mark.parametrize(
    ("broken", "point"),
    [
        ({"is_signed": False}, "28(a)"),
        ({"signed_as": None}, "28(a)"),
        ({"signed_as": Signer.OTHER}, "28(a)"),
        ({"signed_as": Signer.PROXY, "signed_for": ""}, "28(a)"),
        ({"originals_presented": 1}, "28(b)"),
        ({"paper": Paper.COVER_NOTE}, "28(c)"),
        ({"effective_on": date(2026, 12, 11)}, "28(e)"),
        ({"sum_insured": Money.of("54999.99", "EUR")}, "28(f)(ii)"),
        ({"route": ("Hamburg", "Jingdezhen")}, "28(f)(iii)"),
    ],
)
def test_one_fault_is_one_failed_point(broken, point):
    assert points(certificate(**broken), CREDIT) == [point]


@pytest.mark.parametrize(
    "sound",
    [
        {"signed_as": Signer.INSURER, "signed_for": ""},
        {"signed_as": Signer.UNDERWRITER, "signed_for": ""},
        {"paper": Paper.POLICY},
        {"paper": Paper.DECLARATION},
        {"issued_on": date(2026, 12, 20)},
        {"issued_on": date(2026, 12, 10), "effective_on": None},
        {"has_deductible": True},
        {"route": ("JINGDEZHEN ", "hamburg")},
        {"clauses": frozenset({ClauseSet.FPA})},
    ],
)
def test_what_the_article_accepts_fails_on_no_point(sound):
    assert points(certificate(**sound), CREDIT) == []


def test_a_policy_may_replace_a_certificate_and_never_the_other_way():
    asked = credit(needs_policy=True)

    assert points(certificate(paper=Paper.POLICY), asked) == []
    assert points(certificate(paper=Paper.CERTIFICATE), asked) == ["28(d)"]
    assert points(certificate(paper=Paper.DECLARATION), asked) == ["28(d)"]


def test_any_all_risks_is_enough_where_a_credit_asks_for_all_risks():
    asked = credit(asks_for=frozenset({ClauseSet.ALL_RISKS}))

    assert points(certificate(clauses=frozenset({ClauseSet.ICC_A})), asked) == []
    assert points(certificate(clauses=frozenset({ClauseSet.ICC_B})), asked) == ["28(g)"]


@pytest.mark.parametrize(
    ("incoterm", "enough"),
    [
        (Incoterm.CIF, {"icc_a", "icc_b", "icc_c", "all_risks", "wpa", "fpa"}),
        (Incoterm.CIP, {"icc_a", "all_risks"}),
    ],
)
def test_cif_asks_for_icc_c_and_cip_for_icc_a_or_what_is_as_wide(incoterm, enough):
    for one in ClauseSet:
        failed = points(certificate(clauses=frozenset({one})), credit(incoterm=incoterm))
        assert failed == ([] if one.value in enough else [f"{incoterm} A5"])


def test_without_a_credit_only_cif_and_cip_ask_and_by_their_own_name():
    broken = certificate(
        paper=Paper.COVER_NOTE,
        clauses=frozenset(),
        sum_insured=Money.of("50000.00", "EUR"),
        route=("Ningbo",),
        is_payable_to_bearer=False,
    )
    for incoterm in Incoterm:
        asked = credit(is_letter_of_credit=False, incoterm=incoterm)
        owed = 4 if incoterm in {Incoterm.CIF, Incoterm.CIP} else 0
        assert points(broken, asked) == [f"{incoterm} A5"] * owed


def test_a_credit_may_ask_for_more_than_a_tenth_above_the_value():
    asked = credit(least_pct=Fraction(120))

    assert least_insured(asked) == Money.of("60000.00", "EUR")
    assert points(SOUND, asked) == ["28(f)(ii)"]
    assert points(certificate(sum_insured=Money.of("60000.00", "EUR")), asked) == []
