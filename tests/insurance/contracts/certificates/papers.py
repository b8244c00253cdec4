"""Papers of certificates for tests: what stands on them, read as people read it."""

import io

from pypdf import PdfReader

from insurance.contracts.certificates import queries, service
from insurance.contracts.certificates.paper import certificate_pdf
from insurance.contracts.certificates.rules import ClaimTerms
from insurance.contracts.policies import queries as policies
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.insurance.conftest import buy, make_demands, make_wallet

CLAIMS = ClaimTerms(
    notice_days={"damage": 30, "theft": 30, "missing": 7},
    appeal_days=30,
    ombudsman="Ombudsman des Assurances",
    ombudsman_site="ombudsman-insurance.be",
)


def bought(holder, locale="en", **risk):
    return buy(
        owner_id=holder.person_id,
        wallet=make_wallet(holder.person_id),
        demands=make_demands(locale=locale),
        **risk,
    )


def seen(policy):
    with reading():
        return policies.policy(policy_id=policy.id)


def printed(policy, locale="en"):
    with reading():
        stated = queries.stated(policy, claims=CLAIMS)
    return certificate_pdf(stated, locale=locale)


def issued(policy, locale="en"):
    return service.issue(policy_id=policy.id, locale=locale, claims=CLAIMS, actor=SYSTEM)


def words_of(pdf):
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join("".join(sign for sign in text if sign not in "\u2066\u2068\u2069").split())
