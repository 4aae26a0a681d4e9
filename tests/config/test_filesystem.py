from pathlib import Path

import pytest

from config import filesystem, settings
from config.filesystem import network_share
from config.settings import SettingWrong, refuse_network_share

MOUNTS = """\
/dev/vda1 / ext4 rw 0 0
nas:/share /srv/shared\\040files nfs4 rw 0 0
/dev/vdb1 /srv/shared\\040files/local xfs rw 0 0
//nas/home /home/an cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/dondoc/dondoc.db", None),
        ("/srv/shared files/dondoc.db", "nfs4"),
        ("/srv/shared files/local/dondoc.db", None),
        ("/srv/shared", None),
        ("/home/an/dondoc.db", "cifs"),
        ("/home/anh/dondoc.db", None),
    ],
)
def test_the_innermost_mount_decides(tmp_path: Path, path: str, kind: str | None) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert network_share(Path(path), tmp_path / "mounts") == kind


def test_where_mounts_cannot_be_listed_nothing_is_refused(tmp_path: Path) -> None:
    assert network_share(Path("/home/an"), tmp_path / "none") is None


def test_sqlite_on_a_share_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(
        settings, "network_share", lambda path: filesystem.network_share(path, tmp_path / "mounts")
    )
    with pytest.raises(SettingWrong, match=r"DONDOC_DATABASE_URL.*network share \(cifs\)"):
        refuse_network_share("sqlite:////home/an/dondoc.db")
    refuse_network_share("sqlite:////var/lib/dondoc.db")
    refuse_network_share("postgresql+psycopg:///home/an")
