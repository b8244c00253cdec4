"""How programs are answered: done, done before, or waiting for a yes."""

from __future__ import annotations

from flask import Response, jsonify

from insurance.contracts.changes.queries import ChangeView, Progress
from insurance.desks.programs import changes_shown, claims_shown, shown
from insurance.desks.programs.service import Bought, Told
from kernel.actor import Actor

_STATUS = {Progress.SHOWN: 201, Progress.APPROVING: 202}


def bought(done: Bought, actor: Actor) -> Response:
    """Return the policy that was bought, or what its purchase waits for."""
    if done.policy is not None:
        answer = jsonify(shown.policy(done.policy, actor))
        answer.status_code = 200 if done.is_replay else 201
        answer.headers["Location"] = shown.address("api_cover.policy", number=done.policy.number)
    else:
        answer = jsonify({"quote": done.shipment.ref} | shown.approval(done.approval))
        answer.status_code = 202
    return replayed(answer, is_replay=done.is_replay)


def changed(seen: ChangeView, actor: Actor) -> Response:
    """Return a change: priced, done, offered, or waiting for a yes."""
    answer = jsonify(changes_shown.change(seen, actor))
    answer.status_code = _STATUS.get(seen.progress, 200)
    if seen.progress is Progress.SHOWN:
        answer.headers["Location"] = shown.address("api_cover.change", ref=seen.ref)
    return answer


def told(done: Told, actor: Actor, *, is_new: bool = False) -> Response:
    """Return a claim after something was said of it. Shape: is_new tells that it was opened."""
    answer = jsonify(claims_shown.file(done.file, actor))
    if is_new:
        answer.status_code = 200 if done.is_replay else 201
        answer.headers["Location"] = shown.address("api_cover.claim", ref=done.file.claim.ref)
    return replayed(answer, is_replay=done.is_replay)


def replayed(answer: Response, *, is_replay: bool) -> Response:
    """Return an answer that says whether it was given before."""
    if is_replay:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer
