"""Check a seal without a network."""

from __future__ import annotations

import sys

import click


@click.command("certificate-verify")
@click.argument("payload")
@click.option("--key", required=True, help="Public key in hex, as the public page prints it.")
def certificate_verify(payload: str, key: str) -> None:
    """Tell whether the holder of KEY signed the seal PAYLOAD; end with 1 when not."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PublicKey,
    )

    from insurance.contracts.certificates import rules
    from insurance.contracts.certificates.errors import SealUnreadable

    try:
        seal = rules.read(payload)
        is_genuine = rules.is_genuine(seal, Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)))
    except SealUnreadable:
        is_genuine = False
    click.echo("genuine" if is_genuine else "false")
    if not is_genuine:
        sys.exit(1)


@click.command("certificate-rotate")
def certificate_rotate() -> None:
    """Let a new key seal certificates; what older ones sealed stays genuine."""
    from insurance.contracts.certificates import keyring

    keyring.rotate()
    click.echo("A new key seals once every process was restarted; take a backup of it.")
