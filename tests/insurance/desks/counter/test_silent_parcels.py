"""The page of a silent parcel asks one question with two answers."""

from datetime import timedelta

import pytest

from insurance import api as cover
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries
from tests.asking import says
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan
from tests.snaps import page


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


@pytest.fixture
def claim(holder):
    fund()
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=20))
    claim = cover.parcel_silent(
        parcel_ref=policy.parcel_ref,
        since=policy.bound_at,
        evidence={"place": "Anji"},
        actor=SYSTEM,
    )
    drain()
    return claim


def test_one_tap_says_that_it_never_came(holder, claim, as_, make_person):
    address = f"/en/cover/claims/{claim.ref}"
    with counting_queries() as asked:
        shown = page(as_(holder).get(address)).find("main")
    assert len(asked) <= 15
    (tap,) = shown.select('form[action$="/never-came"]')
    assert says(shown.h1.text, "Your parcel has gone quiet. Did it arrive?")
    sent = {"csrf_token": "test-token"}
    assert as_(make_person()).post(tap["action"], data=sent).status_code == 404

    answer = as_(holder).post(tap["action"], data=sent)

    assert answer.status_code == 303
    after = page(as_(holder).get(address)).find("main")
    assert after.select('form[action$="/never-came"], form[action$="/arrived"]') == []


def test_one_tap_says_that_it_came(holder, claim, as_):
    address = f"/en/cover/claims/{claim.ref}"
    as_(holder).post(f"{address}/arrived", data={"csrf_token": "test-token"})

    told = page(as_(holder).get(address)).h1.text
    assert says(told, "Your parcel isn't lost, so there's nothing to claim.")
