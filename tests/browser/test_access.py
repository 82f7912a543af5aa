"""Who may open the screen in a browser."""

import stat
from pathlib import Path

import pytest

from linkytui.browser.access import Access, is_loopback, kept_token
from linkytui.errors import SettingsError


@pytest.mark.parametrize(
    ("host", "origin", "let"),
    [
        ("localhost:8098", None, True),
        ("127.0.0.1:8098", "http://127.0.0.1:8098", True),
        ("[::1]:8098", "http://[::1]:8098", True),
        ("LOCALHOST:8098", "http://localhost:8098", True),
        ("evil.example", None, False),  # a name that leads to this machine
        ("evil.example:8098", "http://evil.example:8098", False),
        ("127.0.0.1.evil.example", None, False),
        ("localhost:8098", "http://evil.example", False),  # a page of another site
        ("localhost:8098", "http://localhost:9000", False),
        ("localhost:8098", "null", False),
        ("", None, False),
    ],
)
def test_without_a_token_only_this_machine_may_ask(host: str, origin: str | None, let: bool) -> None:
    headers = {"Host": host} | ({} if origin is None else {"Origin": origin})
    assert Access().is_meant(headers) is let


def test_with_a_token_every_name_will_do_but_no_other_site() -> None:
    access = Access(token="secret")  # noqa: S106
    assert access.is_meant({"Host": "pi.home:8098"})
    assert access.is_meant({"Host": "pi.home:8098", "Origin": "http://pi.home:8098"})
    assert access.is_meant({"Host": "pi.home", "Origin": "https://pi.home"})
    assert not access.is_meant({"Host": "pi.home:8098", "Origin": "http://evil.example"})


def test_behind_a_proxy_its_own_address_counts() -> None:
    access = Access(public="https://home.example/linky/")
    assert access.knows(None)
    assert access.is_meant({"Host": "127.0.0.1:8098", "Origin": "https://home.example"})
    assert access.is_meant({"Host": "home.example"})
    assert not access.is_meant({"Host": "home.example", "Origin": "https://evil.example"})


@pytest.mark.parametrize("given", [None, "", "secre", "secret ", "Secret", "sécret", "\ud800", "x" * 10_000])
def test_a_wrong_token_opens_nothing(given: str | None) -> None:
    assert not Access(token="secret").knows(given)  # noqa: S106
    assert Access(token="secret").knows("secret")  # noqa: S106


def test_a_token_stays_until_another_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "state" / "serve.token"
    first = kept_token(path, new=False)
    assert len(first) >= 20
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_token(path, new=False) == first
    assert kept_token(path, new=True) != first
    path.write_text("short\n")
    assert len(kept_token(path, new=False)) >= 20, "what could be guessed is made anew"


def test_a_token_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "serve.token").mkdir()
    with pytest.raises(SettingsError):
        kept_token(tmp_path / "serve.token", new=False)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("pi", False)],  # noqa: S104
)
def test_loopback_is_told_from_the_network(name: str, is_one: bool) -> None:
    assert is_loopback(name) is is_one
