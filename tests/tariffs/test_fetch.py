"""Fetching one document from a site that may do anything."""

import contextlib
import socket
import tracemalloc
from pathlib import Path

import certifi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkytui.errors import GridError
from linkytui.tariffs.fetch import Fetched, Limits, fetch
from linkytui.tariffs.grid.process import MAX_SIZE, Stopped
from linkytui.web.connection import MEGABYTE, Allowance, TooSlowError
from linkytui.web.get import public
from tests.servers import free_port
from tests.tariffs import site as answers
from tests.tariffs.site import Site

PATIENT = Limits(silence=60, whole=120, pauses=(1.0, 4.0))
QUICK = Limits(silence=0.3, whole=120, pauses=())
DOCUMENT = b"%PDF-1.7 a document %%EOF"


class Sleeper:
    """Remembers how long it should have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def refusal(url: str, sleep: Sleeper | None = None, limits: Limits = PATIENT) -> str:
    """Why a document cannot be had."""
    with pytest.raises(GridError) as caught:
        fetch(url, limits=limits, sleep=sleep or Sleeper())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_document_comes_with_its_tag_and_is_asked_for_as_a_browser_does(site: Site) -> None:
    site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    found = fetch(site.url + "/grid.pdf")
    assert found.data == DOCUMENT
    assert found.etag
    assert "Mozilla/5.0" in site.asked[0][1]["User-Agent"]


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    first = fetch(site.url + "/grid.pdf")
    known = Fetched(None, first.etag, "Sat, 01 Aug 2026 00:00:00 GMT")
    again = fetch(site.url + "/grid.pdf", known)
    assert again == Fetched(None, first.etag, known.last_modified)
    assert site.asked[1][1]["If-Modified-Since"] == known.last_modified


@pytest.mark.parametrize(
    ("code", "reason", "attempts"),
    [
        (403, "the site refuses (403): get the grid with a browser and name it in files of [tariff]", 1),
        (404, "there is nothing at its address any more (404)", 1),
        (410, "there is nothing at its address any more (410)", 1),
        (400, "the site answers with an error (400)", 1),
        (503, "the site answers with an error (503)", 3),
    ],
)
def test_each_answer_has_its_words_and_only_what_may_pass_is_tried_again(
    code: int, reason: str, attempts: int, site: Site
) -> None:
    site.answers["/grid.pdf"] = answers.status(code)
    sleep = Sleeper()
    assert refusal(site.url + "/grid.pdf", sleep) == reason
    assert site.count("/grid.pdf") == attempts
    assert sleep.slept == [1.0, 4.0][: attempts - 1]


def test_a_site_that_recovers_is_not_noticed(site: Site) -> None:
    site.answers["/grid.pdf"] = answers.status(502)

    def recover(seconds: float) -> None:
        site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)

    assert fetch(site.url + "/grid.pdf", sleep=recover).data == DOCUMENT


def test_an_endless_document_is_left(site: Site) -> None:
    site.answers["/grid.pdf"] = answers.endless
    assert refusal(site.url + "/grid.pdf") == "it is larger than 20 MB, which no price grid is"
    assert MAX_SIZE == 20 * 2**20


def test_a_site_that_falls_silent_is_left(site: Site) -> None:
    site.answers["/slow.pdf"] = answers.slow(site.over)
    site.answers["/silent.pdf"] = answers.silent(site.over)
    for path in ("/slow.pdf", "/silent.pdf"):
        assert refusal(site.url + path, limits=QUICK) == "127.0.0.1 does not answer in time"


def test_a_document_that_trickles_is_left(site: Site) -> None:
    limits = Limits(silence=60, whole=0.2)
    for trickling in (answers.trickle, answers.trickling_head):
        site.answers["/grid.pdf"] = trickling(site.over)
        assert refusal(site.url + "/grid.pdf", limits=limits) == "the site sends it too slowly"


def test_a_connection_that_breaks_is_tried_again(site: Site) -> None:
    broken = (answers.hangs_up, answers.chunked(DOCUMENT, whole=False), answers.packed(DOCUMENT, cut=3))
    for answer in broken:
        site.answers["/grid.pdf"] = answer
        sleep = Sleeper()
        assert refusal(site.url + "/grid.pdf", sleep) == "127.0.0.1 ends the connection within the document"
        assert sleep.slept == [1.0, 4.0]


def test_no_site_at_all() -> None:
    assert refusal(f"http://127.0.0.1:{free_port()}/grid.pdf") == "127.0.0.1 cannot be reached; is there a network?"


def test_nobody_waits_for_names_where_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nameless)
    sleep = Sleeper()
    assert refusal("http://grids.test/grid.pdf", sleep) == "grids.test cannot be reached; is there a network?"
    assert sleep.slept == []


@pytest.fixture
def internet(tls_site: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Site:
    """An encrypted site for which somebody vouches, at an address that counts as one of the internet."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr("linkytui.web.get.public", "127.0.0.1".__eq__)
    return tls_site


