import json

import pytest

from channels_connectors.http import Reply
from channels_connectors.meta.errors import refusal_of

pytestmark = pytest.mark.row("C4")


def refused(code, subcode=None, *, message="Something", status=400, headers=None, secrets=()):
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if subcode is not None:
        error["error_subcode"] = subcode
    body = json.dumps({"error": error}).encode()
    return refusal_of(Reply(status, headers or {}, body), provider="Facebook", secrets=secrets)


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (10, 2018278, "WINDOW"), (10, None, "PERMANENT"), (551, None, "BLOCKED"), (100, 2018001, "BLOCKED"),
        (100, None, "PERMANENT"), (190, None, "TOKEN"), (190, 463, "TOKEN"), (4, None, "RETRY"), (17, None, "RETRY"),
        (32, None, "RETRY"), (613, None, "RETRY"), (80006, None, "RETRY"), (1, None, "RETRY"), (2, None, "RETRY"),
        (200, None, "PERMANENT"), (368, None, "LATER"), (200, 2018344, "PERMANENT"), (230, None, "BLOCKED"),
        (424242, None, "PERMANENT"),
    ],
)  # fmt: skip
def test_each_code_has_its_consequence(code, subcode, kind):
    error = refused(code, subcode)

    assert error.kind == kind
    assert error.code.startswith(str(code))


def test_the_time_to_wait_is_in_minutes_in_metas_own_header():
    usage = {"PAGE1": [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": 5}]}

    assert refused(80006, headers={"x-business-use-case-usage": json.dumps(usage)}).retry_after == 300
    assert refused(4, headers={"retry-after": "7"}).retry_after == 7
    assert refused(4, headers={"x-business-use-case-usage": "nonsense"}).retry_after is None


def test_words_tell_what_happened_and_no_secret():
    error = refused(100, message="Bad token EAAB123 at https://graph.test/?access_token=EAAB123.", secrets=["EAAB123"])

    assert "EAAB123" not in str(error)
    assert "https:" not in str(error)
    assert "Facebook" in str(error)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": "no"}', b'{"error": {"code": "x"}}'])
def test_an_answer_of_another_shape_is_a_refusal_for_good(body):
    assert refusal_of(Reply(400, {}, body), provider="Facebook").kind == "PERMANENT"
