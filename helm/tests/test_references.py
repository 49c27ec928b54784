"""Whatever an object names is there: selectors, ports, backends, keys of Secrets, settings of the services."""

import json
import re

from places import ROOT
from rendered import containers, environment, kinds, matches, name_of, pods
from settings_of_services import SERVICES, defaults, variables

# What the profiles say is in the cluster already.
OUTSIDE = {"taskhub-secrets", "database-secret", "redis-secret", "key-secret", "db-ca", "postgres-app", "postgres-ca"}


def named(things, kind):
    return {thing["metadata"]["name"]: thing for thing in kinds(things, kind)}


def test_a_service_finds_pods_that_have_its_ports(things):
    for service in kinds(things, "Service"):
        selected = [pod for _, pod in pods(things) if matches({"matchLabels": service["spec"]["selector"]}, pod["metadata"]["labels"])]
        assert len(selected) == 1, name_of(service)
        ports = {port["name"]: port["containerPort"] for container in containers(selected[0]) for port in container["ports"]}
        for port in service["spec"]["ports"]:
            assert ports[port["targetPort"]] == port["port"], name_of(service)


def test_probes_ask_ports_that_are_there(things):
    for name, pod in pods(things):
        for container in containers(pod):
            ports = {port["name"] for port in container.get("ports", [])}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                for how in ("httpGet", "tcpSocket"):
                    if how in container.get(probe, {}):
                        assert container[probe][how]["port"] in ports, name


def test_selectors_select_their_own_pods_alone_and_never_change(things):
    stable = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"}
    for thing in kinds(things, "Deployment", "StatefulSet", "PodDisruptionBudget"):
        selector = thing["spec"]["selector"]
        assert selector["matchLabels"].keys() == stable, name_of(thing)
        selected = [name for name, pod in pods(things) if matches(selector, pod["metadata"]["labels"])]
        assert len(selected) == 1, name_of(thing)
    for thing in kinds(things, "StatefulSet"):
        for claim in thing["spec"]["volumeClaimTemplates"]:
            assert claim["metadata"]["labels"].keys() == stable


def test_an_ingress_leads_to_services(things):
    services = named(things, "Service")
    for ingress in kinds(things, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                ports = {port["name"] for port in services[backend["name"]]["spec"]["ports"]}
                assert backend["port"]["name"] in ports
        hosts = {rule["host"] for rule in ingress["spec"]["rules"]}
        for tls in ingress["spec"].get("tls", []):
            assert set(tls["hosts"]) == hosts
        assert not any("snippet" in key for key in ingress["metadata"].get("annotations", {}))


def test_a_route_leads_to_services_as_the_ingress_does(things):
    services = named(things, "Service")
    for route in kinds(things, "HTTPRoute"):
        for rule in route["spec"]["rules"]:
            for backend in rule["backendRefs"]:
                assert backend["port"] in {port["port"] for port in services[backend["name"]]["spec"]["ports"]}
    for ingress in kinds(things, "Ingress"):
        hosts = {rule["host"] for rule in ingress["spec"]["rules"]}
        routed = {host for route in kinds(things, "HTTPRoute") for host in route["spec"]["hostnames"]}
        assert not routed or routed == hosts


def test_an_autoscaler_has_its_deployment(things):
    deployments = named(things, "Deployment")
    for scaler in kinds(things, "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"] in deployments) == ("Deployment", True)


def test_a_monitor_finds_the_services_with_metrics(things):
    for monitor in kinds(things, "ServiceMonitor"):
        (endpoint,) = monitor["spec"]["endpoints"]
        found = [
            service["metadata"]["labels"]["app.kubernetes.io/component"]
            for service in kinds(things, "Service")
            if matches(monitor["spec"]["selector"], service["metadata"]["labels"])
            and endpoint["port"] in {port["name"] for port in service["spec"]["ports"]}
        ]
        assert sorted(found) == sorted(SERVICES)


def test_secrets_and_config_maps_have_what_is_asked_of_them(things):
    secrets, maps, claims = (named(things, kind) for kind in ("Secret", "ConfigMap", "PersistentVolumeClaim"))
    for name, pod in pods(things):
        asked = []
        for container in containers(pod):
            for entry in container.get("env", []):
                if "valueFrom" in entry:
                    reference = entry["valueFrom"]["secretKeyRef"]
                    asked.append((secrets, reference["name"], reference["key"]))
        for volume in pod["spec"].get("volumes", []):
            if "secret" in volume:
                asked += [(secrets, volume["secret"]["secretName"], item["key"]) for item in volume["secret"]["items"]]
            if "configMap" in volume:
                assert volume["configMap"]["name"] in maps, name
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in {*claims, "dumps"}, name
        for there, secret, key in asked:
            if secret not in OUTSIDE:
                assert key in there[secret]["data"], f"{name}: {secret} has no {key}"


