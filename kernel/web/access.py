"""Who is asking, and whether the view lets them in; a view without a word on it stops the start."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import ParamSpec, TypeVar

from flask import Flask
from flask_login import current_user

from kernel.actor import ANONYMOUS, GUARDED, Actor, Role
from kernel.errors import Forbidden, NotSignedIn
from kernel.text import N_
from kernel.web import presence
from kernel.web.session_limits import Risk

P = ParamSpec("P")
R = TypeVar("R")

_grants: dict[str, frozenset[Role]] = {}
_at_the_bank: set[str] = set()


class FactorFirst(Forbidden):
    """What a role opens is other people's, and a password alone opened this session."""

    code = "factor_first"
    message = N_("This covers other people's information, so you need your second step to open it.")
    way = "account.work"
    watched = ""


class ScopeMissing(Forbidden):
    """A program's key was not made for this, or no key opens it."""

    code = "scope_missing"
    message = N_("This key doesn't allow this. Make one that does.")


class AccountFirst(NotSignedIn):
    """A guest asks for what belongs to an account."""

    code = "account_first"
    message = N_("You need an account for this page. Sign in or create one to continue.")


def current_actor() -> Actor:
    """Return who asks; ANONYMOUS until somebody signs in."""
    actor: Actor = getattr(current_user, "actor", ANONYMOUS)
    return actor


def grant(grants: Mapping[str, frozenset[Role]], *, moves_money: bool = False) -> None:
    """Learn which roles hold a package's permissions, and whether its pages move money."""
    _grants.update(grants)
    if moves_money:
        _at_the_bank.update(grants)


def risk_of_view(view: object) -> Risk | None:
    """Return how soon a page asks again who is there, None for one that anybody may open."""
    permission: StrEnum | None = getattr(view, "permission", None)
    own: Risk | None = getattr(view, "risk", None)
    return own if own is not None or permission is None else risk_of(permission)


def risk_of(permission: StrEnum) -> Risk:
    """Return how soon pages with a permission ask again who is there."""
    if permission in _at_the_bank:
        return Risk.BANK
    return Risk.STAFF if _grants[permission] <= GUARDED else Risk.SHOP


def may(permission: StrEnum, actor: Actor | None = None) -> bool:
    """Whether the actor's roles hold the permission."""
    asking = actor or current_actor()
    return bool(_grants[permission] & asking.roles)


def requires(
    permission: StrEnum, *, risk: Risk | None = None, from_away: bool = False, scope: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only holders of a permission into a view, and only while they are there.

    Shape: risk is for pages that could lose more than their permission says; from_away is for what
    asks by itself who it is, and for what only makes things safer; scope is what a program's key
    has to be made for, empty where no key opens a view.
    Raises: NotSignedIn for strangers, AccountFirst for guests where it takes an account, Forbidden
    for people without the right, FactorFirst for those who have it once they prove more than a
    password, WasAway and SignedInLong for those who have to show again who they are, ScopeMissing
    for keys.
    """

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = current_actor()
            _check_right(permission, actor)
            if actor.scopes is not None:
                _check_scope(scope, actor.scopes)
            elif not from_away and not actor.is_guest:  # there is no password to ask a guest for
                presence.require(risk_of(permission) if risk is None else risk)
            return view(*args, **kwargs)

        # Of the function itself: who checks every view reads them there.
        checked.__dict__.update(permission=permission, risk=risk, scope=scope)
        return checked

    return wrap


def _check_right(permission: StrEnum, actor: Actor) -> None:
    if actor.person_id is None:
        raise NotSignedIn
    if not may(permission, actor):
        if actor.is_guest:
            raise AccountFirst
        raise FactorFirst if _grants[permission] & actor.withheld else Forbidden


def _check_scope(scope: str, given: frozenset[str]) -> None:
    if scope not in given:
        raise ScopeMissing


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let everybody into a view; said aloud so that silence is never a decision."""
    view.__dict__["permission"] = None
    return view


def check_every_view(app: Flask) -> None:
    """Refuse to start with a view that names neither a permission nor `public`.

    Raises: RuntimeError.
    """
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "permission")]
    if silent:
        raise RuntimeError(f"views without a permission: {silent}")
