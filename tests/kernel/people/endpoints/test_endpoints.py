"""Programs are told by signed letters, as often as it takes, and never inside anybody's network."""

import json
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import forgetting
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.people.endpoints import gateway, queries, rules, service
from kernel.people.endpoints.errors import AddressRefused, EndpointUnknown, TooManyEndpoints
from kernel.people.endpoints.jobs import deliver, deliver_some, forget_old_letters
from kernel.people.mfa.errors import ConfirmFirst
from tests.kernel.people.endpoints.conftest import URL
from tests.kernel.people.endpoints.standard_webhooks import Refused, verify


def tell(person, *, event_id=None, kind="policy.bound"):
    service.tell(
        person_id=person.person_id,
        event_id=event_id or new_id(),
        kind=kind,
        data={"id": "26-0000104"},
        actor=SYSTEM,
    )


def letters(person):
    (endpoint,) = queries.endpoints_of(person)
    return queries.letters_to(endpoint)


def make_due():
    with transaction(name="tests.endpoints.make_due", actor=SYSTEM) as work:
        work.execute(text("UPDATE kernel.endpoint_letter SET due_at = clock_timestamp()"))


def test_a_letter_is_signed_by_the_standard(ada, secret, outside):
    event_id = new_id()
    tell(ada, event_id=event_id)

    deliver()

    ((url, body, headers),) = outside.sent
    verify(secret, headers, body)
    assert (url, headers["webhook-id"]) == (URL, str(event_id))
    assert json.loads(body) == {
        "type": "policy.bound",
        "timestamp": "2026-06-01T09:00:00Z",
        "data": {"id": "26-0000104"},
    }
    assert letters(ada)[0].state == "sent"


def test_the_example_of_the_standard_is_signed_as_it_says():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    made = rules.signature(
        secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=body
    )

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_one_bit_more_or_five_minutes_later_is_refused(ada, secret, outside):
    tell(ada)
    deliver()
    _, body, headers = outside.sent[0]

    with pytest.raises(Refused):
        verify(secret, headers, bytes([body[0] ^ 1]) + body[1:])
    with pytest.raises(Refused):
        verify(secret, headers, body, now=int(headers["webhook-timestamp"]) + 301)


def test_an_event_that_is_told_twice_is_one_letter(ada, secret, outside):
    event_id = new_id()
    tell(ada, event_id=event_id)
    tell(ada, event_id=event_id)

    assert deliver_some() == 1
    assert deliver_some() == 0


def test_what_fails_is_sent_again_with_the_same_bytes(ada, secret, outside):
    outside.answers[URL] = 503
    tell(ada)
    deliver()
    assert deliver_some() == 0, "the next try waits"
    make_due()
    outside.answers[URL] = 200

    deliver()

    first, second = outside.sent
    assert first[1] == second[1]
    assert [one[2]["Entrepot-Attempt"] for one in (first, second)] == ["1", "2"]
    assert first[2]["webhook-id"] == second[2]["webhook-id"]
    assert (letters(ada)[0].state, letters(ada)[0].attempts) == ("sent", 2)


def test_after_three_days_a_letter_is_given_up(ada, secret, outside):
    outside.answers[URL] = OSError()
    tell(ada)
    waits = [rules.next_wait(number) for number in range(1, 11)]

    for _ in range(10):
        make_due()
        deliver_some()

    assert (letters(ada)[0].state, letters(ada)[0].said) == ("given_up", "no_answer")
    assert waits[-1] is None
    assert 72 < sum(wait.total_seconds() for wait in waits if wait) / 3600 < 78


def test_who_says_gone_is_left_alone(ada, secret, outside):
    outside.answers[URL] = 410
    tell(ada)
    deliver()
    tell(ada)

    assert deliver_some() == 0
    assert queries.endpoints_of(ada)[0].paused_at is not None


def test_both_secrets_sign_for_a_day(ada, secret, outside, clock):
    (endpoint,) = queries.endpoints_of(ada)
    newer = service.rotate(endpoint_id=endpoint.id, actor=ada)
    tell(ada)
    deliver()
    clock("2026-06-02T09:00:01")
    tell(ada)
    deliver()

    (_, body, during), (_, later_body, after) = outside.sent
    verify(secret, during, body)
    verify(newer, during, body)
    verify(newer, after, later_body)
    with pytest.raises(Refused):
        verify(secret, after, later_body)


def test_a_letter_is_sent_again_by_hand_as_another_delivery(ada, secret, outside, as_):
    tell(ada)
    deliver()
    endpoint, letter = queries.endpoints_of(ada)[0], letters(ada)[0]

    as_(ada).post(
        f"/en/account/webhooks/{endpoint.id}/letters/{letter.id}",
        data={"csrf_token": "test-token"},
    )
    deliver()

    first, second = outside.sent
    assert first[1] == second[1]
    assert first[2]["webhook-id"] == second[2]["webhook-id"]
    assert first[2]["Entrepot-Delivery"] != second[2]["Entrepot-Delivery"]


