"""Tells people once what became of goods that they like: cheaper at their door, or there again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy import Row, text

from kernel import clock, mail
from kernel.actor import Actor
from kernel.db import command, session
from kernel.people.notices import service as notices
from kernel.sealing import vault
from kernel.statements import read_sql
from marketplace.catalogue.products.queries import in_language
from marketplace.shop.favourites import rules
from marketplace.shop.favourites.errors import LetterUnknown

NOTICE = "marketplace.favourites"
_MOST = 10  # goods in one letter; the page of lists shows them all
_PURPOSE = "letters about favourites"

_PRODUCTS = text(
    """
    SELECT DISTINCT v.product_id FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id WHERE o.id = ANY(CAST(:offers AS bigint[]))
    """
)
_SOLD_OUT = text(read_sql(__file__, "sold_out"))
_BACK = text(read_sql(__file__, "back_in_stock"))
_TELL = text(
    "UPDATE marketplace.wish SET told_at = :now"
    " WHERE id = ANY(CAST(:ids AS bigint[])) AND told_at IS NULL RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for."""

    person_id: UUID
    email: str
    name: str
    locale: str

    @classmethod
    def of(cls, row: Row[Any]) -> Reader:
        """Return whom a row of a statement names."""
        return cls(row.person_id, row.email, row.name, row.locale)


@dataclass(frozen=True, slots=True)
class Fall:
    """Goods on somebody's list that cost less now.

    Units: minor units of currency, at the door. Shape: title is in the reader's language.
    """

    wish_id: int
    reader: Reader
    ref: str
    title: str
    seen: int
    now: int
    currency: str


def note_sold_out(product_ids: Sequence[int], *, at: datetime) -> None:
    """Note, inside a command, which wishes for these goods wait for a piece from now on."""
    session().execute(_SOLD_OUT, {"products": list(product_ids), "now": at})


@command("marketplace.favourites.look_at_stock")
def look_at_stock(*, offer_ids: Sequence[int], actor: Actor) -> None:
    """Note which goods of offers are sold out, and write to whoever likes what is there again.

    News that is read late finds the stock as it is. Locks: the wishes, by id.
    """
    products = list(session().execute(_PRODUCTS, {"offers": list(offer_ids)}).scalars())
    asked = {"products": products, "long_ago": clock.now() - rules.AWAY}
    back = session().execute(_BACK, asked).all()
    note_sold_out(products, at=clock.now())
    goods: dict[Reader, dict[str, str]] = defaultdict(dict)
    for row in back:
        if row.is_news:
            title = in_language(row.titles or {}, row.locale, row.source_locale)
            goods[Reader.of(row)][row.ref] = title
    for reader, titles in goods.items():
        _send(reader, "favourites_back", [{"ref": k, "title": v} for k, v in titles.items()])


@command("marketplace.favourites.tell_falls")
def tell_falls(*, falls: Iterable[Fall], actor: Actor) -> None:
    """Write one letter to each person about what costs less now, each of it once.

    Locks: the wishes.
    """
    by_id = {fall.wish_id: fall for fall in falls}
    told = session().execute(_TELL, {"ids": sorted(by_id), "now": clock.now()}).scalars()
    goods: dict[Reader, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for fall in (by_id[wish_id] for wish_id in sorted(told)):
        goods[fall.reader][fall.ref] = {
            "ref": fall.ref,
            "title": fall.title,
            "now": {"minor": fall.now, "currency": fall.currency},
            "seen": {"minor": fall.seen, "currency": fall.currency},
        }
    for reader, lines in goods.items():
        _send(reader, "favourites_cheaper", list(lines.values()))


@command("marketplace.favourites.stop_letters")
def stop_letters(*, token: str, actor: Actor) -> None:
    """Send no letters about favourites to whoever a letter was for. Raises: LetterUnknown."""
    reader = Actor(person_id=reader_of(token), label="link of a letter")
    notices.choose(offered=[NOTICE], wanted=[], actor=reader)


def token_for(person_id: UUID) -> str:
    """Return what in a letter proves whom it was for, good for stopping such letters alone."""
    return vault(_PURPOSE).encrypt(person_id.bytes).decode("ascii")


def reader_of(token: str) -> UUID:
    """Return whom a letter was for. Raises: LetterUnknown."""
    try:
        return UUID(bytes=vault(_PURPOSE).decrypt(token.encode()))
    except InvalidToken:
        raise LetterUnknown from None


def _send(reader: Reader, name: str, goods: Sequence[Mapping[str, Any]]) -> None:
    mail.send(
        to=reader.email,
        template=f"marketplace/mail/{name}.txt",
        locale=reader.locale,
        data={
            "name": reader.name,
            "count": len(goods),
            "goods": [dict(one) for one in goods[:_MOST]],
            "token": token_for(reader.person_id),
        },
    )
