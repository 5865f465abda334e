from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    name: str
    what: str
    command: tuple[str, ...]


def manage(*arguments: str) -> tuple[str, ...]:
    return ("python", "manage.py", *arguments)


def shell(line: str) -> tuple[str, ...]:
    return ("sh", "-c", line)


TEMPLATES = "find templates */templates -name '*.html' 2>/dev/null"

# The long one first, so that the others run beside it.
STEPS = (
    Step("types", "mypy --strict over the whole house", ("mypy",)),
    Step("format", "ruff format", ("ruff", "format", "--check", ".")),
    Step("lint", "ruff check", ("ruff", "check", ".")),
    Step("architecture", "imports go down only", ("lint-imports",)),
    Step("shell", "the programs in bin/ parse", shell("for f in bin/* .ci/run; do sh -n $f || exit 1; done 2>&1")),
    Step("templates", "djade: format", shell(f"{TEMPLATES} | xargs djade --check --target-version 5.2")),
    Step("markup", "djlint: mistakes", shell(f"{TEMPLATES} | xargs djlint --lint --quiet")),
    Step("django", "manage.py check", manage("check", "--fail-level", "WARNING")),
    Step("migrations", "none is missing", manage("makemigrations", "--check", "--dry-run")),
    Step("schema", "docs/api/openapi.yaml is what the code says", ("python", "bin/checks/schema.py")),
    Step("catalogues", "every text is translated", manage("check_catalogues")),
    Step("dependencies", "deptry: used are declared, declared are used", ("deptry", "--no-ansi", ".")),
    Step("audit", "pip-audit: known vulnerabilities", ("python", "bin/checks/audit.py")),
    Step("javascript", "node --test", ("sh", "bin/checks/javascript.sh")),
)
