"""The chart renders, the same with helm 3 and helm 4, and refuses what makes no sense."""

import pytest

from places import CHART, HELMS, KUBERNETES, PROFILES
from rendered import Refused, helm, kinds, name_of, profile, template


@pytest.mark.parametrize("which", HELMS)
@pytest.mark.parametrize("name", PROFILES)
def test_lint(which, name):
    said = helm(which, "lint", "--strict", str(CHART), "--values", str(PROFILES[name]))
    assert "0 chart(s) failed" in said


def without_secrets(things):
    """What isn't made at random."""
    return {name_of(thing): thing for thing in things if thing["kind"] != "Secret"}


@pytest.mark.parametrize("operator", [False, True])
@pytest.mark.parametrize("name", PROFILES)
def test_helm_3_and_helm_4_agree(name, operator):
    three, four = (without_secrets(profile(name, which, operator)) for which in HELMS)
    assert three.keys() == four.keys()
    for thing in three:
        assert three[thing] == four[thing], thing


def test_nothing_but_secrets_changes_from_one_rendering_to_the_next():
    profile.cache_clear()
    first = without_secrets(profile("everything"))
    profile.cache_clear()
    assert without_secrets(profile("everything")) == first


def test_names_are_used_once(things):
    names = [(thing["apiVersion"], name_of(thing)) for thing in things]
    assert sorted(names) == sorted(set(names))


def test_the_names_in_the_cluster_are_those_that_the_design_promises():
    services = {thing["metadata"]["name"] for thing in kinds(profile("default"), "Service")}
    assert services >= {"api", "auth-service", "task-service", "worker", "frontend", "postgres", "redis"}
    prefixed = {thing["metadata"]["name"] for thing in profile("everything")}
    assert all(name.startswith("blue-") for name in prefixed)


@pytest.mark.parametrize("version", ["1.29.0", KUBERNETES[0] + ".0", KUBERNETES[1] + ".0"])
def test_versions_of_kubernetes(version):
    if version == "1.29.0":
        with pytest.raises(Refused, match="1.30"):
            template("helm 4", "--kube-version", version)
    else:
        assert template("helm 4", "--kube-version", version)


@pytest.mark.parametrize(("values", "says"), [
    ("global.database.kind=external", "global.database.host"),
    ("global.database.kind=external,global.database.host=db", "global.database.kind is external"),
    ("global.redis.kind=external", "global.redis.host"),
    ("global.redis.kind=external,global.redis.host=redis", "global.redis.kind is external"),
    ("global.tracing.endpoint=http://tempo:4318", "networkPolicy.peers.tracing"),
    ("global.database.kind=sqlite", "global"),
    ("worker.replcas=3", "replcas"),
    ("worker.image.tga=3", "tga"),
    ("global.secrets.values.masterKey=short", "masterKey"),
    ("global.secrets.values.redisPassword=a/b", "redisPassword"),
    ("networkPolicy.peers.ingress=null", "peers"),
    ("global.databse.kind=external", "global.databse"),
    ("global.taskhubImages.registry=", "global.taskhubImages.registry"),
    ("httpRoute.enabled=true", "httpRoute.parentRefs"),
    (f"global.database.name={'n' * 41}", "database"),
    ("worker.extraEnv[0].name=TASKHUB__LOG__FORMAT,worker.extraEnv[0].value=pretty", "TASKHUB__LOG__FORMAT is set by the chart already"),
    ("frontend.extraEnv[0].name=A,frontend.extraEnv[1].name=A", "frontend.extraEnv: A is set"),
    ("migrate.extraEnv[0].name=ADMIN_PASSWORD", "migrate.extraEnv: ADMIN_PASSWORD"),
    ("backup.extraEnv[0].name=PGHOST", "backup.extraEnv: PGHOST"),
    ("backup.image.repository=postgres", "backup.image: give a tag"),
])
@pytest.mark.parametrize("which", HELMS)
def test_what_makes_no_sense_is_refused_and_named(which, values, says):
    with pytest.raises(Refused) as refused:
        template(which, "--set", values)
    assert says in str(refused.value)


def test_rules_and_dashboards_are_those_of_the_files():
    things = profile("default", operator=True)
    rules = {path.stem for path in (CHART / "files/rules").glob("*.yaml")}
    made = {thing["metadata"]["name"] for thing in kinds(things, "PrometheusRule")}
    assert made == {f"taskhub-{rule}" for rule in rules}
    dashboards = {path.name: path.read_text() for path in (CHART / "files/dashboards").glob("*.json")}
    data = {}
    for thing in kinds(things, "ConfigMap"):
        if thing["metadata"]["labels"].get("grafana_dashboard") == "1":
            data |= thing["data"]
    assert {name: text.strip() for name, text in data.items()} == {name: text.strip() for name, text in dashboards.items()}
    assert not kinds(profile("default"), "ServiceMonitor", "PrometheusRule"), "no kinds that the cluster doesn't know"
    assert len(kinds(things, "ServiceMonitor")) == 1
