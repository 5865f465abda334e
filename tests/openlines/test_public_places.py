"""Where everybody reads what is written no machine writes."""

import pytest

from openlines.models import Line, Message
from openlines.services.closing import finish_dialog
from tests.scenes import active, anna_writes

pytestmark = [pytest.mark.row("A1"), pytest.mark.row("C5")]


@pytest.fixture
def chatty(scene, provider, bells):
    Line.objects.update(is_welcome_sent=True, closing_action="TEXT", is_rating_asked=True)
    scene.line.refresh_from_db()
    return scene


def automatic(scene) -> int:
    return Message.objects.filter(author_kind=Message.Author.BOT).count()


@pytest.mark.parametrize("is_public", [False, True])
def test_a_comment_is_welcomed_and_bidden_farewell_by_people_only(chatty, provider, is_public):
    provider.can = {"is_public": is_public}
    active(chatty)
    assert automatic(chatty) == (0 if is_public else 1)

    anna_writes(chatty, "Thank you")
    finish_dialog(dialog_id=chatty.dialog.pk, operator=chatty.cast.olga, now=chatty.now)

    assert automatic(chatty) == (0 if is_public else 3)
