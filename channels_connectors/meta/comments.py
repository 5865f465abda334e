"""What can be done with comments at Facebook and Instagram alike."""

from channels_connectors.errors import ConnectorError
from channels_connectors.meta.graph import Graph

# “Object does not exist”, and “some of the aliases you requested do not exist”.
GONE = frozenset({"100/33", "803"})


def delete_comments(graph: Graph, comment_ids: tuple[str, ...]) -> None:
    """What is gone already is gone."""
    for comment_id in comment_ids:
        try:
            graph.delete(comment_id)
        except ConnectorError as error:
            if error.code not in GONE:
                raise
