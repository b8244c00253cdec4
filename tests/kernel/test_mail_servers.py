"""Mails and the password of their server are told to the server alone that proves who it is."""

from __future__ import annotations

import gc
import ssl
import tracemalloc
from email.message import EmailMessage

import pytest

from kernel import mail
from kernel.config import from_environment
from kernel.ids import new_id
from kernel.mail import MailUnprotected, SmtpGateway
from tests.kernel.mail_server import Authority, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority, monkeypatch):
    """The system's authorities are ours."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("SSL_CERT_DIR", "")


def letter():
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@x.example", "b@x.example", "Tea"
    message.set_content("It has arrived.")
    return message


def send(scheme, post, *, host="127.0.0.1", user="post%40x.example:p%2Fw@"):
    SmtpGateway(f"{scheme}://{user}{host}:{post.port}").send(letter())


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_that_proves_its_name_gets_the_mail_over_tls(authority, trusted, scheme, host):
    own = authority.context(host)
    with serving(**{"at_once" if scheme == "smtps" else "later": own}) as post:
        send(scheme, post, host=host)

    assert "It has arrived." in post.mails[0]
    assert post.logins == [("post@x.example", "p/w", True)]


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.parametrize("fault", ["stranger", "other name", "expired"])
def test_a_server_that_proves_nothing_hears_no_password(
    authority, trusted, tmp_path, scheme, fault
):
    context = {
        "stranger": lambda: Authority(tmp_path).context("127.0.0.1"),
        "other name": lambda: authority.context("mail.example"),
        "expired": lambda: authority.context("127.0.0.1", days=0),
    }[fault]()
    kind = {"at_once" if scheme == "smtps" else "later": context}
    with serving(**kind) as post, pytest.raises(ssl.SSLCertVerificationError):
        send(scheme, post)

    assert (post.mails, post.logins) == ([], [])


def test_nobody_on_the_way_talks_us_out_of_tls(trusted):
    """Whoever sits between takes STARTTLS out of what the server offers."""
    with serving() as post, pytest.raises(MailUnprotected):
        send("smtp", post)

    assert (post.mails, post.logins) == ([], [])


def test_in_the_clear_a_mail_goes_when_the_address_says_so(trusted):
    with serving() as post:
        send("smtp+plain", post, user="")

    assert "It has arrived." in post.mails[0]


def test_a_plain_server_is_no_tls_server(trusted):
    with serving() as post, pytest.raises(ssl.SSLError):
        send("smtps", post)


@pytest.mark.parametrize("address", ["mail.example:25", "http://mail.example", "smtps:///x"])
def test_an_address_of_another_kind_stops_the_start(address):
    with pytest.raises(ValueError, match="ENTREPOT_SMTP_URL"):
        from_environment({"ENTREPOT_SMTP_URL": address})


def test_a_letter_leaves_nothing_for_the_collector():
    """A worker that sends letters all day carried sixty kilobytes of each until it came by."""

    def write():
        words = ("Grüße aus Lyon", "It has arrived.", "<p>It has arrived.</p>")
        return mail._message("ann@x.example", new_id(), *words).as_bytes()

    def left_by_twenty():
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(20):
            write()
        after, _ = tracemalloc.get_traced_memory()
        return after - before

    write()
    gc.disable()
    tracemalloc.start()
    try:
        # Threads of other tests that live on may take memory meanwhile, so the best of some counts.
        left = min(left_by_twenty() for _ in range(8))
    finally:
        tracemalloc.stop()
        gc.enable()
    assert left / 20 < 4_000
