"""An upgrade keeps every secret and changes nothing that can't be changed."""

import base64

import pytest

from cluster import cluster
from places import HELMS, PROFILES
from rendered import NAMESPACE, RELEASE, Refused, kinds, name_of, profile, template

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
def test_new_keys_are_not_made_for_old_data(which, tmp_path):
    claim = {"kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": {"name": "data-postgres-0", "namespace": "taskhub"}}
    with cluster(tmp_path, claim) as half:
        with pytest.raises(Refused, match="data-postgres-0 is there and its Secret taskhub isn't"):
            in_cluster(half, which)
        assert in_cluster(half, which, "--set", "global.secrets.existingSecret=mine")
        with cluster(tmp_path, claim, installed(secret_of(profile("default")))) as whole:
            assert in_cluster(whole, which)


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
        "global.taskhubImages.tag": "9.9.9", "global.endpointsSeconds": 20, "worker.resources.limits.memory": "1Gi",
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
