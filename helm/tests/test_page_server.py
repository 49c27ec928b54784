"""The page's nginx, as its image runs it, on a page of three files."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from places import ROOT

POLICY = "default-src 'none'; script-src 'self'"
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
FOR_EVER = "public, max-age=31536000, immutable"


def headers_conf(directory, headers):
    """What the image's build makes of the page's headers.json."""
    (directory / "headers.json").write_text(json.dumps(headers))
    command = ["node", str(ROOT / "docker/frontend/headers.mjs"), str(directory / "headers.json")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A running nginx with the image's configuration; only port and places differ."""
    directory = tmp_path_factory.mktemp("page")
    for name, text in {"index.html": "<title>TaskHub</title>", "theme.js": "theme", "assets/a-1.js": "asset"}.items():
        path = directory / "page" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(text.encode()))
    (directory / "page/.vite").mkdir()
    (directory / "page/.vite/manifest.json").write_text("{}")
    (directory / "headers.conf").write_text(headers_conf(directory, HEADERS))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (ROOT / "docker/frontend/nginx.conf").read_text()
    for old, new in {
        # First, as the test's own directory may lie there.
        "/tmp/": f"{directory}/",
        "listen 8080": f"listen 127.0.0.1:{port}", "/srv/page": f"{directory}/page", "/etc/nginx/headers.conf": f"{directory}/headers.conf",
        "/dev/stdout": f"{directory}/access.log", "/dev/stderr": f"{directory}/error.log",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    (directory / "nginx.conf").write_text(text)
    # As root it would give its work to a user who can't read the test's directory.
    user = " user root;" if os.geteuid() == 0 else ""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    command = [nginx, "-c", f"{directory}/nginx.conf", "-e", f"{directory}/error.log", "-g", f"daemon off;{user}"]
    with subprocess.Popen(command) as server:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert server.poll() is None, (directory / "error.log").read_text()
                time.sleep(0.05)
        yield lambda path, **options: ask(port, path, **options)
        server.terminate()


def ask(port, path, method="GET", **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method, headers=headers)
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


def test_headers_that_nginx_would_read_otherwise_stop_the_build(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        headers_conf(tmp_path, {"X-Note": 'a "quoted" $word'})
