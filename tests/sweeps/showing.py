"""Stores hostile texts everywhere and looks at everything that shows them, then undoes it all."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.people.identity import service as identity
from tests.market import PASSWORD
from tests.sweeps.escaping import faults_of, faults_of_letter, words_of
from tests.sweeps.forms import Form
from tests.sweeps.house import Answer, House
from tests.sweeps.kinds import Registry
from tests.sweeps.news import deliver
from tests.sweeps.people import BUYER
from tests.sweeps.storing import MARKS, Place, Storing, hostile_texts, stored_marks
from tests.sweeps.visits import Visits, visit_all

_LETTERS = text("SELECT template, subject, text, html FROM kernel.mail WHERE text ~ 'xq[0-9]{4}'")
# How many things a form is tried with while none of them takes it.
_TRIED = 3
# Forms that leave what stood open before, and what other forms are for: they come last.
_LEAVE_OTHERS = {"checkout.open_", "carrier_claims.answer"}
_IN_FILE, _ON_DEVICE = ("payment file", "names and purposes"), ("sign-in", "device")


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of the hostile texts.

    Shape: unseen are fields that were taken, stored and shown by nothing; forgotten those that
    were taken and stored nowhere; faults what a page, letter or file did with a text.
    """

    storing: Storing
    reached: frozenset[str]
    unseen: frozenset[Place]
    forgotten: frozenset[Place]
    faults: tuple[str, ...]


def store_and_show(house: House, registry: Registry, visits: Visits) -> Shown:
    """Return what became of hostile texts in every form, every letter and every page."""
    with house.set_apart():
        storing = Storing(house)
        reached = set(_store_everywhere(storing, visits.forms))
        _send_payment_file(storing)
        _sign_in(storing)
        faults = list(deliver())
        stored = stored_marks(house)
        house.remember_sums()
        seen: set[str] = set()
        for row in house.connection.execute(_LETTERS):
            seen |= set(MARKS.findall(f"{row.subject} {row.text}"))
            told = faults_of_letter(row.subject, row.text, row.html or "<p></p>")
            faults += [f"{row.template}: {fault}" for fault in told]
        again = visit_all(house, Registry(house.connection, house.names, registry.values()))
        for asked, answer in [*storing.answers, *_asked(again)]:
            # What a form answers is shown to who typed it, and to nobody else.
            is_own = " POST " in asked
            seen |= set() if answer.status == 422 else set(MARKS.findall(words_of(answer)))
            faults += [f"{asked}: {fault}" for fault in faults_of(answer, is_own=is_own)]
        marks = {place: storing.marks[place] for place in storing.taken}
        return Shown(
            storing,
            frozenset(reached),
            frozenset(at for at, mark in marks.items() if mark in stored - seen),
            frozenset(at for at, mark in marks.items() if mark not in stored | seen),
            tuple(_named(storing, faults)),
        )


def _asked(visits: Visits) -> Iterator[tuple[str, Answer]]:
    for visit in [*visits.opened, *visits.named, *visits.refused]:
        yield f"{visit.who or 'nobody'} {visit.rule.endpoint} {visit.address}", visit.answer


def _named(storing: Storing, faults: Iterable[str]) -> Iterator[str]:
    """Yield faults once for each field, which is called by its name."""
    for fault in dict.fromkeys(faults):
        fields = sorted({storing.of_mark(mark) for mark in MARKS.findall(fault)})
        yield f"{', '.join(fields)}: {fault}" if fields else fault


def _store_everywhere(storing: Storing, forms: dict[str, list[Form]]) -> Iterator[str]:
    """Send one form of each endpoint and person, and those that stand where they lead.

    What one form did may close another one of the same thing: then the next thing is tried.
    """
    known: dict[str, set[str]] = defaultdict(set)
    tried: dict[str, int] = defaultdict(int)
    in_turn = sorted(forms, key=lambda endpoint: (endpoint in _LEAVE_OTHERS, endpoint))
    waiting = [form for endpoint in in_turn for form in forms[endpoint]]
    while waiting:
        form = waiting.pop(0)
        if form.method != "POST" or form.who in known[form.endpoint]:
            continue
        yield form.endpoint
        if form.texts and len(known[form.endpoint]) < 2 and tried[form.endpoint] < _TRIED:
            waiting = storing.store(form) + waiting
            if form.endpoint in storing.open:
                known[form.endpoint].add(form.who)
            else:
                tried[form.endpoint] += 1


def _sign_in(storing: Storing) -> None:
    mark = storing.marks[_ON_DEVICE] = f"xq{len(storing.marks):04d}"
    identity.sign_in(
        email=BUYER,
        password=PASSWORD,
        device=hostile_texts(mark, 200, is_long=False)[0],
        address="192.0.2.77",
        actor=SYSTEM,
    )


def _send_payment_file(storing: Storing) -> None:
    """Send a payment file whose every name and purpose is hostile, under a hostile name."""
    mark = storing.marks[_IN_FILE] = f"xq{len(storing.marks):04d}"
    storing.taken.add(_IN_FILE)
    example = storing.house.ask(BUYER, "GET", "/en/bank/files/example/eur").body
    told = escape(hostile_texts(mark, 60, is_long=False)[0]).encode()
    content = re.sub(rb"<(Nm|Ustrd|EndToEndId|MsgId)>[^<]*<", rb"<\1>" + told + b"<", example)
    storing.house.ask(
        BUYER,
        "POST",
        "/en/bank/files/",
        data={"key": str(new_id()), "file": (io.BytesIO(content), f"=<{mark}>.xml")},
        is_kept=True,
    )
