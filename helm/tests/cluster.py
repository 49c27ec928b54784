"""As much of a Kubernetes API as helm asks for when it looks up what is there: the only way to see `lookup` at work offline."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import yaml

# Group and version → the kinds that the chart makes of it. helm 4 wants to know them all before it looks up anything.
KINDS = {
    "v1": ("ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount"),
    "apps/v1": ("Deployment", "StatefulSet"),
    "autoscaling/v2": ("HorizontalPodAutoscaler",),
    "batch/v1": ("CronJob", "Job"),
    "networking.k8s.io/v1": ("Ingress", "NetworkPolicy"),
    "policy/v1": ("PodDisruptionBudget",),
}
PLURALS = {kind: kind.lower() + ("es" if kind.endswith("ss") else "s") for kinds in KINDS.values() for kind in kinds}
PLURALS["NetworkPolicy"] = "networkpolicies"


def group(name):
    """An API group, as discovery lists it."""
    version = {"groupVersion": name, "version": name.partition("/")[2]}
    return {"name": name.partition("/")[0], "versions": [version], "preferredVersion": version}


def resources(name):
    """What a group's version has, as discovery lists it."""
    found = [{"name": PLURALS[kind], "kind": kind, "namespaced": True, "verbs": ["get"]} for kind in KINDS[name]]
    return {"kind": "APIResourceList", "groupVersion": name, "resources": found}


@contextlib.contextmanager
def cluster(directory, *objects):
    """A kubeconfig of a cluster in which there are these objects, and no others."""
    there = {(thing["kind"], thing["metadata"]["namespace"], thing["metadata"]["name"]): thing for thing in objects}

    class Api(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.partition("?")[0]
            match path.strip("/").split("/"):
                case ["version"]:
                    self.answer({"major": "1", "minor": "37", "gitVersion": "v1.37.0"})
                case ["api"]:
                    self.answer({"kind": "APIVersions", "versions": ["v1"]})
                case ["apis"]:
                    self.answer({"kind": "APIGroupList", "apiVersion": "v1", "groups": [group(name) for name in KINDS if "/" in name]})
                case ["api", "v1"]:
                    self.answer(resources("v1"))
                case ["apis", name, version]:
                    self.answer(resources(f"{name}/{version}"))
                case ["api", "v1", "namespaces", namespace, plural, name]:
                    found = there.get((next(kind for kind in PLURALS if PLURALS[kind] == plural), namespace, name))
                    missing = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
                    self.answer(found or missing, 200 if found else 404)
                case _:
                    self.answer({"kind": "Status", "status": "Failure", "code": 404, "message": path}, 404)

        def answer(self, body, status=200):
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = directory / "kubeconfig"
    config.write_text(yaml.dump({
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        "users": [{"name": "test", "user": {}}],
    }))
    try:
        yield str(config)
    finally:
        server.shutdown()
        server.server_close()
