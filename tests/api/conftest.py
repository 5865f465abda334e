import pytest

from tests.api.client import Caller
from tests.api.world import World, make_world
from tests.scenes import Scene


@pytest.fixture
def world(scene: Scene) -> World:
    return make_world(scene)


@pytest.fixture
def olga(world: World) -> Caller:
    return Caller.by(world.scene.cast.olga)


@pytest.fixture
def alla(world: World) -> Caller:
    return Caller.by(world.scene.cast.alla)
