"""Runs the steps two at a time, tells each one's name and time, and shows everything that failed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from steps import STEPS, Step

AT_ONCE = 2
SKIPPED = 75
"""What a step exits with when it can't run here (EX_TEMPFAIL): said, not failed."""


@dataclass(frozen=True)
class Result:
    step: Step
    code: int
    output: str
    seconds: float

    @property
    def verdict(self) -> str:
        return {0: "ok", SKIPPED: "SKIPPED"}.get(self.code, "FAILED")


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - {step.name for step in STEPS}
    if unknown:
        print(f"No such step: {', '.join(sorted(unknown))}. There are: {', '.join(step.name for step in STEPS)}")
        return 2
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(run, [step for step in STEPS if not wanted or step.name in wanted]))
    failed = [result for result in results if result.verdict == "FAILED"]
    for result in failed:
        print(f"\n--- {result.step.name}: {' '.join(result.step.command)}\n{result.output}")
    print(f"\n{len(failed)} of {len(results)} checks failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def run(step: Step) -> Result:
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )
    result = Result(step, done.returncode, done.stdout.strip(), time.monotonic() - began)
    why = f"  ({result.output.splitlines()[-1]})" if result.verdict == "SKIPPED" and result.output else ""
    print(f"{result.verdict:8}{result.seconds:6.1f} s  {step.name:14}{step.what}{why}", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
