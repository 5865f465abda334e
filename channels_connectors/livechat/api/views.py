"""The visitors' REST, under /chat/<public key>/. See docs/howto/website-chat.md."""

import re
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from channels_connectors.livechat.api.base import VisitorCall, address_of, token_of
from channels_connectors.livechat.api.serializers import NewMessageSerializer, RatingSerializer, ReceiptsSerializer
from channels_connectors.livechat.presenters import public_file
from channels_connectors.livechat.queries import changes, page, visible_file
from channels_connectors.livechat.services import (
    Letter,
    finish_conversation,
    note_receipts,
    rate_conversation,
    write_message,
)
from channels_connectors.livechat.throttles import (
    FILES_OF_ADDRESS,
    FILES_OF_VISITOR,
    MESSAGES_OF_ADDRESS,
    MESSAGES_OF_VISITOR,
    SESSIONS_OF_ADDRESS,
)  # fmt: skip
from channels_connectors.livechat.tokens import UnknownVisitor, check_file_link, issue_token, new_visitor, visitor_of
from common.api.requests import integer_or_none
from common.errors import InvalidInput
from openlines.services.attachments import require_size, store_upload
from openlines.web.files import file_response

USER_AGENT_LENGTH = 300
ROOM_FOR_A_FORM = 64 * 1024
MOST_KNOWN = 100
KNOWN = re.compile(r"[0-9]{1,18}:[0-9]{1,9}")


class SessionView(VisitorCall):
    """A token for a new visitor, or a fresh one for a visitor who still has one. Nothing is stored."""

    needs_visitor = False

    def post(self, request: HttpRequest) -> HttpResponse:
        self.take_turns((SESSIONS_OF_ADDRESS, address_of(request)))
        channel_id = self.widget.channel.pk
        try:
            visitor = visitor_of(token_of(request), channel_id=channel_id)
        except UnknownVisitor:
            visitor = new_visitor()
        return JsonResponse({"token": issue_token(channel_id=channel_id, visitor=visitor)}, status=201)


class MessagesView(VisitorCall):
    def get(self, request: HttpRequest) -> HttpResponse:
        known = known_revisions(request.GET.get("after_revision", ""))
        if known:
            return JsonResponse(changes(self.widget, self.visitor, known=known, now=self.now))
        before = integer_or_none(request.GET, "before")
        return JsonResponse(page(self.widget, self.visitor, before=before, now=self.now))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.take_turns((MESSAGES_OF_VISITOR, self.visitor), (MESSAGES_OF_ADDRESS, address_of(request)))
        letter = _letter(self.checked(NewMessageSerializer), request)
        written, is_new = write_message(widget=self.widget, visitor=self.visitor, letter=letter, now=self.now)
        return JsonResponse(written, status=201 if is_new else 200)


def known_revisions(text: str) -> dict[int, int]:
    """``42:17,41:3`` as revisions by dialog. Raises ``InvalidInput``."""
    if not text:
        return {}
    pairs = text.split(",")
    if len(pairs) > MOST_KNOWN or not all(map(KNOWN.fullmatch, pairs)):
        raise InvalidInput(fields={"after_revision": [_("Write it as 42:17,41:3.")]})
    return {int(dialog): int(revision) for dialog, _colon, revision in (pair.partition(":") for pair in pairs)}


def _letter(wanted: dict[str, Any], request: HttpRequest) -> Letter:
    agent = request.headers.get("User-Agent", "").replace("\0", "")[:USER_AGENT_LENGTH]
    return Letter(
        id=wanted["client_message_id"],
        text=wanted["text"],
        attachments=wanted["attachments"],
        name=wanted["name"],
        email=wanted["email"],
        phone=wanted["phone"],
        language=get_language() or "",
        visit=(wanted["visit"] or {}) | ({"user_agent": agent} if agent else {}),
    )


class FinishView(VisitorCall):
    """The visitor ends the conversation."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.take_turns((MESSAGES_OF_VISITOR, self.visitor), (MESSAGES_OF_ADDRESS, address_of(request)))
        finish_conversation(widget=self.widget, visitor=self.visitor, now=self.now)
        return HttpResponse(status=204)


class RatingView(VisitorCall):
    """How the conversation was, and in a few words why; the visitor may think better of it for a day."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.take_turns((MESSAGES_OF_VISITOR, self.visitor), (MESSAGES_OF_ADDRESS, address_of(request)))
        wanted = self.checked(RatingSerializer)
        rate_conversation(
            widget=self.widget, visitor=self.visitor, dialog_id=wanted["dialog"], score=wanted["score"],
            comment=wanted["comment"], now=self.now,
        )  # fmt: skip
        return HttpResponse(status=204)


class FilesView(VisitorCall):
    """Pictures and files, before the message that names them."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.take_turns((FILES_OF_VISITOR, self.visitor), (FILES_OF_ADDRESS, address_of(request)))
        # Asked before the body is read: what is far too large shall not fill the disk first.
        require_size(int(request.headers.get("Content-Length") or 0) - ROOM_FOR_A_FORM)
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise InvalidInput(fields={"file": [_("Choose a file.")]})
        stored = store_upload(upload=upload, channel=self.widget.channel, uploader_key=self.visitor)
        return JsonResponse(public_file(stored, key=self.widget.key, now=self.now), status=201)


class FileView(VisitorCall):
    """A file by a signed link: pictures and downloads send no token."""

    needs_visitor = False

    def get(self, request: HttpRequest, file_id: UUID) -> HttpResponseBase:
        until, signature = request.GET.get("until", ""), request.GET.get("signature", "")
        check_file_link(attachment_id=file_id, until=until, signature=signature, now=self.now)
        return file_response(request, visible_file(self.widget, file_id))


class ReceiptsView(VisitorCall):
    """What the visitor's browser has, and what it has shown: ids of the last messages."""

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = self.checked(ReceiptsSerializer)
        note_receipts(widget=self.widget, visitor=self.visitor, delivered=wanted["delivered"], read=wanted["read"])
        return HttpResponse(status=204)
