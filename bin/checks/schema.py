"""The committed OpenAPI schema is what the code says."""

import difflib
import subprocess
import sys
from pathlib import Path

COMMITTED = Path("docs/api/openapi.yaml")
GENERATE = ("python", "manage.py", "spectacular", "--validate", "--fail-on-warn")
SHOWN_LINES = 60


def main() -> int:
    made = subprocess.run(GENERATE, capture_output=True, text=True, check=False)
    if made.returncode:
        print(made.stderr)
        return 1
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    texts = committed.splitlines(), made.stdout.splitlines()
    difference = list(difflib.unified_diff(*texts, "committed", "code", lineterm=""))
    if difference:
        print("\n".join(difference[:SHOWN_LINES]))
        print(f"If this is meant: bin/with-services {' '.join(GENERATE)} --file {COMMITTED}")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
