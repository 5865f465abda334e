"""Whatever happens, a console that heard of it shows what a fresh one would; and no command is left out."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests.committing import committed
from tests.openlines.commands import COMMANDS, Command
from tests.openlines.participants import calls_of, commands_of_services, timer_handlers
from tests.providers.scripted import Scripted
from tests.scenes import Scene


@pytest.mark.row("D12")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_state_before_and_events_make_the_fresh_state(command: Command, scene, provider, verify):
    command.before(scene)
    users = SimpleNamespace(**{name: getattr(scene.cast, name) for name in scene.cast.__slots__})

    with verify(users.alla, users.sergey, users.olga, users.oleg, users.mallory):
        called = calls_of(lambda: run_and_commit(command, scene, provider))

    missing = [function.__name__ for function in command.covers if not called(function)]
    assert not missing, "the case does not do what it says it covers"


def run_and_commit(command: Command, scene: Scene, provider: Scripted) -> None:
    with committed():
        command.run(scene, provider)


def test_every_command_of_the_services_has_a_case():
    covered = {function for command in COMMANDS for function in command.covers}

    assert not sorted(_name(function) for function in commands_of_services() - covered)
    assert not sorted(_name(function) for function in timer_handlers() - covered)


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
