"""values.yaml, its schema and its table in the README go together."""

import json

import jsonschema
import pytest
import yaml

from places import CHART
from rendered import StrictLoader

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
VALUES = yaml.load((CHART / "values.yaml").read_text(), StrictLoader)
FREE = {"affinity", "backup", "podSelector", "namespaceSelector", "ipBlock", "global"}


def resolved(schema):
    return SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def objects(schema, path=()):
    """(path, schema) of each object that the schema describes."""
    schema = resolved(schema)
    if schema.get("type") == "object":
        yield path, schema
        for name, inner in schema.get("properties", {}).items():
            yield from objects(inner, (*path, name))
    if "items" in schema:
        yield from objects(schema["items"], (*path, "[]"))


def test_the_schema_is_a_schema_and_the_values_hold():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(VALUES)


def test_no_object_takes_what_it_does_not_know():
    for path, schema in objects(SCHEMA):
        if path == ("global",):
            assert schema["additionalProperties"] is True, "a parent chart has globals of its own"
        elif "properties" in schema:
            assert schema["additionalProperties"] is False, path
        elif path[-1] not in FREE | {"[]", "ports"}:
            assert isinstance(schema["additionalProperties"], dict), path


def test_every_key_of_the_schema_has_its_default():
    for path, schema in objects(SCHEMA):
        if "[]" in path or "properties" not in schema:
            continue
        there = VALUES
        for part in path:
            there = there.get(part, {})
        # `enabled` is a parent chart's condition; `ephemeral-storage` is unset by default.
        assert there.keys() >= schema["properties"].keys() - {"ephemeral-storage"} - ({"enabled"} if path == () else set()), path


def test_the_check_of_globals_knows_those_of_the_schema():
    known = (CHART / "templates/checks.yaml").read_text().partition("$known := list")[2].partition("}}")[0]
    assert {word.strip('"') for word in known.split()} == SCHEMA["properties"]["global"]["properties"].keys()


def test_versions_go_together():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["version"] == chart["appVersion"]
    assert f'version = "{chart["appVersion"]}"' in (CHART.parents[1] / "Cargo.toml").read_text()
