"""What helm makes of the chart, read as strictly as YAML can be."""

import functools
import subprocess

import yaml

from places import CHART, HELMS, KUBERNETES, MONITORING, PROFILES

RELEASE, NAMESPACE = "taskhub", "taskhub"


class StrictLoader(yaml.CSafeLoader):
    """YAML as it is written: a key that comes twice is an error, and no word is taken for a truth."""


def _mapping(loader, node, deep=False):
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise yaml.constructor.ConstructorError(None, None, f"comes twice: {twice}", node.start_mark)
    return loader.construct_mapping(node, deep=True)


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class Refused(Exception):
    """helm said no."""


def helm(which, *arguments, **options):
    """The output of a helm command."""
    done = subprocess.run([HELMS[which], *arguments], capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout


def template(which, *arguments, operator=False, **options):
    """The objects that `helm template` gives with these arguments."""
    known = [word for kind in MONITORING if operator for word in ("--api-versions", kind)]
    command = ["template", RELEASE, str(CHART), "--namespace", NAMESPACE, "--values", str(PROFILES["default"]), *known, *arguments]
    text = helm(which, *command, **options)
    return [found for found in yaml.load_all(text, StrictLoader) if found is not None]


@functools.cache
def profile(name, which="helm 4", operator=False):
    """The objects of one of the profiles in ci/; the same list for everybody, so only to be read."""
    return template(which, "--values", str(PROFILES[name]), "--kube-version", KUBERNETES[-1], operator=operator)


def name_of(thing):
    """Kind and name, as kubectl prints them."""
    return f"{thing['kind']}/{thing['metadata']['name']}"


def kinds(things, *wanted):
    """Those of these kinds."""
    return [thing for thing in things if thing["kind"] in wanted]


def pod_of(thing):
    """The pod template that an object holds: its metadata and spec; none if it holds none."""
    match thing["kind"]:
        case "Pod":
            return thing
        case "Deployment" | "StatefulSet" | "Job":
            return thing["spec"]["template"]
        case "CronJob":
            return thing["spec"]["jobTemplate"]["spec"]["template"]


def pods(things):
    """(name, metadata and spec) of each pod template."""
    return [(name_of(thing), pod) for thing in things if (pod := pod_of(thing))]


def containers(pod):
    """All containers of a pod."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def environment(container):
    """Variable → its entry."""
    return {entry["name"]: entry for entry in container.get("env", [])}


def matches(selector, labels):
    """Whether labels are selected (matchLabels, and In of matchExpressions)."""
    wanted = selector.get("matchLabels", {})
    expressions = selector.get("matchExpressions", [])
    assert all(expression["operator"] == "In" for expression in expressions)
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        labels.get(expression["key"]) in expression["values"] for expression in expressions
    )
