"""What the foundation lets people do."""

from __future__ import annotations

from enum import StrEnum

from kernel.actor import Role


class Permission(StrEnum):
    """Rights of the kernel's own pages."""

    ACCOUNT_VIEW = "kernel.account.view"
    WORDS_MANAGE = "kernel.words.manage"
    GUEST_KEEP = "kernel.guest.keep"
    OPERATIONS_VIEW = "kernel.operations.view"
    OPERATIONS_ACT = "kernel.operations.act"


_EVERYBODY = frozenset(set(Role) - {Role.GUEST, Role.SYSTEM})

GRANTS: dict[str, frozenset[Role]] = {
    Permission.ACCOUNT_VIEW: _EVERYBODY,
    Permission.WORDS_MANAGE: _EVERYBODY | {Role.GUEST},
    Permission.GUEST_KEEP: frozenset({Role.GUEST}),
    Permission.OPERATIONS_VIEW: frozenset({Role.OPERATOR}),
    Permission.OPERATIONS_ACT: frozenset({Role.OPERATOR}),
}
