"""Everything is forbidden but for the arrows, and each arrow is needed."""

import pytest

from rendered import kinds, matches, name_of, pods, profile

HTTP, METRICS, POSTGRES, REDIS = 8080, 9090, 5432, 6379


def pods_by_component(things):
    found = {pod["metadata"]["labels"]["app.kubernetes.io/component"]: pod["metadata"]["labels"] for _, pod in pods(things)}
    if kinds(things, "Cluster"):
        found["postgresql"] = {"cnpg.io/cluster": "postgres"}
    return found


def allowed(things):
    """(from, to, port) between our components, as far as both ends' policies allow it."""
    components = pods_by_component(things)

    def ends(direction, key):
        found = set()
        for policy in kinds(things, "NetworkPolicy"):
            here = [name for name, labels in components.items() if matches(policy["spec"]["podSelector"], labels)]
            for rule in policy["spec"].get(direction, []):
                for peer in rule[key]:
                    if peer.keys() == {"podSelector"}:
                        there = [name for name, labels in components.items() if matches(peer["podSelector"], labels)]
                        found |= {(a, b, port["port"]) for a in here for b in there for port in rule["ports"]}
        return found

    into = {(source, target, port) for target, source, port in ends("ingress", "from")}
    return into & ends("egress", "to"), into, ends("egress", "to")


DESIGN = {
    ("api-gateway", "auth-service", HTTP), ("api-gateway", "task-service", HTTP), ("api-gateway", "worker", HTTP),
    ("task-service", "auth-service", HTTP), ("worker", "auth-service", HTTP),
    ("test", "api-gateway", HTTP), ("test", "frontend", HTTP), ("frontend", "api-gateway", HTTP),
}
DATABASE = {(source, "postgresql", POSTGRES) for source in ("auth-service", "task-service", "worker", "migrate", "backup")}
BROKER = {("worker", "redis", REDIS)}


@pytest.mark.parametrize(("name", "arrows"), [
    ("default", DESIGN | DATABASE | BROKER),
    ("everything", DESIGN | DATABASE | BROKER),
    ("external", DESIGN),
    ("cloudnativepg", DESIGN | DATABASE | BROKER),
])
def test_who_may_speak_to_whom(name, arrows):
    both, into, out = allowed(profile(name))
    assert both == arrows
    # What only one end allows would look like an arrow and be none; CloudNativePG's pods have no policy for going out.
    assert {arrow for arrow in into ^ out if "postgresql" != arrow[0]} == set()


def test_every_pod_is_closed_both_ways(things):
    policies = kinds(things, "NetworkPolicy")
    if not policies:
        return
    (deny,) = (policy for policy in policies if policy["metadata"]["name"].endswith("default-deny"))
    assert (deny["spec"]["ingress"], deny["spec"]["egress"]) == ([], [])
    assert set(deny["spec"]["policyTypes"]) == {"Ingress", "Egress"}
    for name, pod in pods(things):
        assert matches(deny["spec"]["podSelector"], pod["metadata"]["labels"]), name


def test_no_rule_is_open_by_being_empty(things):
    for policy in kinds(things, "NetworkPolicy"):
        for direction, key in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction, []):
                assert rule.get(key) and rule.get("ports"), name_of(policy)
                assert all(rule[key]), name_of(policy)


def test_only_what_was_asked_for_may_go_out_into_the_world(things):
    for policy in kinds(things, "NetworkPolicy"):
        for rule in policy["spec"].get("egress", []):
            for peer in rule["to"]:
                if peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0":
                    assert policy["metadata"]["name"] == "blue-out-to-the-world"


def test_names_can_be_looked_up_and_metrics_read():
    things = profile("default")
    named = {policy["metadata"]["name"]: policy["spec"] for policy in kinds(things, "NetworkPolicy")}
    (dns,) = named["out-to-dns"]["egress"]
    assert {(port["protocol"], port["port"]) for port in dns["ports"]} == {("UDP", 53), ("TCP", 53)}
    components = pods_by_component(things)
    who = {name for name, labels in components.items() if matches(named["out-to-dns"]["podSelector"], labels)}
    assert who == components.keys() - {"postgresql", "redis"}
    (metrics,) = named["into-metrics"]["ingress"]
    assert [port["port"] for port in metrics["ports"]] == [METRICS]
    (ingress,) = named["into-ingress-api"]["ingress"]
    who = {name for name, labels in components.items() if matches(named["into-ingress-api"]["podSelector"], labels)}
    assert (who, [port["port"] for port in ingress["ports"]]) == ({"api-gateway", "frontend"}, [HTTP])
