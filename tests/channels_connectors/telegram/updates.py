"""Updates as the Bot API sends them, written after its documentation; aiogram's models agree to every one of them."""

from typing import Any

Fields = dict[str, Any]

ANNA: Fields = {
    "id": 7001,
    "is_bot": False,
    "first_name": "Anna",
    "last_name": "Petrova",
    "username": "anna_p",
    "language_code": "ru",
}
ANNAS_CHAT: Fields = {
    "id": 7001,
    "type": "private",
    "first_name": "Anna",
    "last_name": "Petrova",
    "username": "anna_p",
}
LOFT_BOT: Fields = {"id": 500, "is_bot": True, "first_name": "Loft", "username": "loft_bot"}
GROUP: Fields = {"id": -100500, "type": "supergroup", "title": "Neighbours"}


def file(file_id: str, **fields: Any) -> Fields:
    return {"file_id": file_id, "file_unique_id": f"{file_id}-unique", "file_size": 1000, **fields}


def message(**content: Any) -> Fields:
    envelope = {"message_id": 51, "date": 1790000000, "from": ANNA, "chat": ANNAS_CHAT}
    return {"update_id": 900001, "message": envelope | content}


PHOTO_SIZES = [file("small", width=90, height=67), file("large", width=1280, height=960)]
ANIMATION = file("anim", width=320, height=240, duration=2, file_name="cat.mp4", mime_type="video/mp4")
STICKER_SIZES: Fields = {"width": 512, "height": 512, "type": "regular", "set_name": "cats"}
MEMBER: Fields = {"user": LOFT_BOT, "status": "member"}
KICKED: Fields = {"user": LOFT_BOT, "status": "kicked", "until_date": 0}
POLL: Fields = {
    "id": "1",
    "question": "When?",
    "options": [{"persistent_id": "0", "text": "Now", "voter_count": 0}],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}

MESSAGES: dict[str, Fields] = {
    "text": message(text="Where is my order?", entities=[{"type": "bold", "offset": 0, "length": 5}]),
    "start": message(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}]),
    "start_with_payload": message(
        text="/start from_site", entities=[{"type": "bot_command", "offset": 0, "length": 6}]
    ),
    "photo": message(photo=PHOTO_SIZES, caption="The leg is broken"),
    "album": message(photo=PHOTO_SIZES, media_group_id="13000"),
    "document": message(document=file("doc", file_name="bill.pdf", mime_type="application/pdf"), caption="The bill"),
    "video": message(
        video=file("vid", width=640, height=360, duration=9, file_name="leg.mp4", mime_type="video/mp4"), caption="Look"
    ),
    "animation": message(animation=ANIMATION, document=file("anim", file_name="cat.mp4", mime_type="video/mp4")),
    "audio": message(audio=file("song", duration=200, performer="Kino", title="Zvezda", mime_type="audio/mpeg")),
    "voice": message(voice=file("voice", duration=4, mime_type="audio/ogg")),
    "video_note": message(video_note=file("note", length=240, duration=5)),
    "sticker": message(sticker=file("st", is_animated=False, is_video=False, emoji="👍", **STICKER_SIZES)),
    "video_sticker": message(sticker=file("st", is_animated=False, is_video=True, **STICKER_SIZES)),
    "animated_sticker": message(
        sticker=file(
            "st", is_animated=True, is_video=False, thumbnail=file("thumb", width=128, height=128), **STICKER_SIZES
        )
    ),
    "location": message(location={"latitude": 55.75, "longitude": 37.61}),
    "live_location": message(location={"latitude": 55.75, "longitude": 37.61, "live_period": 900}),
    "venue": message(
        venue={"location": {"latitude": 55.7, "longitude": 37.6}, "title": "Loft", "address": "Nikolskaya 1"},
        location={"latitude": 55.7, "longitude": 37.6},
    ),
    "own_contact": message(contact={"phone_number": "79161234567", "first_name": "Anna", "user_id": 7001}),
    "other_contact": message(contact={"phone_number": "+79160000000", "first_name": "Boris", "last_name": "Orlov"}),
    "dice": message(dice={"emoji": "🎲", "value": 4}),
    "reply": message(
        text="Yes",
        reply_to_message={
            "message_id": 50,
            "date": 1789999990,
            "from": LOFT_BOT,
            "chat": ANNAS_CHAT,
            "text": "Shall we deliver on Monday?",
        },
        quote={"text": "on Monday", "position": 17},
    ),
    "forward": message(
        text="They wrote this", forward_origin={"type": "hidden_user", "date": 1789000000, "sender_user_name": "Boris"}
    ),
    "forward_of_user": message(
        text="And this", forward_origin={"type": "user", "date": 1789000000, "sender_user": ANNA}
    ),
    "forward_of_channel": message(
        text="News",
        forward_origin={
            "type": "channel",
            "date": 1789000000,
            "chat": {"id": -100900, "type": "channel", "title": "Sofas daily"},
            "message_id": 3,
        },
    ),
    "poll": message(poll=POLL),
}

