"""Keeping the book up to date: right grids come in, and whatever a site does, the last good one stays in force."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest

from linkytui.reading import Contract
from linkytui.settings.model import TariffSettings
from linkytui.tariffs.bookfile import read_book
from linkytui.tariffs.fetch import Limits
from linkytui.tariffs.offers import OfferKey
from linkytui.tariffs.status import GridSource, GridStatus, StatusFile, sources_of
from linkytui.tariffs.update import Updater
from tests.lines import PATIENCE
from tests.servers import free_port
from tests.tariffs import site as answers
from tests.tariffs.replicas import broken, edf
from tests.tariffs.site import Site

BASE = OfferKey("EDF", "Tarif Bleu", Contract.BASE)
DAY = 86400.0
NOVEMBER = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()


@cache
def bleu(year: int = 2027) -> bytes:
    """A grid of a year that the book does not know; its prices are those that the book has for August 2026."""
    return edf.tarif_bleu(date(year, 8, 1), f"août {year}").pdf


@cache
def refused() -> bytes:
    """A grid that fails a check."""
    return broken.refused()


class Desk:
    """An updater with a clock that one can set."""

    def __init__(self, folder: Path) -> None:
        self.book = folder / "prices.jsonl"
        self.statuses = StatusFile(folder / "grids")
        self.now = NOVEMBER
        self.version = "1"
        self.silence = PATIENCE
        self.progress: list[tuple[int, int, str]] = []

    def look(self, *places: str, force: bool = False, stopped: Callable[[], bool] = lambda: False) -> list[GridStatus]:
        """Look after some places now."""
        updater = Updater(
            book=self.book,
            statuses=self.statuses,
            clock=lambda: self.now,
            sleep=lambda _seconds: None,
            limits=Limits(silence=self.silence, whole=PATIENCE, pauses=()),
            version=self.version,
        )
        sources = [GridSource(place.rpartition("/")[2], place) for place in places]
        return list(
            updater.update(
                sources,
                force=force,
                progress=lambda done, total, source: self.progress.append((done, total, source.title)),
                stopped=stopped,
            )
        )

    def price(self, day: date = date(2027, 9, 1)) -> tuple[date | None, str | None]:
        """Since when the price of a day holds, and where it was fetched."""
        offer = read_book(self.book).price_at(BASE, 6, day)
        assert offer is not None
        return offer.valid_from, offer.source.url


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An updater that knows nothing yet."""
    return Desk(tmp_path)


def test_a_right_grid_comes_into_the_book_with_its_source(site: Site, desk: Desk) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    (status,) = desk.look(site.url + "/bleu.pdf")
    assert (status.error, status.valid_from, status.offers) == ("", date(2027, 8, 1), 26)
    assert (status.fetched_at, status.checked_at) == (NOVEMBER, NOVEMBER)
    assert desk.price() == (date(2027, 8, 1), site.url + "/bleu.pdf")
    assert desk.price(date(2027, 7, 31)) == (date(2026, 8, 1), None)
    offer = read_book(desk.book).price_at(BASE, 6, date(2027, 9, 1))
    assert offer is not None
    assert (offer.source.file, offer.source.fetched_at, offer.source.sha256) == ("bleu.pdf", NOVEMBER, status.sha256)
    assert desk.progress == [(0, 1, "bleu.pdf")]


def test_a_grid_is_kept_for_thirty_days_and_then_only_asked_whether_it_changed(site: Site, desk: Desk) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    desk.look(site.url + "/bleu.pdf")
    desk.now += 29 * DAY
    desk.look(site.url + "/bleu.pdf")
    assert site.count("/bleu.pdf") == 1
    desk.look(site.url + "/bleu.pdf", force=True)
    desk.now += 31 * DAY
    (status,) = desk.look(site.url + "/bleu.pdf")
    assert site.count("/bleu.pdf") == 3
    assert all("If-None-Match" in headers for _path, headers in site.asked[1:])
    assert (status.error, status.fetched_at) == ("", desk.now)
    offer = read_book(desk.book).price_at(BASE, 6, date(2027, 9, 1))
    assert offer is not None
    assert offer.source.fetched_at == desk.now


