"""Redis is gone while a command runs: the command stands, and nobody is told of a failure."""

import pytest

from common import doorbell
from tests.committing import committed
from tests.openlines.commands import COMMANDS, Command

pytestmark = pytest.mark.row("P5")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_stands_without_redis(command: Command, scene, provider, settings, monkeypatch):
    command.before(scene)
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1"
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}
    monkeypatch.setattr(doorbell, "_client", None)

    with committed():
        command.run(scene, provider)
