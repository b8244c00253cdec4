"""The chart for many machines: rendered by Helm itself, then read as a cluster would read it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from functools import cache
from typing import Any

import kubernetes_validate
import pytest
import yaml
from gunicorn.config import GracefulTimeout

from kernel.cli import cli
from kernel.config import ADDRESSES, Settings, from_environment
from kernel.jobs import QUEUES, TIMEOUTS
from kernel.telemetry.starting import PORTS
from kernel.web.listening import LARGEST_BODY
from tests.architecture.rooms import ROOT

CHART = ROOT / "docker" / "helm" / "entrepot"
EXAMPLES = ("small", "large")
VALUES = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
# Objects of operators, whose schemas Kubernetes does not know.
OPERATORS = "monitoring.coreos.com/"
# The first that the chart asks for, and the newest whose schemas are here.
KUBERNETES = ("1.29", "1.37")
# Settings that a cluster does not choose, and why.
NOT_FOR_CLUSTERS = {
    "var": "the image says where it is, and a pod has its own",
    "archive": "is where the embedded server archives its journal",
}
# Settings that the chart chooses for everybody.
CHOSEN = {"demo": "0", "secure_cookies": "1", "metrics": "0.0.0.0:9100"}


def rendered(values: dict[str, Any]) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "architecture" / "helm.py"), str(CHART)],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told: dict[str, Any] = json.loads(run.stdout)
    return told


@cache
def example(name: str) -> dict[str, Any]:
    path = CHART / "examples" / f"{name}.yaml"
    return rendered(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def objects(name: str) -> list[dict[str, Any]]:
    found = example(name)
    assert not found["refusal"]
    return [
        one
        for text in found["manifests"].values()
        for one in yaml.safe_load_all(text)
        if one is not None
    ]


def of_kind(name: str, *kinds: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in objects(name) if one["kind"] in kinds}


def pods(name: str) -> dict[str, dict[str, Any]]:
    """What every kind of pod is, by the name of its owner."""
    found = {}
    for owner, one in of_kind(name, "Deployment", "Job", "CronJob").items():
        spec = one["spec"]
        if one["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        found[owner] = spec["template"]["spec"]
    return found


def container(pod: dict[str, Any]) -> dict[str, Any]:
    [only] = pod["containers"]
    return dict(only)


def environment(name: str, pod: dict[str, Any]) -> dict[str, str]:
    """The variables of a pod; a secret one is its own name, or an address of its kind."""
    one = container(pod)
    found: dict[str, str] = {}
    for source in one.get("envFrom", []):
        found |= of_kind(name, "ConfigMap")[source["configMapRef"]["name"]]["data"]
    for variable in one["env"]:
        source = variable.get("valueFrom", {}).get("secretKeyRef", {})
        setting = variable["name"].removeprefix("ENTREPOT_").lower()
        secret = ADDRESSES.get(setting, (f"secret {source.get('key')}",))[0]
        found[variable["name"]] = variable.get("value") or secret
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_helm_finds_nothing_to_say_of_the_chart(name):
    assert example(name)["findings"] == []


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_kubernetes_knows_every_field(name, version):
    known = [one for one in objects(name) if not one["apiVersion"].startswith(OPERATORS)]
    assert {"Deployment", "Job", "Ingress"} <= {one["kind"] for one in known}
    assert [complaint for one in known for complaint in complaints(one, version)] == []


def complaints(one: dict[str, Any], version: str) -> list[str]:
    """What the schemas of Kubernetes have against an object; none when each field is known."""
    try:
        kubernetes_validate.validate(one, version, strict=True)
    except kubernetes_validate.ValidationError as failure:
        return [f"{one['kind']} {one['metadata']['name']}: {failure}"]
    return []


def test_what_has_to_be_chosen_is_named_before_anything_is_installed():
    refusal = rendered({})["refusal"]
    for place in ("BASE_URL", "CARRIER_CLIENT", "IDENTITY_URL", "host", "claim", "name"):
        assert place in refusal
    small = yaml.safe_load((CHART / "examples" / "small.yaml").read_text(encoding="utf-8"))
    assert "SECRET_KEY" in rendered({**small, "settings": {"SECRET_KEY": "open"}})["refusal"]


def test_every_setting_is_chosen_somewhere_or_named_as_not_for_clusters():
    secret = {*VALUES["secret"]["required"], *VALUES["secret"]["optional"]}
    for parts in (
        (set(VALUES["settings"]), secret),
        (set(VALUES["settings"]), {name.upper() for name in {*CHOSEN, *NOT_FOR_CLUSTERS}}),
        (secret, {name.upper() for name in {*CHOSEN, *NOT_FOR_CLUSTERS}}),
    ):
        assert set.isdisjoint(*parts)
    named = {*VALUES["settings"], *secret, *(n.upper() for n in {*CHOSEN, *NOT_FOR_CLUSTERS})}
    assert named | {"DATABASE_IS_POOLED"} == {field.name.upper() for field in fields(Settings)}
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]["settings"]["properties"]) == set(VALUES["settings"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_real_installation_starts_with_what_each_pod_is_told(name):
    for owner, pod in pods(name).items():
        told = environment(name, pod)
        told["ENTREPOT_SMTP_URL"] = "smtps://post.example"
        told = {key: value for key, value in told.items() if key.startswith("ENTREPOT_")}
        chosen = from_environment(told)
        assert {key: told[f"ENTREPOT_{key.upper()}"] for key in CHOSEN} == CHOSEN, owner
        assert chosen.base_url == "https://entrepot.example"
        assert chosen.elasticsearch_url, "an index of its own in each pod"
        assert chosen.storage_url, "pictures of its own in each pod"


@pytest.mark.parametrize("name", EXAMPLES)
def test_secrets_come_from_a_secret_that_was_there_before(name):
    secret = {*VALUES["secret"]["required"], *VALUES["secret"]["optional"]}
    assert not of_kind(name, "Secret")
    for pod in pods(name).values():
        by_name = {variable["name"]: variable for variable in container(pod)["env"]}
        for setting in secret:
            assert "secretKeyRef" in by_name[f"ENTREPOT_{setting}"]["valueFrom"]
        mounts = {one["mountPath"]: one for one in container(pod)["volumeMounts"]}
        assert mounts["/home/entrepot/var/certificate_key"]["readOnly"]
    for one in of_kind(name, "ConfigMap").values():
        assert secret.isdisjoint(key.removeprefix("ENTREPOT_") for key in one["data"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_pod_has_rights_or_writes_outside_its_own_folders(name):
    for owner, pod in pods(name).items():
        whole, one = pod["securityContext"], container(pod)
        assert (whole["runAsNonRoot"], whole["runAsUser"]) == (True, 10001), owner
        assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert not [volume for volume in pod["volumes"] if "hostPath" in volume]
        assert {"cpu", "memory"} <= set(one["resources"]["requests"])
        assert "memory" in one["resources"]["limits"]
    [account] = of_kind(name, "ServiceAccount").values()
    assert account["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_command_is_one_of_the_house_with_the_options_it_has(name):
    for pod in pods(name).values():
        program, word, *arguments = container(pod)["command"]
        assert program == "entrepot"
        command = cli.get_command(None, word)
        assert command is not None, word
        command.make_context(word, arguments)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_queue_has_a_worker_that_may_end_its_longest_job(name):
    served = {}
    for owner, pod in pods(name).items():
        command = container(pod)["command"]
        if command[1] == "worker":
            for queue in command[3].split(","):
                served[queue] = owner
                assert pod["terminationGracePeriodSeconds"] > TIMEOUTS[queue]
    assert set(served) == set(QUEUES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_web_pod_says_how_it_is_and_answers_what_was_asked_before_it_goes(name):
    pod = pods(name)["house-web"]
    one = container(pod)
    asked = {kind: one[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: probe["path"] for kind, probe in asked.items()} == {
        "startup": "/healthz",
        "liveness": "/healthz",
        "readiness": "/readyz",
    }
    waits = int(one["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > waits + GracefulTimeout.default
    assert of_kind(name, "Deployment")["house-web"]["spec"]["strategy"]["rollingUpdate"] == {
        "maxUnavailable": 0,
        "maxSurge": 1,
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_that_pages_wait_for_runs_once_or_goes_all_at_once(name):
    deployments = of_kind(name, "Deployment")
    budgets = [one["spec"] for one in of_kind(name, "PodDisruptionBudget").values()]
    for owner in ("house-relay", "house-scheduler"):
        assert deployments[owner]["spec"]["replicas"] >= 2
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]
        for one in of_kind(name, "HorizontalPodAutoscaler").values()
    }
    web = deployments["house-web"]["spec"]
    assert web.get("replicas") or scaled["house-web"]["minReplicas"] >= 2
    assert ("replicas" in web) == ("house-web" not in scaled), "the two would undo each other"
    for one in deployments.values():
        labels = one["spec"]["selector"]
        assert [budget["selector"] for budget in budgets].count(labels) == 1
        spread = one["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert {part["topologyKey"] for part in spread} == {
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
        }
        assert all(part["labelSelector"] == labels for part in spread)


@pytest.mark.parametrize("name", EXAMPLES)
def test_tables_are_brought_forward_before_and_by_nothing_that_is_not_there_yet(name):
    job = of_kind(name, "Job")["house-migration"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    pod = job["spec"]["template"]["spec"]
    assert container(pod)["command"] == ["entrepot", "migrate"]
    # Hooks come before the ConfigMap and the account of an installation.
    assert "envFrom" not in container(pod)
    assert "serviceAccountName" not in pod
    told, served = environment(name, pod), environment(name, pods(name)["house-relay"])
    assert {key for key in told if told[key] != served[key]} <= {
        "ENTREPOT_DATABASE_URL",
        "ENTREPOT_DATABASE_IS_POOLED",
    }


@pytest.mark.parametrize(("name", "is_pooled"), [("small", False), ("large", True)])
def test_a_pooler_is_asked_by_whoever_serves_and_passed_by_the_owner(name, is_pooled):
    entries = {"house-web": "_WEB", "house-migration": "", "house-backup": ""}
    for owner, pod in pods(name).items():
        entry = entries.get(owner, "_WORK") if is_pooled else ""
        told = environment(name, pod)
        kept = {one["name"]: one.get("valueFrom") for one in container(pod)["env"]}
        source = kept["ENTREPOT_DATABASE_URL"]["secretKeyRef"]
        assert source["key"] == f"ENTREPOT_DATABASE_URL{entry}"
        assert told["ENTREPOT_DATABASE_IS_POOLED"] == ("1" if entry else "0")


@pytest.mark.parametrize("is_left_out", [True, False])
def test_a_backup_takes_the_bucket_along_unless_it_is_left_out(is_left_out):
    values = yaml.safe_load((CHART / "examples" / "small.yaml").read_text(encoding="utf-8"))
    values["backup"] |= {"withoutBucket": is_left_out}

    told = json.dumps(rendered(values))

    assert ("--without-bucket" in told) is is_left_out


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_the_proxy_reaches_pages_and_only_prometheus_figures(name):
    [policy] = of_kind(name, "NetworkPolicy").values()
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    for rule, port in zip(policy["spec"]["ingress"], ("http", "metrics"), strict=True):
        assert rule["ports"] == [{"protocol": "TCP", "port": port}]
        assert rule["from"][0]["namespaceSelector"]["matchLabels"]
    [ingress] = of_kind(name, "Ingress").values()
    size = ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
    assert int(size.removesuffix("m")) * 1024 * 1024 == LARGEST_BODY
    assert ingress["spec"]["tls"][0]["hosts"] == ["entrepot.example"]
    for owner, pod in pods(name).items():
        ports = {one["name"]: one["containerPort"] for one in container(pod).get("ports", [])}
        kind = container(pod)["command"][1].replace("serve", "web")
        if kind in PORTS:
            assert ports["metrics"] == 9100 + PORTS.index(kind), owner


def test_the_alarms_of_a_cluster_are_those_of_the_containers():
    alarms = ROOT / "docker" / "observability" / "alerts.yaml"
    [rule] = of_kind("large", "PrometheusRule").values()
    assert rule["spec"] == yaml.safe_load(alarms.read_text(encoding="utf-8"))
    [monitor] = of_kind("large", "PodMonitor").values()
    # What the alarm `ProcessGone` asks for.
    assert monitor["spec"]["jobLabel"] == "app.kubernetes.io/name"
    assert monitor["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] == "entrepot"
    assert not of_kind("small", "PodMonitor", "PrometheusRule")
