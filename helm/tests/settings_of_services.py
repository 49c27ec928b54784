"""The settings that each service has, read from its code: the sections in settings.rs, keys and defaults in settings.toml."""

import re
import tomllib

from places import ROOT

SERVICES = ("api-gateway", "auth-service", "task-service", "worker")
SHARED = ROOT / "crates/platform/settings.toml"
STRUCT = re.compile(r"pub struct (\w+) \{(.*?)\n\}", re.DOTALL)
FIELD = re.compile(r"^    pub (\w+): (?:Option<)?(\w+)", re.MULTILINE)


def own_defaults(service):
    """The service's settings.toml."""
    folder = ROOT / "crates" / service
    return next(path for path in (folder / "src/settings.toml", folder / "settings.toml") if path.is_file())


def fields(service):
    """section → its keys, as the structs of the code say."""
    sources = (ROOT / "crates/platform/src/settings.rs", ROOT / "crates" / service / "src/settings.rs")
    structs = {name: FIELD.findall(body) for path in sources for name, body in STRUCT.findall(path.read_text())}
    return {section: [key for key, _ in structs[kind]] for section, kind in structs["Settings"]}


def defaults(service):
    """section → key → default, those of the service on top of those of all."""
    merged = {}
    for path in (SHARED, own_defaults(service)):
        for section, keys in tomllib.loads(path.read_text()).items():
            merged.setdefault(section, {}).update(keys)
    return {section: merged.get(section, {}) for section in fields(service)}


def variables(service):
    """All that the service takes from its environment."""
    return {f"TASKHUB__{section}__{key}".upper() for section, keys in fields(service).items() for key in keys}
