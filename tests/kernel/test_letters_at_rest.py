"""Whoever reads the database, or a copy of it, finds no link that opens anything."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from kernel import config, forgetting, jobs, mail, migrate, sealing, testing, throttling
from kernel.actor import SYSTEM
from kernel.manifest import packages
from kernel.people.emails import service as emails
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Method
from kernel.people.passwords import service as passwords

# Not the parts of a table, which nobody who serves can read: it tells for them.
TABLES = text(
    """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition
        AND relnamespace = ANY (CAST(:schemas AS regnamespace[])) ORDER BY 1
    """
)
TOKEN = "a-token-that-opens-an-account"


@pytest.fixture
def camille(make_person):
    return make_person(email="camille@example.com")


@pytest.fixture
def link(camille):
    """The link in the letter that was sent to somebody who forgot the password."""
    passwords.send_link(email="camille@example.com", actor=SYSTEM)
    jobs.drain()
    (letter,) = [m for m in mail.mailbox() if m.template.endswith("password_forgotten.txt")]
    return letter, sealing.opened(letter.data["token"])


def rows_with(db, words: str) -> dict[str, int]:
    """In which tables some words stand anywhere, and in how many rows."""
    found = {}
    for table in db.execute(TABLES, {"schemas": list(packages())}).scalars().all():
        query = f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%' || :w || '%'"
        if number := db.execute(text(query), {"w": words}).scalar_one():
            found[table] = number
    return found


def test_a_link_that_was_sent_stands_nowhere_in_clear(db, link):
    letter, token = link

    assert rows_with(db, token) == {}
    assert "[token]" in letter.text
    assert "[token]" in letter.html
    assert rows_with(db, "camille@example.com")  # what stands somewhere is found


def test_links_that_wait_stand_nowhere_in_clear(db, camille):
    emails.ask(email="new@example.com", actor=camille)

    waiting = [m for m in mail.mailbox() if "token" in m.data]

    assert len(waiting) == 2
    assert all(m.sent_at is None for m in waiting)
    assert [rows_with(db, sealing.opened(m.data["token"])) for m in waiting] == [{}, {}]


def test_the_mailbox_of_a_demonstration_shows_the_link(client, link):
    letter, token = link

    assert f"/sign-in/forgotten/new/{token}" in client.get(f"/en/mailbox/{letter.id}").text
    assert f"/sign-in/forgotten/new/{token}" in client.get(f"/en/mailbox/{letter.id}/body").text


def test_with_another_key_a_letter_keeps_its_words_and_loses_its_link(link, monkeypatch):
    letter, token = link
    caches = (config.secret_keys, sealing.keys_for, sealing.vault)
    other = replace(config.settings(), secret_key="another")
    monkeypatch.setattr(config, "settings", lambda: other)
    for cache in caches:
        cache.cache_clear()
    try:
        assert token not in letter.told_text
        assert "[token]" in letter.told_text
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()


def test_letters_go_after_thirteen_months_and_what_was_never_sent_stays(db, clock, camille):
    clock("2026-01-01T09:00")
    passwords.send_link(email="camille@example.com", actor=SYSTEM)
    jobs.drain()
    clock("2026-01-02T09:00")
    emails.ask(email="new@example.com", actor=_fresh(camille))
    clock("2027-02-04T09:00")
    mail.forget_mails()
    assert "kernel/mail/password_forgotten.txt" in _templates(db)

    clock("2027-02-12T09:00")
    mail.forget_mails()

    assert _templates(db) == ["kernel/mail/email_asked.txt", "kernel/mail/email_confirm.txt"]


def test_letters_go_batch_by_batch(db, clock, camille, monkeypatch):
    clock("2026-01-01T09:00")
    monkeypatch.setattr(mail, "BATCH", 1)
    monkeypatch.setattr(forgetting, "BATCH", 1)
    for _ in range(3):
        passwords.send_link(email="camille@example.com", actor=SYSTEM)
    jobs.drain()
    clock("2028-01-01T09:00")

    mail.forget_mails()

    assert _templates(db) == []


def test_counts_of_tries_go_once_their_window_is_over(db, clock):
    clock("2026-01-01T09:00")
    throttling.take(allowed={"account:old@example.com": 1}, actor=SYSTEM)
    clock("2026-01-01T09:10")
    throttling.take(allowed={"account:young@example.com": 1}, actor=SYSTEM)
    clock("2026-01-01T09:16")

    forgetting.forget_tries()

    kept = db.execute(text("SELECT bucket FROM kernel.try_count")).scalars().all()
    assert kept == ["account:young@example.com"]


def test_an_upgrade_seals_what_lay_in_clear_and_goes_back():
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        engine = create_engine(url, poolclass=NullPool)
        migrate.upgrade("0007", url=url)
        with engine.begin() as old:
            _write(old, "sent", {"token": TOKEN}, words=f"Follow https://x/{TOKEN} now")
            _write(old, "waits", {"token": TOKEN}, words=None)
            _write(old, "paid", {"token": ""}, words="Your money came.")
            before = _letters(old)

        migrate.upgrade("0008", url=url)
        with engine.connect() as new:
            assert rows_with(new, TOKEN) == {}
            told = {row.template: row for row in _letters(new)}
        assert told["sent"].text == "Follow https://x/[token] now"
        assert sealing.opened(told["waits"].data["token"]) == TOKEN
        assert told["paid"].data == {"token": ""}

        migrate.downgrade("0007", url=url)
        with engine.connect() as old:
            assert _letters(old) == before
        engine.dispose()


def _write(connection, template, data, *, words):
    connection.execute(
        text(
            "INSERT INTO kernel.mail"
            " (id, recipient, locale, template, data, text, html, created_at)"
            " VALUES (gen_random_uuid(), 'c@example.com', 'en', :template, CAST(:data AS jsonb),"
            " :words, :words, now())"
        ),
        {"template": template, "data": json.dumps(data), "words": words},
    )


def _letters(connection):
    rows = connection.execute(
        text("SELECT template, data, text, html FROM kernel.mail ORDER BY template")
    )
    return rows.all()


def _templates(db):
    """The letters that are kept, without the welcome that everybody got."""
    query = "SELECT template FROM kernel.mail WHERE template NOT LIKE '%welcome%' ORDER BY template"
    return db.execute(text(query)).scalars().all()


def _fresh(actor):
    proving.note_confirmation(session_id=actor.session_id, method=Method.PASSWORD, actor=actor)
    return actor
