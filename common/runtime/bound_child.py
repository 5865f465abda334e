"""Take another account if asked, tie our life to the parent's, then become the command.

Run by path with ``python -I -S``. A small program instead of ``preexec_fn``: forking stays safe when the parent has
threads. After the change of account nothing more can be imported: Python may lie where that account can't read.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1
NOBODY_ASKED = "-"


def main(death_signal: str, parent: str, account: str, *command: str) -> None:
    libc = ctypes.CDLL(None)
    if account != NOBODY_ASKED:
        take_account(account)
    # Only after the change of account, which clears the parent-death signal. macOS has none: the next start looks for
    # servers that were left behind.
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, signal.Signals[death_signal].value)
    if os.getppid() != int(parent):
        sys.exit("the parent ended before its child began")
    os.execv(command[0], command)


def take_account(account: str) -> None:
    user = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


if __name__ == "__main__":
    main(*sys.argv[1:])
