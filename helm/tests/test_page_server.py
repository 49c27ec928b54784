"""The page's nginx, as its image runs it, on a page of three files."""

import contextlib
import gzip
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from places import ROOT
from rendered import profile

POLICY = "default-src 'none'; script-src 'self'"
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
FOR_EVER = "public, max-age=31536000, immutable"


def headers_conf(directory, headers):
    """What the image's build makes of the page's headers.json."""
    (directory / "headers.json").write_text(json.dumps(headers))
    command = ["node", str(ROOT / "docker/frontend/headers.mjs"), str(directory / "headers.json")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Page:
    """nginx as the image runs it, with the image's configuration; only port and places differ."""

    def __init__(self, directory, locations="", trusted="", resolv=""):
        self.directory = directory
        for name, text in {"index.html": "<title>TaskHub</title>", "theme.js": "theme", "assets/a-1.js": "asset"}.items():
            path = directory / "page" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(text.encode()))
        (directory / "page/.vite").mkdir()
        (directory / "page/.vite/manifest.json").write_text("{}")
        (directory / "headers.conf").write_text(headers_conf(directory, HEADERS))
        (directory / "locations.d").mkdir()
        (directory / "resolv.conf").write_text(resolv)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (directory / "nginx.conf").write_text(self.placed("nginx.conf", "/tmp/", "listen 8080", "/srv/page"))
        (directory / "api-proxy.conf").write_text(self.placed("api-proxy.conf"))
        start = directory / "start-page"
        start.write_text(self.placed("start-page", "/tmp/", "/etc/resolv.conf", "listen [::]:8080"))
        if locations:
            (directory / "locations.d/api.conf").write_text(self.moved(locations))
        # As root it would give its work to a user who can't read the test's directory.
        user = " user root;" if os.geteuid() == 0 else ""
        command = ["sh", start, "-c", f"{directory}/nginx.conf", "-e", f"{directory}/error.log", "-g", f"daemon off;{user}"]
        environment = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin", "TRUSTED_PROXIES": trusted}
        self.server = subprocess.Popen(command, env=environment)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                assert self.server.poll() is None, (directory / "error.log").read_text()
                time.sleep(0.05)

    def moved(self, text):
        """A configuration's text, with the places of this run."""
        for old, new in {
            # First, as the test's own directory may lie there.
            "/tmp/": f"{self.directory}/", "listen 8080": f"listen 127.0.0.1:{self.port}", "/srv/page": f"{self.directory}/page",
            "/dev/stdout": f"{self.directory}/access.log", "/dev/stderr": f"{self.directory}/error.log",
            "listen [::]:8080": f"listen [::1]:{self.port}", "/etc/resolv.conf": f"{self.directory}/resolv.conf", "/etc/nginx/mime.types": "/mime.types",
        }.items():
            text = text.replace(old, new)
        return text.replace("/etc/nginx/", f"{self.directory}/").replace("/mime.types", "/etc/nginx/mime.types")

    def placed(self, name, *needed):
        text = (ROOT / "docker/frontend" / name).read_text()
        assert all(word in text for word in needed), name
        return self.moved(text)

    def __call__(self, path, **options):
        return ask(self.port, path, **options)

    def stop(self):
        self.server.terminate()
        self.server.wait()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    server = Page(tmp_path_factory.mktemp("page"))
    yield server
    server.stop()


def ask(port, path, method="GET", host="127.0.0.1", **headers):
    request = urllib.request.Request(f"http://{host}:{port}{path}", method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


@pytest.mark.parametrize("path", ["/", "/index.html", "/teams/ops/board", "/anything/without/a/dot"])
def test_what_is_not_a_file_is_the_pages_own(page, path):
    status, headers, body = page(path)
    assert (status, body) == (200, b"<title>TaskHub</title>")
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_what_is_named_by_its_content_is_kept(page):
    status, headers, _ = page("/assets/a-1.js")
    assert (status, headers["Cache-Control"]) == (200, FOR_EVER)
    status, headers, body = page("/assets/a-1.js", **{"Accept-Encoding": "gzip"})
    assert (headers["Content-Encoding"], gzip.decompress(body)) == ("gzip", b"asset")
    assert page("/theme.js")[1]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/gone-2.js", "/headers.json", "/.vite/manifest.json", "/favicon.ico", "/../nginx.conf"])
def test_a_file_that_is_not_there_is_not_made_up(page, path):
    status, headers, body = page(path)
    assert status in (400, 404) and b"TaskHub" not in body
    assert headers["Cache-Control"] != FOR_EVER, "a replica that is older may not have it yet"


@pytest.mark.parametrize("path", ["/", "/theme.js", "/assets/a-1.js", "/assets/gone-2.js", "/.vite/manifest.json"])
def test_every_answer_has_the_pages_headers(page, path):
    headers = page(path)[1]
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_it_says_that_it_lives_and_takes_no_post(page):
    assert page("/healthz")[0] == 200
    assert page("/", method="POST")[0] == 405


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists() or not Path("/proc/net/if_inet6").read_text(), reason="there is no IPv6 here")
def test_it_listens_on_both_families(page):
    for host in ("127.0.0.1", "[::1]"):
        assert page("/healthz", host=host)[0] == 200


