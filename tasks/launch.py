"""Started in front of a child process: ties its life to its parent's, sheds root, becomes the program.

Run by path with `python -I -S`, so it imports nothing but the standard library.
Arguments: PARENT_PID DEATH_SIGNAL UID GID PROGRAM [ARGUMENT …]; UID -1 keeps the account.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death_signal: int, uid: int, gid: int, program: list[str]) -> None:
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after the change of account: the kernel forgets it there
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() == parent:  # else the parent died before we could ask to die with it
        os.execvp(program[0], program)  # noqa: S606


if __name__ == "__main__":
    parent, death_signal, uid, gid = map(int, sys.argv[1:5])
    main(parent, death_signal, uid, gid, sys.argv[5:])
