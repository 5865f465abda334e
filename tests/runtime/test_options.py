from pathlib import Path

import pytest

from common.runtime.errors import CannotStart
from common.runtime.options import Options
from common.runtime.readiness import accepted_host


def test_nothing_chosen_means_port_8000_of_this_machine():
    options = Options.from_environment({})

    assert options.url == "http://127.0.0.1:8000/"
    assert options.var_dir == Path("var").absolute()
    assert options.web_processes == 1


def test_every_address_is_shown_as_this_machine():
    options = Options.from_environment({"BIND_ADDRESS": "0.0.0.0", "PORT": "9000"})

    assert options.url == "http://127.0.0.1:9000/"


def test_an_ipv6_address_is_written_in_brackets():
    assert Options.from_environment({"BIND_ADDRESS": "::1"}).url == "http://[::1]:8000/"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000 ", "８０"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(CannotStart, match="PORT must be a whole number from 1 to 65535"):
        Options.from_environment({"PORT": port})


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [
        ("", "localhost"),
        ("*", "localhost"),
        (".example.com", "example.com"),
        ("chat.example.com,localhost", "chat.example.com"),
    ],
)
def test_readiness_is_asked_under_a_name_that_is_served(hosts, asked):
    assert accepted_host(Options.from_environment({"ALLOWED_HOSTS": hosts})) == asked
