"""deploy/microk8s/install.sh says what it needs before it changes anything."""

import os
import subprocess

import pytest

from places import ROOT

ENOUGH = "MemTotal: 8000000 kB\n"


def check(directory, programs, memory=ENOUGH, arguments=("--check",), **environment):
    """Runs it where only these programs are there, besides the system's basic ones; each leaves a note when it runs."""
    binaries = directory / "bin"
    binaries.mkdir()
    for name in ("bash", "awk", "df", "tail", "dirname", "sed", "printf", "id"):
        path = next(path for path in (f"/usr/bin/{name}", f"/bin/{name}") if os.path.exists(path))
        (binaries / name).symlink_to(path)
    for name in programs:
        (binaries / name).write_text(f"#!/bin/sh\necho {name} $* >>{directory}/ran\n")
        (binaries / name).chmod(0o755)
    # The disk of the machine that tests isn't what is tested.
    (binaries / "df").unlink()
    (binaries / "df").write_text("#!/bin/sh\nprintf 'Avail\\n40000\\n'\n")
    (binaries / "df").chmod(0o755)
    (directory / "meminfo").write_text(memory)
    variables = {"PATH": str(binaries), "MEMINFO": f"{directory}/meminfo", **environment}
    done = subprocess.run(["bash", ROOT / "deploy/microk8s/install.sh", *arguments], env=variables, capture_output=True, text=True, check=False)
    ran = (directory / "ran").read_text() if (directory / "ran").exists() else ""
    return done, ran


@pytest.mark.skipif(os.geteuid() != 0, reason="it wants to be root")
def test_nothing_is_missing(tmp_path):
    done, ran = check(tmp_path, ["snap", "buildah"])
    assert (done.returncode, ran) == (0, ""), done.stderr


@pytest.mark.parametrize(("programs", "memory", "says"), [
    ([], ENOUGH, ["snap, which brings MicroK8s", "docker, or buildah"]),
    (["snap"], ENOUGH, ["docker, or buildah"]),
    (["snap", "buildah"], "MemTotal: 2000000 kB\n", ["4 GB of memory: this machine has 1953 MB"]),
])
def test_all_that_is_missing_is_named_and_nothing_installed(tmp_path, programs, memory, says):
    done, ran = check(tmp_path, programs, memory, arguments=())
    assert done.returncode == 1 and "nothing was installed" in done.stderr
    assert all(f"missing: {word}" in done.stderr or word in done.stderr for word in says)
    assert ran == ""