def test_a_site_that_moved_is_followed(site: Site, internet: Site) -> None:
    internet.answers["/old.pdf"] = answers.moved("/new.pdf")
    internet.answers["/new.pdf"] = answers.pdf(DOCUMENT)
    assert fetch(internet.url + "/old.pdf").data == DOCUMENT
    site.answers["/grid.pdf"] = answers.moved(internet.url + "/old.pdf")
    assert fetch(site.url + "/grid.pdf").data == DOCUMENT


@pytest.mark.parametrize("place", ["new.pdf", "/a/../new.pdf", "//{host}/new.pdf", "{url}/new.pdf#page=2"])
def test_wherever_it_moved(place: str, internet: Site) -> None:
    internet.answers["/old.pdf"] = answers.moved(place.format(url=internet.url, host=internet.url.partition("//")[2]))
    internet.answers["/new.pdf"] = answers.pdf(DOCUMENT)
    assert fetch(internet.url + "/old.pdf").data == DOCUMENT


def test_an_address_may_be_written_as_people_write_it(site: Site) -> None:
    site.answers["/grille%20%C3%A9t%C3%A9.pdf"] = answers.pdf(DOCUMENT)
    assert fetch(site.url + "/grille été.pdf").data == DOCUMENT
    assert fetch(site.url + "/grille%20%C3%A9t%C3%A9.pdf").data == DOCUMENT


@pytest.mark.parametrize("place", ["/new.pdf", "new.pdf", "{url}/new.pdf"])
def test_not_even_to_its_own_place_does_it_lead_without_encryption(place: str, site: Site) -> None:
    site.answers["/grid.pdf"] = answers.moved(place.format(url=site.url))
    site.answers["/new.pdf"] = answers.pdf(DOCUMENT)
    assert refusal(site.url + "/grid.pdf") == "the address leads to one that is not encrypted"
    assert len(site.asked) == 1


def test_not_even_to_itself_does_a_site_at_home_lead(
    tls_site: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls_site.answers["/grid.pdf"] = answers.moved("/new.pdf")
    tls_site.answers["/new.pdf"] = answers.pdf(DOCUMENT)
    assert refusal(tls_site.url + "/grid.pdf") == "the address leads into a private network"
    assert len(tls_site.asked) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "192.168.1.1", "[fe80::1]", "169.254.169.254"])
def test_an_address_does_not_lead_into_the_home(host: str, site: Site, tls_site: Site) -> None:
    port = tls_site.url.rpartition(":")[2]
    site.answers["/grid.pdf"] = answers.moved(f"https://{host}:{port}/grid.pdf")
    assert refusal(site.url + "/grid.pdf") == "the address leads into a private network"
    site.answers["/grid.pdf"] = answers.moved(f"http://{host}:{port}/grid.pdf")
    assert refusal(site.url + "/grid.pdf") == "the address leads to one that is not encrypted"
    assert tls_site.asked == []


