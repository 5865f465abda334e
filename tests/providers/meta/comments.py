"""Posts and comments of the simulated Graph API, at Facebook and at Instagram."""

import re
from datetime import UTC, datetime
from typing import Any

from tests.providers.meta.model import (
    FB_USER,
    IG_ID,
    IG_NAME,
    IG_USER,
    MEDIA_ID,
    PAGE_ID,
    PAGE_NAME,
    POST_ID,
    Comment,
    Refused,
    World,
)

NAMES = {FB_USER: "Anna Petrova", PAGE_ID: PAGE_NAME, IG_USER: "anna_p", IG_ID: IG_NAME}
LINK, HASHTAG = re.compile(r"https?://\S+"), re.compile(r"#\w+")


def at(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(base_url: str) -> dict[str, Any]:
    return {
        "id": POST_ID, "message": "The new sofa is here", "permalink_url": "https://fb.test/p1",
        "full_picture": f"{base_url}/cdn/post.png",
    }  # fmt: skip


def media(base_url: str) -> dict[str, Any]:
    return {
        "id": MEDIA_ID, "caption": "The new sofa is here", "permalink": "https://ig.test/p/1", "media_type": "IMAGE",
        "media_url": f"{base_url}/cdn/post.png",
    }  # fmt: skip


def add(world: World, target: str, author: str, fields: dict[str, Any]) -> Comment:
    """Below a post or a comment; pictures are photos uploaded before."""
    above = None if target in (POST_ID, MEDIA_ID) else world.comment(target)
    text, picture = str(fields.get("message", "")), str(fields.get("attachment_id", ""))
    if not text and not picture:
        raise Refused(100, "message or attachment is required")
    if len(text) > 8000 or (picture and picture not in world.uploads):
        raise Refused(100, "Invalid parameter")
    post_id = above.post if above else target
    new = Comment(
        world.new_id("555_c"), post_id, author, text, world.now, parent=above.id if above else "", picture=picture
    )
    return world.write_comment(new)


def reply(world: World, target: str, fields: dict[str, Any]) -> Comment:
    """Instagram: to comments of the first level that everybody sees, within its limits."""
    above, text = world.comment(target), str(fields.get("message", ""))
    if above.parent or above.is_hidden:
        raise Refused(100, "This comment can't be replied to")
    letters = [letter for letter in LINK.sub("", text) if letter.isalpha()]
    is_loud = len(letters) > 1 and all(letter.isupper() for letter in letters)
    if not text or len(text) > 300 or len(HASHTAG.findall(text)) > 4 or len(LINK.findall(text)) > 1 or is_loud:
        raise Refused(100, "Invalid comment message", 2207020)
    return world.write_comment(Comment(world.new_id("179c"), above.post, IG_ID, text, world.now, parent=above.id))


def change(world: World, comment_id: str, fields: dict[str, Any], *, own: str) -> dict[str, Any]:
    comment = world.comment(comment_id)
    if "message" in fields:
        if comment.author != own or own == IG_ID:
            raise Refused(200, "Permissions error")
        comment.text = str(fields["message"])
    for name in ("is_hidden", "hide"):
        if name in fields:
            comment.is_hidden = str(fields[name]).lower() == "true"
    return {"success": True}


def remove(world: World, comment_id: str) -> dict[str, Any]:
    world.comment(comment_id)
    del world.comments[comment_id]
    return {"success": True}


def facebook(comment: Comment, world: World) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": comment.id, "message": comment.text, "created_time": at(comment.at),
        "from": {"id": comment.author, "name": NAMES.get(comment.author, "Somebody")},
    }  # fmt: skip
    if comment.parent:
        above = world.comments.get(comment.parent)
        said["parent"] = {"id": comment.parent}
        if above:
            said["parent"]["from"] = {"id": above.author, "name": NAMES.get(above.author, "Somebody")}
    return said


def instagram(comment: Comment, world: World) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": comment.id, "text": comment.text, "timestamp": at(comment.at), "username": NAMES.get(comment.author, "x"),
        "from": {"id": comment.author, "username": NAMES.get(comment.author, "x")},
    }  # fmt: skip
    if comment.parent:
        said["parent_id"] = comment.parent
    return said


def threads(world: World) -> list[dict[str, Any]]:
    """Instagram's list: comments of the first level with their answers."""
    found = world.below(MEDIA_ID)
    return [
        instagram(root, world)
        | {"replies": {"data": [instagram(one, world) for one in found if one.parent == root.id]}}
        for root in found
        if not root.parent
    ]
