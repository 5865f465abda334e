"""Private files: only for those who may see what they belong to, and never executed by a browser."""

import re
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from common.errors import NotFound
from crm.current import accepts_token, staff
from crm.models import Client, User
from openlines.access import visible_clients, visible_message
from openlines.models import Attachment, QuickReplyFile
from openlines.quick_replies import visible_quick_replies
from openlines.services.attachments import INLINE_TYPES, sniff

DAY = 24 * 60 * 60
PLACE = re.compile(r"[0-9]{1,18}")


@require_safe
@accepts_token
@login_required
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    found = Attachment.objects.filter(pk=attachment_id, state=Attachment.State.READY).first()
    if found is None or not _may_see(staff(request), found):
        raise Http404
    return file_response(request, found)


# Nothing runs in it and nothing is loaded by it; links open beside it, free of what holds here.
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


@require_safe
@accepts_token
@login_required
@xframe_options_sameorigin
def message_page(request: HttpRequest, message_id: int) -> HttpResponse:
    """What a client wrote as a page (HTML of a mail), a document of its own for a frame."""
    try:
        message = visible_message(staff(request), message_id)
    except NotFound:
        raise Http404 from None
    page = message.payload.get("details", {}).get("html")
    if not page or message.deleted_at is not None:
        raise Http404
    response = render(request, "openlines/message_page.html", {"page": page})
    response["Content-Security-Policy"] = PAGE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = f"private, max-age={DAY}"
    return response


def _may_see(user: User, found: Attachment) -> bool:
    if found.message_id is None:
        return found.uploaded_by_id == user.pk
    try:
        message = visible_message(user, found.message_id)
    except NotFound:
        return False
    return message.deleted_at is None


def file_response(request: HttpRequest, found: Attachment | QuickReplyFile) -> HttpResponseBase:
    """The file, shown only if its type is harmless by content, else downloaded; ranges for players."""
    is_inline = found.mime in INLINE_TYPES
    mime = found.mime if is_inline else "application/octet-stream"
    return serve(request, found.file, mime=mime, name=found.name or "file", is_inline=is_inline)


def serve(request: HttpRequest, file: FieldFile, *, mime: str, name: str, is_inline: bool) -> HttpResponseBase:
    response = _ranged(request, file, mime)
    response["Content-Disposition"] = content_disposition_header(not is_inline, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={DAY}, immutable"
    return response


def _ranged(request: HttpRequest, file: FieldFile, mime: str) -> HttpResponseBase:
    """Players seek by ``Range: bytes=a-b``; anything more elaborate gets the whole file."""
    size = file.size
    start, end = _range(request.headers.get("Range", ""), size)
    if start is None:
        whole = FileResponse(file.open("rb"), content_type=mime)
        whole["Accept-Ranges"] = "bytes"
        return whole
    with file.open("rb") as stream:
        stream.seek(start)
        part = HttpResponse(stream.read(end - start + 1), status=206, content_type=mime)
    part["Content-Range"] = f"bytes {start}-{end}/{size}"
    part["Accept-Ranges"] = "bytes"
    return part


def _range(header: str, size: int) -> tuple[int | None, int]:
    unit, _equals, span = header.partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or not PLACE.fullmatch(first) or "," in span:
        return None, 0
    start = int(first)
    end = min(int(last), size - 1) if PLACE.fullmatch(last) else size - 1
    return (start, end) if start <= end else (None, 0)


@require_safe
@accepts_token
@login_required
def client_photo(request: HttpRequest, client_id: int) -> HttpResponseBase:
    client: Client | None = visible_clients(staff(request)).filter(pk=client_id).first()
    if client is None or not client.photo:
        raise Http404
    return _picture(request, client.photo)


@require_safe
@accepts_token
@login_required
def quick_reply_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    visible = visible_quick_replies(staff(request)).values("pk")
    found = QuickReplyFile.objects.filter(pk=file_id, quick_reply__in=visible).first()
    if found is None:
        raise Http404
    return file_response(request, found)


@require_safe
@accepts_token
@login_required
def staff_photo(request: HttpRequest, user_id: int) -> HttpResponseBase:
    if not staff(request).works_with_clients:
        raise PermissionDenied
    user = User.objects.filter(pk=user_id).first()
    if user is None or not user.photo:
        raise Http404
    return _picture(request, user.photo)


def _picture(request: HttpRequest, photo: FieldFile) -> HttpResponseBase:
    with photo.open("rb") as stream:
        mime, _size = sniff(stream.read())
    if not mime.startswith("image/"):
        raise Http404
    return serve(request, photo, mime=mime, name="photo", is_inline=True)
