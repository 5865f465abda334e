"""Answers to comments. They hang below comments of the first level only."""

from django.utils.translation import gettext as _

from channels_connectors.connector import Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.meta.graph import Graph
from openlines.types import OutgoingPart


def send_comment(part: OutgoingPart, *, graph: Graph) -> Receipt:
    root = _root_of(part, graph)
    if not root:
        raise ConnectorError(_("There is no comment to answer."), kind="PERMANENT")
    return Receipt(parts=(str(graph.post(f"{root}/replies", {"message": part.text})["id"]),))


def _root_of(part: OutgoingPart, graph: Graph) -> str:
    root, wanted = str(part.thread.get("comment_id") or ""), part.reply_to_external_id
    if not wanted or wanted == root:
        return root
    return str(graph.get(wanted, fields="parent_id").get("parent_id") or wanted)
