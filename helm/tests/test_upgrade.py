"""An upgrade keeps every secret and changes nothing that can't be changed."""

import base64
import copy
import hashlib
import re

import pytest

from cluster import cluster
from places import CHART, HELMS, PROFILES, ROOT
from rendered import NAMESPACE, RELEASE, Refused, containers, helm, kinds, name_of, profile, template

KEYS = {"postgres-password", "auth-password", "tasks-password", "worker-password", "redis-password", "master-key", "test-password"}


def secret_of(things):
    (found,) = (secret for secret in kinds(things, "Secret") if "helm.sh/hook" not in secret["metadata"]["annotations"])
    return found


def decoded(secret):
    return {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}


def installed(secret):
    """The Secret as helm leaves it in the cluster, with its mark; an uninstall keeps both."""
    mark = {"meta.helm.sh/release-name": RELEASE, "meta.helm.sh/release-namespace": NAMESPACE}
    return {**secret, "metadata": {**secret["metadata"], "annotations": {**secret["metadata"]["annotations"], **mark}}}


def in_cluster(kubeconfig, which, *arguments):
    return template(which, "--dry-run=server", "--disable-openapi-validation", "--kubeconfig", kubeconfig, *arguments)


@pytest.mark.parametrize("which", HELMS)
def test_secrets_are_made_once_and_then_kept(which, tmp_path):
    with cluster(tmp_path) as nothing:
        first, other = (secret_of(in_cluster(nothing, which)) for _ in range(2))
    assert first["data"].keys() == KEYS
    assert len(set(first["data"].values())) == len(KEYS), "no two are the same"
    assert not set(first["data"].values()) & set(other["data"].values()), "they are random"
    assert len(base64.b64decode(decoded(first)["master-key"])) == 32
    assert all(value.isalnum() for key, value in decoded(first).items() if key != "master-key"), "they stand in URLs"

    with cluster(tmp_path, installed(first)) as there:
        assert secret_of(in_cluster(there, which, "--is-upgrade"))["data"] == first["data"]
        given = secret_of(in_cluster(there, which, "--is-upgrade", "--set", "global.secrets.values.redisPassword=new"))
    assert decoded(given) == {**decoded(first), "redis-password": "new"}


@pytest.mark.parametrize("which", HELMS)
def test_a_key_that_a_later_release_needs_is_added_to_those_that_are_there(which, tmp_path):
    with cluster(tmp_path) as nothing:
        first = secret_of(in_cluster(nothing, which))
    older = {**first, "data": {key: value for key, value in first["data"].items() if key != "test-password"}}
    with cluster(tmp_path, installed(older)) as there:
        now = secret_of(in_cluster(there, which, "--is-upgrade"))["data"]
    assert now.keys() == KEYS
    assert {key: now[key] for key in older["data"]} == older["data"]


@pytest.mark.parametrize("which", HELMS)
@pytest.mark.parametrize("moved", ["existingSecrets.masterKey=mine", "existingSecrets.database=mine", "keys.masterKey=key"])
def test_a_secret_that_is_served_from_elsewhere_keeps_what_it_had(which, moved, tmp_path):
    """helm deletes a key that isn't rendered any more, and it may be the only copy."""
    with cluster(tmp_path) as nothing:
        first = secret_of(in_cluster(nothing, which))
    with cluster(tmp_path, installed(first)) as there:
        moving = ["--is-upgrade", "--set", f"global.secrets.{moved}"]
        now = secret_of(in_cluster(there, which, *moving))["data"]
        values = secret_of(in_cluster(there, which, *moving, "--set", "global.secrets.values.masterKey=" + "A" * 43 + "="))["data"]
    assert {key: now.get(key) for key in first["data"]} == first["data"]
    if "existingSecrets.masterKey" in moved:
        assert values == now, "a value that is for nobody replaces nothing"


