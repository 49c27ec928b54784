"""Every object holds against its schema, strictly; a kind that has none is an error."""

import copy
import functools
import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from cloudcoil.models.prometheus_operator import v1 as operator_kinds
from referencing import Registry
from referencing.jsonschema import DRAFT7

from places import KUBERNETES
from rendered import kinds, name_of, profile

HERE = Path(__file__).parent


def closed(schema):
    """The same schema in which no object may have a member that isn't named."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        return schema
    return [closed(value) for value in schema] if isinstance(schema, list) else schema


@functools.cache
def definitions(folder):
    """What the schemas of one version refer to, all in one file."""
    text = (folder / "_definitions.json").read_text()
    found = DRAFT7.create_resource({key: value for key, value in json.loads(text).items() if key != "$id"})
    return Registry(retrieve=lambda _: found)


@functools.cache
def validator(api_version, kind, kubernetes):
    """What checks objects of this kind."""
    if api_version.startswith("monitoring.coreos.com/"):
        schema = closed(getattr(operator_kinds, kind).model_json_schema(by_alias=True))
        return jsonschema.Draft202012Validator(schema)
    if api_version == "postgresql.cnpg.io/v1":
        return jsonschema.Draft202012Validator(json.loads((HERE / f"schemas/cnpg-{kind.lower()}.json").read_text()))
    if api_version == "gateway.networking.k8s.io/v1":
        return jsonschema.Draft202012Validator(json.loads((HERE / f"schemas/gateway-{kind.lower()}.json").read_text()))
    group, _, version = api_version.rpartition("/")
    group = group.removesuffix(".k8s.io")
    name = "-".join(part for part in (kind.lower(), group.split(".")[0], version) if part)
    folder = resources.files("kubernetes_validate") / f"kubernetes-json-schema/v{kubernetes}.0-local-strict"
    path = folder / f"{name}.json"
    assert path.is_file(), f"no schema of {api_version} {kind}"
    return jsonschema.Draft7Validator(json.loads(path.read_text()), registry=definitions(folder))


def wrong(thing, kubernetes=KUBERNETES[-1]):
    """What is wrong with an object, in words."""
    found = validator(thing["apiVersion"], thing["kind"], kubernetes).iter_errors(thing)
    return [f"{name_of(thing)}: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


@pytest.mark.parametrize("kubernetes", KUBERNETES)
def test_every_object_holds(things, kubernetes):
    assert [error for thing in things for error in wrong(thing, kubernetes)] == []


def test_the_check_sees_what_is_wrong():
    deployment = copy.deepcopy(kinds(profile("default"), "Deployment")[0])
    deployment["spec"]["template"]["spec"]["containers"][0]["livnessProbe"] = {}
    assert wrong(deployment)
    monitor = copy.deepcopy(kinds(profile("default", operator=True), "ServiceMonitor")[0])
    monitor["spec"]["endpoints"][0]["intervall"] = "15s"
    assert wrong(monitor)
    with pytest.raises(AssertionError, match="no schema"):
        wrong({"apiVersion": "apps/v1", "kind": "Deploiment", "metadata": {"name": "a"}})
