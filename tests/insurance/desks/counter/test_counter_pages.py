"""Pages of cover: who sees what, and that what is shown is what is done."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from insurance.desks.counter import policy_pages
from insurance.losses.claims import opening, queries, waiting
from insurance.losses.claims.jobs import forget_late_drafts
from insurance.losses.claims.rules import ClaimState
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.money import Money
from tests.asking import english, says
from tests.insurance.conftest import available, buy, drain, fund, make_wallet, scan

OFFICER = frozenset({Role.UNDERWRITER})


def page_of(response):
    return BeautifulSoup(response.data, "html.parser")


def words_of(response):
    return " ".join(page_of(response).find("main").get_text(" ").split())


def yes_of(response):
    """What the button of the second officer says."""
    (form,) = page_of(response).select("form[action$=confirm]")
    return " ".join(form.get_text().split())


def amounts_of(response):
    """The page's amounts in figures, whatever sign or code the currency wears."""
    marks = page_of(response).find("main").find_all("bdi", class_="amount")
    return {re.sub(r"[^\d.−]", "", mark.get_text("")) for mark in marks}


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


def held(holder, **terms):
    return buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id), **terms)


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def delivered(policy):
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


def damaged(policy, loss="60.00"):
    claim = opening.notify(
        policy_id=policy.id,
        cause=Cause.DAMAGE,
        loss=Money.of(loss, "EUR"),
        description="The lid broke.",
        actor=SYSTEM,
    )
    drain()
    return claim


@pytest.mark.parametrize("lang", ["en", "zh-cn", "ar"])
def test_product_information_has_nine_questions_and_marks_nobody(client, lang):
    response = client.get(f"/{lang}/cover/product-information")

    assert response.status_code == 200
    assert len(page_of(response).find("main").find_all("h2")) == 9
    assert "Set-Cookie" not in response.headers, "who reads it is nobody's business"


@pytest.mark.parametrize(
    "address", ["/en/cover/", "/en/cover/policies/26-1", "/en/cover/claims/C-1", "/en/cover/desk"]
)
def test_strangers_are_asked_to_sign_in(client, address):
    response = client.get(address)

    assert response.status_code in {302, 303, 401}


def test_my_cover_lists_policies_and_claims(holder, as_):
    fund()
    policy = delivered(held(holder))
    claim = damaged(policy)

    words = words_of(as_(holder).get("/en/cover/"))

    assert policy.number in words
    assert claim.ref in words
    assert says(words, "In review")


def test_without_cover_the_page_says_so(holder, as_):
    assert says(words_of(as_(holder).get("/en/cover/")), "No cover yet")


def test_the_policy_page_shows_the_price_in_its_parts(holder, as_):
    policy = held(
        holder,
        value="249.00",
        freight="6.90",
        origin_country="DE",
        mode=cover.Mode.EXP,
        hs_code="851830",
    )

    response = as_(holder).get(f"/en/cover/policies/{policy.number}")
    words = words_of(response)

    assert {"1.90", "0.36", "2.26", "0.38", "255.90"} <= amounts_of(response)
    assert "19%" in words
    assert "Havre Cargo Insurance NV, Antwerp" in words


def test_the_certificate_stands_before_the_story_for_who_reads_from_the_top(holder, as_):
    policy = held(holder)

    page = BeautifulSoup(as_(holder).get(f"/en/cover/policies/{policy.number}").data, "html.parser")

    parts = page.select(
        "h1, .slip, [aria-labelledby=covers], [aria-labelledby=papers], [aria-labelledby=story]"
    )
    assert [part.get("aria-labelledby", part.name) for part in parts] == [
        "h1",
        "section",
        "covers",
        "papers",
        "story",
    ]


@pytest.mark.parametrize("lang", ["en", "zh-cn", "ar"])
def test_every_page_of_a_policy_and_a_claim_opens_in_every_language(holder, as_, lang):
    fund()
    policy = delivered(held(holder, with_delay=True, hs_code="691110"))
    claim = damaged(policy)
    cover.parcel_late(
        parcel_ref=policy.parcel_ref,
        promised_on=kernel_clock.today() - timedelta(days=9),
        actor=SYSTEM,
    )
    drain()
    with reading():
        refs = [found.ref for found in queries.claims_under(policy_id=policy.id)]
    assert claim.ref in refs
    browser = as_(holder)
    for address in [
        "cover/",
        f"cover/policies/{policy.number}",
        f"cover/policies/{policy.number}/withdraw",
        f"cover/certificates/{policy.number}",
        *(f"cover/claims/{ref}" for ref in refs),
    ]:
        assert browser.get(f"/{lang}/{address}").status_code == 200, address


