"""The files of a cluster: closed to whoever has no certificate or password, and in TLS."""

from __future__ import annotations

import gzip
import re
import shutil
import struct
import subprocess
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml

from kernel.ops.backups import archive
from tests.architecture.rooms import ROOT

FILES = ROOT / "docker" / "cluster"
PATRONI: dict[str, Any] = yaml.safe_load((FILES / "patroni.yml").read_text(encoding="utf-8"))
ETCD: dict[str, Any] = yaml.safe_load((FILES / "etcd.yml").read_text(encoding="utf-8"))
SYSTEM = 7_580_000_000_000_000_001


def lines(file: str) -> list[str]:
    """What a file says, without its remarks."""
    told = (FILES / file).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in told if line.strip() and line.strip()[0] not in "#;"]


def test_whoever_restarts_a_node_or_lets_another_lead_shows_a_password_over_tls():
    api = PATRONI["restapi"]
    assert api["authentication"] == {"username": "patroni", "password": "${RESTAPI_PASSWORD}"}
    assert {"certfile", "keyfile", "cafile"} <= api.keys()
    assert PATRONI["ctl"]["cacert"] == api["cafile"]


def test_the_database_hears_nobody_of_another_machine_in_the_clear():
    database = PATRONI["postgresql"]
    kinds = {entry.split()[0] for entry in database["pg_hba"]}
    assert kinds == {"local", "hostssl"}
    assert {entry.split()[-1] for entry in database["pg_hba"]} == {"scram-sha-256"}
    assert database["parameters"]["ssl"] == "on"
    for one in database["authentication"].values():
        assert (one["sslmode"], bool(one["sslrootcert"])) == ("verify-full", True)


def test_etcd_hears_holders_of_a_certificate_alone():
    for part in ("client-transport-security", "peer-transport-security"):
        assert ETCD[part]["client-cert-auth"] is True
        assert ETCD[part]["trusted-ca-file"]
    places = [value for name, value in ETCD.items() if name.endswith("-urls")]
    assert len(places) == 4
    assert all(place.startswith("https://") for place in places)
    assert ETCD["enable-grpc-gateway"] is True, "Patroni asks by it"
    assert PATRONI["etcd3"]["protocol"] == "https"
    assert {"cacert", "cert", "key"} <= PATRONI["etcd3"].keys()


def test_whoever_leads_to_the_nodes_looks_at_their_certificates():
    checks = next(line for line in lines("haproxy.cfg") if line.startswith("default-server"))
    assert "check-ssl verify required ca-file ${CERTIFICATES}/ca.crt" in checks
    assert {"server_tls_sslmode = verify-ca", "server_tls_ca_file = ${CERTIFICATES}/ca.crt"} <= set(
        lines("pgbouncer.ini")
    )


def test_each_place_that_listens_is_one_that_was_chosen():
    told = {file: "\n".join(lines(file)) for file in ("haproxy.cfg", "pgbouncer.ini", "redis.conf")}
    binds = re.findall(r"^(?:bind|listen_addr =) (\S+)", "\n".join(told.values()), re.MULTILINE)
    assert {place.partition(":")[0] for place in binds} == {"127.0.0.1", "${ADDRESS}"}


PART = "0" * 7 + "2" + "0" * 15 + "1"


def bring(
    node: Path, kept: Path, content: bytes, name: str = PART, *, by_patroni: bool = False
) -> int:
    """Let a node archive a part of its journal; return what its server hears."""
    for below in ("global", "pg_wal"):
        (node / below).mkdir(parents=True, exist_ok=True)
    (node / "global" / "pg_control").write_bytes(struct.pack("=Q", SYSTEM) + b"more")
    (node / "pg_wal" / name).write_bytes(content)
    command: str = PATRONI["postgresql"]["parameters"]["archive_command"]
    for place, told in {
        "${FILES}": str(FILES),
        "${ARCHIVE}": str(kept),
        "${NODE}": node.name,
        "%p": str(node / "pg_wal" / name) if by_patroni else f"pg_wal/{name}",
        "%f": name,
    }.items():
        command = command.replace(place, told)
    elsewhere = node.parent if by_patroni else node
    return subprocess.run(["sh", "-c", command], cwd=elsewhere, check=False).returncode


