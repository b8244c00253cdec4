"""Mail: written with the change that causes it, rendered and sent by a worker.

A template is a text file: the subject in its first line, then paragraphs; lines `| label | value`
are facts, a line `-> address words` is the one act. The HTML part is made from the same lines, so
both parts tell the same.
"""

from __future__ import annotations

import smtplib
import ssl
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any, ClassVar, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import Index, Select, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.config import UnsafeSetting, settings
from kernel.db import Base, command, reading, session
from kernel.events import Event, Note, on, publish
from kernel.forgetting import BATCH, in_batches, keeping
from kernel.ids import new_id
from kernel.jobs import schedule
from kernel.sealing import keys_of, opened, resealed, sealed, unveiled, veiled
from kernel.telemetry import tracing

# Source: RFC 8314, submission by implicit TLS; RFC 6409, by STARTTLS; RFC 5321, between servers.
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
_PATIENCE_S = 20
# Under this name a letter's data keep the token of the guest that it is written to.
OF_GUEST = "of_guest"


class Mail(Base):
    """A mail and what became of it; in a demonstration this table is the mailbox.

    Shape: data holds plain values, money as `{"minor", "currency"}` and secrets as `{"sealed"}`;
    text and html name a secret in place of what only the reader was told.
    """

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_recipient_created_at", "recipient", "created_at"),
        Index("ix_mail_created_at", "created_at"),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    locale: Mapped[str]
    template: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    subject: Mapped[str | None]
    text: Mapped[str | None]
    html: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    @property
    def told_text(self) -> str | None:
        """The text as its reader got it."""
        return unveiled(self.text, self.data) if self.text else None

    @property
    def told_html(self) -> str | None:
        """The HTML part as its reader got it."""
        return unveiled(self.html, self.data) if self.html else None


@dataclass(frozen=True, kw_only=True)
class MailQueued(Event):
    """A mail waits to be sent."""

    name: ClassVar[str] = "kernel.mail.queued.v1"
    mail_id: UUID


_SENT = text(
    "UPDATE kernel.mail SET subject = :subject, text = :text, html = :html, sent_at = :at"
    " WHERE id = :id"
)


# One that was never sent stays: its delivery waits, or gave up and may be tried again.
_FORGET = text(
    """
    WITH old AS MATERIALIZED (
        SELECT id FROM kernel.mail WHERE created_at < :oldest AND sent_at IS NOT NULL
        ORDER BY created_at LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    DELETE FROM kernel.mail m USING old WHERE m.id = old.id RETURNING m.id
    """
)


class MailGateway(Protocol):
    """Hands a finished mail to the world; the message id makes a repeat recognisable."""

    def send(self, message: EmailMessage) -> None:
        """Send one message. Raises: OSError, smtplib.SMTPException."""


class MailUnprotected(OSError):
    """A mail server that offers no encryption, where its address does not do without."""


class SmtpGateway:
    """A real mail server, spoken to in the way that the scheme of its address says."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Send over TLS with whoever proves to be the host; in the clear by `smtp+plain` alone.

        Raises: MailUnprotected, beside what the protocol says.
        """
        with self._open() as server:
            if self._parts.username:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
            server.send_message(message)

    def _open(self) -> smtplib.SMTP:
        """Return a connection that nobody on the way reads, unless the address says otherwise."""
        host, port = self._parts.hostname or "", self._parts.port or _PORTS[self._parts.scheme]
        if self._parts.scheme == "smtp+plain":
            return smtplib.SMTP(host, port, timeout=_PATIENCE_S)
        trusted = ssl.create_default_context()  # the system's authorities, and the host's name
        if self._parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE_S, context=trusted)
        server = smtplib.SMTP(host, port, timeout=_PATIENCE_S)
        with ExitStack() as unless_safe:
            unless_safe.callback(server.close)
            _protect(server, trusted)
            unless_safe.pop_all()
        return server


def _protect(server: smtplib.SMTP, trusted: ssl.SSLContext) -> None:
    server.ehlo()
    if not server.has_extn("starttls"):
        raise MailUnprotected("the mail server offers no STARTTLS")
    server.starttls(context=trusted)
    server.ehlo()


class LocalMailbox:
    """Keeps the mail where the mailbox page reads it: in the table it already stands in."""

    def send(self, message: EmailMessage) -> None:
        """Accept the message."""
        assert message["To"], "a mail has a recipient"


def gateway() -> MailGateway:
    """Return the gateway this installation uses.

    Raises: UnsafeSetting outside a demonstration without a server, as letters would stay here.
    """
    url = settings().smtp_url
    if not url and not settings().demo:
        raise UnsafeSetting("smtp_url")
    return SmtpGateway(url) if url else LocalMailbox()


class Wishes(Protocol):
    """Whether somebody wants a mail."""

    def __call__(self, *, address: str, template: str) -> bool:
        """Whether a mail is to be sent to an address."""


class Addressee(Protocol):
    """Whom a mail is written to: somebody with an account, or a guest."""

    @property
    def id(self) -> UUID:
        """Who it is."""

    @property
    def email(self) -> str:
        """Where it goes."""

    @property
    def is_guest(self) -> bool:
        """Whether its links have to open what they name without an account."""


