import pytest

from routing.models import Queue
from tests.factories import make_user
from tests.routing.desk import Desk
from tests.scenes import Scene


@pytest.fixture
def desk(scene: Scene) -> Desk:
    """Olga, Oleg and Roman at one line, all online."""
    roman = make_user("roman", "OPERATOR", presence="ONLINE")
    people = {"olga": scene.cast.olga, "oleg": scene.cast.oleg, "roman": roman}
    desk = Desk(scene, Queue.objects.get(line=scene.line), people)
    desk.sit("olga", "oleg", "roman")
    return desk