def test_every_node_archives_and_the_house_reads_what_they_kept(tmp_path):
    assert PATRONI["postgresql"]["parameters"]["archive_mode"] == "always"
    kept, journal = tmp_path / "kept", archive.journal_of(tmp_path / "kept", str(SYSTEM))
    part = bytes(range(256)) * 100

    assert bring(tmp_path / "one", kept, part) == 0
    assert bring(tmp_path / "two", kept, part) == 0, "the same part twice is kept once"
    assert bring(tmp_path / "one", kept, part, name="00000002.history") == 0

    assert {path.name for path in journal.iterdir()} == {
        "00000002.history.gz",
        f"{PART}.gz",
    }
    restoring = archive.restore_command(journal).replace("%f", PART).replace("%p", "back")
    subprocess.run(["sh", "-c", restoring], cwd=tmp_path, check=True)
    assert (tmp_path / "back").read_bytes() == part


def test_another_part_of_the_same_name_is_refused_and_half_of_one_is_none(tmp_path):
    kept, journal = tmp_path / "kept", archive.journal_of(tmp_path / "kept", str(SYSTEM))
    assert bring(tmp_path / "one", kept, b"first") == 0
    assert bring(tmp_path / "two", kept, b"another") != 0
    (one,) = journal.iterdir()
    assert gzip.decompress(one.read_bytes()) == b"first"
    assert one.stat().st_mode & 0o007 == 0

    one.unlink()
    (journal / f".{one.name.removesuffix('.gz')}.one.half").write_bytes(b"cut off")
    assert bring(tmp_path / "one", kept, b"first") == 0
    assert [path.name for path in journal.iterdir()] == [one.name]


def test_a_part_goes_to_its_server_also_where_patroni_brings_it(tmp_path):
    kept, journal = tmp_path / "kept", archive.journal_of(tmp_path / "kept", str(SYSTEM))
    assert bring(tmp_path / "one", kept, b"first", by_patroni=True) == 0
    assert [path.parent for path in kept.rglob("*.gz")] == [journal]


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_part_in_which_a_timeline_ends_may_differ_behind_that_place(tmp_path, is_kept):
    kept, size = tmp_path / "kept", 1 << 20
    history = f"1\t0/500000\tno recovery target\n2\t0/{size + 77:X}\tno recovery target\n"
    assert bring(tmp_path / "one", kept, b"first".ljust(size)) == 0
    other = b"another".ljust(size)
    assert bring(tmp_path / "two", kept, other) != 0, "nothing says that it ends"
    if is_kept:
        assert bring(tmp_path / "one", kept, history.encode(), name="00000003.history") == 0
    else:
        (tmp_path / "two" / "pg_wal" / "00000003.history").write_text(history)

    assert bring(tmp_path / "two", kept, other) == 0
    later = PART[:-1] + "2"
    assert bring(tmp_path / "one", kept, b"first".ljust(size), name=later) == 0
    assert bring(tmp_path / "two", kept, other, name=later) != 0, "it ends in the part before"


def test_a_node_that_comes_back_costs_nobody_the_lead():
    assert ETCD["pre-vote"] is True
    assert PATRONI["bootstrap"]["dcs"]["failsafe_mode"] is True


def test_pages_are_led_to_by_one_proxy_that_sets_anew_who_asked_and_repeats_no_act():
    told = lines("web.cfg")
    anew = {line.split()[2] for line in told if line.startswith("http-request set-header")}
    assert anew == {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"}
    assert "http-request deny if { method TRACE }" in told
    assert "http-request disable-l7-retry unless { method GET HEAD }" in told


PLACES = {
    "SERVERS": "    server one 127.0.0.1:5432 check",
    "PLACE": "127.0.0.1:8765",
    "SCHEME": "https",
}


# One of the system's programs, which no package of ours brings. `make test` gets it where it is
# root, as it is where a change has to pass, so there the files are always read.
NO_HAPROXY = "needs HAProxy, which only root may install (apt-get install haproxy)"


@pytest.mark.skipif(shutil.which("haproxy") is None, reason=NO_HAPROXY)
@pytest.mark.parametrize("file", ["haproxy.cfg", "web.cfg"])
def test_haproxy_reads_its_file(tmp_path, file):
    asked = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=drill -keyout ca.key -out ca.crt"
    subprocess.run(asked.split(), cwd=tmp_path, check=True, capture_output=True)
    written = Template((FILES / file).read_text(encoding="utf-8"))
    path = tmp_path / file
    path.write_text(written.substitute(PLACES, CERTIFICATES=tmp_path))

    read = subprocess.run(["haproxy", "-c", "-f", str(path)], capture_output=True, check=False)

    assert read.returncode == 0, read.stderr.decode()
