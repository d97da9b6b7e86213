"""Runs one program so that it dies with the process that started it.

Run by path with a bare interpreter: `child.py PARENT DEATH_SIGNAL same|mapped|nobody PROGRAM …`.
`mapped` gives root another number inside a user name space (PostgreSQL refuses to run as root),
so files stay root's own; `nobody` is the way where name spaces are closed.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def main(arguments: list[str]) -> None:
    parent, death_signal, user = int(arguments[0]), int(arguments[1]), arguments[2]
    if user == "mapped":
        _map_root()
    elif user == "nobody":
        _become_nobody()
    if sys.platform == "linux":
        # Last, because a change of credentials forgets the signal.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(arguments[3], arguments[3:])  # noqa: S606


def _map_root() -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        sys.exit("user name spaces are closed")
    for name, line in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1")):
        with open(f"/proc/self/{name}", "w") as mapping:
            mapping.write(line)


def _become_nobody() -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


if __name__ == "__main__":
    main(sys.argv[1:])