class Tokens(Protocol):
    """What links in a letter to a guest carry in place of a password."""

    def __call__(self, *, guest_id: UUID, email: str) -> str:
        """Return the token of a guest, for a letter to this address alone."""


_wishes: Wishes | None = None
_tokens: Tokens | None = None


def heed(wishes: Wishes) -> None:
    """Ask from here on, before a mail is written, whether its reader wants it."""
    global _wishes  # noqa: PLW0603 - one house per process, put together once
    _wishes = wishes


def let_guests_in(tokens: Tokens) -> None:
    """Ask from here on what the links of a letter to a guest carry."""
    global _tokens  # noqa: PLW0603 - one house per process, put together once
    _tokens = tokens


def send(*, to: Addressee | str, template: str, locale: str, data: dict[str, Any]) -> UUID | None:
    """Queue a mail inside the open command; `template` is `<package>/mail/<name>.txt`.

    Every link of a mail to a guest opens what it names (`kernel.web.letters`), so a mail is written
    to somebody; to a bare address goes only what is about that address, such as a new one.
    None when its reader turned this kind of mail off.
    """
    assert _wishes is not None, "the house is put together before anybody writes"
    assert _tokens is not None, "the house is put together before anybody writes"
    address = to if isinstance(to, str) else to.email
    if not isinstance(to, str) and to.is_guest:
        data = data | {OF_GUEST: sealed(_tokens(guest_id=to.id, email=address))}
    elif not _wishes(address=address, template=template):
        return None
    mail = Mail(
        id=new_id(),
        recipient=address,
        locale=locale,
        template=template,
        data=data,
        created_at=clock.now(),
    )
    session().add(mail)
    session().flush()
    publish(MailQueued(mail_id=mail.id))
    return mail.id


@on(MailQueued, "kernel.mail.deliver_mail", queue="mail", outside=True)
def deliver_mail(event: MailQueued) -> Note | None:
    """Render and send; what was sent is written with the delivery."""
    from kernel.web.letters import render_letter  # noqa: PLC0415 - web processes skip Jinja here

    with reading() as current:
        mail = current.get(Mail, event.mail_id)
        assert mail is not None, "the mail was written with its event"
        if mail.sent_at is not None:
            return None
        told, token = dict(mail.data), mail.data.get(OF_GUEST)
        told.pop(OF_GUEST, None)
        letter = render_letter(
            mail.template, mail.locale, told, guest_token=opened(token) if token else ""
        )
        recipient, mail_id, data = mail.recipient, mail.id, mail.data
    with tracing.span("send mail", kind="client"):
        gateway().send(_message(recipient, mail_id, letter.subject, letter.text, letter.html))
    sent = {
        "subject": letter.subject,
        "text": veiled(letter.text, data),
        "html": veiled(letter.html, data),
        "at": clock.now(),
        "id": mail_id,
    }

    def note() -> None:
        session().execute(_SENT, sent)

    return note


class _Headers(HeaderRegistry):
    """Makes the class of a header once, and not for each letter.

    Classes are circles: a worker that sends letters all day carried megabytes of them until the
    collector looked through all that it has.
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """Return the class of a header by its name, whatever its case."""
        known = name.lower()
        if known not in self._made:
            self._made[known] = super().__getitem__(name)
        return self._made[known]


_POLICY = default.clone(header_factory=_Headers())


def _message(to: str, mail_id: UUID, subject: str, plain: str, html: str) -> EmailMessage:
    message = EmailMessage(_POLICY)
    name, address = parseaddr(settings().mail_from)
    message["From"] = str(Address(name, addr_spec=address))
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{mail_id}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    return message


def mailbox(*, recipient: str | None = None, limit: int = 50) -> list[Mail]:
    """Return the newest mails, of one recipient or of all (demonstration)."""
    query = select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
    if recipient:
        query = query.where(Mail.recipient == recipient)
    with reading() as current:
        return list(current.execute(query).scalars())


def mail(mail_id: UUID) -> Mail | None:
    """Return one mail."""
    with reading() as current:
        return current.get(Mail, mail_id)


@schedule("kernel.mail.forget_mails", every=timedelta(days=1), queue="slow")
def forget_mails() -> None:
    """Delete letters that were sent long ago."""
    in_batches(lambda: forget_sent(actor=SYSTEM))


@command("kernel.mail.forget_sent")
def forget_sent(*, actor: Actor) -> int:
    """Delete a batch of letters that were sent long ago; return how many. Locks: the letters."""
    oldest = clock.now() - timedelta(days=keeping().mail_days)
    return len(session().execute(_FORGET, {"oldest": oldest, "batch": BATCH}).all())


@command("kernel.mail.relock")
def relock(*, actor: Actor) -> int:
    """Seal what letters keep with the newest key; return in how many of them it changed.

    Locks: every letter with a secret.
    """
    changed = 0
    for letter in session().scalars(_with_secrets().with_for_update()):
        fresh = resealed(letter.data)
        changed += fresh != letter.data
        letter.data = fresh
    return changed


def keys_of_letters() -> Counter[int | None]:
    """Return how many secrets in letters lie under which key, 0 for the newest."""
    with reading() as current:
        letters = current.scalars(_with_secrets())
        return Counter(key for letter in letters for key in keys_of(letter.data))


def _with_secrets() -> Select[Mail]:
    return select(Mail).where(Mail.data.path_exists("$.*.sealed"))
