"""The jobs that run the scripts of files/backup: their certificates, versions, names and volumes."""

import re

import pytest

from places import PROFILES
from rendered import Refused, containers, environment, kinds, name_of, pods, profile, template

CA = "/etc/taskhub/database-ca/ca.crt"


def jobs(things):
    """Name → pod of the jobs of backup and restore that connect to PostgreSQL."""
    return {name: pod for name, pod in pods(things) if re.search(r"CronJob/.*taskhub-(backup|restore)$", name)}


def test_a_volume_that_waits_for_a_pod_gets_one_at_once(things):
    """`helm install --wait` waits for each claim to be bound, and a CronJob has no pod before its time."""
    mounted = set()
    for thing in kinds(things, "Deployment", "StatefulSet", "Job"):
        if "helm.sh/hook" not in thing["metadata"].get("annotations", {}):
            for volume in thing["spec"]["template"]["spec"].get("volumes", []):
                mounted.add(volume.get("persistentVolumeClaim", {}).get("claimName"))
    for claim in kinds(things, "PersistentVolumeClaim"):
        assert claim["metadata"]["name"] in mounted


def test_the_names_of_dumps_carry_the_installation():
    assert environment(jobs_container("default"))["BACKUP_INSTALLATION"]["value"] == "taskhub_taskhub"
    assert environment(jobs_container("everything"))["BACKUP_INSTALLATION"]["value"] == "taskhub_taskhub+blue"


def jobs_container(name):
    (first, *_) = jobs(profile(name)).values()
    return first["spec"]["containers"][0]


@pytest.mark.parametrize("name", PROFILES)
def test_all_jobs_agree_on_the_installation(name):
    found = {
        environment(container)["BACKUP_INSTALLATION"]["value"]
        for _, pod in pods(profile(name)) for container in containers(pod) if "BACKUP_DIR" in environment(container)
    }
    assert len(found) == (name != "minimal")


@pytest.mark.parametrize(("name", "comes_from"), [("external-own-secret", "image"), ("external", "db-ca"), ("cloudnativepg", "postgres-ca")])
def test_the_certificate_is_checked_by_authorities_that_are_there(name, comes_from):
    """PostgreSQL's image has no certificates: those of the public authorities come out of the page's image."""
    found = jobs(profile(name))
    assert len(found) == 2
    for pod in found.values():
        (container,) = pod["spec"]["containers"]
        variables = environment(container)
        assert variables["PGSSLMODE"]["value"] == "verify-full"
        assert variables["PGSSLROOTCERT"]["value"] == CA
        (volume,) = (volume for volume in pod["spec"]["volumes"] if volume["name"] == "database-ca")
        if comes_from == "image":
            (before,) = pod["spec"]["initContainers"]
            assert before["command"] == ["cp", "/etc/ssl/certs/ca-certificates.crt", CA]
            assert "/frontend:" in before["image"]
            assert "emptyDir" in volume
        else:
            assert "initContainers" not in pod["spec"]
            assert volume["secret"]["secretName"] == comes_from


def test_pg_dump_is_of_the_servers_version():
    (cluster,) = kinds(profile("cloudnativepg"), "Cluster")
    dump = jobs_container("cloudnativepg")["image"]
    major = re.compile(r":(\d+)")
    assert major.search(cluster["spec"]["imageName"])[1] == major.search(dump)[1]
    image = ["--values", str(PROFILES["cloudnativepg"]), "--set"]
    for same in ("registry:5000/postgresql:17.2", "registry:5000/postgresql:17@sha256:16aa", "postgresql:17-system-trixie"):
        template("helm 4", *image, f"postgresql.cloudnativepg.imageName={same}")
    for none in ("", "registry:5000/postgresql", "registry:5000/postgresql@sha256:17aa", "postgresql:latest"):
        with pytest.raises(Refused, match="cloudnativepg.imageName: name the servers' image by a tag"):
            template("helm 4", *image, f"postgresql.cloudnativepg.imageName={none}")
        for unasked in ("backup.enabled=false", "backup.image.repository=library/postgres,backup.image.tag=17-bookworm"):
            template("helm 4", *image, f"postgresql.cloudnativepg.imageName={none},{unasked}")
    other = ["--values", str(PROFILES["cloudnativepg"]), "--set", "postgresql.cloudnativepg.imageName=example.org/postgresql:18.1"]
    with pytest.raises(Refused, match=r"is PostgreSQL 18 and the backups' pg_dump is 17"):
        template("helm 4", *other)
    things = template("helm 4", *other, "--set", "backup.image.repository=library/postgres,backup.image.tag=18-bookworm")
    assert all(pod["spec"]["containers"][0]["image"] == "docker.io/library/postgres:18-bookworm" for pod in jobs(things).values())


def test_backup_and_restore_find_the_server_that_takes_writes(things):
    for pod in jobs(things).values():
        assert environment(pod["spec"]["containers"][0])["PGTARGETSESSIONATTRS"]["value"] == "read-write"


def test_a_restore_never_runs_twice(things):
    """A second one would put the dump over what was written since the first."""
    for cron in kinds(things, "CronJob"):
        assert (cron["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0) == cron["metadata"]["name"].endswith("taskhub-restore")


def test_finished_jobs_go_away_so_that_their_names_can_be_used_again(things):
    for cron in kinds(things, "CronJob"):
        assert cron["spec"]["jobTemplate"]["spec"]["ttlSecondsAfterFinished"] <= 86400, name_of(cron)