def test_other_peoples_policies_and_claims_do_not_exist(holder, as_, make_person):
    fund()
    policy = delivered(held(holder))
    claim = damaged(policy)
    other = as_(make_person())

    assert other.get(f"/en/cover/policies/{policy.number}").status_code == 404
    assert other.get(f"/en/cover/claims/{claim.ref}").status_code == 404
    withdrawn = post(other, f"/en/cover/policies/{policy.number}/withdraw")
    assert withdrawn.status_code == 404


def test_a_certificate_is_public_and_names_nobody(holder, client):
    policy = held(holder)

    response = client.get(f"/en/cover/certificates/{policy.number}")
    assert says(words_of(response), "This certificate is valid.")
    assert policy.fingerprint in words_of(response)
    assert "Tea caddy" not in words_of(response)

    cover.cancel_for_parcel(parcel_ref=policy.parcel_ref, reason="gone", actor=SYSTEM)
    assert says(
        words_of(client.get(f"/en/cover/certificates/{policy.number}")),
        "This certificate is no longer in force.",
    )
    assert client.get("/en/cover/certificates/26-9999999").status_code == 404


def test_a_holder_reports_damage_and_reads_the_sums(holder, as_):
    fund()
    policy = delivered(held(holder, hs_code="691110", value="58.20", freight="0.00"))
    browser = as_(holder)

    response = post(
        browser,
        f"/en/cover/policies/{policy.number}/claims",
        cause="damage",
        loss="43.65",
        description="Three bowls of four are broken.",
    )
    drain()

    assert response.status_code == 303
    shown = browser.get(response.location)
    assert {"43.65", "−5.82", "37.83"} <= amounts_of(shown)
    assert "Three bowls of four are broken." in words_of(shown)


def test_a_notice_that_is_not_understood_comes_back_with_what_was_typed(holder, as_):
    policy = delivered(held(holder))

    response = post(
        as_(holder),
        f"/en/cover/policies/{policy.number}/claims",
        cause="damage",
        loss="a lot",
        description="Broken.",
    )

    assert response.status_code == 422
    assert page_of(response).find("input", {"name": "loss"})["value"] == "a lot"
    with reading():
        assert queries.claims_under(policy_id=policy.id) == []


def typed_on(response):
    form = page_of(response).find("form", action=re.compile("/claims$"))
    chosen = form.select_one("option[selected]")
    return (
        chosen and chosen["value"],
        form.find("input", {"name": "loss"})["value"],
        form.textarea.get_text().strip(),
    )


def test_a_notice_is_kept_half_typed_found_again_and_gone_once_it_is_sent(holder, as_):
    fund()
    policy = delivered(held(holder, level=cover.Cover.PLUS))
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"
    half = {"cause": "theft", "loss": "about 20", "description": ""}

    kept = post(browser, f"{address}/claims/draft", **half)

    assert (kept.status_code, kept.location) == (303, f"{address}#notice")
    assert typed_on(browser.get(address)) == ("theft", "about 20", "")
    assert policy.number in page_of(browser.get("/en/cover/")).select_one(".stack .note").text
    with reading():
        assert queries.claims_under(policy_id=policy.id) == []
    whole = {"cause": "damage", "loss": "20.00", "description": "The lid broke."}
    assert post(browser, f"{address}/claims", **whole).status_code == 303
    assert not says(words_of(browser.get("/en/cover/")), "not sent yet")


def test_a_notice_that_is_kept_turns_no_line(holder, as_):
    policy = delivered(held(holder))
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"

    post(browser, f"{address}/claims/draft", cause="damage", loss="", description="a\u202eb\u2067c")

    assert typed_on(browser.get(address)) == ("damage", "", "abc")


def test_nobody_keeps_a_notice_under_somebody_elses_policy(holder, make_person, as_):
    policy = delivered(held(holder))
    stranger = as_(make_person())

    answer = post(stranger, f"/en/cover/policies/{policy.number}/claims/draft", loss="1")

    assert answer.status_code == 404
    assert not says(words_of(as_(holder).get("/en/cover/")), "not sent yet")


def test_what_cannot_be_reported_any_more_is_not_asked_for_and_its_draft_forgotten(holder, as_):
    policy = delivered(held(holder))
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"
    post(browser, f"{address}/claims/draft", cause="damage", loss="20.00")

    with reading():
        assert [number for number, _ in policy_pages.my_cover(holder).kept] == [policy.number]
    kernel_clock.freeze(policy.bound_at + timedelta(days=39))
    forget_late_drafts()

    with reading():
        assert policy_pages.policy_page(holder, policy.number).causes == []
        assert policy_pages.my_cover(holder).kept == []


