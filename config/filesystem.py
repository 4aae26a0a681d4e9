"""Where a file lies, as far as a database cares."""

from pathlib import Path

NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.glusterfs", "ceph", "lustre", "afs"}
MOUNTS = Path("/proc/self/mounts")


def network_share(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network file system that holds `path`, if it is one; file locks are not kept there."""
    if not mounts.exists():
        return None
    lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    holding = [(_place(fields[1]), fields[2]) for fields in lines if path.is_relative_to(_place(fields[1]))]
    kind = max(holding, key=lambda mount: len(mount[0].parts), default=(Path("/"), ""))[1]
    return kind if kind in NETWORK else None


def _place(field: str) -> Path:
    """The kernel writes spaces as octal."""
    return Path(field.replace("\\040", " "))