def test_a_hook_needs_nothing_that_comes_after_it(things):
    for job in kinds(things, "Job"):
        if "helm.sh/hook" not in job["metadata"].get("annotations", {}):
            continue
        before = {name for name, secret in named(things, "Secret").items() if "helm.sh/hook" in secret["metadata"].get("annotations", {})}
        for container in containers(job["spec"]["template"]):
            for entry in container["env"]:
                if "valueFrom" in entry:
                    assert entry["valueFrom"]["secretKeyRef"]["name"] in before | OUTSIDE
        assert "serviceAccountName" not in job["spec"]["template"]["spec"]


def test_mounts_have_volumes_and_volumes_mounts(things):
    for name, pod in pods(things):
        volumes = {volume["name"] for volume in pod["spec"].get("volumes", [])}
        if name.startswith("StatefulSet/"):
            volumes.add("data")
        mounts = {mount["name"] for container in containers(pod) for mount in container.get("volumeMounts", [])}
        assert mounts == volumes, name


def test_variables_come_once_and_stand_before_those_that_need_them(things):
    for name, pod in pods(things):
        for container in containers(pod):
            entries = container.get("env", [])
            names = [entry["name"] for entry in entries]
            assert len(names) == len(set(names)), f"{name}: {names}"
            for index, entry in enumerate(entries):
                for needed in re.findall(r"\$\((\w+)\)", entry.get("value", "")):
                    assert needed in names[:index], f"{name}: {entry['name']} needs {needed}"
            for argument in container.get("args", []):
                assert set(re.findall(r"\$\((\w+)\)", str(argument))) <= set(names), name


def service_containers(things):
    for name, pod in pods(things):
        for container in containers(pod):
            if container["name"] in SERVICES:
                yield name, container


def test_every_setting_is_one_of_the_service(things):
    for name, container in service_containers(things):
        given = {variable for variable in environment(container) if variable.startswith("TASKHUB")}
        assert given <= variables(container["name"]), name


def test_a_service_has_every_setting_without_a_default(things):
    needed = {
        "api-gateway": {"AUTH__JWKS_URL", "UPSTREAMS__AUTH_SERVICE", "UPSTREAMS__TASK_SERVICE", "UPSTREAMS__WORKER"},
        "auth-service": {"DATABASE__URL", "TOKENS__MASTER_KEY"},
        "task-service": {"AUTH__JWKS_URL", "DATABASE__URL"},
        "worker": {"AUTH__JWKS_URL", "DATABASE__URL", "REDIS__URL"},
    }
    for name, container in service_containers(things):
        if container["args"] == ["serve"]:
            assert environment(container).keys() >= {f"TASKHUB__{key}" for key in needed[container["name"]]}, name
        else:
            assert environment(container).keys() >= {"TASKHUB__DATABASE__ADMIN_URL", "TASKHUB__DATABASE__URL"}, name


def test_ports_and_paths_are_those_of_the_code(things):
    paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    for name, container in service_containers(things):
        if container["args"] != ["serve"]:
            continue
        http = defaults(container["name"])["http"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert ports == {"http": http["port"], "metrics": http["management_port"]}, name
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert "get" in paths[container[probe]["httpGet"]["path"]]


def test_the_roles_are_those_of_the_code():
    ours = {"auth-service": "taskhub_auth", "task-service": "taskhub_tasks", "worker": "taskhub_worker"}
    for service, role in ours.items():
        assert f'pub const ROLE: &str = "{role}"' in (ROOT / "crates" / service / "src/lib.rs").read_text()


def test_nothing_secret_stands_in_the_open(things):
    for name, pod in pods(things):
        for container in containers(pod):
            for entry in container.get("env", []):
                if re.search(r"PASSWORD|MASTER_KEY|TOKEN$", entry["name"]):
                    assert "valueFrom" in entry, f"{name}: {entry['name']}"
                if entry["name"].endswith("_URL"):
                    password = re.search(r"//[^/@]*:([^@]*)@", entry["value"])
                    assert password is None or password[1].startswith("$("), f"{name}: {entry['name']}"