def test_a_claim_with_an_officer_says_by_when_it_is_answered(holder, as_, make_person):
    fund()
    claim = damaged(delivered(held(holder)))
    drain()
    day = claim.opened_at + timedelta(days=5)
    seen = words_of(as_(holder).get(f"/en/cover/claims/{claim.ref}"))
    assert says(seen, "We'll answer by %(day)s.")
    assert f" {day:%A}" in seen
    with reading():
        assert waiting.answered_by(queries.claim_for(holder, claim.ref)) == day.date()

    kernel_clock.freeze(day + timedelta(days=1))

    with reading():
        assert waiting.answered_by(queries.claim_for(holder, claim.ref)) is None


def test_the_desk_needs_the_right(holder, as_, make_person):
    assert as_(holder).get("/en/cover/desk").status_code == 403
    assert as_(make_person(roles=OFFICER)).get("/en/cover/desk").status_code == 200
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert operator.get("/en/cover/desk").status_code == 200


def test_an_operator_looks_but_does_not_decide(holder, as_, make_person):
    fund()
    claim = damaged(delivered(held(holder)))
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))

    assert operator.get(f"/en/cover/desk/{claim.ref}").status_code == 200
    refused = post(
        operator,
        f"/en/cover/desk/{claim.ref}/recommend",
        decision="approve",
        amount="60.00",
        reason="x",
    )
    assert refused.status_code == 403


def test_a_refused_holder_appeals_on_the_claims_page_and_the_first_officer_stays_off(
    holder, as_, make_person
):
    fund()
    claim = damaged(delivered(held(holder)))
    maker, checker, fresh = (as_(make_person(roles=OFFICER)) for _ in range(3))
    desk, page = f"/en/cover/desk/{claim.ref}", f"/en/cover/claims/{claim.ref}"
    post(maker, f"{desk}/recommend", decision="refuse", reason="Cracked before.")
    assert yes_of(checker.get(desk)) == english("Decline the claim")
    assert post(checker, f"{desk}/confirm").status_code == 303

    mine = as_(holder)
    assert says(words_of(mine.get(page)), "What did we miss?")
    assert post(mine, f"{page}/appeal", words="").status_code == 422
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=4))
    assert post(mine, f"{page}/appeal", words="The box was dented.").status_code == 303

    told = words_of(mine.get(page))
    assert says(told, "We'll answer by %(day)s.")
    assert f" {kernel_clock.now() + timedelta(days=5):%A}" in told
    assert "The box was dented." in told
    assert "Cracked before." in told
    assert not says(told, "What did we miss?")
    assert page_of(maker.get(desk)).find("input", {"name": "decision"}) is None
    assert page_of(fresh.get(desk)).find("input", {"name": "decision"}) is not None
    assert post(maker, f"{desk}/recommend", decision="refuse", reason="x").status_code == 403


def test_maker_and_checker_bring_a_claim_to_the_wallet(holder, as_, make_person):
    fund()
    policy = delivered(held(holder))
    claim = damaged(policy)
    maker, checker = (as_(make_person(roles=OFFICER)) for _ in range(2))
    address, before = f"/en/cover/desk/{claim.ref}", available(policy.wallet_id)

    assert claim.ref in words_of(maker.get("/en/cover/desk"))
    proposed = post(
        maker, f"{address}/recommend", decision="approve", amount="55.00", reason="Lid only."
    )
    assert proposed.status_code == 303
    own = post(maker, f"{address}/confirm")
    assert own.status_code == 403
    assert "Lid only." in words_of(checker.get(address))
    assert yes_of(checker.get(address)) == "Approve EUR 55.00"
    assert post(checker, f"{address}/confirm").status_code == 303
    drain()

    assert available(policy.wallet_id) == before + Money.of("55.00", "EUR")
    with reading():
        assert queries.claim(claim_id=claim.id).state is ClaimState.PAID


def test_a_refusal_shows_the_officers_words_to_the_holder(holder, as_, make_person):
    fund()
    claim = damaged(delivered(held(holder)))
    maker, checker = (as_(make_person(roles=OFFICER)) for _ in range(2))
    address = f"/en/cover/desk/{claim.ref}"
    post(maker, f"{address}/recommend", decision="refuse", reason="The crack is old.")
    assert post(checker, f"{address}/send-back").status_code == 303
    post(maker, f"{address}/recommend", decision="refuse", reason="The crack is old.")
    post(checker, f"{address}/confirm")

    words = words_of(as_(holder).get(f"/en/cover/claims/{claim.ref}"))

    assert says(words, "We can't pay this claim.")
    assert "The crack is old." in words