def test_a_name_does_not_lead_into_the_home_either(
    site: Site, tls_site: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls_site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    known, port = socket.getaddrinfo, int(tls_site.url.rpartition(":")[2])

    def lookup(host: str, *args: object, **options: object) -> object:
        return known("127.0.0.1" if host == "grids.test" else host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    site.answers["/grid.pdf"] = answers.moved(f"https://grids.test:{port}/grid.pdf")
    assert refusal(site.url + "/grid.pdf") == "the address leads into a private network"
    assert tls_site.asked == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450::1", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 -- nobody listens there
        ("224.0.0.251", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("::7f00:1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_which_addresses_are_of_the_internet(address: str, is_public: bool) -> None:
    assert public(address) is is_public


def test_ten_seconds_are_given_for_each_megabyte() -> None:
    now = [0.0]
    allowance = Allowance(10, clock=lambda: now[0])
    now[0] = 9.0
    assert allowance.wait() == 1.0
    now[0] = 10.0
    with pytest.raises(TooSlowError):
        allowance.wait()
    allowance.received(MEGABYTE)
    assert allowance.wait() == 10.0


def test_a_site_that_leads_in_circles_is_left(internet: Site) -> None:
    internet.answers["/grid.pdf"] = answers.moved("/grid.pdf")
    assert refusal(internet.url + "/grid.pdf") == "127.0.0.1 answers what cannot be read"
    path = "/on"
    while len(path) < 20:
        internet.answers[path] = answers.leads_on
        path += "x"
    assert refusal(internet.url + "/on", limits=Limits(pauses=())) == "127.0.0.1 answers what cannot be read"


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/grid.pdf", "file:///etc/passwd", "http://[", "javascript:x"])
def test_a_site_leads_to_web_addresses_only(place: str, site: Site) -> None:
    site.answers["/grid.pdf"] = answers.moved(place)
    assert refusal(site.url + "/grid.pdf") == "127.0.0.1 answers what cannot be read"


def test_a_document_may_travel_in_pieces_or_packed(site: Site) -> None:
    for answer in (answers.chunked(DOCUMENT), answers.packed(DOCUMENT)):
        site.answers["/grid.pdf"] = answer
        assert fetch(site.url + "/grid.pdf").data == DOCUMENT


def test_a_document_that_unpacks_to_far_more_is_left(site: Site) -> None:
    site.answers["/grid.pdf"] = answers.packed(bytes(10 * MAX_SIZE))
    tracemalloc.start()
    try:
        assert refusal(site.url + "/grid.pdf") == "it is larger than 20 MB, which no price grid is"
        assert tracemalloc.get_traced_memory()[1] < 5 * MAX_SIZE
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=200), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_answers_ends_in_a_document_or_in_words(site: Site, data: bytes, head: bytes) -> None:
    site.answers["/grid.pdf"] = answers.raw(head + data)
    with contextlib.suppress(GridError):
        assert fetch(site.url + "/grid.pdf", limits=Limits(silence=5, pauses=())).data is not None


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_is_no_address_ends_in_words(text: str) -> None:
    with pytest.raises(GridError):
        fetch(f"ftp://{text}", limits=Limits(pauses=()))
    with pytest.raises(GridError):
        fetch(f"http://[{text}/grid.pdf", limits=Limits(pauses=()))


def test_a_proxy_of_the_environment_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers["http://grids.test/grid.pdf"] = answers.pdf(DOCUMENT)
    monkeypatch.setenv("http_proxy", site.url)
    assert fetch("http://grids.test/grid.pdf").data == DOCUMENT
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert refusal(site.url + "/grid.pdf") == "there is nothing at its address any more (404)"


def test_a_proxy_passes_on_what_is_encrypted_and_does_not_vouch_for_it(
    site: Site, tls_site: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tls_site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    monkeypatch.setenv("https_proxy", site.url)
    assert refusal(tls_site.url + "/grid.pdf") == "the certificate of 127.0.0.1 cannot be verified"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert fetch(tls_site.url + "/grid.pdf").data == DOCUMENT
    assert [path for path, _headers in site.asked] == [tls_site.url.partition("//")[2]] * 2


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_site: Site) -> None:
    tls_site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    assert refusal(tls_site.url + "/grid.pdf") == "the certificate of 127.0.0.1 cannot be verified"
    assert tls_site.asked == []


def test_an_encrypted_address_does_not_lead_to_one_in_clear(
    site: Site, tls_site: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    tls_site.answers["/grid.pdf"] = answers.moved(site.url + "/grid.pdf")
    assert refusal(tls_site.url + "/grid.pdf") == "the address leads to one that is not encrypted"
    tls_site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    assert fetch(tls_site.url + "/grid.pdf").data == DOCUMENT


def test_who_does_not_want_to_wait_does_not(site: Site) -> None:
    site.answers["/grid.pdf"] = answers.endless
    calls = iter([False, True])
    with pytest.raises(Stopped):
        fetch(site.url + "/grid.pdf", stopped=lambda: next(calls))


def test_where_the_system_names_no_authority_those_of_mozilla_hold(
    tls_site: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls_site.answers["/grid.pdf"] = answers.pdf(DOCUMENT)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setattr(certifi, "where", lambda: str(certificate[0]))
    assert fetch(tls_site.url + "/grid.pdf").data == DOCUMENT


def test_what_does_not_encrypt_is_not_read(site: Site) -> None:
    reason = "127.0.0.1 answers what cannot be read"
    assert refusal(site.url.replace("http:", "https:") + "/grid.pdf") == reason
