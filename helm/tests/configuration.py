"""Writes docs/configuration.md: every setting of every service, from the files that the services are built with."""

import json
import re
import tomllib

from places import ROOT
from settings_of_services import FIELD, SERVICES, SHARED, STRUCT, fields, own_defaults

DOC = re.compile(r"((?:    /// .*\n)*)(?:    #\[.*\]\n)*    pub (\w+):")
HEAD = """# Configuration

<!-- Written by ./scripts/chart-check --write from the services' settings.toml and settings.rs; the tests compare. -->

Each service has defaults in its binary. A file given with `--settings FILE` (TOML, sections as below) overrides them, and
the environment overrides both: `TASKHUB__SECTION__KEY`. A setting that is wrong, missing or unknown stops the start with one
line that names it; a section that belongs to another service is passed over, so that one environment can serve all.

With the chart, write settings under the service's `settings`; it makes the variables of them:

```yaml
task-service:
  settings:
    lists: {cache_mib: 64}     # TASKHUB__LISTS__CACHE_MIB=64
    log: {level: debug}
```

The chart itself sets `auth.jwks_url`, `upstreams.*`, `database.url`, `redis.url`, `tokens.master_key`, `log.format` (`json`)
and `http.drain_delay_ms` (1500). URLs and keys hold secrets, so they come from a Secret and not from `settings`; the other
[values](../helm/taskhub/README.md) are the chart's own. Beside the settings there is `OTEL_EXPORTER_OTLP_ENDPOINT`: where
traces go, as OTLP over HTTP; without it there are none.
"""


def comments(path):
    """(section, key) → the comment right above the key."""
    found, section, block = {}, None, []
    for line in path.read_text().splitlines():
        if line.startswith("#"):
            block.append(line.lstrip("# "))
        elif match := re.match(r"\[(\w+)\]", line):
            section = match[1]
            block = []
        elif match := re.match(r"(\w+) *=", line):
            found[section, match[1]] = " ".join(block)
            block = []
        else:
            block = []
    return found


def documented(service):
    """(section, key) → the comment in settings.rs, which tells of each field by itself."""
    sources = (ROOT / "crates/platform/src/settings.rs", ROOT / "crates" / service / "src/settings.rs")
    structs = {name: body for path in sources for name, body in STRUCT.findall(path.read_text())}
    sections = dict(FIELD.findall(structs["Settings"]))
    docs = {}
    for section, kind in sections.items():
        for comment, key in DOC.findall(structs[kind] + "\n"):
            docs[section, key] = " ".join(line.strip("/ ") for line in comment.splitlines())
    return docs


def table(rows):
    lines = ["| variable | default | what it is |", "|---|---|---|"]
    lines += [f"| `{name}` | {default} | {what} |" for name, default, what in rows]
    return "\n".join(lines)


def row(section, key, default, what):
    shown = "–" if default is None else f"`{json.dumps(default) if isinstance(default, (str, bool)) else default}`"
    return f"TASKHUB__{section}__{key}".upper(), shown, what.replace("|", "\\|")


def rows(service, path, wanted):
    """The table's rows of those settings for which `wanted(section, key)` holds."""
    given, said, docs = tomllib.loads(path.read_text()), comments(path), documented(service)
    for section, keys in fields(service).items():
        for key in keys:
            if wanted(section, key):
                default = given.get(section, {}).get(key)
                what = said.get((section, key), "")
                # A sentence that goes on over two keys reads better from the code.
                if not what or "..." in what or key not in given.get(section, {}):
                    what = docs[section, key]
                yield row(section, key, default, what)


def shared_rows():
    shared = tomllib.loads(SHARED.read_text())
    seen = set()
    for service in SERVICES:
        for name, default, what in rows(service, SHARED, lambda section, _: section in shared):
            if name not in seen:
                seen.add(name)
                yield name, default, what


def write():
    """The whole document."""
    shared = tomllib.loads(SHARED.read_text())
    parts = [HEAD, "## All services\n", "`database` is read by the three with a schema, `redis` by worker alone.\n"]
    parts.append(table(sorted(shared_rows(), key=lambda entry: list(shared).index(entry[0].split("__")[1].lower()))))
    for service in SERVICES:
        own = tomllib.loads(own_defaults(service).read_text())
        parts.append(f"\n## {service}\n")
        parts.append("Its own settings, and defaults that differ from the above.\n")
        mine = lambda section, key: section not in shared or key in own.get(section, {})  # noqa: E731
        parts.append(table(rows(service, own_defaults(service), mine)))
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(write(), end="")
