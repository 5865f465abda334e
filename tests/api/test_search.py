"""GET /search/: messages and clients by one question."""

import pytest

from openlines.services.indexing import Indexer
from openlines.services.replies import send_reply
from tests.api.client import Caller
from tests.api.world import World

pytestmark = pytest.mark.row("D14")


@pytest.fixture
def indexed(world: World) -> World:
    while Indexer().index_next():
        pass
    return world


def test_one_question_finds_messages_and_clients(indexed: World, olga: Caller):
    answer = olga.get("/search/", q="parcel").json()
    (message,) = answer["messages"]["results"]
    assert message["pieces"] == [
        {"text": "Where is my ", "is_hit": False},
        {"text": "parcel", "is_hit": True},
        {"text": "?", "is_hit": False},
    ]
    assert (message["dialog"]["id"], message["author"]["name"]) == (indexed.active.pk, "Boris")
    assert answer["clients"] == {"results": [], "next": None}

    (client,) = olga.get("/search/", q="bor").json()["clients"]["results"]
    assert (client["name"], client["dialog_id"]) == ("Boris", indexed.active.pk)
    assert client["pieces"] == [{"text": "Bor", "is_hit": True}, {"text": "is", "is_hit": False}]


@pytest.mark.parametrize("search", ["+7 (903) 111-22-33", "8 903 111 22 33", "1112233", "903 111"])
def test_a_client_is_found_by_a_phone_in_any_spelling(indexed: World, olga: Caller, search: str):
    indexed.client.identities.create(kind="phone", scope="phone", value="+79031112233")

    (client,) = olga.get("/search/", q=search).json()["clients"]["results"]

    assert client["id"] == indexed.client.pk
    assert any(piece["is_hit"] for piece in client["address"]["pieces"])


def test_names_are_found_in_any_order_and_with_either_e(indexed: World, olga: Caller):
    type(indexed.client).objects.filter(pk=indexed.client.pk).update(name="Фёдор Королёв")

    for search in ("Королев Федор", "ФЁДОР", "орол"):
        assert [found["name"] for found in olga.get("/search/", q=search).json()["clients"]["results"]] == [
            "Фёдор Королёв"
        ]


def test_pages_of_messages_go_on_by_the_address_of_the_next(indexed: World, olga: Caller):
    for number in range(25):
        send_reply(
            dialog_id=indexed.active.pk, operator=indexed.scene.cast.olga, text=f"Oak {number}", now=indexed.scene.now
        )
    Indexer().index_next()

    first = olga.get("/search/", q="oak").json()["messages"]
    second = olga.http.get(first["next"]).json()

    assert len(first["results"]) == 20
    assert len(second["messages"]["results"]) == 5
    assert second["clients"]["results"] == []
    assert second["messages"]["next"] is None


def test_pages_of_clients_go_on_too(indexed: World, alla: Caller):
    model = type(indexed.client)
    model.objects.bulk_create(model(name=f"Namesake {number}") for number in range(12))

    first = alla.get("/search/", q="namesake").json()["clients"]
    second = alla.http.get(first["next"]).json()["clients"]

    names = [client["name"] for client in first["results"] + second["results"]]
    assert names == [f"Namesake {number}" for number in reversed(range(12))]


def test_somebody_merged_into_another_is_not_found(indexed: World, alla: Caller):
    type(indexed.client).objects.create(name="Twin", merged_into=indexed.client)

    assert alla.get("/search/", q="twin").json()["clients"]["results"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"line": "{line}"}, 1), ({"line": "999999"}, 0), ({"kind": "sandbox"}, 1), ({"kind": "vk"}, 0),
        ({"channel": "{channel}"}, 1), ({"operator": "{oleg}"}, 0), ({"mine": "1"}, 1), ({"author": "CLIENT"}, 1),
        ({"author": "operator"}, 0), ({"has_files": "1"}, 0), ({"from": "2020-01-01"}, 1), ({"until": "2020-01-01"}, 0),
        ({"from": "2020-01-01T10:00:00Z", "until": "2100-01-01"}, 1),
    ],
)  # fmt: skip
def test_filters(indexed: World, olga: Caller, query: dict[str, str], found: int):
    query = {name: indexed.path(value) for name, value in query.items()}

    assert len(olga.get("/search/", q="parcel", **query).json()["messages"]["results"]) == found


@pytest.mark.parametrize(
    "query", [{"from": "soon"}, {"until": "2026-13-45"}, {"author": "god"}, {"line": "x"}, {"cursor": "-1"}]
)
def test_what_no_filter_can_be_is_refused_in_words(indexed: World, olga: Caller, query: dict[str, str]):
    answer = olga.get("/search/", q="parcel", **query)

    assert answer.status_code == 400
    assert answer.json()["fields"]


@pytest.mark.parametrize("text", ["", "%", "'; DROP TABLE", "\0", "x" * 100_000, "\ud7ff\u202e", "(((", "a & b | !c"])
def test_whatever_is_typed_is_answered(indexed: World, olga: Caller, text: str):
    assert olga.get("/search/", q=text).status_code == 200