def test_headers_that_nginx_would_read_otherwise_stop_the_build(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        headers_conf(tmp_path, {"X-Note": 'a "quoted" $word'})


@contextlib.contextmanager
def gateway(address, name):
    """Something that answers with its name and the headers it got; gives its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"gateway": name, **self.headers}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(address, Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Names(threading.Thread):
    """A DNS server that answers each question for an IPv4 address with `address`, and has no other."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.socket = address, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port, self.asked = self.socket.getsockname()[1], set()
        self.start()

    @staticmethod
    def name(labels):
        """What was asked for: each label comes after its length."""
        found = []
        while labels:
            found.append(labels[1:1 + labels[0]].decode())
            labels = labels[1 + labels[0]:]
        return ".".join(found)

    def run(self):
        while True:
            question, client = self.socket.recvfrom(512)
            end = question.index(b"\0", 12) + 5
            self.asked.add(self.name(question[12:end - 5]))
            wanted = question[end - 4:end - 2] == b"\0\1"
            answer = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(self.address) if wanted else b""
            self.socket.sendto(question[:2] + b"\x81\x80\0\1\0" + bytes([wanted]) + b"\0\0\0\0" + question[12:end] + answer, client)


def seen(page, **headers):
    return json.loads(page("/api/v1/status", **{name.replace("_", "-"): value for name, value in headers.items()})[2])


def test_the_gateways_new_address_is_followed(tmp_path):
    """A container that is made again has another address; nginx would keep the one of its start."""
    locations = (ROOT / "docker/frontend/api.conf").read_text()
    with gateway(("127.0.0.2", 0), "old") as port, gateway(("127.0.0.3", port), "new"):
        names = Names("127.0.0.2")
        (tmp_path / "old").mkdir()
        page = Page(tmp_path / "old", locations.replace("8080", str(port)), resolv=f"search example.org\nnameserver 127.0.0.1:{names.port}\n")
        try:
            assert "valid=5s" in (tmp_path / "old/resolver.conf").read_text()
            assert seen(page)["gateway"] == "old"
            names.address = "127.0.0.3"
            until = time.monotonic() + 20
            while seen(page)["gateway"] == "old":
                assert time.monotonic() < until
                time.sleep(0.2)
        finally:
            page.stop()


@pytest.mark.parametrize(("trusted", "proto", "expected"), [
    ("127.0.0.1", "https", "https"), ("10.0.0.0/8 127.0.0.0/8", "HTTPS,http", "https"), ("127.0.0.1", "gopher", "http"),
    ("127.0.0.1", "http, https", "http"), ("10.0.0.0/8", "https", "http"), ("", "https", "http"),
])
def test_a_trusted_proxys_word_is_kept(tmp_path, trusted, proto, expected):
    with gateway(("127.0.0.1", 0), "gateway") as port:
        locations = f"location ^~ /api {{ proxy_pass http://127.0.0.1:{port}; include /etc/nginx/api-proxy.conf; }}"
        page = Page(tmp_path, locations, trusted)
        try:
            headers = seen(page, X_Forwarded_Proto=proto, X_Forwarded_For="198.51.100.7", X_Forwarded_Host="tasks.example.org")
        finally:
            page.stop()
    assert headers["X-Forwarded-Proto"] == expected
    believed = "127" in trusted
    assert headers["X-Forwarded-For"] == ("198.51.100.7" if believed else "127.0.0.1")
    assert headers["X-Forwarded-Host"] == ("tasks.example.org" if believed else f"127.0.0.1:{page.port}")


@pytest.mark.parametrize("domain", ["cluster.local", "k8s.example.org"])
def test_the_chart_passes_api_on_without_an_ingress(tmp_path, domain):
    (config,) = (thing for thing in profile("minimal") if thing["kind"] == "ConfigMap" and thing["metadata"]["name"] == "frontend")
    names = Names("127.0.0.1")
    resolv = f"nameserver 127.0.0.1:{names.port}\nsearch taskhub.svc.{domain} svc.{domain} {domain} example.org\noptions ndots:5\n"
    with gateway(("127.0.0.1", 0), "gateway") as port:
        page = Page(tmp_path, config["data"]["api.conf"].replace(":8080", f":{port}"), resolv=resolv)
        try:
            assert not names.asked, "the page starts without DNS"
            assert seen(page)["gateway"] == "gateway"
            assert names.asked == {f"api.taskhub.svc.{domain}"}, "nginx has no search list"
        finally:
            page.stop()
