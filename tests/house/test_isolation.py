"""The tests themselves are fenced in: no network, no folder or variable of the person who runs them."""

import os
import socket
from pathlib import Path

import platformdirs
import pytest
from hypothesis import settings


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        outside.connect_ex(("192.0.2.1", 80))
    with pytest.raises(pytest.fail.Exception, match=r"example\.invalid"):
        socket.create_connection(("example.invalid", 80))


def test_a_test_may_speak_to_a_server_of_its_own() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0] as accepted,
    ):
        client.sendall(b"hello")
        assert accepted.recv(5) == b"hello"


def test_a_test_starts_in_an_empty_folder_of_its_own(tmp_path: Path) -> None:
    assert Path.cwd() == tmp_path.resolve()
    assert list(tmp_path.iterdir()) == []


def test_user_data_goes_to_a_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert tmp_path_factory.getbasetemp() in platformdirs.user_data_path("debate").parents


def test_no_key_of_the_person_who_runs_the_tests_is_seen() -> None:
    assert not [name for name in os.environ if name.startswith(("DEBATE_", "LANGSMITH_", "OPENAI_"))]


def test_a_slow_machine_fails_no_property_test() -> None:
    assert settings().deadline is None
