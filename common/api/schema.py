"""What every call of the API has in common, said in the OpenAPI document: how refusals look."""

from typing import Any

ERROR = {
    "type": "object",
    "description": "A refusal. `message` is in the reader's language and can be shown as it is.",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {}},
    },
    "required": ["code", "message", "fields"],
}
REFUSED = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


def describe_refusals(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of drf-spectacular."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["4XX"] = REFUSED
    return result
