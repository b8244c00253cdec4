"""The pages of one's own safety, without a script: codes are the way then."""

from __future__ import annotations

import csv
import io
import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import clock as house_clock
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.mail import Mail
from kernel.outbox import claim_due
from kernel.people.emails import queries as addresses
from kernel.people.emails import service as emails
from kernel.people.identity import queries as people
from kernel.people.identity import safety_log as log
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Given
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind
from tests.asking import english, problem_code, says

PASSWORD = "correct horse battery"
SECURITY = "/en/account/security"


@pytest.fixture
def camille(make_person):
    return make_person(email="camille@example.com", locale="fr")


@pytest.fixture
def app_secret(camille):
    """An app that was set up with the code of the step before this one."""
    if (left := 30 - time.time() % 30) < 3:  # a step that ends amid this would make it two before
        time.sleep(left)
    proving.begin_app(person_id=camille.person_id, actor=camille)
    secret = factors.set_up_of(camille.person_id, email="").secret
    given = Given(code=code(secret, -1), party=factors.party_for("http://localhost/"), place="")
    proving.confirm_app(person_id=camille.person_id, given=given, actor=camille)
    return secret


def code(secret, steps=0):
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def post(browser, address, **fields):
    with browser.session_transaction() as kept:
        kept["csrf"] = "test-token"
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def mails():
    while due := claim_due():
        for item in due:
            if item.handler.startswith("kernel."):
                jobs.deliver(str(item.event_id), item.handler)
    with reading() as current:
        return [
            (m.recipient, m.subject, m.told_text)
            for m in current.query(Mail).order_by(Mail.created_at, Mail.id)
        ]


def test_a_person_with_an_app_signs_in_with_two_steps(client, camille, app_secret):
    first = post(
        client, "/en/sign-in?next=/en/bank/", email="camille@example.com", password=PASSWORD
    )
    assert first.location.startswith("/en/sign-in/second")
    assert client.get("/en/account").status_code == 303  # half a sign-in opens nothing
    assert says(client.get(first.location), "One more step")
    wrong = post(client, first.location, code="000000")
    assert wrong.status_code == 422
    assert says(wrong, "That code isn't right")

    right = post(client, first.location, code=code(app_secret))

    assert right.location == "/en/bank/"
    assert client.get("/en/account").status_code == 200


def test_a_second_step_without_a_first_one_leads_back(client):
    assert client.get("/en/sign-in/second").location.startswith("/en/sign-in")
    answer = post(client, "/en/sign-in/second", code="123456")
    assert answer.location.startswith("/en/sign-in")
    assert says(client.get(answer.location), "That took too long")


def test_an_app_is_set_up_without_a_script_and_codes_are_shown_once(as_, camille):
    browser = as_(camille)
    post(browser, f"{SECURITY}/app")
    page = browser.get(f"{SECURITY}/app")
    secret = factors.set_up_of(camille.person_id, email="").secret
    assert "data:image/svg+xml" in page.text
    assert page.headers["Cache-Control"] == "no-store"

    in_arabic = code(secret).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    post(browser, f"{SECURITY}/app/confirm", code=in_arabic)
    shown = post(browser, f"{SECURITY}/codes")

    assert shown.text.count("<li><code") == 10
    kept = BeautifulSoup(shown.text, "html.parser").select_one("a[download]")["href"]
    codes = unquote(kept.removeprefix("data:text/plain;charset=utf-8,")).split("\n")
    assert [f"{one}</code>" in shown.text for one in codes] == [True] * 10
    assert "10 left" in browser.get(SECURITY).text
    assert "<li><code" not in browser.get(SECURITY).text


@pytest.mark.parametrize("typed", ["茶", "ﷺ" * 9])
def test_a_code_of_no_digits_at_all_is_wrong_and_no_fault(as_, camille, typed):
    browser = as_(camille)
    post(browser, f"{SECURITY}/app")
    assert problem_code(post(browser, f"{SECURITY}/app/confirm", code=typed)) == "wrong_code"


def test_each_way_in_tells_since_when_it_stands_and_when_it_last_helped(
    as_, camille, app_secret, clock
):
    browser = as_(camille)

    def row(name):
        page = BeautifulSoup(browser.get(SECURITY).text, "html.parser")
        head = page.select_one(f"th[scope=row]:-soup-contains('{name}')")
        return [cell.get_text(" ", strip=True) for cell in head.find_next_siblings("td")[:2]]

    joined = row("Password")[0]
    assert joined == row("Email")[0]
    post(browser, f"{SECURITY}/confirm", code=code(app_secret))
    post(browser, f"{SECURITY}/codes")
    assert row(english("Recovery codes"))[1] == english("Never")
    house_clock.freeze(house_clock.now() + timedelta(days=3))
    for kind, data in ((Kind.PASSWORD_CHANGED, {}), (Kind.CODE_USED, {"left": 9})):
        safety.record(person_id=camille.person_id, kind=kind, actor=camille, data=data)

    assert row("Password")[0] == row(english("Recovery codes"))[1]
    assert row("Password")[0] not in {joined, "", english("Never")}
    assert row("Email")[0] == joined


def test_a_change_that_matters_asks_first_who_it_is(as_, camille, app_secret):
    browser = as_(camille)

    asked = post(browser, f"{SECURITY}/app/remove")
    assert asked.location.startswith(f"{SECURITY}/confirm")
    by_password = post(browser, f"{SECURITY}/confirm", password=PASSWORD)
    assert by_password.status_code == 422  # who has an app proves themselves with it
    post(browser, f"{SECURITY}/confirm", code=code(app_secret))
    post(browser, f"{SECURITY}/app/remove")

    assert not factors.ways_of(camille.person_id).any


