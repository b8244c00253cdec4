"""A question on the pages of desk and holder, by mail, and the ombudsman after the last word."""

import pytest
from bs4 import BeautifulSoup

from kernel import mail
from kernel.actor import Role
from kernel.db import counting_queries
from tests.asking import says
from tests.insurance.conftest import drain, fund
from tests.insurance.desks.counter.test_counter_pages import damaged, delivered, held
from tests.snaps import form, page, photo, thumbnails


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


@pytest.fixture
def underwriter(make_person):
    return make_person(roles=frozenset({Role.UNDERWRITER}))


def posted(browser, address, **fields):
    answer = browser.post(address, data={"csrf_token": "test-token"} | fields)
    assert answer.status_code == 303, BeautifulSoup(answer.text, "html.parser").find("main")


def test_a_question_comes_by_mail_and_its_answer_with_a_photo_brings_the_claim_back(
    holder, underwriter, as_
):
    fund()
    claim = damaged(delivered(held(holder)))
    desk = f"/en/cover/desk/{claim.ref}"
    posted(as_(underwriter), f"{desk}/ask", question="Please show the label.")
    drain()

    (letter,) = [
        one
        for one in mail.mailbox(recipient=holder.email)
        if says(one.subject, "A question about claim %(ref)s")
    ]
    assert "Please show the label." in letter.text
    asked = page(as_(holder).get(f"/en/cover/claims/{claim.ref}"))
    assert "Please show the label." in asked.find("main").text
    assert (
        claim.ref
        in page(as_(underwriter).get("/en/cover/desk")).find(id="asked").find_parent("section").text
    )
    answer = as_(holder).post(
        f"/en/cover/claims/{claim.ref}/answer", **form((photo(30), "label.jpg"), words="Here.")
    )
    assert answer.status_code == 303
    seen = as_(underwriter).get(desk)
    assert "Here." in page(seen).select_one("ol.talk").text
    assert len(thumbnails(seen)) == 1


def test_what_is_no_answer_comes_back_and_its_photo_stays(holder, underwriter, as_):
    fund()
    claim = damaged(delivered(held(holder)))
    posted(as_(underwriter), f"/en/cover/desk/{claim.ref}/ask", question="Please show the label.")

    back = as_(holder).post(
        f"/en/cover/claims/{claim.ref}/answer", **form((photo(30), "label.jpg"), words="")
    )

    shown = page(back, back.status_code)
    assert back.status_code in {400, 422}
    assert shown.select_one(".kept-photos img")
    assert shown.select_one("#f-words")["aria-invalid"] == "true"


def test_a_holder_withdraws_a_claim_by_its_page(holder, as_):
    fund()
    claim = damaged(delivered(held(holder)))
    posted(as_(holder), f"/en/cover/claims/{claim.ref}/withdraw")

    assert says(
        page(as_(holder).get(f"/en/cover/claims/{claim.ref}")).h1.text, "You withdrew this claim."
    )


def test_a_withdrawn_loss_is_reported_again_from_the_page_of_its_claim(holder, as_):
    fund()
    policy = delivered(held(holder))
    claim = damaged(policy)
    mine, browser = f"/en/cover/claims/{claim.ref}", as_(holder)
    assert says(browser.get(mine), "You can report the same loss again until")
    posted(browser, f"{mine}/withdraw")

    link = page(browser.get(mine)).select_one('section[aria-labelledby="again"] a')["href"]
    notice = page(browser.get(link)).select_one('form[action$="/claims"]')
    assert "damage" in [option["value"] for option in notice.select("[name=cause] [value]")]
    posted(
        browser,
        f"/en/cover/policies/{policy.number}/claims",
        cause="damage",
        loss="40",
        description="Lid and handle broken.",
    )
    assert not says(browser.get(mine), "You withdrew this claim.")


def test_after_the_last_word_the_ombudsman_and_the_whole_file_are_one_page(
    holder, underwriter, make_person, as_
):
    fund()
    claim = damaged(delivered(held(holder)))
    desk, mine = f"/en/cover/desk/{claim.ref}", f"/en/cover/claims/{claim.ref}"
    others = [make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2)]
    refusal = {"decision": "refuse", "reason": "The lid was cracked before."}
    posted(as_(underwriter), f"{desk}/recommend", **refusal)
    posted(as_(others[0]), f"{desk}/confirm")
    assert page(as_(holder).get(mine)).select_one("#outside") is None, "an appeal comes first"
    posted(as_(holder), f"{mine}/appeal", words="Look at the second picture.")
    posted(as_(others[0]), f"{desk}/recommend", **refusal)
    posted(as_(others[1]), f"{desk}/confirm")

    link = page(as_(holder).get(mine)).select_one(f'a[href$="{claim.ref}/ombudsman"]')
    with counting_queries() as asked:
        file = page(as_(holder).get(link["href"])).find("main").get_text(" ", strip=True)

    assert len(asked) <= 15
    for told in (
        "ombudsman-insurance.be",
        claim.ref,
        "Look at the second picture.",
        "cracked before",
    ):
        assert told in file
    assert as_(make_person()).get(f"{mine}/ombudsman").status_code == 404


def test_a_claim_that_is_not_refused_has_no_ombudsman(holder, as_):
    fund()
    claim = damaged(delivered(held(holder)))

    assert as_(holder).get(f"/en/cover/claims/{claim.ref}/ombudsman").status_code == 404


def test_what_others_paid_is_shown_line_by_line_to_desk_and_holder(holder, underwriter, as_):
    fund()
    claim = damaged(delivered(held(holder)))
    desk, officer = f"/en/cover/desk/{claim.ref}", as_(underwriter)
    posted(officer, f"{desk}/paid-by-others", paid_by="carrier", paid="12.50", paper="Their letter")

    for browser, address in ((officer, desk), (as_(holder), f"/en/cover/claims/{claim.ref}")):
        shown = page(browser.get(address)).find("main")
        assert says(shown, "Paid by the carrier")
        assert "12.50" in shown.text
        assert "Their letter" in shown.text

    offset = page(officer.get(desk)).select_one("input[name=offset]")["value"]
    posted(officer, f"{desk}/paid-by-others/remove", offset=offset)
    assert "Their letter" not in page(officer.get(desk)).find("main").text
