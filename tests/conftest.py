import pytest

from tests.rows import RowKeeper


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RowKeeper(config))
