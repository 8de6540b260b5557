"""Who may look: one reader, on this machine, from no other page, and only to read."""

from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.runs import a_run
from tests.web.conftest import ORIGIN
from tests.web.served import TOKEN

PAGES = ("/", "/compare", "/studies", "/static/style.css", "/nowhere")


def test_who_has_the_token_is_let_in_and_sent_to_the_clean_address(stranger: TestClient) -> None:
    answer = stranger.get(f"/?problem=care&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ORIGIN}/?problem=care")
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert stranger.get("/").status_code == 200


def test_the_cookie_of_another_server_on_this_machine_is_another_cookie(stranger: TestClient) -> None:
    # Cookies know no port: the browser sends one server's to the other.
    stranger.get(f"/?token={TOKEN}")
    (name,) = stranger.cookies
    assert name == "debate-8000"


@pytest.mark.parametrize(
    "query", ["", "?token=", "?token=wrong", f"?token={TOKEN}x", "?token=%ff%00", "?token=ü"]
)
@pytest.mark.parametrize("path", ["/", "/runs/x", "/runs/x/events", "/studies", "/nowhere"])
def test_without_the_token_there_is_no_page(stranger: TestClient, path: str, query: str) -> None:
    answer = stranger.get(path + query)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "debate view" in answer.text


@pytest.mark.parametrize("cookie", ["", "wrong", TOKEN[:-1], '"'])
def test_a_wrong_cookie_lets_nobody_in(stranger: TestClient, cookie: str) -> None:
    assert stranger.get("/", headers={"cookie": f"debate-8000={cookie}"}).status_code == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1",
        "127.0.0.1:8001",
        "127.0.0.1.evil.example:8000",
        "",
        "localhost.:8000",
        "user@127.0.0.1:8000",
        "[::1]:8000",
        "0.0.0.0:8000",
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_a_foreign_host_is_refused(reader: TestClient, path: str, host: str) -> None:
    assert reader.get(path, headers={"host": host}).status_code == 403


def test_two_hosts_are_refused(reader: TestClient) -> None:
    own = ("host", "127.0.0.1:8000")
    assert reader.get("/", headers=[own, own]).status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        f"{ORIGIN}.evil.example",
        "http://127.0.0.1:8001",
        "https://127.0.0.1:8000",
        "http://localhost:8000",
        "",
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_a_foreign_origin_is_refused(reader: TestClient, path: str, origin: str) -> None:
    assert reader.get(path, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_elsewhere_cannot_even_bring_the_token(stranger: TestClient, site: str) -> None:
    answer = stranger.get(f"/?token={TOKEN}", headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_reader_own_requests_pass(reader: TestClient) -> None:
    for site in ("none", "same-origin"):
        assert reader.get("/", headers={"sec-fetch-site": site, "origin": ORIGIN}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_nothing_can_be_done_but_reading(reader: TestClient, method: str) -> None:
    answer = reader.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/", f"/?token={TOKEN}", "/?token=wrong", "/static/style.css", "/nowhere", "/runs/nowhere"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_forbids_the_browser_what_no_page_needs(
    reader: TestClient, path: str, method: str
) -> None:
    headers = reader.request(method, path).headers
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {source for name, source in policy.items() if name.endswith("-src")} == {"'none'", "'self'"}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert not [name for name in headers if name.startswith("access-control-")]


def test_an_answer_to_a_fault_of_ours_is_guarded_too(
    runs: Path, monkeypatch: pytest.MonkeyPatch, reader: TestClient
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("debate.web.archive.select", broken)
    quiet = TestClient(reader.app, ORIGIN, raise_server_exceptions=False, cookies=reader.cookies)
    answer = quiet.get("/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "ZeroDivisionError" not in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "..%5c..",
        "%00",
        "a%0d%0ab",
        ".index",
        "run.json",
        "%F0%9F%92%A9",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize(
    "page", ["/runs/{}", "/runs/{}/events", "/studies/{}", "/static/{}", "/compare?run={}&run={}"]
)
def test_a_name_leads_to_what_is_listed_and_nowhere_else(
    reader: TestClient, runs: Path, page: str, name: str
) -> None:
    a_run(runs)
    (runs.parent / "run.json").write_text("a secret", encoding="utf-8")
    answer = reader.get(page.format(name, name))
    assert answer.status_code in {400, 404}
    assert "secret" not in answer.text
    assert "set-cookie" not in answer.headers


def test_a_link_among_the_runs_leads_nowhere_that_is_no_run(
    reader: TestClient, runs: Path, tmp_path: Path
) -> None:
    a_run(runs)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "events.jsonl").write_text("a secret", encoding="utf-8")
    (runs / "20261123-120005-link-0000").symlink_to(tmp_path / "elsewhere")
    answer = reader.get("/runs/20261123-120005-link-0000")
    assert answer.status_code in {404, 500}
    assert "a secret" not in answer.text
