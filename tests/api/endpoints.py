"""Every call of the API with what each role gets: the table that tests/api/test_permissions.py walks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.world import World

ROLES = ("alla", "sergey", "olga", "oleg", "mallory", "stranger", "nobody", "revoked")
Body = Callable[[World], Any]


def nothing(world: World) -> Any:
    return {}


def fixed(**values: Any) -> Body:
    return lambda world: values


def to_oleg(world: World) -> Any:
    return {"operator_id": world.scene.cast.oleg.pk}


def oleg_too(world: World) -> Any:
    return {"operator_ids": [world.scene.cast.oleg.pk]}


def with_the_tag(world: World) -> Any:
    return {"tag_ids": [world.tag.pk]}


def a_call_of_boris(world: World) -> Any:
    due_at = world.scene.later(hours=1).isoformat()
    return {"client_id": world.client.pk, "phone": "+79161234567", "due_at": due_at}


def olga_is_ill(world: World) -> Any:
    today = world.scene.now.date().isoformat()
    return {"operator_id": world.scene.cast.olga.pk, "kind": "SICK", "first_date": today, "last_date": today}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``statuses`` are those of Alla, Sergey, Olga, Oleg and Mallory; the others never get in."""

    method: str
    path: str
    statuses: tuple[int, int, int, int, int]
    body: Body = nothing
    how: dict[str, Any] = field(default_factory=dict)
    # Those who never get in: a member of staff without a role, nobody, and a revoked token.
    outside: tuple[int, int, int] = (403, 401, 401)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def status_for(self, role: str) -> int:
        return dict(zip(ROLES, (*self.statuses, *self.outside), strict=True))[role]


EVERYONE = (200, 200, 200, 200, 200)
ITS_PEOPLE = (200, 200, 200, 404, 404)
THE_LINE = (200, 200, 200, 200, 404)
ADMINISTRATORS = (200, 403, 403, 403, 403)
UNSIGNED = (401, 401, 401, 401, 401)

