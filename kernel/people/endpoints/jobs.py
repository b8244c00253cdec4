"""Sends letters to programs as they fall due, and lets go of old ones."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.forgetting import in_batches
from kernel.jobs import schedule
from kernel.people.endpoints import gateway, rules, service
from kernel.people.endpoints.service import MOST_AT_ONCE, DueLetter


@schedule("kernel.endpoints.deliver", every=timedelta(seconds=5), queue="mail")
def deliver() -> None:
    """Send what is due: one letter to each address at once, so that a dead one holds no other."""
    while deliver_some():
        pass


def deliver_some() -> int:
    """Send some letters and note how each went; return how many."""
    due = service.claim(actor=SYSTEM)
    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as lines:
        for letter, (status, said) in zip(due, lines.map(_sent, due), strict=True):
            service.note(letter_id=letter.id, status=status, said=said, actor=SYSTEM)
    return len(due)


@schedule("kernel.endpoints.forget_old_letters", every=timedelta(days=1), queue="slow")
def forget_old_letters() -> None:
    """Let go of letters that were sent or given up long ago."""
    in_batches(lambda: service.forget_letters(actor=SYSTEM))


def _sent(letter: DueLetter) -> tuple[int, str]:
    """Send one letter; return its status, 0 for no answer, and a word for the page."""
    body = letter.body.encode()
    headers = rules.headers(
        letter.secrets,
        message_id=str(letter.event_id),
        at=int(time.time()),
        body=body,
        delivery_id=str(letter.id),
        attempt=letter.attempt,
    )
    try:
        status = gateway.send(letter.url, body=body, headers=headers)
    except gateway.NotPublic:
        return 0, "not_public"
    except gateway.NoAnswer:
        return 0, "no_answer"
    return status, str(status)
