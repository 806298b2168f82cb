"""Known weaknesses of locked packages: `python -m deploy.audit LOCK` (`make audit`), which asks PyPI's advisories.

Exits 1 where one is known. Where the advisories cannot be had, which a machine without the network is no fault of, it
says so in a line and exits 0. Not part of `make check`: what is found depends on the day, not on the change.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PATIENCE = 300
"""Seconds that all of it may take."""
_COMMAND = ("-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")


def asked(lock: str) -> list[dict[str, Any]] | None:
    """Every package of a lock with what is known of it; None where nothing can be asked."""
    try:
        command = [sys.executable, *_COMMAND, "--requirement", lock]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


def told(packages: list[dict[str, Any]] | None) -> tuple[list[str], int]:
    """What is to be said of that, in lines, and the exit code."""
    known = [package for package in packages or [] if "skip_reason" not in package]
    if not known:
        return ["Not audited: the advisories of PyPI cannot be had from here."], 0
    weak = [(package, fault) for package in known for fault in package["vulns"]]
    lines = [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none'}"
        for package, fault in weak
    ]
    left = len(packages or []) - len(known)
    lines.append(
        f"{len(known)} packages audited, {len(weak)} known weaknesses" + f", {left} not known there" * bool(left)
    )
    return lines, int(bool(weak))


def main() -> None:
    """Audit the lock that is named."""
    lines, code = told(asked(sys.argv[1]))
    print("\n".join(lines))
    sys.exit(code)


if __name__ == "__main__":
    main()