def _failures(site: Site) -> Iterator[tuple[answers.Answer, str]]:
    yield answers.status(403), "refuses (403)"
    yield answers.status(404), "nothing at its address any more (404)"
    yield answers.status(200), "it is a web page, not a PDF"
    yield answers.slow(site.over), "does not answer in time"
    yield answers.silent(site.over), "does not answer in time"
    yield answers.endless, "larger than 20 MB"
    yield answers.hangs_up, "ends the connection within the document"
    yield answers.status(500), "an error (500)"
    yield answers.pdf(refused(), tagged=False), broken.REASON
    yield answers.pdf(bleu()[:-2000], tagged=False), "cut short"


def test_whatever_the_site_does_then_the_last_good_grid_stays_in_force(site: Site, desk: Desk) -> None:
    url = site.url + "/bleu.pdf"
    site.answers["/bleu.pdf"] = answers.pdf(bleu(), tagged=False)
    (good,) = desk.look(url)
    for answer, reason in _failures(site):
        site.answers["/bleu.pdf"] = answer
        desk.now += 31 * DAY
        desk.silence = 0.3 if "in time" in reason else PATIENCE
        (status,) = desk.look(url)
        assert reason in status.error
        assert status.checked_at == desk.now
        assert (status.sha256, status.fetched_at, status.valid_from) == (good.sha256, NOVEMBER, good.valid_from)
        assert desk.price() == (date(2027, 8, 1), url)
    desk.silence = 60.0
    site.answers["/bleu.pdf"] = answers.pdf(bleu(), tagged=False)
    desk.now += 31 * DAY
    (status,) = desk.look(url)
    assert (status.error, status.fetched_at) == ("", desk.now)


def test_a_site_that_is_gone_leaves_the_grid_in_force(desk: Desk) -> None:
    (status,) = desk.look(f"http://127.0.0.1:{free_port()}/bleu.pdf")
    assert "cannot be reached" in status.error
    assert (status.fetched_at, status.valid_from) == (None, None)
    assert desk.price() == (date(2026, 8, 1), None)


def test_a_changed_grid_comes_beside_the_old_one(site: Site, desk: Desk) -> None:
    url = site.url + "/bleu.pdf"
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    desk.look(url)
    site.answers["/bleu.pdf"] = answers.pdf(bleu(2028))
    desk.now += 31 * DAY
    (status,) = desk.look(url)
    assert status.valid_from == date(2028, 8, 1)
    assert desk.price(date(2028, 7, 31)) == (date(2027, 8, 1), url)
    assert desk.price(date(2028, 8, 1)) == (date(2028, 8, 1), url)


def test_one_bad_site_does_not_keep_the_others_back(site: Site, desk: Desk) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    places = [site.url + "/gone.pdf", site.url + "/bleu.pdf"]
    first, second = desk.look(*places)
    assert first.error
    assert second.error == ""
    assert desk.progress == [(0, 2, "gone.pdf"), (1, 2, "bleu.pdf")]


def test_a_failure_is_tried_again_after_some_hours_and_survives_a_restart(site: Site, desk: Desk) -> None:
    url = site.url + "/bleu.pdf"
    desk.look(url)
    desk.now += 5 * 3600
    desk.look(url)
    assert site.count("/bleu.pdf") == 1
    desk.now += 2 * 3600
    (status,) = desk.look(url)
    assert site.count("/bleu.pdf") == 2
    assert StatusFile(desk.statuses.folder).read()[url] == status


def test_a_refused_grid_is_read_again_by_another_version_only(site: Site, desk: Desk) -> None:
    url = site.url + "/grille.pdf"
    site.answers["/grille.pdf"] = answers.pdf(refused())
    (first,) = desk.look(url)
    desk.now += DAY
    (second,) = desk.look(url)
    assert second.error == first.error == first.refused != ""
    # The next version understands it: here, because the document in the cache is another by then.
    site.answers["/grille.pdf"] = answers.pdf(broken.sheet_of())
    desk.version = "2"
    (third,) = desk.look(url)
    assert (third.error, third.offers) == ("", 8)
    desk.version = "3"
    (fourth,) = desk.look(url)
    assert (fourth.error, fourth.offers, fourth.read_by) == ("", 8, "3")


def test_a_book_that_was_lost_is_filled_again(site: Site, desk: Desk) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    desk.look(site.url + "/bleu.pdf")
    desk.book.unlink()
    desk.look(site.url + "/bleu.pdf", force=True)
    assert desk.price() == (date(2027, 8, 1), site.url + "/bleu.pdf")


