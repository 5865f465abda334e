"""Media behind addresses that others have named."""

import pytest

from channels_connectors import links
from channels_connectors.errors import ConnectorError
from channels_connectors.links import fetch_link
from common.http import AddressRefused, Answer, NotReached, TooLarge, Unreadable

pytestmark = pytest.mark.row("C18")
URL = "https://cdn.example/p/%D1%84%D0%BE%D1%82%D0%BE.jpg?token=secret"


def answers(monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception) -> None:
    def give(url: str, **_: object) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(links, "download", give)


def test_a_file_comes_with_its_name_and_what_its_server_calls_it(monkeypatch):
    answers(monkeypatch, Answer(200, {"content-type": "Image/JPEG; charset=x"}, b"picture"))

    media = fetch_link(URL)

    assert (media.content, media.name, media.mime) == (b"picture", "фото.jpg", "image/jpeg")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (AddressRefused("x"), "PERMANENT"), (TooLarge(), "PERMANENT"), (NotReached("x"), "RETRY"),
        (Unreadable("br"), "RETRY"), (Answer(404), "PERMANENT"), (Answer(403), "PERMANENT"), (Answer(410), "PERMANENT"),
        (Answer(500), "RETRY"), (Answer(429, {"retry-after": "7"}), "RETRY"), (Answer(302), "PERMANENT"),
    ],
)  # fmt: skip
def test_what_can_not_be_had_says_whether_to_try_again_and_never_where_it_was(monkeypatch, answer, kind: str):
    answers(monkeypatch, answer)

    with pytest.raises(ConnectorError) as caught:
        fetch_link(URL)

    assert caught.value.kind == kind
    assert "secret" not in str(caught.value)
    assert caught.value.retry_after == (7 if isinstance(answer, Answer) and answer.status == 429 else None)