@pytest.mark.parametrize("which", HELMS)
def test_new_keys_are_not_made_for_old_data(which, tmp_path):
    claim = {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": {"name": "data-postgres-0", "namespace": "taskhub"}}
    with cluster(tmp_path, claim) as half:
        with pytest.raises(Refused, match="data-postgres-0 is there and its Secret taskhub isn't"):
            in_cluster(half, which)
        assert in_cluster(half, which, "--set", "global.secrets.existingSecret=mine")
        with cluster(tmp_path, claim, installed(secret_of(profile("default")))) as whole:
            assert in_cluster(whole, which)


@pytest.mark.parametrize("which", HELMS)
def test_pods_are_replaced_when_a_secret_changes(which, tmp_path):
    def state(*arguments, secrets=()):
        with cluster(tmp_path, *secrets) as there:
            things = in_cluster(there, which, *arguments)
        found = {thing["spec"]["template"]["metadata"]["annotations"]["checksum/secrets"] for thing in kinds(things, "Deployment")}
        assert len(found) == 1
        return found.pop()

    def existing(version, name="mine"):
        return {"kind": "Secret", "apiVersion": "v1", "data": {},
                "metadata": {"name": name, "namespace": NAMESPACE, "resourceVersion": version}}

    mine = ["--set", "global.secrets.existingSecret=mine"]
    assert state() == state(), "random ones never change"
    assert state(*mine, secrets=[existing("1")]) == state(*mine, secrets=[existing("1")])
    assert state(*mine, secrets=[existing("1")]) != state(*mine, secrets=[existing("2")]), "rotated in the cluster"
    redis = [*mine, "--set", "global.secrets.existingSecrets.redis=cache"]
    both = [existing("1"), existing("1", "cache")]
    assert state(*redis, secrets=both) != state(*redis, secrets=[both[0], existing("2", "cache")])

    given = ["--set", "global.secrets.values.redisPassword=summer"]
    assert state(*given) == state(*given) != state() and state(*given) != state("--set", "global.secrets.values.redisPassword=winter")
    # Who reads annotations could try passwords: the hash is slow, and another one in another release.
    for text in ('{"redisPassword":"summer"}', "summer"):
        assert hashlib.sha256(text.encode()).hexdigest() != state(*given)
    other = helm(which, "template", "other", str(CHART), "--namespace", NAMESPACE, "--values", str(PROFILES["default"]), *given)
    assert state(*given) not in other


def test_migrations_before_an_install_know_the_same_secrets_as_the_services():
    made = kinds(profile("external-own-secret"), "Secret")
    assert len(made) == 2
    assert made[0]["data"] == made[1]["data"]


def test_data_and_keys_outlive_an_uninstall(things):
    for thing in kinds(things, "Secret", "PersistentVolumeClaim", "Cluster"):
        annotations = thing["metadata"].get("annotations", {})
        assert annotations.get("helm.sh/resource-policy") == "keep" or "helm.sh/hook" in annotations, name_of(thing)
    for thing in kinds(things, "StatefulSet"):
        retention = thing["spec"]["persistentVolumeClaimRetentionPolicy"]
        assert retention == {"whenDeleted": "Retain", "whenScaled": "Retain"}


def immutable(thing):
    """What the API doesn't let anybody change."""
    spec = thing.get("spec", {})
    match thing["kind"]:
        case "Deployment":
            return spec["selector"]
        case "StatefulSet":
            changing = ("replicas", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds", "revisionHistoryLimit")
            return {key: value for key, value in spec.items() if key not in changing}
        case "Service":
            return spec.get("clusterIP")
        case "PersistentVolumeClaim":
            return {key: value for key, value in spec.items() if key != "resources"}
        case "Job":
            return spec
        case "Secret":
            return thing["type"]


@pytest.mark.parametrize("name", PROFILES)
def test_another_version_with_other_wishes_changes_nothing_immutable(name, tmp_path):
    before = {name_of(thing): immutable(thing) for thing in profile(name)}
    wishes = {
        "global.taskhubImages.tag": "9.9.9", "global.preStopSleepSeconds": 20, "worker.resources.limits.memory": "1Gi",
        "postgresql.settings.max_connections": 500, "postgresql.podLabels.team": "storage", "frontend.replicas": 5,
    }
    sets = [word for key, value in wishes.items() for word in ("--set", f"{key}={value}")]
    after = template("helm 4", "--is-upgrade", "--values", str(PROFILES[name]), *sets)
    for thing in after:
        # A hook is deleted before it is made again, and helm gives each revision its own Job.
        if name_of(thing) in before and thing["kind"] != "Job":
            assert immutable(thing) == before[name_of(thing)], name_of(thing)
    for job in kinds(after, "Job"):
        annotations = job["metadata"]["annotations"]
        assert job["metadata"]["name"].endswith("-1") or "before-hook-creation" in annotations["helm.sh/hook-delete-policy"]


def test_a_volume_grows_without_a_new_pod():
    """Kubernetes changes no StatefulSet's claims. docs/upgrade.md deletes the StatefulSet and leaves its pod, which the next one
    adopts: only the size of the claim may differ."""
    def stateful_set(*arguments):
        (found,) = kinds(template("helm 4", *arguments), "StatefulSet")
        return copy.deepcopy(found)

    small, large = stateful_set(), stateful_set("--set", "postgresql.storage.size=50Gi")
    for thing, size in ((small, "20Gi"), (large, "50Gi")):
        (claim,) = thing["spec"]["volumeClaimTemplates"]
        assert claim["spec"]["resources"]["requests"].pop("storage") == size
        assert claim["metadata"]["name"] == "data", "the claim is data-postgres-0"
    assert small == large
    text = (ROOT / "docs/upgrade.md").read_text()
    steps = ["patch pvc data-postgres-0", "delete statefulset postgres --cascade=orphan", "--set postgresql.storage.size="]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


def test_an_external_database_that_is_not_there_fails_the_migration_within_helms_five_minutes():
    (job,) = (job for job in kinds(profile("external"), "Job") if "migrate" in job["metadata"]["name"])
    patience = int(re.search(r"const PATIENCE: Duration = Duration::from_secs\((\d+)\)", (ROOT / "crates/platform/src/postgres/migrate.rs").read_text())[1])
    tries = job["spec"]["backoffLimit"] + 1
    # Kubernetes waits 10 s before the second try, and twice as long before each that follows.
    pauses = sum(10 * 2**number for number in range(tries - 1))
    assert tries * (patience + 5) + pauses < 270
    annotations = job["metadata"]["annotations"]
    assert annotations["helm.sh/hook-output-log-policy"] == "hook-failed"
    assert all(container["terminationMessagePolicy"] == "FallbackToLogsOnError" for container in containers(job["spec"]["template"]))
