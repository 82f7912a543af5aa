"""Real servers for the tests: InfluxDB 1.x and mosquitto, each on a free loopback port with a folder of its own.

One server per test session and worker; what a test needs for itself is a database or a topic of its own. Where the
programs are not installed the tests are skipped, or fail when `LINKYTUI_TESTS_NEED_SERVERS=1` says that they must run.
"""

import datetime
import http.client
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lines import PATIENCE

_NEEDED = os.environ.get("LINKYTUI_TESTS_NEED_SERVERS") == "1"


def program(name: str) -> str:
    """Where a server program is; skips or fails the test where it is not."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        missing = f"{name} is not installed on this machine"
        (pytest.fail if _NEEDED else pytest.skip)(missing)
    return str(found)


def free_port() -> int:
    """A port of the loopback interface that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A server that can be stopped, killed and started again on the same port and folder."""

    def __init__(self, command: list[str], folder: Path, answers: Callable[[], bool]) -> None:
        self._command = command
        self.folder = folder
        self._answers = answers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"{self._command[0]} did not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, if it runs, and wait for its end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it without letting it put anything in order."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class InfluxServer(Process):
    """influxd 1.x; everything it keeps is in `folder`."""

    def __init__(self, folder: Path, *, auth: bool = False, certificate: tuple[Path, Path] | None = None) -> None:
        self.port = free_port()
        self._tls = certificate is not None
        tls = ""
        if certificate is not None:
            tls = (
                f'https-enabled = true\nhttps-certificate = "{certificate[0]}"\nhttps-private-key = "{certificate[1]}"'
            )
        (folder / "influxdb.conf").write_text(
            f"""
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
[monitor]
store-enabled = false
[retention]
enabled = true
[http]
bind-address = "127.0.0.1:{self.port}"
log-enabled = false
auth-enabled = {str(auth).lower()}
{tls}
[continuous_queries]
run-interval = "1s"
log-enabled = false
"""
        )
        super().__init__([program("influxd"), "-config", str(folder / "influxdb.conf")], folder, self._ping)

    def _ping(self) -> bool:
        try:
            if self._tls:
                with socket.create_connection(("127.0.0.1", self.port), 5):
                    return True
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/ping")
                return connection.getresponse().status == 204
            finally:
                connection.close()
        except OSError:
            return False


class VictoriaMetrics(Process):
    """Takes what is written to InfluxDB 1.x, and answers PromQL."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.port = free_port()
        options = [f"-storageDataPath={folder}/data", f"-httpListenAddr=127.0.0.1:{self.port}", *more]
        super().__init__([program("victoria-metrics"), *options], folder, self._answers)

    def samples(self, name: str) -> list[tuple[int, float]]:
        """Every sample of a series, in milliseconds since 1970."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/internal/force_flush", timeout=30):
            pass
        query = f"match[]={name}&start=0&end=4102444800"
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/export?{query}", timeout=30) as answer:
            parts = [json.loads(line) for line in answer]
        return sorted(pair for part in parts for pair in zip(part["timestamps"], part["values"], strict=True))

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                return True
        except OSError:
            return False


class Broker(Process):
    """mosquitto; nothing is kept over a restart, unless it is told `more`."""

    def __init__(
        self,
        folder: Path,
        *more: str,
        login: tuple[str, str] | None = None,
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        self.port = free_port()
        lines = [
            f"listener {self.port} 127.0.0.1",
            *(more or ("persistence false",)),
            f"allow_anonymous {str(login is None).lower()}",
        ]
        if os.geteuid() == 0:
            lines.append("user root")
        if login is not None:
            passwords = folder / "passwords"
            subprocess.run([program("mosquitto_passwd"), "-b", "-c", str(passwords), *login], check=True)
            passwords.chmod(0o600)
            lines.append(f"password_file {passwords}")
        if certificate is not None:
            lines += [f"certfile {certificate[0]}", f"keyfile {certificate[1]}"]
        (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
        super().__init__([program("mosquitto"), "-c", str(folder / "mosquitto.conf")], folder, self._listens)

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5):
                return True
        except OSError:
            return False


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


def _running(server: Process) -> Iterator[Process]:
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """An InfluxDB that lets everybody in."""
    yield from _running(InfluxServer(tmp_path_factory.mktemp("influxd")))


@pytest.fixture(scope="session")
def guarded_influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """An InfluxDB that asks for a login; it has no user yet but lets the first one be made."""
    yield from _running(InfluxServer(tmp_path_factory.mktemp("influxd"), auth=True))


@pytest.fixture(scope="session")
def victoria_metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A VictoriaMetrics that nobody has written to."""
    yield from _running(VictoriaMetrics(tmp_path_factory.mktemp("victoria"), "-retentionPeriod=10y"))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """An MQTT broker that lets everybody in."""
    yield from _running(Broker(tmp_path_factory.mktemp("mosquitto")))