EDIT: Fields = {
    "update_id": 900002,
    "edited_message": message(text="Where is my sofa?")["message"] | {"edit_date": 1790000060},
}
CAPTION_EDIT: Fields = {
    "update_id": 900003,
    "edited_message": message(photo=PHOTO_SIZES, caption="Both legs")["message"] | {"edit_date": 1790000060},
}
LIVE_STEP: Fields = {
    "update_id": 900004,
    "edited_message": MESSAGES["live_location"]["message"] | {"edit_date": 1790000060},
}
BLOCKED: Fields = {
    "update_id": 900005,
    "my_chat_member": {
        "chat": ANNAS_CHAT,
        "from": ANNA,
        "date": 1790000100,
        "old_chat_member": MEMBER,
        "new_chat_member": KICKED,
    },
}
UNBLOCKED: Fields = {
    "update_id": 900006,
    "my_chat_member": BLOCKED["my_chat_member"] | {"old_chat_member": KICKED, "new_chat_member": MEMBER},
}
REMOVED_FROM_GROUP: Fields = {
    "update_id": 900007,
    "my_chat_member": BLOCKED["my_chat_member"] | {"chat": GROUP},
}
BUTTON: Fields = {
    "update_id": 900008,
    "callback_query": {
        "id": "4200",
        "from": ANNA,
        "chat_instance": "1",
        "data": "deliver:monday",
        "message": {
            "message_id": 50,
            "date": 1789999990,
            "from": LOFT_BOT,
            "chat": ANNAS_CHAT,
            "text": "When?",
            "reply_markup": {"inline_keyboard": [[{"text": "On Monday", "callback_data": "deliver:monday"}]]},
        },
    },
}
OLD_BUTTON: Fields = {
    "update_id": 900009,
    "callback_query": BUTTON["callback_query"] | {"message": {"message_id": 50, "date": 0, "chat": ANNAS_CHAT}},
}
GROUP_BUTTON: Fields = {
    "update_id": 900010,
    "callback_query": BUTTON["callback_query"] | {"message": BUTTON["callback_query"]["message"] | {"chat": GROUP}},
}
IN_GROUP: Fields = message(chat=GROUP, text="Hello, neighbours")
CHANNEL_POST: Fields = {
    "update_id": 900011,
    "channel_post": {
        "message_id": 3,
        "date": 1790000000,
        "chat": {"id": -100900, "type": "channel", "title": "Sofas daily"},
        "text": "News",
    },
}
PINNED: Fields = message(pinned_message=MESSAGES["text"]["message"])
NEWER_THAN_THE_LIBRARY: Fields = message(hologram={"file_id": "x"})

OTHERS = {
    "edit": EDIT,
    "caption_edit": CAPTION_EDIT,
    "live_step": LIVE_STEP,
    "blocked": BLOCKED,
    "unblocked": UNBLOCKED,
    "removed_from_group": REMOVED_FROM_GROUP,
    "button": BUTTON,
    "old_button": OLD_BUTTON,
    "group_button": GROUP_BUTTON,
    "in_group": IN_GROUP,
    "channel_post": CHANNEL_POST,
    "pinned": PINNED,
}
ALL = MESSAGES | OTHERS