ENDPOINTS = (
    Endpoint("GET", "/console/", EVERYONE),
    Endpoint("POST", "/console/sync/", EVERYONE, fixed(known={"7": 3})),
    Endpoint("GET", "/console/dictionaries/", EVERYONE),
    Endpoint("GET", "/operators/", EVERYONE),
    Endpoint("GET", "/me/", EVERYONE),
    Endpoint("PATCH", "/me/", EVERYONE, fixed(theme="DARK", language="en", density="COMPACT")),
    Endpoint("GET", "/me/settings/", EVERYONE),
    Endpoint("PATCH", "/me/settings/", EVERYONE, fixed(send_key="CTRL_ENTER", sound={"offer": False})),
    Endpoint("GET", "/me/today/", EVERYONE),
    Endpoint("GET", "/push-subscriptions/", EVERYONE),
    Endpoint(
        "POST",
        "/push-subscriptions/",
        (409, 409, 409, 409, 409),
        fixed(endpoint="https://push.example/1", public_key="B", secret="s"),
    ),
    Endpoint("DELETE", "/push-subscriptions/{device}/", (404, 404, 204, 404, 404)),
    Endpoint("GET", "/presence/", EVERYONE),
    Endpoint("PUT", "/presence/", EVERYONE, fixed(state="PAUSED")),
    Endpoint("GET", "/working-day/", EVERYONE),
    Endpoint("POST", "/working-day/start/", EVERYONE),
    Endpoint("POST", "/working-day/pause/", EVERYONE, fixed(reason="Lunch")),
    Endpoint("POST", "/working-day/resume/", EVERYONE),
    Endpoint("POST", "/working-day/end/", (409, 409, 409, 409, 409)),
    Endpoint("GET", "/absences/", EVERYONE),
    Endpoint("POST", "/absences/", (201, 201, 403, 403, 403), olga_is_ill),
    Endpoint("GET", "/absences/{absence}/", ITS_PEOPLE),
    Endpoint("PATCH", "/absences/{absence}/", (200, 200, 403, 403, 403), fixed(note="Back on Monday")),
    Endpoint("DELETE", "/absences/{absence}/", (204, 204, 403, 403, 403)),
    Endpoint("GET", "/staff-groups/", EVERYONE),
    Endpoint("POST", "/staff-groups/", (201, 403, 403, 403, 403), fixed(name="Evening")),
    Endpoint("GET", "/staff-groups/{group}/", EVERYONE),
    Endpoint("PATCH", "/staff-groups/{group}/", ADMINISTRATORS, fixed(name="Late evening")),
    Endpoint("DELETE", "/staff-groups/{group}/", (204, 403, 403, 403, 403)),
    Endpoint(
        "POST",
        "/attachments/",
        (201, 201, 201, 201, 201),
        lambda world: {"file": SimpleUploadedFile("a.txt", b"hello")},
        {"format": "multipart"},
    ),
    Endpoint("POST", "/attachments/{lost}/fetch/", ITS_PEOPLE),
    Endpoint("GET", "/dialogs/", EVERYONE),
    Endpoint("GET", "/dialogs/{active}/", ITS_PEOPLE),
    Endpoint("GET", "/dialogs/{offered}/", ITS_PEOPLE),
    Endpoint("GET", "/dialogs/{active}/messages/", ITS_PEOPLE),
    Endpoint("POST", "/dialogs/{active}/messages/", (201, 201, 201, 404, 404), fixed(text="Hi")),
    Endpoint("POST", "/dialogs/{offered}/messages/", (403, 403, 403, 404, 404), fixed(text="Hi")),
    Endpoint("PATCH", "/messages/{reply}/", (403, 403, 200, 404, 404), fixed(text="Edited")),
    Endpoint("DELETE", "/messages/{reply}/", (403, 403, 200, 404, 404)),
    Endpoint("POST", "/messages/{failed}/retry/", ITS_PEOPLE),
    # A sandbox has no public: whoever may is told so, the others see nothing.
    Endpoint("POST", "/messages/{reply}/moderation/", (403, 403, 403, 404, 404), fixed(action="HIDE")),
    Endpoint("POST", "/messages/{reply}/retry/", (409, 409, 409, 404, 404)),
    Endpoint("POST", "/messages/{doubtful}/arrived/", ITS_PEOPLE),
    Endpoint("POST", "/messages/{failed}/arrived/", (409, 409, 409, 404, 404)),
    Endpoint("POST", "/dialogs/{offered}/answer/", (200, 200, 200, 409, 404)),
    Endpoint("POST", "/dialogs/{active}/answer/", (409, 409, 200, 409, 404)),
    Endpoint("POST", "/dialogs/{offered}/skip/", (409, 409, 200, 409, 404)),
    Endpoint("POST", "/dialogs/{active}/transfer/", ITS_PEOPLE, to_oleg),
    Endpoint("POST", "/dialogs/{offered}/transfer/", ITS_PEOPLE, to_oleg),
    Endpoint("GET", "/dialogs/{active}/transfer-targets/", ITS_PEOPLE),
    Endpoint("POST", "/dialogs/{active}/invite/", ITS_PEOPLE, oleg_too),
    Endpoint("POST", "/dialogs/{offered}/invite/", (200, 200, 403, 404, 404), oleg_too),
    Endpoint("POST", "/dialogs/{active}/leave/", (409, 409, 409, 404, 404)),
    Endpoint("DELETE", "/dialogs/{active}/participants/{oleg}/", ITS_PEOPLE),
    Endpoint("DELETE", "/dialogs/{offered}/participants/{oleg}/", (200, 200, 403, 404, 404)),
    Endpoint("POST", "/dialogs/{active}/return/", ITS_PEOPLE, fixed(note="I must go")),
    Endpoint("POST", "/dialogs/{offered}/return/", (409, 409, 403, 404, 404)),
    Endpoint("POST", "/dialogs/{offered}/take-over/", (200, 200, 403, 404, 404)),
    Endpoint("POST", "/dialogs/{active}/take-over/", ITS_PEOPLE),
    Endpoint("PUT", "/dialogs/{active}/draft/", (204, 204, 204, 404, 404), fixed(text="Good morn")),
    Endpoint("DELETE", "/dialogs/{active}/draft/", (204, 204, 204, 404, 404)),
    Endpoint("POST", "/dialogs/{active}/reopen/", (409, 409, 200, 404, 404)),
    Endpoint("POST", "/dialogs/{active}/finish/", ITS_PEOPLE),
    Endpoint("POST", "/dialogs/{offered}/finish/", (200, 200, 403, 404, 404), fixed(as_spam=True)),
    Endpoint("POST", "/dialogs/{active}/pin/", ITS_PEOPLE, fixed(is_pinned=True)),
    Endpoint("POST", "/dialogs/{offered}/pin/", (200, 200, 403, 404, 404), fixed(is_pinned=True)),
    Endpoint("PUT", "/dialogs/{active}/supervisor-rating/", (200, 200, 403, 404, 404), fixed(score=4, comment="Good")),
    Endpoint("PUT", "/dialogs/{offered}/supervisor-rating/", (200, 200, 403, 404, 404), fixed(score=1)),
    Endpoint("PUT", "/dialogs/{active}/tags/", ITS_PEOPLE, with_the_tag),
    Endpoint("PUT", "/dialogs/{offered}/tags/", ITS_PEOPLE, fixed(tag_ids=[])),
    Endpoint("PUT", "/dialogs/{active}/topic/", ITS_PEOPLE, lambda world: {"topic_id": world.topic.pk}),
    Endpoint("PUT", "/dialogs/{offered}/topic/", (200, 200, 403, 404, 404), fixed(topic_id=None)),
    Endpoint("POST", "/dialogs/{active}/snooze/", ITS_PEOPLE, fixed(until=None)),
    Endpoint("POST", "/dialogs/{offered}/snooze/", (409, 409, 403, 404, 404)),
    Endpoint("DELETE", "/dialogs/{active}/snooze/", ITS_PEOPLE),
    Endpoint("GET", "/call-backs/", EVERYONE),
    Endpoint("POST", "/call-backs/", (201, 201, 201, 404, 404), a_call_of_boris),
    Endpoint("GET", "/call-backs/{call_back}/", ITS_PEOPLE),
    Endpoint("PATCH", "/call-backs/{call_back}/", ITS_PEOPLE, fixed(is_done=True)),
    Endpoint("DELETE", "/call-backs/{call_back}/", (204, 204, 204, 404, 404)),
    Endpoint("GET", "/tags/", EVERYONE),
    Endpoint("POST", "/tags/", (201, 201, 403, 403, 403), fixed(name="Wholesale")),
    Endpoint("PATCH", "/tags/{tag}/", ADMINISTRATORS, fixed(name="Big", color=4)),
    Endpoint("DELETE", "/tags/{tag}/", (204, 403, 403, 403, 403)),
    Endpoint("GET", "/topics/", EVERYONE),
    Endpoint("POST", "/topics/", (201, 403, 403, 403, 403), fixed(name="Complaint")),
    Endpoint("POST", "/topics/order/", (204, 403, 403, 403, 403), lambda world: {"topic_ids": [world.topic.pk]}),
    Endpoint("PATCH", "/topics/{topic}/", ADMINISTRATORS, fixed(name="Shipping")),
    Endpoint("DELETE", "/topics/{topic}/", (204, 403, 403, 403, 403)),
    Endpoint("POST", "/dialogs/{active}/read/", (204, 204, 204, 404, 404), fixed(seq=1)),
    Endpoint("POST", "/dialogs/{offered}/lead/", (201, 201, 201, 404, 404)),
    Endpoint("GET", "/dialogs/{active}/decisions/", ITS_PEOPLE),
    Endpoint("GET", "/dialogs/{active}/waiting/", ITS_PEOPLE),
    Endpoint("GET", "/dialogs/{offered}/waiting/", ITS_PEOPLE),
    Endpoint("GET", "/quick-replies/", EVERYONE),
    Endpoint(
        "POST",
        "/quick-replies/",
        (201, 201, 403, 403, 400),
        lambda world: {"text": "Hello!", "scope": "LINE", "line": world.scene.line.pk},
    ),
    Endpoint("PATCH", "/quick-replies/{quick_reply}/", (200, 200, 403, 403, 404), fixed(title="Greeting")),
    Endpoint("POST", "/quick-replies/{quick_reply}/use/", ITS_PEOPLE, lambda world: {"dialog_id": world.active.pk}),
    Endpoint("DELETE", "/quick-replies/{quick_reply}/", (204, 204, 403, 403, 404)),
    Endpoint("GET", "/search/", EVERYONE),
    Endpoint("GET", "/clients/", EVERYONE),
    Endpoint("GET", "/clients/{client}/", ITS_PEOPLE),
    Endpoint("PATCH", "/clients/{client}/", ITS_PEOPLE, fixed(name="Boris Petrov", notes="Likes tea", tag_ids=[])),
    Endpoint("GET", "/clients/{client}/files/", ITS_PEOPLE),
    Endpoint(
        "POST",
        "/clients/{client}/addresses/",
        (201, 201, 201, 404, 404),
        fixed(kind="email", value="boris@example.com"),
    ),
    Endpoint("DELETE", "/clients/{client}/addresses/{address}/", (204, 204, 204, 404, 404)),
    Endpoint("GET", "/clients/{client}/similar/", ITS_PEOPLE),
    Endpoint("POST", "/clients/{client}/merge/", ITS_PEOPLE, lambda world: {"absorbed_id": world.offered.client_id}),
    Endpoint("POST", "/merges/{merge}/undo/", ITS_PEOPLE),
    Endpoint("GET", "/leads/", EVERYONE),
    Endpoint("GET", "/leads/{lead}/", ITS_PEOPLE),
    Endpoint("PATCH", "/leads/{lead}/", ITS_PEOPLE, fixed(title="Parcel", amount="10.50")),
    Endpoint("GET", "/lines/", EVERYONE),
    Endpoint("POST", "/lines/", (201, 403, 403, 403, 403), fixed(name="Another")),
    Endpoint("GET", "/lines/{line}/", THE_LINE),
    Endpoint("PATCH", "/lines/{line}/", ADMINISTRATORS, fixed(name="Support", access="LINE")),
    Endpoint("POST", "/lines/{line}/texts/preview/", ADMINISTRATORS, fixed(text="Hello, {client}!")),
    Endpoint("POST", "/lines/{line}/copy/", (201, 403, 403, 403, 403)),
    Endpoint("POST", "/lines/{line}/archive/", ADMINISTRATORS, fixed(finishes_dialogs=True)),
    Endpoint("POST", "/lines/{line}/restore/", ADMINISTRATORS),
    Endpoint("GET", "/lines/{line}/queue/", THE_LINE),
    Endpoint("PATCH", "/lines/{line}/queue/", ADMINISTRATORS, fixed(distribution="ALL_AT_ONCE", offer_seconds=5)),
    Endpoint("GET", "/lines/{line}/hours/", THE_LINE),
    Endpoint(
        "PUT",
        "/lines/{line}/hours/",
        ADMINISTRATORS,
        fixed(
            is_enabled=True, time_zone="Asia/Tokyo", weekly=[[["00:00", "24:00"]]] * 7, country="JP", special_days=[]
        ),
    ),
    Endpoint("GET", "/holiday-countries/", EVERYONE),
    Endpoint("GET", "/lines/{line}/queue-now/", (200, 200, 404, 404, 404)),
    Endpoint("GET", "/lines/{line}/queue-members/", THE_LINE),
    Endpoint(
        "PUT", "/lines/{line}/queue-members/", ADMINISTRATORS, lambda world: {"operators": [world.scene.cast.oleg.pk]}
    ),
    Endpoint("GET", "/line-groups/", ADMINISTRATORS),
    Endpoint(
        "POST",
        "/line-groups/",
        (201, 403, 403, 403, 403),
        lambda world: {
            "name": "Moscow",
            "supervisors": [world.scene.cast.sergey.pk],
            "lines": [world.scene.line.pk],
        },
    ),
    Endpoint("GET", "/line-groups/{line_group}/", ADMINISTRATORS),
    Endpoint("PATCH", "/line-groups/{line_group}/", ADMINISTRATORS, fixed(name="Moscow", lines=[])),
    Endpoint("DELETE", "/line-groups/{line_group}/", (204, 403, 403, 403, 403)),
    Endpoint("GET", "/channels/", EVERYONE),
    Endpoint("GET", "/channel-kinds/", EVERYONE),
    Endpoint(
        "POST", "/channels/", (201, 403, 403, 403, 403), lambda world: {"line": world.scene.line.pk, "kind": "sandbox"}
    ),
    Endpoint("GET", "/channels/{channel}/", THE_LINE),
    Endpoint("PATCH", "/channels/{channel}/", ADMINISTRATORS, fixed(state="PAUSED")),
    Endpoint("DELETE", "/channels/{channel}/", ADMINISTRATORS),
    Endpoint("GET", "/messages/{reply}/trace/", (200, 200, 403, 404, 404)),
    Endpoint("PUT", "/channels/{channel}/credentials/", (400, 403, 403, 403, 403), nothing),
    Endpoint("POST", "/channels/{channel}/check/", ADMINISTRATORS),
    Endpoint("GET", "/channels/{channel}/provider-entries/", ADMINISTRATORS),
    Endpoint("GET", "/channels/{channel}/raw-events/", ADMINISTRATORS),
    Endpoint("GET", "/channels/{channel}/templates/", THE_LINE),
    Endpoint("POST", "/dialogs/{active}/templates/", (409, 409, 409, 404, 404), fixed(template=1, parameters=["Anna"])),
    Endpoint("GET", "/raw-events/{raw_event}/", ADMINISTRATORS),
    Endpoint("POST", "/raw-events/{raw_event}/replay/", ADMINISTRATORS),
    # Partners sign their calls; whoever does not is told the same, whoever they are.
    Endpoint("POST", "/channels/{channel}/events/", UNSIGNED, fixed(events=[]), outside=(401, 401, 401)),
    Endpoint("POST", "/channels/{channel}/files/", UNSIGNED, outside=(401, 401, 401)),
    Endpoint("POST", "/channels/{channel}/secret/", (404, 403, 403, 403, 403)),
    Endpoint("DELETE", "/channels/{channel}/previous-secret/", (404, 403, 403, 403, 403)),
    Endpoint("GET", "/audit/", ADMINISTRATORS),
    Endpoint("GET", "/schema/", EVERYONE),
    Endpoint("GET", "/docs/", EVERYONE),
)
