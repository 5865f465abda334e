import pytest

pytest.register_assert_rewrite("tests.console_state")
