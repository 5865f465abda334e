"""The Graph API over HTTP."""

import hashlib
import hmac
import json
from typing import Any

from aiohttp import web

from tests.providers.conftest import a_picture
from tests.providers.meta import comments, messages
from tests.providers.meta.model import (
    APP_ID,
    APP_SECRET,
    FB_USER,
    IG_ID,
    IG_NAME,
    IG_TOKEN,
    IGSID,
    LASTING_TOKEN,
    MEDIA_ID,
    OTHER_PAGE_ID,
    PAGE_ID,
    PAGE_NAME,
    PAGE_TOKEN,
    POST_ID,
    PSID,
    USER_TOKEN,
    Refused,
    Token,
    World,
)
from tests.providers.simulator import Answer, Fault, Simulator

PHOTO = a_picture(200)
PAGE_SIZE = 2
FAULTS = {
    "blocked": Refused(551, "This person isn't available right now."),
    "token": Refused(190, "Error validating access token: session has expired", 463, status=401),
    "window": Refused(10, "This message is sent outside of allowed window.", 2018278),
    "permanent": Refused(100, "Invalid parameter"),
}


class MetaSimulator(Simulator):
    weather_paths = ("/messages", "/comments", "/replies", "/message_attachments")

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.files: dict[str, bytes] = {"anna.png": PHOTO, "post.png": PHOTO}
        self.attachments: dict[str, list[str]] = {}
        self.pages_of_user = [PAGE_ID]

    # For tests.

    def link(self, name: str) -> str:
        return f"{self.base_url}/cdn/{name}"

    def age(self, seconds: int) -> None:
        with self.lock:
            self.world.now += seconds

    # The machinery.

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/cdn/{name}", self._file),
            web.get("/refresh_access_token", self._refresh),
            web.route("*", "/{version:v[0-9.]+}/{path:.+}", self._graph),
        ]

    def refusal(self, fault: Fault, request: web.Request) -> Answer | None:
        return _refusal(FAULTS[fault.kind]) if fault.kind in FAULTS else None

    def too_many(self, fault: Fault, request: web.Request) -> Answer:
        usage = {PAGE_ID: [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 1}]}
        answer = _refusal(Refused(80006, "There have been too many messenger api calls to this page account"))
        answer.headers["X-Business-Use-Case-Usage"] = json.dumps(usage)
        return answer

    async def _file(self, request: web.Request) -> Answer:
        content = self.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content, content_type="image/png")

    async def _refresh(self, request: web.Request) -> Answer:
        token = self.world.tokens.get(request.query.get("access_token", ""))
        if token is None or token.kind != "INSTAGRAM" or not token.is_valid:
            return _refusal(Refused(190, "Invalid OAuth access token", status=400))
        if "young" in token.scopes:
            return _refusal(Refused(100, "The token is too young to be refreshed"))
        newer = f"{IG_TOKEN}{self.world.new_id('r')}"
        self.world.tokens[newer] = Token("INSTAGRAM", IG_ID)
        return web.json_response({"access_token": newer, "token_type": "bearer", "expires_in": 5184000})

    async def _graph(self, request: web.Request) -> Answer:
        try:
            fields, uploads = await _fields(request)
            with self.lock:
                token = self._token(request)
                answer = self._answer(request, token, fields, uploads)
        except Refused as refused:
            return _refusal(refused)
        except (KeyError, TypeError, ValueError) as error:
            return _refusal(Refused(100, f"Invalid parameter: {error}"))
        return web.json_response(answer)

    def _token(self, request: web.Request) -> Token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = self.world.tokens.get(given)
        if token is None or not token.is_valid:
            raise Refused(190, "Invalid OAuth access token.", status=401)
        proof = request.query.get("appsecret_proof")
        if proof is not None and proof != hmac.new(APP_SECRET.encode(), given.encode(), hashlib.sha256).hexdigest():
            raise Refused(100, "Invalid appsecret_proof provided in the API argument")
        return token

    def _answer(self, request: web.Request, token: Token, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        method, (node, _, edge) = request.method, request.match_info["path"].partition("/")
        owner = token.owner if node == "me" else node
        # Instagram's account is spoken for by the token of the page that it is linked to, too.
        if node == "me" and edge == "messages" and str(fields.get("recipient", {}).get("id", "")) == IGSID:
            owner = IG_ID
        if (
            node == "me"
            and edge == "messages"
            and str(fields.get("recipient", {}).get("comment_id", "")).startswith("179")
        ):
            owner = IG_ID
        route = getattr(self, f"_{method.lower()}_{edge.replace('/', '_') or 'node'}", None)
        if node in ("debug_token", "oauth"):
            route = getattr(self, f"_{node}")
        if route is None:
            raise Refused(2500, f"Unknown path components: /{edge}")
        return route(owner, token, fields, uploads)

    # The edges: a method's name and an edge's.

    def _debug_token(self, _owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        if token.kind != "APP":
            raise Refused(100, "You must provide an app access token")
        found = self.world.tokens.get(str(fields["input_token"]))
        if found is None or not found.is_valid:
            return {"data": {"is_valid": False, "error": {"code": 190, "message": "Invalid"}, "scopes": []}}
        return {
            "data": {
                "app_id": found.app_id, "type": found.kind, "is_valid": True, "scopes": list(found.scopes),
                "expires_at": 0,
            }
        }  # fmt: skip

    def _oauth(self, _owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        is_right = fields["client_id"] == APP_ID and fields["client_secret"] == APP_SECRET
        if not is_right or fields["fb_exchange_token"] != USER_TOKEN:
            raise Refused(190, "Invalid token")
        return {"access_token": LASTING_TOKEN, "token_type": "bearer", "expires_in": 5184000}

    def _get_accounts(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        names = {PAGE_ID: (PAGE_NAME, PAGE_TOKEN), OTHER_PAGE_ID: ("Attic", "EAAOther")}
        found = [{"id": pk, "name": names[pk][0], "access_token": names[pk][1]} for pk in self.pages_of_user]
        return {"data": found}

    def _get_node(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        if owner == PAGE_ID:
            linked = {"id": IG_ID, "username": IG_NAME, "name": "Loft"}
            return {"id": PAGE_ID, "name": PAGE_NAME, "instagram_business_account": linked}
        if owner == IG_ID:
            return {"id": "app-scoped", "user_id": IG_ID, "username": IG_NAME}
        if owner == PSID:
            return {
                "first_name": "Anna",
                "last_name": "Petrova",
                "profile_pic": self.link("anna.png"),
                "locale": "en_GB",
            }
        if owner == IGSID:
            return {"name": "Anna", "username": "anna_p", "profile_pic": self.link("anna.png")}
        if owner in (POST_ID, MEDIA_ID):
            return comments.post(self.base_url) if owner == POST_ID else comments.media(self.base_url)
        if owner in self.attachments:
            return {"attachments": {"data": [{"image_data": {"url": url}} for url in self.attachments[owner]]}}
        comment = self.world.comment(owner)
        make = comments.facebook if comment.post == POST_ID else comments.instagram
        return make(comment, self.world)

    def _post_messages(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        if token.owner not in (PAGE_ID, IG_ID):
            raise Refused(200, "Requires a page's token")
        return messages.send(self.world, owner, fields)

    def _post_message_attachments(self, owner: str, token: Token, fields: Any, uploads: Any) -> Any:
        kind = json.loads(fields["message"])["attachment"]["type"]
        return {"attachment_id": self._keep(kind, uploads["filedata"])}

    def _post_photos(self, owner: str, token: Token, fields: Any, uploads: Any) -> Any:
        if fields.get("published") != "false":
            raise Refused(100, "This would be published")
        return {"id": self._keep("image", uploads["source"])}

    def _keep(self, kind: str, upload: web.FileField) -> str:
        pk = self.world.new_id("upload")
        with upload.file as file:
            self.world.uploads[pk] = (kind, upload.filename, file.read())
        return pk

    def _get_subscriptions(self, owner: str, token: Token, _fields: Any, _uploads: Any) -> Any:
        return {"data": list(self.world.app_subscriptions.values())}

    def _post_subscriptions(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        if token.kind != "APP":
            raise Refused(15, "This method must be called with an app access_token.")
        names = [{"name": name, "version": "v23.0"} for name in fields["fields"].split(",")]
        self.world.app_subscriptions[fields["object"]] = {
            "object": fields["object"], "callback_url": fields["callback_url"], "active": True, "fields": names,
        }  # fmt: skip
        return {"success": True}

    def _delete_subscriptions(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        self.world.app_subscriptions.pop(fields["object"], None)
        return {"success": True}

    def _get_subscribed_apps(self, owner: str, token: Token, _fields: Any, _uploads: Any) -> Any:
        names = sorted(self.world.page_subscriptions.get(owner, ()))
        identity = {} if token.kind == "INSTAGRAM" else {"id": APP_ID, "name": "Loft"}
        return {"data": [{**identity, "subscribed_fields": names}] if names else []}

    def _post_subscribed_apps(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        self.world.page_subscriptions[owner] = set(fields["subscribed_fields"].split(","))
        return {"success": True}

    def _delete_subscribed_apps(self, owner: str, token: Token, _fields: Any, _uploads: Any) -> Any:
        self.world.page_subscriptions.pop(owner, None)
        return {"success": True}

    def _post_comments(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        return {"id": comments.add(self.world, owner, token.owner, fields).id}

    def _post_replies(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        return {"id": comments.reply(self.world, owner, fields).id}

    def _post_node(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        own = IG_ID if "hide" in fields or self.world.comment(owner).post == MEDIA_ID else token.owner
        return comments.change(self.world, owner, fields, own=own)

    def _delete_node(self, owner: str, token: Token, _fields: Any, _uploads: Any) -> Any:
        return comments.remove(self.world, owner)

    def _get_posts(self, owner: str, token: Token, _fields: Any, _uploads: Any) -> Any:
        return {"data": [comments.post(self.base_url)] if owner == PAGE_ID else []}

    def _get_media(self, owner: str, token: Token, _fields: Any, _uploads: Any) -> Any:
        return {"data": [{"id": MEDIA_ID, "comments_count": len(self.world.below(MEDIA_ID))}]}

    def _get_comments(self, owner: str, token: Token, fields: Any, _uploads: Any) -> Any:
        if owner == MEDIA_ID:
            return self._page(comments.threads(self.world), fields)
        newest_first = reversed(self.world.below(owner))
        return self._page([comments.facebook(comment, self.world) for comment in newest_first], fields)

    def _page(self, items: list[Any], fields: Any) -> Any:
        """Two at a time; some lists turn in a circle."""
        start = int(fields.get("after", 0)) % max(len(items), 1)
        end = start + PAGE_SIZE
        if self.world.repeats_pages and end >= len(items):
            end = int(fields.get("after", 0)) + PAGE_SIZE
        page: dict[str, Any] = {"data": items[start : start + PAGE_SIZE], "paging": {"cursors": {"after": str(end)}}}
        if end < len(items) or self.world.repeats_pages:
            page["paging"]["next"] = "https://graph.test/next"
        return page


async def _fields(request: web.Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """From the address, from a form, from JSON; files apart."""
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return fields | json.loads(await request.read() or b"{}"), {}
    posted = await request.post()
    uploads = {name: value for name, value in posted.items() if isinstance(value, web.FileField)}
    return fields | {name: value for name, value in posted.items() if isinstance(value, str)}, uploads


def _refusal(refused: Refused) -> web.Response:
    return web.json_response(refused.body(), status=refused.status)


__all__ = ["FB_USER", "MetaSimulator"]
