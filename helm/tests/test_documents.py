"""What the documents say is so."""

import re

import pytest

from configuration import write
from places import CHART, ROOT
from settings_of_services import SERVICES, variables
from test_values import VALUES

DOCUMENTS = [
    *(ROOT / "docs" / f"{name}.md" for name in (
        "install", "upgrade", "configuration", "networking-and-debugging", "scaling", "backup-and-restore", "security", "troubleshooting")),
    CHART / "README.md", ROOT / "docker/README.md", ROOT / "deploy/README.md",
]


def test_the_configuration_is_that_of_the_code():
    assert (ROOT / "docs/configuration.md").read_text() == write(), "run ./scripts/chart-check --write"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_values_and_variables_that_are_named_exist(path):
    text = path.read_text()
    for value in re.findall(r"--set(?:-string)? ([\w.-]+)=", text) + re.findall(r"`((?:global|ingress|networkPolicy|backup)\.[\w.]+)`", text):
        there = VALUES
        for part in value.split("."):
            assert part in there, f"{path.name}: {value}"
            there = there[part]
    known = set().union(*map(variables, SERVICES)) | {"TASKHUB__SECTION__KEY"}
    assert set(re.findall(r"TASKHUB__\w+__\w+", text)) <= known


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_jobs_made_by_hand_have_names_that_are_free(path):
    """A second `create job` with the same name fails while the first one's Job is there."""
    for name in re.findall(r"create job --from=cronjob/\S+ (\S+)", path.read_text()):
        assert name == '"$JOB"' or "$(date" in name, f"{path.name}: {name}"


def test_manifests_that_are_copied_are_all_there_is():
    """Dependencies are built from all manifests, so a crate that is added needs no change of the Dockerfile."""
    dockerfile = (ROOT / "docker/Dockerfile").read_text()
    for service in SERVICES:
        assert dockerfile.count(f"-p {service}") == 2
        assert f"AS {service}\n" in dockerfile
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"!Cargo.toml", "!Cargo.lock", "!crates", "!frontend", "!docker/frontend", "!docs/openapi.json"} <= set(ignored)
