"""The release workflow and docker/bake.json: what a wrong name or order there would only show on the day of a release."""

import json
import re
import subprocess

import yaml

from places import CHART, ROOT
from settings_of_services import SERVICES

WORKFLOWS = ROOT / ".github/workflows"
RELEASE = yaml.safe_load((WORKFLOWS / "release.yml").read_text())
BAKE = json.loads((ROOT / "docker/bake.json").read_text())
IMAGES = {*SERVICES, "frontend"}


def steps(job):
    return RELEASE["jobs"][job]["steps"]


def run_of(job, word):
    (found,) = (step["run"] for step in steps(job) if word in step.get("run", ""))
    return found


def test_nothing_is_published_before_the_tests_have_passed():
    called = {name: job["uses"].rpartition("/")[2] for name, job in RELEASE["jobs"].items() if "uses" in job}
    assert set(called.values()) == {"ci.yml", "chart.yml"}
    assert set(RELEASE["jobs"]["publish"]["needs"]) == {*called, "images"}
    groups = set()
    for name in called.values():
        workflow = yaml.safe_load((WORKFLOWS / name).read_text())
        # YAML 1.1 reads the key `on` as true.
        assert "workflow_call" in workflow[True], name
        groups.add(workflow["concurrency"]["group"])
    assert len(groups) == 2 and "github.workflow" not in "".join(groups), "one would cancel the other"
    assert all("--tag" not in json.dumps(step) for step in steps("images")), "images have no name before that"


def test_names_of_images_have_no_capitals():
    for job in ("images", "publish"):
        command = run_of(job, "GITHUB_ENV").replace('>>"$GITHUB_ENV"', "")
        done = subprocess.run(["bash", "-c", command], env={"OWNER": "ACME-Inc", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "REGISTRY=ghcr.io/acme-inc"
    assert "github.repository_owner }}" not in json.dumps(RELEASE).replace('"OWNER": "${{ github.repository_owner }}"', "")


def test_services_are_compiled_once_and_each_image_has_its_own_cache():
    assert set(BAKE["group"]["services"]["targets"]) == set(SERVICES)
    built = [entry["targets"] for entry in RELEASE["jobs"]["images"]["strategy"]["matrix"]["include"]]
    assert sorted(built) == ["frontend", "frontend", "services", "services"], "one call for each architecture"
    targets = {name: target for name, target in BAKE["target"].items() if name in IMAGES}
    assert targets.keys() == IMAGES
    scopes = [re.search(r"scope=(.*)", target["cache-to"][0])[1] for target in targets.values()]
    assert len(set(scopes)) == len(IMAGES) and all("${ARCH}" in scope for scope in scopes)
    for name, target in targets.items():
        stage = (ROOT / ("docker/frontend/Dockerfile" if name == "frontend" else "docker/Dockerfile")).read_text()
        assert f" AS {target['target']}\n" in stage and target["target"] == name
        assert f"name=${{REGISTRY}}/taskhub/{name}," in target["output"][0]
    assert "type=sbom" in BAKE["target"]["all"]["attest"]


def test_the_chart_of_a_release_names_its_registry(tmp_path):
    (tmp_path / "helm/taskhub").mkdir(parents=True)
    values = tmp_path / "helm/taskhub/values.yaml"
    values.write_text((CHART / "values.yaml").read_text())
    script = "\n".join(line for line in run_of("publish", "helm package").splitlines() if "values.yaml" in line)
    subprocess.run(["bash", "-euc", script], cwd=tmp_path, env={"REGISTRY": "ghcr.io/acme", "PATH": "/usr/bin:/bin"}, check=True)
    before, after = (yaml.safe_load(path.read_text()) for path in (CHART / "values.yaml", values))
    assert after["global"]["taskhubImages"].pop("registry") == "ghcr.io/acme"
    assert before["global"]["taskhubImages"].pop("registry") == ""
    assert after == before


def test_a_release_has_sboms_and_checksums():
    assert ".spdx.json" in run_of("publish", "imagetools create")
    release = run_of("publish", "gh release create")
    assert "sha256sum" in release and "SHA256SUMS" in release.partition("gh release create")[2]
