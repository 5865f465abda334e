import pytest

from common.runtime.errors import CannotStart
from common.runtime.postgres_files import made_at_once, refuse_unusable, server_release, wheel_folder


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "data"
    (folder / "global").mkdir(parents=True)
    (folder / "global" / "pg_control").touch()
    (folder / "PG_VERSION").write_text(server_release(wheel_folder()).split(".")[0] + "\n")
    return folder


def test_a_whole_cluster_of_this_release_is_used(cluster):
    refuse_unusable(cluster)


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_a_half_made_cluster_is_refused_and_left_as_it_is(cluster, missing):
    (cluster / missing).unlink()

    with pytest.raises(CannotStart, match="is not a complete database"):
        refuse_unusable(cluster)

    assert cluster.exists()


def test_a_cluster_of_another_release_is_refused(cluster):
    (cluster / "PG_VERSION").write_text("16\n")

    with pytest.raises(CannotStart, match="was made by PostgreSQL 16"):
        refuse_unusable(cluster)


def make_half(folder):
    with made_at_once(folder) as unfinished:
        unfinished.mkdir()
        raise KeyboardInterrupt


def test_what_was_interrupted_never_bears_the_name(tmp_path):
    folder = tmp_path / "data"

    with pytest.raises(KeyboardInterrupt):
        make_half(folder)
    with made_at_once(folder) as unfinished:
        assert not unfinished.exists()
        unfinished.mkdir()

    assert [path.name for path in tmp_path.iterdir()] == ["data"]
