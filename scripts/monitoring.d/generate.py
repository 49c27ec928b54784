"""Writes what is generated of rules and dashboards into the chart; with --check it only says whether that is up to date."""

import sys
from pathlib import Path

import dashboards
import objectives

FILES = Path(__file__).resolve().parents[2] / "helm/taskhub/files"


def generated() -> dict[Path, str]:
    files = {FILES / f"dashboards/{board.uid}.json": board.text() for board in dashboards.ALL}
    return {FILES / "rules/objectives.yaml": objectives.rules(), **files}


def main() -> None:
    wanted = generated()
    stale = {path: text for path, text in wanted.items() if not path.is_file() or path.read_text() != text}
    left_over = set((FILES / "dashboards").glob("*.json")) - set(wanted)
    if "--check" in sys.argv[1:]:
        if stale or left_over:
            names = ", ".join(sorted(path.name for path in {*stale, *left_over}))
            raise SystemExit(f"not as generated: {names}; run python3 scripts/monitoring.d/generate.py")
        return
    for path in left_over:
        path.unlink()
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


main()
