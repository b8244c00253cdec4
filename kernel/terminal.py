"""What commands say at a terminal."""

from __future__ import annotations

import signal
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")


def in_a_sentence(refusal: type[Exception]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a command end with the one sentence of a refusal, and status 1, instead of its stack."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except refusal as refused:
                raise click.ClickException(str(refused)) from refused

        return run

    return wrap


def tidied_up(function: Callable[P, R]) -> Callable[P, R]:
    """Let a command that is told to end clear away what it began, as it does after Ctrl-C."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            return function(*args, **kwargs)
        finally:
            signal.signal(signal.SIGTERM, before)

    return run