def test_a_dead_address_holds_no_other_up(ada, make_person, secret, outside):
    other = "https://alive.example.com/"
    service.add(url=other, actor=ada)
    outside.answers[URL] = OSError()
    for _ in range(20):
        tell(ada)

    deliver_some()

    assert sorted(url for url, _, _ in outside.sent) == sorted([URL, other])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://192.168.0.1/",
        "https://printer.local/",
        "https://db.internal/",
        "https://a:b@hooks.example.com/",
        "https://hooks.example.com:5432/",
        "https://",
        "https://hooks.example.com:99999/",
        "ftp://hooks.example.com/",
        "https://2130706433/",
    ],
)
def test_no_letter_goes_inside_a_network(ada, url):
    with pytest.raises(AddressRefused):
        service.add(url=url, actor=ada)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "::1", "fd00::1", "169.254.1.1"])
def test_a_name_that_leads_inside_is_refused_when_it_is_written_to(
    ada, secret, monkeypatch, address
):
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(gateway.socket, "getaddrinfo", lambda *_, **__: found)
    tell(ada)

    deliver()

    assert letters(ada)[0].said == "not_public"


def test_the_line_is_opened_to_the_address_that_was_looked_at(monkeypatch):
    asked = []
    monkeypatch.setattr(
        gateway.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.215.14", 443))]
    )

    def refused(address, **_):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(gateway.socket, "create_connection", refused)

    with pytest.raises(ConnectionRefusedError):
        gateway.send(URL, body=b"{}", headers={})
    assert asked == [("93.184.215.14", 443)]


def test_nobody_reaches_addresses_of_others(ada, secret, make_person, as_):
    (endpoint,) = queries.endpoints_of(ada)
    other = make_person()

    assert as_(other).get(f"/en/account/webhooks/{endpoint.id}").status_code == 404
    with pytest.raises(EndpointUnknown):
        service.remove(endpoint_id=endpoint.id, actor=other)


def test_a_removed_address_hears_no_more(ada, secret, outside):
    tell(ada)
    service.remove(endpoint_id=queries.endpoints_of(ada)[0].id, actor=ada)
    tell(ada)

    assert deliver_some() == 0


def test_an_address_is_added_by_who_proved_themselves_a_moment_ago(ada, clock):
    clock("2026-06-01T12:00")

    with pytest.raises(ConfirmFirst):
        service.add(url=URL, actor=ada)


def test_an_account_has_only_so_many_addresses(ada):
    for _ in range(rules.MOST_ENDPOINTS):
        service.add(url=URL, actor=ada)

    with pytest.raises(TooManyEndpoints):
        service.add(url=URL, actor=ada)


def test_the_page_shows_a_secret_once_and_what_was_sent(ada, as_, outside):
    mine = as_(ada)
    page = mine.post("/en/account/webhooks", data={"url": URL, "csrf_token": "test-token"})
    shown = BeautifulSoup(page.text, "html.parser").select_one("[data-secret]").text
    tell(ada)
    deliver()

    verify(shown, outside.sent[0][2], outside.sent[0][1])
    address = f"/en/account/webhooks/{queries.endpoints_of(ada)[0].id}"
    assert "policy.bound" in mine.get(address).text
    assert shown not in mine.get("/en/account/webhooks").text + mine.get(address).text


def test_no_secret_lies_open(ada, secret):
    with reading() as current:
        rows = current.execute(text("SELECT to_jsonb(e)::text FROM kernel.endpoint e")).all()

    assert secret.removeprefix("whsec_") not in str(rows)


def aged(**columns):
    """Let every letter be so many days old, and so what is said of it."""
    days = ", ".join(
        f"{name} = clock_timestamp() - interval '{n} days'" for name, n in columns.items()
    )
    with transaction(name="tests.endpoints.age", actor=SYSTEM) as work:
        for (letter_id,) in work.execute(text("SELECT id FROM kernel.endpoint_letter")).all():
            older = UUID(int=letter_id.int - (100 * 86_400_000 << 80))
            work.execute(
                text(f"UPDATE kernel.endpoint_letter SET id = :older, {days} WHERE id = :id"),
                {"older": older, "id": letter_id},
            )


@pytest.mark.parametrize(
    ("columns", "left"),
    [
        ({"done_at": 91}, 0),
        ({"given_up_at": 91}, 0),
        ({"done_at": 89}, 1),
        ({"tried_at": 99}, 1),
    ],
)
def test_letters_go_once_their_time_is_over_and_open_ones_stay(ada, secret, outside, columns, left):
    tell(ada)
    aged(**columns)

    forget_old_letters()

    assert len(letters(ada)) == left


def test_a_young_letter_stays_whatever_its_neighbours_do(ada, secret, outside, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(5):
        tell(ada)
    aged(done_at=200)
    tell(ada)

    forget_old_letters()

    assert len(letters(ada)) == 1
