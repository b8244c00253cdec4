"""Check certificates without a network, publish the keys, revoke."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("certificate-verify")
@click.argument("certificate")
@click.option("--key", help="For a seal: public key in hex, as the public page prints it.")
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For a file: the list from /cover/certificate-keys.json.",
)
def certificate_verify(certificate: str, key: str | None, keys: Path | None) -> None:
    """Tell what the file or seal CERTIFICATE is worth; end with 1 unless it is genuine.

    Asks no database and no network: a file is held against the list of KEYS, as of its day.
    """
    if keys is not None:
        said, is_genuine = _file_judged(Path(certificate), keys)
    elif key is not None:
        is_genuine = _is_seal_of(certificate, key)
        said = "genuine" if is_genuine else "false"
    else:
        raise click.UsageError("Give --keys for a file, or --key for a seal.")
    click.echo(said)
    if not is_genuine:
        sys.exit(1)


def _file_judged(file: Path, keys: Path) -> tuple[str, bool]:
    from insurance.contracts.certificates import published
    from insurance.contracts.certificates.errors import ListUnreadable
    from insurance.contracts.certificates.published import Worth

    try:
        of = published.read(keys.read_text(encoding="utf-8"))
        found = published.judged(file.read_bytes(), of)
    except (ListUnreadable, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{keys} or {file} does not open: {error}") from error
    which = f"certificate {found.number}, revision {found.revision}, as of {of.at}"
    said = {
        Worth.GENUINE: f"genuine: {which}",
        Worth.SUPERSEDED: f"superseded by revision {found.newer}: {which}",
        Worth.REVOKED: f"revoked ({found.reason}): {which}",
        Worth.FALSE: "false",
    }
    return said[found.worth], found.worth is Worth.GENUINE


def _is_seal_of(text: str, key: str) -> bool:
    """Whether the holder of a key signed a seal, or the address that a code holds it in."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PublicKey,
    )

    from insurance.contracts.certificates import rules
    from insurance.contracts.certificates.errors import SealUnreadable

    try:
        seal = rules.read(text.rpartition("seal=")[2])
    except SealUnreadable:
        return False
    return rules.is_genuine(seal, Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)))


@click.command("certificate-keys")
def certificate_keys() -> None:
    """Print the keys of the house, and what is revoked or superseded, signed and dated."""
    from insurance.contracts.certificates import queries
    from kernel.app import prepare_process
    from kernel.db import reading

    prepare_process()
    with reading():
        click.echo(queries.published_list())


@click.command("certificate-revoke")
@click.argument("subject")
@click.option("--reason", required=True, type=click.Choice(["stolen", "lost", "error", "fraud"]))
def certificate_revoke(subject: str, reason: str) -> None:
    """Revoke the certificate or the replaced key SUBJECT, by its number or name."""
    from insurance.contracts.certificates import service
    from insurance.contracts.certificates.errors import NothingToRevoke
    from insurance.contracts.certificates.published import Reason
    from kernel.actor import SYSTEM
    from kernel.app import prepare_process

    prepare_process()
    try:
        service.revoke(subject=subject, reason=Reason(reason), actor=SYSTEM)
    except NothingToRevoke as error:
        raise click.ClickException("No certificate or replaced key has that name.") from error
    click.echo(f"{subject} is revoked.")


@click.command("certificate-rotate")
def certificate_rotate() -> None:
    """Let a new key seal certificates; what older ones sealed stays genuine."""
    from insurance.contracts.certificates import keyring

    keyring.rotate()
    click.echo("A new key seals once every process was restarted; take a backup of it.")
