"""Backups on the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kernel.config import address_like, is_database_address
from kernel.ops.backups.errors import BackupRefused
from kernel.terminal import in_a_sentence, tidied_up

_FOLDER = click.Path(path_type=Path, file_okay=False)
_THERE = click.Path(path_type=Path, file_okay=False, exists=True)


class _Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return an instant with its zone: an hour too early or too late is somebody's order."""
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.fail("say day, time and zone, such as 2026-11-30T14:05:00+01:00", param, ctx)
        return instant


class _Address(click.ParamType[str]):
    name = "address"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the address of a database. What was typed is not repeated: it has a password."""
        if not is_database_address(str(value)):
            self.fail(f"say {address_like('database_url')}", param, ctx)
        return str(value)


@click.command("backup")
@click.argument("folder", type=_FOLDER)
@click.option("--logical", is_flag=True, help="Statements for another version, no journal.")
@click.option("--without-bucket", is_flag=True, help="For who copies the bucket otherwise.")
@click.option("--keep", type=click.IntRange(1), help="Delete the oldest until so many are left.")
@in_a_sentence(BackupRefused)
@tidied_up
def backup(folder: Path, logical: bool, without_bucket: bool, keep: int | None) -> None:
    """Copy database, media and keys into a new folder within FOLDER, while the house works on."""
    from kernel.ops.backups import making
    from kernel.ops.backups.contents import Kind

    kind = Kind.LOGICAL if logical else Kind.PHYSICAL
    making.make(folder, kind=kind, has_bucket=not without_bucket, say=click.echo)
    if keep:
        making.prune(folder.absolute(), keep=keep, say=click.echo)


@click.command("restore")
@click.argument("backup", type=_THERE)
@click.option("--into", required=True, type=_FOLDER, help="A new folder, ENTREPOT_VAR from then.")
@click.option("--archive", type=_THERE, help="Go on with the journal of this archive.")
@click.option("--until", type=_Instant(), help="Stop at this instant: day, time and zone.")
@click.option("--migrate", is_flag=True, help="Bring older tables to this version.")
@click.option(
    "--database-url",
    default="",
    type=_Address(),
    help="An empty database for a logical copy.",
)
@in_a_sentence(BackupRefused)
@tidied_up
def restore(
    backup: Path,
    into: Path,
    archive: Path | None,
    until: datetime | None,
    migrate: bool,
    database_url: str,
) -> None:
    """Bring BACKUP into a new folder and prove it there; end with 1 when a proof fails."""
    from kernel.ops.backups import restoring

    wish = restoring.Wish(
        until=until, archive=archive, database_url=database_url, is_migrating=migrate
    )
    if not restoring.restore(backup, into, wish=wish, say=click.echo):
        raise click.ClickException(f"{into} was restored, and not every proof holds there.")
    click.echo(f"Everything holds. Start it with ENTREPOT_VAR={into.absolute()}")


@click.group("backups")
def backups() -> None:
    """Look after backups that were made."""


@backups.command("list")
@click.argument("folder", type=_THERE)
@in_a_sentence(BackupRefused)
def list_backups(folder: Path) -> None:
    """Say which whole backups lie in FOLDER, oldest first."""
    from kernel.ops.backups import making

    for name, told in sorted(making.whole_ones(folder).items()):
        line = f"{name}  {told.kind}  {told.size / 1e6:,.1f} MB  revision {told.revision}"
        click.echo("  ".join([line, *([making.of_bucket(told)] if told.bucket else [])]))


@backups.command("verify")
@click.argument("backup", type=_THERE)
@click.option("--scratch", type=_THERE, help="Where there is room for it once more.")
@in_a_sentence(BackupRefused)
@tidied_up
def verify(backup: Path, scratch: Path | None) -> None:
    """Restore BACKUP into a folder that is thrown away, and prove it there; end with 1 if not."""
    from kernel.ops.backups import restoring

    if not restoring.verify(backup, scratch=scratch, say=click.echo):
        raise click.ClickException(f"Not every proof holds in what {backup} restores.")
    click.echo("Everything holds.")
