import os
import shutil
from collections import namedtuple

import pytest

from common.runtime.errors import CannotStart
from common.runtime.folders import private_folder, reachable_as, require_free_space, socket_folder, unprivileged_account

DiskUsage = namedtuple("DiskUsage", "total used free")


def test_a_private_folder_is_made_for_its_owner_alone(tmp_path):
    assert private_folder(tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_enter_is_not_taken_for_private(tmp_path):
    (tmp_path / "open").mkdir(mode=0o755)

    with pytest.raises(CannotStart, match="closed to others"):
        private_folder(tmp_path / "open")


def test_a_socket_lies_elsewhere_where_its_path_would_be_too_long(tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()

    folder = socket_folder(long)

    assert len(str(folder / ".s.PGSQL.5432")) < 107
    assert socket_folder(long) == folder
    folder.rmdir()


def test_a_full_disk_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: DiskUsage(10**9, 10**9 - 2**20, 2**20))

    with pytest.raises(CannotStart, match="is full: 1 MB are free and at least 300 MB are needed"):
        require_free_space(tmp_path, megabytes=300)


def test_what_the_servers_account_can_reach_is_asked_of_the_kernel(tmp_path):
    tmp_path.chmod(0o755)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    assert reachable_as(unprivileged_account(), closed) == (os.geteuid() != 0)
    assert reachable_as(unprivileged_account(), "/usr")
