import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from routing.models import Queue
from tests.factories import make_user
from tests.routing.desk import Desk
from tests.scenes import Scene

# How long random shifts go on: HYPOTHESIS_PROFILE=soak for hours; quick, without a search for the shortest way to a
# failure, while one writes.
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "")
SHIFT = settings(
    max_examples={"quick": 15, "soak": 5_000}.get(PROFILE, 40),
    stateful_step_count=60,
    deadline=None,
    print_blob=True,
    derandomize=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate] if PROFILE == "quick" else list(Phase),
)


@pytest.fixture
def desk(scene: Scene) -> Desk:
    """Olga, Oleg and Roman at one line, all online."""
    roman = make_user("roman", "OPERATOR", presence="ONLINE")
    people = {"olga": scene.cast.olga, "oleg": scene.cast.oleg, "roman": roman}
    desk = Desk(scene, Queue.objects.get(line=scene.line), people)
    desk.sit("olga", "oleg", "roman")
    return desk
