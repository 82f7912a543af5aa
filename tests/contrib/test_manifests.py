"""The manifests for Compose and Kubernetes, by the schemas of these programs and by what linkypy's users have."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from linkytui import cli
from linkytui.commands import sink
from linkytui.settings.load import load_settings

CONTRIB = Path(__file__).parents[2] / "contrib"
KUBERNETES = CONTRIB / "kubernetes"
COMPOSE = CONTRIB / "compose.yaml"
COMPOSES = [COMPOSE, CONTRIB / "fleet" / "compose.yaml"]


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


KUSTOMIZATIONS = sorted(CONTRIB.rglob("kustomization.yaml"))
NAMED = {
    (document["kind"], document["metadata"]["name"]): document
    for path in sorted(KUBERNETES.rglob("*.yaml"))
    if path not in KUSTOMIZATIONS
    for document in documents(path)
}


@pytest.mark.parametrize("version", ["1.27", "1.31", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("name", NAMED, ids="-".join)
def test_kubernetes_takes_them(name: tuple[str, str], version: str) -> None:
    kubernetes_validate.validate(NAMED[name], version, strict=True)


def test_a_wrong_manifest_is_found() -> None:
    wrong = json.loads(json.dumps(NAMED["Deployment", "linkypy"]))
    wrong["spec"]["template"]["spec"]["containers"][0]["imagePullPolicies"] = "Never"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


def pod(name: str, kind: str = "Deployment") -> dict[str, Any]:
    spec: dict[str, Any] = NAMED[kind, name]["spec"]["template"]["spec"]
    return spec


def test_linkypys_objects_are_taken_over_by_their_names() -> None:
    """linkypy_k3s has these names, labels, ports and volumes: applied over it, nothing of it is left running."""
    assert {("Deployment", name) for name in ("linkypy", "influxdb", "grafana")} <= set(NAMED)
    for name, port in (("influxdb", 8086), ("grafana", 3000)):
        service = NAMED["Service", name]["spec"]
        assert port in [item["port"] for item in service["ports"]]
        assert service["selector"] == {"app": name}
    for name in ("linkypy", "influxdb", "grafana"):
        spec = NAMED["Deployment", name]["spec"]
        assert spec["selector"] == {"matchLabels": {"app": name}}
        assert spec["template"]["metadata"]["labels"] == {"app": name}
        assert spec["replicas"] == 1
        assert spec.get("strategy", {"type": "RollingUpdate"})["type"] == "RollingUpdate"
    paths = {
        volume["name"]: volume["hostPath"]["path"]
        for name in ("linkypy", "influxdb")
        for volume in pod(name)["volumes"]
        if "hostPath" in volume
    }
    assert paths == {"linky-usb": "/dev/ttyUSB0", "influxdb-data": "/mnt/influxdb"}
    generated = {item["name"] for item in yaml.safe_load(KUSTOMIZATIONS[0].read_text())["configMapGenerator"]}
    assert generated == {"grafana-datasources-config", "grafana-dashboards-config", "grafana-linky-dashboard"}


def test_every_volume_is_mounted_and_every_name_is_there() -> None:
    generated = {
        item["name"]
        for path in KUSTOMIZATIONS
        for kind in ("configMapGenerator", "secretGenerator")
        for item in yaml.safe_load(path.read_text()).get(kind, [])
    }
    for kind, name in NAMED:
        if kind not in ("Deployment", "StatefulSet"):
            continue
        (container,) = pod(name, kind)["containers"]
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod(name, kind)["volumes"]}
        for volume in pod(name, kind)["volumes"]:
            if "configMap" in volume:
                assert volume["configMap"]["name"] in generated
            if "persistentVolumeClaim" in volume:
                assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in NAMED
        for source in container.get("envFrom", []):
            assert source["secretRef"]["name"] in generated
        names = {port["name"] for port in container.get("ports", [])}
        for probe in ("readinessProbe", "livenessProbe"):
            port = container.get(probe, {}).get("httpGet", {}).get("port")
            assert port is None or port in names


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=lambda path: path.parent.name)
def test_every_file_that_kustomize_reads_is_there(path: Path) -> None:
    found = yaml.safe_load(path.read_text())
    assert set(found) <= {"apiVersion", "kind", "resources", "configMapGenerator", "secretGenerator"}
    files = [name for item in found.get("configMapGenerator", []) for name in item["files"]]
    secrets = [name for item in found.get("secretGenerator", []) for name in item["envs"]]
    for name in [*files, *found.get("resources", [])]:
        assert (path.parent / name).exists(), name
    # kustomize reads files only below its own folder.
    assert not [name for name in (*files, *secrets) if name.startswith("..")]
    for name in secrets:
        assert (path.parent / f"{name}.example").exists()
        ignored = subprocess.run(["git", "check-ignore", "-q", path.parent / name], cwd=path.parent, check=False)
        assert ignored.returncode in (0, 128), f"{name} would be committed"


def test_the_collector_of_kubernetes_understands_its_environment() -> None:
    (container,) = pod("linkypy")["containers"]
    settings = load_settings({item["name"]: item["value"] for item in container["env"]}).settings
    assert settings.influxdb.enabled
    assert (settings.influxdb.host, settings.influxdb.port, settings.influxdb.database) == ("influxdb", 8086, "linky")
    assert settings.meter.port == "/dev/ttyUSB0"


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.parent.name)
def test_compose_takes_its_file(path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    (tmp_path / "wrong.yaml").write_text("services: {a: {imagee: b}}")
    wrong = subprocess.run([*command, str(tmp_path / "wrong.yaml")], capture_output=True, check=False)
    assert wrong.returncode == 1


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.parent.name)
def test_compose_says_which_secret_is_missing(path: Path) -> None:
    """Passwords have no defaults: what is not in .env beside it stops Compose before anything starts."""
    text, offers = path.read_text(), (path.parent / "env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?", text))
    offered = set(re.findall(r"^(\w+)=", offers, re.MULTILINE))
    assert asked == offered
    mentioned = set(re.findall(r"^#?(\w+)=", offers, re.MULTILINE))
    assert mentioned <= set(re.findall(r"\$\{(\w+)", text))
    assert not re.search(r"PASSWORD: [^$\n]", text)


def test_the_collector_of_compose_understands_its_environment() -> None:
    given = yaml.safe_load(COMPOSE.read_text())["services"]["linkytui"]["environment"]
    values = {"INFLUXDB_PASSWORD": "theirs", "MQTT_PASSWORD": "other"}

    def filled(text: str) -> str:
        return re.sub(r"\$\{(\w+)(?::[?-]([^}]*))?\}", lambda found: values.get(found[1], found[2] or ""), text)

    settings = load_settings({name: filled(text) for name, text in given.items()}).settings
    assert settings.influxdb.enabled
    assert settings.influxdb.password == values["INFLUXDB_PASSWORD"]
    assert not settings.mqtt.enabled
    assert settings.mqtt.host == "mosquitto"


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.parent.name)
def test_every_volume_and_file_of_compose_is_there(path: Path) -> None:
    compose = yaml.safe_load(path.read_text())
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert (path.parent / source).exists() if source.startswith(".") else source in compose["volumes"]


def test_the_sinks_of_a_fleet_understand_their_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """By Compose and by Kubernetes: the command finds a broker, a database and a name of its own."""
    compose = yaml.safe_load((CONTRIB / "fleet" / "compose.yaml").read_text())["services"]
    secrets = (KUBERNETES / "fleet" / "secrets.env.example").read_text()
    kubernetes = dict(re.findall(r"^(\w+)=(.*)$", secrets, re.MULTILINE))
    (container,) = pod("linkytui-sink", "StatefulSet")["containers"]
    named = {item["name"]: item["valueFrom"]["fieldRef"]["fieldPath"] for item in container["env"]}
    made: list[Any] = []

    def make(*args: Any, **more: Any) -> NoSink:
        made.append((*args, more))
        return NoSink()

    monkeypatch.setattr(sink, "Sink", make)
    for given in (compose["sink-1"]["environment"], compose["sink-2"]["environment"], {**kubernetes, **named}):
        with monkeypatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, re.sub(r"\$\{[^}]*\}", "theirs", value))
            assert cli.run(["sink"]) == 0
    assert [(broker.host, broker.username, base) for broker, base, _database, _more in made] == [
        ("mosquitto", "sink", "fleet")
    ] * 3
    assert {database.place for _broker, _base, database, _more in made} == {"victoria-metrics:8428/linky"}
    assert [more["name"] for *_rest, more in made] == ["1", "2", "metadata.name"]


class NoSink:
    """Does nothing, when told to work."""

    def run(self, _stop: object) -> None:
        """End at once."""
