"""Open covers and cargo as JSON for programs of traders: the same commands as on the pages."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from insurance.desks.programs.answers import replayed
from insurance.desks.programs.shown import address, approval
from insurance.desks.trade_programs import forms, says, service, shown
from insurance.permissions import Permission, Scope
from insurance.trade.cargo import lists as cargo_lists
from insurance.trade.cargo import papers
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo import rules as cargo_rules
from insurance.trade.cargo import service as pricing
from insurance.trade.open_cover import by_program, lists
from insurance.trade.open_cover import queries as open_cover
from kernel import clock
from kernel.ids import PageKey
from kernel.web import current_actor, requires, rest_blueprint
from kernel.web.described import described
from kernel.web.files import attached
from kernel.web.i18n import current_locale
from kernel.web.json_bodies import receive, request_key
from kernel.web.json_lists import asked_page, listed

bp = rest_blueprint("api_trade", __name__, prefix="/insurance")


def _kept_nowhere(answer: Response) -> Response:
    """Let nobody keep an answer: it is of one person, and true for now alone."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


bp.after_request(_kept_nowhere)


@bp.get("/open-covers")
@requires(Permission.OPEN_COVER_HOLD, scope=Scope.READ)
@described(says.COVERS)
def covers() -> ResponseReturnValue:
    """Return a page of somebody's own open covers, newest first."""
    page = asked_page()
    rows = lists.covers_after(
        owner_id=current_actor().somebody(), after=page.after, limit=page.limit + 1
    )
    return jsonify(
        listed(
            rows,
            limit=page.limit,
            key=lambda seen: PageKey(seen.created_at, seen.id),
            shown=shown.cover,
        )
    )


@bp.get("/open-covers/<ref>")
@requires(Permission.OPEN_COVER_HOLD, scope=Scope.READ)
@described(says.COVER)
def cover(ref: str) -> ResponseReturnValue:
    """Return an open cover to its holder, with its terms and what of its limits is used."""
    seen = open_cover.cover_for(current_actor(), ref)
    uses = open_cover.uses_of(seen) if seen.is_running else None
    return jsonify(shown.cover_in_full(seen, uses))


@bp.post("/open-covers/<ref>/declarations")
@requires(Permission.OPEN_COVER_HOLD, scope=Scope.DECLARE)
@described(says.DECLARE)
def declare(ref: str) -> ResponseReturnValue:
    """Insure a shipment under an open cover, once by its holder's own reference."""
    actor = current_actor()
    seen = open_cover.cover_for(actor, ref)
    shipment = forms.parse_shipment(
        receive(), currency=seen.deposit.currency, countries=_countries()
    )
    done = by_program.declare(ref=ref, shipment=shipment, actor=actor)
    answer = jsonify(shown.declaration(done.line, ref))
    answer.status_code = 200 if done.is_known else 201
    answer.headers["Location"] = address("api_trade.declaration", ref=ref, number=done.line.number)
    return answer


@bp.get("/open-covers/<ref>/declarations")
@requires(Permission.OPEN_COVER_HOLD, scope=Scope.READ)
@described(says.DECLARATIONS)
def declarations(ref: str) -> ResponseReturnValue:
    """Return a page of what was declared under an open cover, newest first."""
    seen, page = open_cover.cover_for(current_actor(), ref), asked_page(also={"reference"})
    rows = lists.declarations_after(
        seen,
        reference=request.args.get("reference", ""),
        after=page.after,
        limit=page.limit + 1,
    )
    return jsonify(
        listed(
            rows,
            limit=page.limit,
            key=lambda line: PageKey(line.at, line.policy_id),
            shown=lambda line: shown.declaration(line, ref),
        )
    )


@bp.get("/open-covers/<ref>/declarations/<number>")
@requires(Permission.OPEN_COVER_HOLD, scope=Scope.READ)
@described(says.DECLARATION)
def declaration(ref: str, number: str) -> ResponseReturnValue:
    """Return a declared shipment to the cover's holder, by its certificate."""
    seen = open_cover.cover_for(current_actor(), ref)
    return jsonify(shown.declaration(lists.declaration_called(seen, number), ref))


@bp.post("/cargo/quotes")
@requires(Permission.CARGO_BUY, scope=Scope.WRITE)
@described(says.ASK)
def ask() -> ResponseReturnValue:
    """Price a shipment, or say why it has no price."""
    actor = current_actor()
    wanted = forms.parse_cargo(
        receive(), countries=_countries(), currencies=cargo.currencies(), on=clock.today()
    )
    quote = pricing.quote(cargo=wanted, owner_id=actor.somebody(), actor=actor)
    answer = jsonify(shown.quote(quote))
    answer.status_code = 201
    answer.headers["Location"] = address("api_trade.quote", ref=quote.ref)
    return answer


@bp.get("/cargo/quotes/<ref>")
@requires(Permission.CARGO_BUY, scope=Scope.READ)
@described(says.QUOTE)
def quote(ref: str) -> ResponseReturnValue:
    """Return a price to who asked for it, with the policy once there is one."""
    return jsonify(shown.quote(cargo.quote_for(current_actor(), ref)))


@bp.post("/cargo/policies")
@requires(Permission.CARGO_BUY, scope=Scope.WRITE)
@described(says.BUY)
def buy() -> ResponseReturnValue:
    """Insure a shipment at its price once by a key, or tell which approval that waits for."""
    order = forms.parse_order(receive())
    done = service.buy(
        order=order, key=request_key(), locale=current_locale(), actor=current_actor()
    )
    if done.policy is None:
        answer = jsonify({"quote": done.quote.ref} | approval(done.approval))
        answer.status_code = 202
    else:
        answer = jsonify(shown.policy(done.policy))
        answer.status_code = 200 if done.is_replay else 201
        answer.headers["Location"] = address("api_trade.policy", number=done.policy.number)
    return replayed(answer, is_replay=done.is_replay)


@bp.get("/cargo/policies")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.MINE)
def mine() -> ResponseReturnValue:
    """Return a page of somebody's own insured shipments, newest first."""
    page = asked_page()
    rows = cargo_lists.policies_after(
        owner_id=current_actor().somebody(), after=page.after, limit=page.limit + 1
    )
    return jsonify(
        listed(
            rows,
            limit=page.limit,
            key=lambda held: PageKey(held.bound_at, held.id),
            shown=shown.policy,
        )
    )


@bp.get("/cargo/policies/<number>")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.POLICY)
def policy(number: str) -> ResponseReturnValue:
    """Return an insured shipment to its holder or to an officer."""
    return jsonify(shown.policy(cargo.policy_for(current_actor(), number)))


@bp.get("/cargo/policies/<number>/certificate.pdf")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.CERTIFICATE_PAPER)
def certificate_paper(number: str) -> ResponseReturnValue:
    """Hand out a certificate as a sealed PDF, in a language that it is written in."""
    held = cargo.policy_for(current_actor(), number)
    paper = papers.issue(
        policy_id=held.id,
        locale=request.args.get("language", held.locale),
        actor=current_actor(),
    )
    return attached(paper.pdf, name=f"{number}.pdf", kind="application/pdf", etag=paper.sha256)


def _countries() -> list[str]:
    """Return the countries that a shipment leaves and goes to."""
    return cargo_rules.terms_on(clock.today()).countries
