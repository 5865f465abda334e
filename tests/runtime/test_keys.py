import base64
import subprocess

import pytest

from common.runtime.errors import CannotStart
from common.runtime.keys import kept_keys, write_environment


@pytest.fixture(autouse=True)
def _no_keys_given(monkeypatch):
    for name in ("SECRET_KEY", "ENCRYPTION_KEY", "SECRET_KEY_FILE", "ENCRYPTION_KEY_FILE", "VAPID_PRIVATE_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_keys_are_made_once_and_kept_to_their_owner(tmp_path):
    made = kept_keys(tmp_path, may_make=True)

    assert kept_keys(tmp_path, may_make=False) == made
    assert made["SECRET_KEY"] != made["ENCRYPTION_KEY"]
    assert len(base64.urlsafe_b64decode(made["ENCRYPTION_KEY"])) == 32
    assert [path.stat().st_mode & 0o777 for path in sorted((tmp_path / "keys").iterdir())] == [0o600] * 3


def test_a_lost_key_is_not_replaced_beside_existing_data(tmp_path):
    kept_keys(tmp_path, may_make=True)
    (tmp_path / "keys" / "encryption_key").unlink()

    with pytest.raises(CannotStart, match="encryption_key is missing though the database is there"):
        kept_keys(tmp_path, may_make=False)


def test_the_key_for_push_services_is_made_beside_existing_data_too(tmp_path):
    """An installation from before there was one goes on; so does one that lost it."""
    kept_keys(tmp_path, may_make=True)
    (tmp_path / "keys" / "vapid_private_key").unlink()

    made = kept_keys(tmp_path, may_make=False)

    assert len(base64.urlsafe_b64decode(made["VAPID_PRIVATE_KEY"])) == 32


def test_a_key_from_the_environment_or_a_file_is_left_to_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("ENCRYPTION_KEY_FILE", "/run/secrets/encryption_key")
    monkeypatch.setenv("VAPID_PRIVATE_KEY", "given")

    assert kept_keys(tmp_path, may_make=False) == {}
    assert not (tmp_path / "keys").exists()


def test_the_environment_is_read_back_by_a_shell_as_it_was_written(tmp_path):
    path = tmp_path / "env"
    write_environment(path, {"DATABASE_URL": "postgresql://app@/app?host=%2Fa b'c", "EMPTY": ""})

    told = subprocess.run(
        ["sh", "-c", f'. {path}; printf "%s|%s" "$DATABASE_URL" "$EMPTY"'], capture_output=True, text=True
    )

    assert told.stdout == "postgresql://app@/app?host=%2Fa b'c|"
    assert path.stat().st_mode & 0o777 == 0o600