def test_a_cache_that_was_lost_is_fetched_again(site: Site, desk: Desk) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    desk.look(site.url + "/bleu.pdf")
    for file in desk.statuses.folder.glob("*.pdf"):
        file.unlink()
    (status,) = desk.look(site.url + "/bleu.pdf", force=True)
    assert status.error == ""
    assert "If-None-Match" not in site.asked[1][1]


def test_files_of_the_users_own_are_read_when_they_change(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "ma-grille.pdf"
    (missing,) = desk.look(str(file))
    assert missing.error == "the file cannot be read: No such file or directory"
    file.write_bytes(refused())
    (bad,) = desk.look(str(file))
    assert broken.REASON in bad.error
    file.write_bytes(bleu())
    (good,) = desk.look(str(file))
    (again,) = desk.look(str(file))
    assert (good.error, again.error, again.offers) == ("", "", 26)
    offer = read_book(desk.book).price_at(BASE, 6, date(2027, 9, 1))
    assert offer is not None
    assert (offer.source.file, offer.source.url, offer.source.fetched_at) == (str(file), None, None)


def test_who_ends_the_program_does_not_wait_for_the_rest(site: Site, desk: Desk) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())
    stop = threading.Event()
    places = [site.url + "/bleu.pdf", site.url + "/other.pdf"]

    def stopped() -> bool:
        if site.asked:
            stop.set()
        return stop.is_set()

    first, second = desk.look(*places, stopped=stopped)
    assert (first.checked_at, second.checked_at) == (None, None)
    assert site.count("/other.pdf") == 0


def test_a_full_disk_is_said_and_stops_nothing(site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers["/bleu.pdf"] = answers.pdf(bleu())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        (status,) = desk.look(site.url + "/bleu.pdf")
    assert "No space left on device" in status.error
    (status,) = desk.look(site.url + "/bleu.pdf")
    assert status.error == ""
    assert desk.price() == (date(2027, 8, 1), site.url + "/bleu.pdf")


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, False),
        ({"checked_at": None}, True),
        ({"read_by": "0"}, True),
        ({"checked_at": NOVEMBER - 31 * DAY}, True),
        ({"checked_at": NOVEMBER + 100}, True),
        ({"error": "gone", "checked_at": NOVEMBER - 3600}, False),
        ({"error": "gone", "checked_at": NOVEMBER - 7 * 3600}, True),
    ],
)
def test_when_it_is_time_to_look_again(change: dict[str, object], due: bool) -> None:
    status = GridStatus(
        place="https://example.org/bleu.pdf",
        checked_at=NOVEMBER - 10 * DAY,
        valid_from=date(2026, 8, 1),
        sha256="0",
        read_by="1",
    )
    assert msgspec.structs.replace(status, **change).is_due(NOVEMBER, "1") is due


def test_around_the_day_of_a_change_one_looks_each_day_until_it_came() -> None:
    def due(checked: datetime, now: datetime, valid_from: date) -> bool:
        status = GridStatus(place="x", checked_at=checked.timestamp(), valid_from=valid_from, read_by="1")
        return status.is_due(now.timestamp(), "1")

    january, february = datetime(2027, 1, 20, tzinfo=UTC), datetime(2027, 2, 1, 6, tzinfo=UTC)
    assert not due(january, datetime(2027, 1, 31, tzinfo=UTC), date(2026, 8, 1))
    assert due(january, february, date(2026, 8, 1))
    assert not due(february, datetime(2027, 2, 1, 12, tzinfo=UTC), date(2026, 8, 1))
    assert due(february, datetime(2027, 2, 2, 12, tzinfo=UTC), date(2026, 8, 1))
    assert not due(february, datetime(2027, 2, 2, 12, tzinfo=UTC), date(2027, 2, 1))
    march = datetime(2027, 3, 1, tzinfo=UTC)
    assert not due(march, datetime(2027, 3, 3, tzinfo=UTC), date(2026, 8, 1))


def test_the_users_own_supplier_comes_first_and_one_setting_turns_fetching_off() -> None:
    files = ("~/grille.pdf", "https://example.org/grille.pdf")
    all_of_them = sources_of(TariffSettings(provider="mint", files=files))
    assert [source.place for source in all_of_them[:2]] == list(files)
    assert all_of_them[2].title == "Mint Online & Green"
    assert all(source.url and source.url.startswith("https://") for source in all_of_them[1:])
    assert [source.place for source in sources_of(TariffSettings(files=files, fetch=False))] == ["~/grille.pdf"]
    assert sources_of(TariffSettings())[0].title == "EDF Tarif Bleu"
