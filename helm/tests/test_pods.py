"""What every pod of ours must and must not do."""

import re

import pytest

from rendered import containers, kinds, name_of, pods, profile

SERVICES = ("api", "auth-service", "task-service", "worker", "frontend")


def thing_has_no_ids(spec):
    return not spec["securityContext"].keys() & {"runAsUser", "runAsGroup", "fsGroup"}


def test_the_restricted_pod_security_standard(things):
    for name, pod in pods(things):
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        # Where the platform assigns user ids, none may be asked for.
        assert spec["securityContext"].get("runAsUser", 0) > 0 or thing_has_no_ids(spec), name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC"}, name
        allowed = {"emptyDir", "secret", "configMap", "persistentVolumeClaim"}
        assert all(volume.keys() - {"name"} <= allowed for volume in spec.get("volumes", [])), name
        for container in containers(pod):
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False, name
            assert security["runAsNonRoot"] is True, name
            assert security["capabilities"] == {"drop": ["ALL"]}, name
            assert security["readOnlyRootFilesystem"] is True, name
            assert not any("hostPort" in port for port in container.get("ports", [])), name


def test_no_pod_gets_a_token_or_its_neighbours_addresses(things):
    for name, pod in pods(things):
        assert pod["spec"]["automountServiceAccountToken"] is False, name
        # `TASKHUB_…` of a Service named so would be taken for a setting.
        assert pod["spec"]["enableServiceLinks"] is False, name
    for account in kinds(things, "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False


def test_memory_is_bounded_and_little_is_asked_for(things):
    for name, pod in pods(things):
        for container in containers(pod):
            resources = container["resources"]
            assert resources["requests"].keys() == {"cpu", "memory"}, name
            assert resources["limits"].keys() >= {"memory"}, name
            assert None not in [*resources["limits"].values(), *resources["requests"].values()], name


def test_images_have_a_tag_or_a_digest_and_never_latest(things):
    for name, pod in pods(things):
        for container in containers(pod):
            image = container["image"]
            assert re.search(r"(:[\w.-]+|@sha256:[0-9a-f]{64})$", image.rpartition("/")[2]), f"{name}: {image}"
            assert not image.endswith(":latest"), name


def test_what_runs_on_has_three_probes_and_life_asks_nobody(things):
    for thing in kinds(things, "Deployment", "StatefulSet"):
        for container in thing["spec"]["template"]["spec"]["containers"]:
            assert container.keys() >= {"startupProbe", "livenessProbe", "readinessProbe"}, name_of(thing)
            if container["name"] in ("api-gateway", "auth-service", "task-service", "worker"):
                assert container["livenessProbe"]["httpGet"]["path"] == "/health"
                assert container["startupProbe"]["httpGet"]["path"] == "/health"
                # /health/ready says no when Redis is away, and would take all replicas off at once.
                assert container["readinessProbe"]["httpGet"]["path"] == "/health/serving"


def test_a_pod_ends_in_order(things):
    for thing in kinds(things, "Deployment"):
        pod = thing["spec"]["template"]["spec"]
        if thing["metadata"]["labels"]["app.kubernetes.io/component"] == "redis":
            continue
        pause = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        environment = {entry["name"]: entry.get("value") for entry in pod["containers"][0].get("env", [])}
        drain = int(environment.get("TASKHUB__HTTP__DRAIN_DELAY_MS", 0)) / 1000
        finish = int(environment.get("TASKHUB__HTTP__SHUTDOWN_TIMEOUT_S", 20))
        assert pause >= 10
        assert pod["terminationGracePeriodSeconds"] > pause + drain + finish, name_of(thing)
        if "frontend" not in thing["metadata"]["name"]:
            assert drain > 1, "a replica that has just been told to end still gets requests"


def test_nobody_is_without_service_while_pods_are_replaced(things):
    for thing in kinds(things, "Deployment"):
        strategy = thing["spec"]["strategy"]
        if thing["metadata"]["labels"]["app.kubernetes.io/component"] == "redis":
            assert strategy == {"type": "Recreate"}
        else:
            assert strategy["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
            spread = thing["spec"]["template"]["spec"]["topologySpreadConstraints"][0]
            assert spread["whenUnsatisfiable"] == "ScheduleAnyway", "one node must do"


def test_replicas_belong_to_the_chart_or_to_the_autoscaler(things):
    scaled = {hpa["spec"]["scaleTargetRef"]["name"]: hpa for hpa in kinds(things, "HorizontalPodAutoscaler")}
    guarded = {pdb["metadata"]["name"]: pdb for pdb in kinds(things, "PodDisruptionBudget")}
    for thing in kinds(things, "Deployment"):
        name, replicas = thing["metadata"]["name"], thing["spec"].get("replicas")
        assert (replicas is None) == (name in scaled), name
        fewest = replicas or scaled[name]["spec"]["minReplicas"]
        # With one, it would keep the node from being emptied for ever.
        assert (name in guarded) == (fewest > 1), name
    for pdb in guarded.values():
        assert pdb["spec"]["maxUnavailable"] == 1


def test_two_of_each_by_default():
    replicas = {thing["metadata"]["name"]: thing["spec"]["replicas"] for thing in kinds(profile("default"), "Deployment")}
    assert replicas == {**dict.fromkeys(SERVICES, 2), "redis": 1}


def test_labels(things):
    for thing in things:
        if thing["metadata"]["name"] == "blue-extra":
            continue
        labels = thing["metadata"]["labels"]
        wanted = {"app.kubernetes.io/" + word for word in ("name", "instance", "component", "part-of", "version", "managed-by")}
        assert labels.keys() >= wanted | {"helm.sh/chart"}, name_of(thing)
        assert thing["metadata"]["namespace"] == "taskhub", name_of(thing)


def test_metrics_are_read_once(things):
    monitored = bool(kinds(things, "ServiceMonitor"))
    for thing in kinds(things, "Deployment"):
        metadata = thing["spec"]["template"]["metadata"]
        has_metrics = metadata["labels"]["app.kubernetes.io/component"] not in ("redis", "frontend")
        annotated = metadata["annotations"].get("prometheus.io/scrape") == "true"
        assert annotated == (has_metrics and not monitored), name_of(thing)
    for service in kinds(things, "Service"):
        assert not any(key.startswith("prometheus.io/") for key in service["metadata"].get("annotations", {}))


def test_jobs_end_and_are_not_done_twice_at_once(things):
    for job in kinds(things, "Job"):
        assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    for cron in kinds(things, "CronJob"):
        assert cron["spec"]["concurrencyPolicy"] == "Forbid"
        assert cron["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 0
        assert cron["spec"].get("suspend", False) == cron["metadata"]["name"].endswith("restore")


def test_migrations_run_in_order_and_before_the_rest_where_the_database_is_there_already():
    for name, hook in (("default", False), ("cloudnativepg", False), ("external", True), ("external-own-secret", True)):
        (job,) = (job for job in kinds(profile(name), "Job") if "migrate" in job["metadata"]["name"])
        assert [container["name"] for container in containers(job["spec"]["template"])] == ["auth-service", "task-service", "worker"]
        assert ("helm.sh/hook" in job["metadata"]["annotations"]) == hook, name
        if not hook:
            assert job["metadata"]["name"].endswith("-1"), "named by its revision"


@pytest.mark.parametrize("name", ["default", "everything", "external", "cloudnativepg", "minimal"])
def test_only_migrations_and_backups_see_the_administrator(name):
    for owner, pod in pods(profile(name)):
        seen = any(
            entry.get("valueFrom", {}).get("secretKeyRef", {}).get("key") in ("postgres-password", "password")
            for container in containers(pod)
            for entry in container.get("env", [])
        )
        assert seen == (owner.startswith(("Job/", "CronJob/", "StatefulSet/")) and "backup-prepare" not in owner), owner
