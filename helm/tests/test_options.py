"""What companies' clusters ask for: names, registries, other charts around it, their own labels and secrets."""

import subprocess

import pytest
import yaml

from places import CHART, HELMS, PROFILES
from rendered import NAMESPACE, StrictLoader, containers, environment, helm, kinds, name_of, pods, profile, template

MICROK8S = CHART.parents[1] / "deploy/microk8s/values.yaml"


def strings(value, path=()):
    """(path, value) of all that stands in an object."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from strings(inner, (*path, index))
    else:
        yield path, value


@pytest.mark.parametrize("which", HELMS)
@pytest.mark.parametrize("name", ["123", "1e3", "0x10", "true", "null"])
def test_names_that_look_like_something_else_stay_names(which, name):
    values = ["--values", str(PROFILES["everything"]), "--set-string", f"global.database.name={'taskhub' if name[0].isdigit() else name}"]
    text = helm(which, "template", name, str(CHART), "--namespace", name, *values)
    for thing in yaml.safe_load_all(text):
        if thing and thing["metadata"]["name"] != "blue-extra":
            assert thing["metadata"]["namespace"] == name
            assert thing["metadata"]["labels"]["app.kubernetes.io/instance"] == name
            for path, value in strings(thing):
                if path[-1] in ("app.kubernetes.io/instance", "value"):
                    assert isinstance(value, str), (name_of(thing), path)


def test_defaults_suit_any_cluster():
    text = (CHART / "values.yaml").read_text()
    assert "kube-prom" not in text.replace("kube-prometheus-stack", "") and "observability" not in text
    (ingress,) = kinds(profile("default"), "Ingress")
    assert "ingressClassName" not in ingress["spec"]
    images = {container["image"].partition("/")[0] for _, pod in pods(profile("default")) for container in containers(pod)}
    assert images == {"registry.example.org", "docker.io"}


def test_microk8s_has_its_own_values():
    things = template("helm 4", "--values", str(MICROK8S), operator=True)
    (ingress,) = kinds(things, "Ingress")
    assert ingress["spec"]["ingressClassName"] == "public"
    (monitor,) = kinds(things, "ServiceMonitor")
    assert monitor["metadata"]["labels"]["release"] == "kube-prom-stack"
    images = {container["image"].partition("/")[0] for _, pod in pods(things) for container in containers(pod)}
    assert images == {"localhost", "docker.io"}


@pytest.mark.parametrize("path", sorted((CHART.parents[1] / "deploy/monitoring").glob("taskhub-*.yaml")), ids=lambda path: path.name)
def test_the_values_for_monitoring_go_with_it(path):
    things = template("helm 4", "--values", str(path), operator=True)
    assert {"out-to-dns", "into-metrics", "into-postgres-exporter"} <= {thing["metadata"]["name"] for thing in kinds(things, "NetworkPolicy")}


def test_argo_cds_application_has_values_that_hold(tmp_path):
    (application,) = yaml.safe_load_all((CHART.parents[1] / "deploy/argocd/application.yaml").read_text())
    values = tmp_path / "values.yaml"
    values.write_text(yaml.dump(application["spec"]["source"]["helm"]["valuesObject"]))
    assert kinds(template("helm 4", "--values", str(values)), "Ingress", "ServiceMonitor")


@pytest.mark.parametrize(("values", "hosts"), [
    ("ingress.host=tasks.example.org", {"tasks.example.org", "api.tasks.example.org"}),
    ("ingress.host=tasks.example.org,ingress.apiHost=", {"tasks.example.org"}),
    ("ingress.apiHost=taskhub.local", {"taskhub.local"}),
    ("ingress.host=a.example.org,ingress.apiHost=,ingress.extraHosts={b.example.org}", {"a.example.org", "b.example.org"}),
])
@pytest.mark.parametrize("which", HELMS)
def test_the_names_of_the_ingress(which, values, hosts):
    (ingress,) = kinds(template(which, "--set", values, "--set", "ingress.tls.enabled=true"), "Ingress")
    assert {rule["host"] for rule in ingress["spec"]["rules"]} == hosts == set(ingress["spec"]["tls"][0]["hosts"])
    for rule in ingress["spec"]["rules"]:
        paths = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
        assert paths == ({"/": "api"} if rule["host"].startswith("api.") else {"/api": "api", "/": "frontend"})


@pytest.mark.parametrize("which", HELMS)
@pytest.mark.parametrize("component", ["worker", "frontend", "postgresql", "redis", "migrate", "backup"])
def test_a_cpu_limit_can_be_removed(which, component):
    sets = f"{component}.resources.limits.cpu=null,{component}.resources.requests.ephemeral-storage=32Mi"
    changed = 0
    for (name, before), (_, after) in zip(pods(profile("default", which)), pods(template(which, "--set", sets)), strict=True):
        for old, new in zip(containers(before), containers(after), strict=True):
            assert "cpu" in old["resources"]["limits"]
            if old["resources"] != new["resources"]:
                changed += 1
                assert "cpu" not in new["resources"]["limits"] and "memory" in new["resources"]["limits"], name
                assert new["resources"]["requests"]["ephemeral-storage"] == "32Mi", name
    assert changed == {"migrate": 3, "backup": 3}.get(component, 1)


def test_secrets_come_from_several_secrets():
    things = profile("secrets-apart")
    (made,) = kinds(things, "Secret")
    assert made["data"].keys() == {"test-password"}
    found = {}
    for _, pod in pods(things):
        for container in containers(pod):
            for name, entry in environment(container).items():
                if "valueFrom" in entry:
                    found.setdefault(entry["valueFrom"]["secretKeyRef"]["name"], set()).add(entry["valueFrom"]["secretKeyRef"]["key"])
    assert found == {
        "database-secret": {"postgres-password", "auth-password", "tasks-password", "worker-password"},
        "redis-secret": {"redis-password"}, "key-secret": {"master-key"}, "taskhub": {"test-password"},
    }


def test_user_ids_are_left_to_the_platform():
    for name, pod in pods(profile("secrets-apart")):
        assert not pod["spec"]["securityContext"].keys() & {"runAsUser", "runAsGroup", "fsGroup"}, name
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True, name


def test_labels_annotations_and_hosts_are_everywhere():
    things = profile("everything")
    for thing in things:
        if thing["metadata"]["name"] != "blue-extra":
            assert thing["metadata"]["labels"]["example.org/owner"] == "7", name_of(thing)
    for name, pod in pods(things):
        assert pod["metadata"]["labels"]["example.org/owner"] == "7", name
        assert pod["spec"]["hostAliases"][0]["hostnames"] == ["smtp.example.org"], name
        if name.startswith(("Job/", "CronJob/", "Pod/")):
            assert pod["metadata"]["annotations"]["sidecar.istio.io/inject"] == "false", name
            assert pod["metadata"]["labels"]["example.org/cost"] == "tasks", name
    for account in kinds(things, "ServiceAccount"):
        assert "example.org/role" in account["metadata"]["annotations"], name_of(account)
    for job in kinds(things, "Job"):
        assert job["metadata"]["annotations"]["example.org/note"] == "job"
    (extra,) = (thing for thing in things if thing["metadata"]["name"] == "blue-extra")
    assert extra["data"] == {"release": "taskhub"}


def test_nobodys_labels_replace_those_that_select():
    things = template("helm 4", "--set-json", 'global.commonLabels={"app.kubernetes.io/instance":"other"}',
                      "--set-json", 'worker.podLabels={"app.kubernetes.io/component":"other"}')
    for name, pod in pods(things):
        assert pod["metadata"]["labels"]["app.kubernetes.io/instance"] == "taskhub", name
    assert {"worker"} <= {pod["metadata"]["labels"]["app.kubernetes.io/component"] for _, pod in pods(things)}


@pytest.mark.parametrize(("endpoint", "port"), [
    ("http://tempo.observability:4318", 4318), ("https://otlp.example.org/otlp", 443), ("http://otlp.example.org/a/b", 80),
    ("https://[2001:db8::1]:4318/otlp", 4318),
])
def test_traces_go_to_any_receiver(endpoint, port):
    peers = '[{"namespaceSelector":{}}]'
    things = template("helm 4", "--set", f"global.tracing.endpoint={endpoint}", "--set-json", f"networkPolicy.peers.tracing={peers}")
    (policy,) = (thing for thing in kinds(things, "NetworkPolicy") if thing["metadata"]["name"] == "out-to-tracing")
    assert [rule["port"] for rule in policy["spec"]["egress"][0]["ports"]] == [port]


@pytest.mark.parametrize("name", PROFILES)
def test_a_mirror_has_every_image(name):
    things = template("helm 4", "--values", str(PROFILES[name]), "--set", "global.imageRegistry=mirror.example.org:5000/all")
    images = {container["image"] for _, pod in pods(things) for container in containers(pod)}
    images |= {cluster["spec"]["imageName"] for cluster in kinds(things, "Cluster")}
    assert all(image.startswith("mirror.example.org:5000/all/") and image.count(".example.org") == 1 for image in images), images
    assert not kinds(things, "Cluster") or "mirror.example.org:5000/all/cloudnative-pg/postgresql:17-system-bookworm" in images


def test_dns_may_have_another_port():
    (policy,) = (thing for thing in kinds(profile("secrets-apart"), "NetworkPolicy") if thing["metadata"]["name"] == "out-to-dns")
    assert {rule["port"] for rule in policy["spec"]["egress"][0]["ports"]} == {53, 5353}


def test_helm_test_leaves_no_pod():
    (pod,) = kinds(profile("default"), "Pod")
    assert "hook-succeeded" in pod["metadata"]["annotations"]["helm.sh/hook-delete-policy"]


@pytest.mark.parametrize(("values", "says", "not_"), [
    ("ingress.enabled=false", "port-forward service/frontend 8080", "Page  "),
    ("ingress.host=tasks.example.org", "http://tasks.example.org\n", "port-forward"),
    ("ingress.apiHost=,ingress.tls.enabled=true", "API   https://taskhub.local/api/v1", "port-forward"),
])
def test_the_notes_say_how_to_open_it(values, says, not_, tmp_path):
    command = ["install", "taskhub", str(CHART), "--namespace", NAMESPACE, "--dry-run=client", "--values", str(PROFILES["default"]), "--set", values]
    notes = helm("helm 4", *command).partition("NOTES:")[2]
    assert says in notes and not_ not in notes


@pytest.mark.parametrize("which", HELMS)
def test_as_a_part_of_another_chart(which, tmp_path):
    parent = tmp_path / "company"
    (parent / "charts").mkdir(parents=True)
    (parent / "charts/taskhub").symlink_to(CHART)
    (parent / "Chart.yaml").write_text(yaml.dump({
        "apiVersion": "v2", "name": "company", "version": "1.0.0",
        "dependencies": [{"name": "taskhub", "version": "0.1.0", "repository": "", "condition": "taskhub.enabled"}],
    }))
    (parent / "values.yaml").write_text(yaml.dump({
        "global": {"company": "example", "taskhubImages": {"registry": "registry.example.org"}},
        "taskhub": {"enabled": True, "ingress": {"host": "tasks.example.org"}, "worker": {"replicas": 3}},
    }))
    inside = list(filter(None, yaml.load_all(helm(which, "template", "taskhub", str(parent), "--namespace", NAMESPACE), StrictLoader)))
    alone = template(which, "--set", "ingress.host=tasks.example.org,worker.replicas=3")
    drop = lambda things: {name_of(thing): thing for thing in things if thing["kind"] != "Secret"}  # noqa: E731
    assert drop(inside) == drop(alone)
    off = subprocess.run([HELMS[which], "template", "taskhub", str(parent), "--set", "taskhub.enabled=false"], capture_output=True, text=True, check=True)
    assert "kind:" not in off.stdout


@pytest.mark.parametrize("which", HELMS)
def test_each_of_several_hosts_has_the_port(which):
    things = template(which, "--values", str(PROFILES["external"]), "--set", r"global.database.host=pg-0\, pg-1")
    urls, hosts = set(), set()
    for _, pod in pods(things):
        for container in containers(pod):
            variables = environment(container)
            urls |= {variables[name]["value"] for name in ("TASKHUB__DATABASE__URL", "TASKHUB__DATABASE__ADMIN_URL") if name in variables}
            hosts |= {(variables["PGHOST"]["value"], variables["PGPORT"]["value"]) for _ in range("PGHOST" in variables)}
    assert {url.partition("@")[2] for url in urls} == {"pg-0:6432,pg-1:6432/taskhub?sslmode=require"}
    assert hosts == {("pg-0,pg-1", "6432")}, "PostgreSQL's programs use one port for all"


@pytest.mark.parametrize(("values", "warns"), [
    ("networkPolicy.enabled=true", True),
    ("networkPolicy.enabled=false", True),
    ("networkPolicy.peers.ingress[0].namespaceSelector.matchLabels.name=ingress", False),
    ("api-gateway.trustForwarded=false", False),
])
def test_who_may_forge_addresses_is_told_after_an_install(values, warns):
    arguments = ["--values", str(PROFILES["default"]), "--set", values, "--dry-run=client"]
    notes = helm("helm 4", "install", "taskhub", str(CHART), "--namespace", NAMESPACE, *arguments).partition("NOTES:")[2]
    assert "Watch the pods start" in notes
    assert ("networkPolicy.peers.ingress" in notes) == warns


@pytest.mark.parametrize("which", HELMS)
def test_what_needs_a_session_goes_past_a_pooler(which):
    """docs/install.md: a pooler in transaction mode hands sessions around."""
    pooler = "global.database.host=pooler,global.database.port=6432,global.database.direct.host=pg"
    things = template(which, "--values", str(PROFILES["external"]), "--set", pooler)
    found = {container["name"]: environment(container) for _, pod in pods(things) for container in containers(pod) if container.get("args") != ["migrate"]}
    for service in ("auth-service", "task-service", "worker"):
        assert "@pooler:6432/taskhub?sslmode=require" in found[service]["TASKHUB__DATABASE__URL"]["value"]
        assert found[service]["TASKHUB__DATABASE__DIRECT_URL"]["value"] == "postgres://pg:5432/taskhub?sslmode=require"
    for script in ("backup", "restore"):
        assert (found[script]["PGHOST"]["value"], found[script]["PGPORT"]["value"]) == ("pg", "5432")
    (job,) = (job for job in kinds(things, "Job") if job["metadata"]["name"] == "taskhub-migrate")
    for container in containers(job["spec"]["template"]):
        assert environment(container)["TASKHUB__DATABASE__ADMIN_URL"]["value"].endswith("@pg:5432/taskhub?sslmode=require")
    (policy,) = (thing for thing in kinds(things, "NetworkPolicy") if thing["metadata"]["name"] == "out-to-postgres")
    assert [port["port"] for port in policy["spec"]["egress"][0]["ports"]] == [6432, 5432]

    for name in PROFILES:
        assert "DIRECT_URL" not in str(profile(name)), name
