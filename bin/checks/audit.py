"""pip-audit over the lock files, where a vulnerability database is within reach."""

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

LOCK = Path("requirements.txt")
CANNOT_RUN_HERE = 75


def is_within_reach() -> bool:
    """Asked of one package that we have: a mirror may know releases but not their faults."""
    release = next(line.split()[0] for line in LOCK.read_text().splitlines() if line.startswith("django=="))
    try:
        with urlopen(f"https://pypi.org/pypi/{release.replace('==', '/')}/json", timeout=5) as answer:
            return '"vulnerabilities"' in answer.read().decode()
    except OSError:
        return False


def main() -> int:
    if not is_within_reach():
        print("no vulnerability database is within reach")
        return CANNOT_RUN_HERE
    audit = ("pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off")
    return subprocess.run((*audit, "-r", str(LOCK), "-r", "requirements-dev.txt"), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
