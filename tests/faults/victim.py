"""A worker's sender in a process that is there to be killed: ``python -m tests.faults.victim key``.

Django is loaded once; for each line of input a child is forked that sends whatever is due, until the next line has it
killed. Says the child's id, and ``killed``.
"""

import os
import signal
import sys
import time


def main(known_by: str) -> None:
    import django

    django.setup()
    from channels_connectors.registry import CONNECTORS
    from tests.providers.postbox import Postbox

    CONNECTORS["sandbox"] = Postbox(can={"idempotency": known_by})
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            send_until_killed()
        say(str(child))
        sys.stdin.readline()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        say("killed")


def send_until_killed() -> None:
    from django.utils import timezone

    from channels_connectors.services.outcomes import recover_abandoned
    from channels_connectors.services.sending import Sender

    sender = Sender()
    while True:
        if not sender.send_due(now=timezone.now()):
            recover_abandoned(now=timezone.now())
            time.sleep(0.005)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
