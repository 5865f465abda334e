"""A simulated YouTube Data API: a channel with videos, and people who comment below them.

After the API's discovery document: lists are paid from a quota of the day, answers are listed with their thread in part
only and never move it up, texts in their original form are for their authors alone, and what is deleted is just gone.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.providers.conftest import a_picture
from tests.providers.simulator import Answer, Fault, Simulator, running

CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN = "loft.apps.example.org", "the-secret-of-the-app", "1//the-refresh-token"
OUR_CHANNEL, ANNA, BORIS = "UC-loft", "UC-anna", "UC-boris"
NAMES = {OUR_CHANNEL: "@loft", ANNA: "@anna", BORIS: "@boris"}
LISTED_REPLIES, LONGEST_TEXT, MOST_RESULTS = 5, 10_000, 100
LIST_COST, WRITE_COST = 1, 50
Fields = dict[str, Any]


@dataclass
class Comment:
    id: str
    author: str
    text: str
    published: int
    video: str = "V1"
    updated: int = 0
    status: str = "published"
    image: str = ""
    replies: list["Comment"] = field(default_factory=list)

    @property
    def parent(self) -> str:
        return self.id.partition(".")[0] if "." in self.id else ""


class YouTubeSimulator(Simulator):
    weather_paths = ("/comments",)

    def __init__(self) -> None:
        super().__init__()
        self.began = self.now = int(time.time())
        self.threads: list[Comment] = []
        self.quota = 10_000
        self.answers: list[tuple[str, str, Any]] = []
        self.refresh_token = REFRESH_TOKEN
        self._tokens: set[str] = set()
        self._number = 0

    # For tests: what people do.

    def comments(
        self, text: str = "", *, author: str = ANNA, video: str = "V1", at: int = 0, image: str = ""
    ) -> Comment:
        """Somebody begins a thread; ``at`` so many seconds after the simulator began."""
        with self.lock:
            comment = Comment(f"Ugx{self._next()}", author, text, self._moment(at), video=video, image=image)
            self.threads.append(comment)
            return comment

    def answers_to(self, thread: Comment, text: str, *, author: str = ANNA, at: int = 0) -> Comment:
        with self.lock:
            reply = Comment(f"{thread.id}.r{self._next()}", author, text, self._moment(at), video=thread.video)
            thread.replies.append(reply)
            return reply

    def changes(self, comment: Comment, text: str) -> None:
        with self.lock:
            comment.text, comment.updated = text, self._moment(0)

    def thread_of(self, comment: Comment) -> Comment:
        identity = comment.parent or comment.id
        return next(thread for thread in self.threads if thread.id == identity)

    def event(self, comment: Comment) -> Fields:
        """As the connector's look gives it."""
        thread = self._thread(self.thread_of(comment))
        return {name: thread[name] for name in ("kind", "id", "snippet")} | {"comment": self._comment(comment)}

    def said(self) -> list[Comment]:
        """What the channel's owner has answered, oldest first."""
        ours = [one for thread in self.threads for one in thread.replies if one.author == OUR_CHANNEL]
        return sorted(ours, key=lambda one: one.published)

    def revoke(self) -> None:
        self.refresh_token = "another one"
        self._tokens.clear()

    def forget_tokens(self) -> None:
        self._tokens.clear()

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _moment(self, at: int) -> int:
        self.now = self.began + at if at else max(self.now + 1, int(time.time()))
        return self.now

    # The provider.

    def routes(self) -> list[web.RouteDef]:
        api = "/youtube/v3"
        return [
            web.post("/token", self._token),
            web.get(f"{api}/channels", self._channels),
            web.get(f"{api}/videos", self._videos),
            web.get(f"{api}/commentThreads", self._list_threads),
            web.get(f"{api}/comments", self._list_replies),
            web.post(f"{api}/comments", self._insert),
            web.put(f"{api}/comments", self._update),
            web.delete(f"{api}/comments", self._delete),
            web.post(f"{api}/comments/setModerationStatus", self._moderate),
            web.get("/files/{name}", self._file),
        ]

    async def _token(self, request: web.Request) -> Answer:
        wanted = {
            "grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
            "refresh_token": self.refresh_token,
        }  # fmt: skip
        if dict(await request.post()) != wanted:
            said = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return web.json_response(said, status=400)
        token = f"ya29.{self._next()}-{time.monotonic_ns()}"
        self._tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    async def _channels(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, LIST_COST)) is not None:
            return refused
        mine = {"kind": "youtube#channel", "etag": "e", "id": OUR_CHANNEL, "snippet": {"title": "Loft"}}
        return self._listed(request, "youtube#channelListResponse", [mine])

    async def _videos(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, LIST_COST)) is not None:
            return refused
        picture = {"url": "https://i.example.org/medium.jpg", "width": 320, "height": 180}
        snippet = {"title": "How we make sofas", "channelId": OUR_CHANNEL, "thumbnails": {"medium": picture}}
        video = {"kind": "youtube#video", "etag": "e", "id": request.query["id"], "snippet": snippet}
        return self._listed(request, "youtube#videoListResponse", [video])

    async def _list_threads(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, LIST_COST)) is not None:
            return refused
        if request.query.get("allThreadsRelatedToChannelId") != OUR_CHANNEL:
            return _error(404, "channelNotFound", "The channel could not be found.")
        shown = [thread for thread in self.threads if thread.status == "published"]
        shown.sort(key=lambda thread: -thread.published)
        return self._page(request, "youtube#commentThreadListResponse", [self._thread(one) for one in shown])

    async def _list_replies(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, LIST_COST)) is not None:
            return refused
        thread = self._found(request.query.get("parentId", ""))
        if thread is None or thread.parent:
            return _error(404, "commentNotFound", "The parent comment could not be found.")
        shown = [self._comment(one) for one in thread.replies if one.status == "published"]
        return self._page(request, "youtube#commentListResponse", shown)

    async def _insert(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, WRITE_COST)) is not None:
            return refused
        snippet = json.loads(await request.read())["snippet"]
        thread = self._found(snippet.get("parentId", ""))
        if thread is None or thread.parent:
            return _error(404, "parentCommentNotFound", "The parent comment could not be found.")
        if (wrong := _wrong_text(snippet.get("textOriginal", ""))) is not None:
            return wrong
        reply = self.answers_to(thread, snippet["textOriginal"], author=OUR_CHANNEL)
        return self._answered(request, self._comment(reply))

    async def _update(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, WRITE_COST)) is not None:
            return refused
        said = json.loads(await request.read())
        comment = self._found(said["id"])
        if comment is None:
            return _error(404, "commentNotFound", "The comment could not be found.")
        if comment.author != OUR_CHANNEL:
            return _error(403, "forbidden", "The comment belongs to somebody else.")
        if (wrong := _wrong_text(said["snippet"].get("textOriginal", ""))) is not None:
            return wrong
        self.changes(comment, said["snippet"]["textOriginal"])
        return self._answered(request, self._comment(comment))

    async def _delete(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, WRITE_COST)) is not None:
            return refused
        comment = self._found(request.query["id"])
        if comment is None:
            return _error(404, "commentNotFound", "The comment could not be found.")
        if comment.author != OUR_CHANNEL:
            return _error(403, "forbidden", "The comment belongs to somebody else.")
        siblings = self.thread_of(comment).replies if comment.parent else self.threads
        siblings.remove(comment)
        return web.Response(status=204)

    async def _moderate(self, request: web.Request) -> Answer:
        if (refused := self._refused(request, WRITE_COST)) is not None:
            return refused
        comment = self._found(request.query["id"])
        if comment is None:
            return _error(404, "commentNotFound", "The comment could not be found.")
        comment.status = request.query["moderationStatus"]
        return web.Response(status=204)

    async def _file(self, request: web.Request) -> Answer:
        return web.Response(body=a_picture(176, 176), content_type="image/png")

    def _found(self, identity: str) -> Comment | None:
        everything = [one for thread in self.threads for one in (thread, *thread.replies)]
        return next((one for one in everything if one.id == identity), None)

    def _thread(self, thread: Comment) -> Fields:
        shown = [one for one in thread.replies if one.status == "published"]
        described: Fields = {
            "kind": "youtube#commentThread", "etag": "e", "id": thread.id,
            "snippet": {
                "channelId": OUR_CHANNEL, "canReply": True, "isPublic": True, "totalReplyCount": len(shown),
                "topLevelComment": self._comment(thread),
            },
        }  # fmt: skip
        if thread.video:
            described["snippet"]["videoId"] = thread.video
        if shown:
            described["replies"] = {"comments": [self._comment(one) for one in shown[:LISTED_REPLIES]]}
        return described

    def _comment(self, comment: Comment) -> Fields:
        snippet: Fields = {
            "channelId": OUR_CHANNEL, "textDisplay": comment.text, "authorDisplayName": NAMES[comment.author],
            "authorProfileImageUrl": f"{self.base_url}/files/{comment.author}", "canRate": True, "likeCount": 0,
            "authorChannelUrl": f"https://www.youtube.com/{NAMES[comment.author]}", "viewerRating": "none",
            "authorChannelId": {"value": comment.author}, "publishedAt": _text(comment.published),
            "updatedAt": _text(comment.updated or comment.published),
        }  # fmt: skip
        for name, value in (("videoId", comment.video), ("parentId", comment.parent), ("imageUrl", comment.image)):
            if value:
                snippet[name] = value
        if comment.author == OUR_CHANNEL:
            snippet["textOriginal"] = comment.text
        return {"kind": "youtube#comment", "etag": "e", "id": comment.id, "snippet": snippet}

    def _page(self, request: web.Request, kind: str, items: list[Fields]) -> Answer:
        size, first = int(request.query.get("maxResults", 20)), int(request.query.get("pageToken", "0"))
        if not 1 <= size <= MOST_RESULTS:
            return _error(400, "invalidParameter", "maxResults is out of range")
        following = str(first + size) if first + size < len(items) else ""
        return self._listed(request, kind, items[first : first + size], following)

    def _listed(self, request: web.Request, kind: str, items: list[Fields], following: str = "") -> Answer:
        listed: Fields = {"kind": kind, "etag": "e", "items": items}
        listed["pageInfo"] = {"totalResults": len(items), "resultsPerPage": len(items)}
        return self._answered(request, listed | ({"nextPageToken": following} if following else {}))

    def _answered(self, request: web.Request, said: Fields) -> Answer:
        with self.lock:
            self.answers.append((request.method, request.path, said))
        return web.json_response(said)

    def _refused(self, request: web.Request, cost: int) -> Answer | None:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _error(401, "authError", "Invalid Credentials")
        if self.quota < cost:
            return _error(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")
        self.quota -= cost
        return None

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        words = {
            "permanent": (403, "commentsDisabled", "The video has disabled comments."),
            "quota": (403, "quotaExceeded", "You have exceeded your quota."),
            "flood": (403, "rateLimitExceeded", "Too many requests."),
        }
        return _error(*words[fault.kind]) if fault.kind in words else None


def _wrong_text(text: str) -> Answer | None:
    if not text:
        return _error(400, "commentTextRequired", "The comment has no text.")
    return _error(400, "commentTextTooLong", "The comment is too long.") if len(text) > LONGEST_TEXT else None


def _error(status: int, reason: str, message: str) -> Answer:
    errors = [{"domain": "youtube", "reason": reason, "message": message}]
    return web.json_response({"error": {"code": status, "message": message, "errors": errors}}, status=status)


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


@contextmanager
def simulated_youtube() -> Iterator[YouTubeSimulator]:
    with running(YouTubeSimulator()) as simulator:
        yield simulator