def test_every_change_is_told_in_her_language_and_a_new_address_to_the_old_one(as_, camille):
    browser = as_(camille)
    post(browser, f"{SECURITY}/confirm", password=PASSWORD)

    post(browser, f"{SECURITY}/email", email="camille@example.org")
    asked = mails()
    link = next(
        re.search(r"/account/email/confirm/\S+", text)
        for to, _, text in asked
        if to == "camille@example.org"
    )
    post(browser, f"/fr{link[0]}")
    post(browser, f"{SECURITY}/password", password="a lantern in the harbour")

    told = mails()
    assert {to for to, _, _ in asked} == {"camille@example.com", "camille@example.org"}
    back = [text for to, _, text in told if "/account/email/back/" in text]
    assert len(back) == 2
    assert people.person(camille.person_id).email == "camille@example.org"
    assert any("/fr/account/security" in text for to, _, text in told)
    assert [to for to, subject, _ in told][-1] == "camille@example.org"


def test_a_new_password_signs_every_other_device_out(as_, camille, client):
    post(client, "/en/sign-in", email="camille@example.com", password=PASSWORD)
    assert client.get("/en/account").status_code == 200
    browser = as_(camille)
    post(browser, f"{SECURITY}/confirm", password=PASSWORD)
    post(browser, f"{SECURITY}/password", password="a lantern in the harbour")

    assert browser.get("/en/account").status_code == 200
    assert client.get("/en/account").status_code == 303


def test_a_new_password_drops_an_address_that_somebody_asked_for_with_the_old_one(as_, camille):
    emails.ask(email="thief@example.com", actor=camille)
    browser = as_(camille)
    assert "thief@example.com" in browser.get(SECURITY).text
    post(browser, f"{SECURITY}/confirm", password=PASSWORD)
    post(browser, f"{SECURITY}/password", password="a lantern in the harbour")

    assert "thief@example.com" not in browser.get(SECURITY).text
    assert addresses.waiting_for(camille.person_id) is None


def signed_in_elsewhere(person, device):
    return identity.sign_in(
        email=person.email, password=PASSWORD, device=device, address=device, actor=SYSTEM
    )


def open_devices(person):
    with reading():
        return {one.id for one in people.sessions_of(person)}


def test_one_device_or_every_other_is_signed_out_with_a_press(camille, as_):
    phone, tablet, old = (signed_in_elsewhere(camille, name) for name in ("A", "B", "C"))
    here = as_(camille)
    page = here.get("/en/account/security").text
    ends = [f"/en/account/sessions/{one}/end" for one in (phone, tablet, old)]
    assert all(end in page for end in ends)

    ended = post(here, ends[0])
    assert (ended.status_code, ended.location) == (303, "/en/account/security")
    between = open_devices(camille)
    assert people.actor_of_session(str(phone)) is None
    for _ in range(2):  # pressed twice, it is the same
        assert post(here, "/en/account/sessions/end-others").status_code == 303

    assert between == {camille.session_id, tablet, old}
    assert open_devices(camille) == {camille.session_id}
    assert people.actor_of_session(str(tablet)) is None
    assert here.get("/en/account").status_code == 200


def test_nobody_signs_somebody_elses_device_out(camille, make_person, as_):
    phone, stranger = signed_in_elsewhere(camille, "A"), as_(make_person())

    post(stranger, f"/en/account/sessions/{phone}/end")
    post(stranger, "/en/account/sessions/end-others")

    assert open_devices(camille) == {camille.session_id, phone}


def test_the_page_and_the_log_stay_within_their_budget(as_, camille, app_secret):
    for number in range(25):
        safety.record(
            person_id=camille.person_id,
            kind=Kind.PAYEE_TRUSTED,
            actor=camille,
            data={"name": f"=Payee {number}"},
        )
    browser = as_(camille)
    for address in (SECURITY, f"{SECURITY}/log"):
        with counting_queries() as spent:
            assert browser.get(address).status_code == 200
        assert len(spent) <= 15, "\n".join(spent.statements)

    first = log.log_of(camille)
    rest = log.log_of(camille, before=first.before)
    assert len(first.lines) == 20
    assert len({line.id for line in [*first.lines, *rest.lines]}) == 20 + len(rest.lines)
    assert rest.before is None


def test_the_log_is_saved_as_a_file_that_no_spreadsheet_runs(as_, camille):
    safety.record(
        person_id=camille.person_id,
        kind=Kind.PAYEE_TRUSTED,
        actor=camille,
        data={"name": "=cmd|'/c calc'"},
    )

    answer = as_(camille).get(f"{SECURITY}/log.csv")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.mimetype == "text/csv"
    assert rows[0] == ["at", "kind", "what", "device", "country", "network"]
    assert rows[1][1] == "payee_trusted"
    assert all(cell[:1] not in "=+-@" for row in rows for cell in row if cell)


def test_nobody_reads_somebody_elses_log(camille, make_person, db):
    safety.record(person_id=camille.person_id, kind=Kind.CODES_MADE, actor=camille)

    assert all(line.kind == "signed_in" for line in log.log_of(make_person()).lines)
    with pytest.raises(Exception, match=r"refused|denied"):
        db.execute(text("UPDATE kernel.safety_log SET kind = 'signed_in'"))


def test_who_signs_in_is_in_the_log(camille):
    assert [line.kind for line in log.log_of(camille).lines] == ["signed_in"]
    assert SYSTEM.person_id is None
