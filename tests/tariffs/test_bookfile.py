"""The price book on disk: nothing is lost, and a damaged line costs only itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import pytest

from linkytui.errors import GridError
from linkytui.reading import Contract
from linkytui.tariffs.bookfile import add_to_book, known_prices, read_book
from linkytui.tariffs.offers import Offer, OfferKey, PriceKind, PriceSource
from tests.lines import PATIENCE

KEY = OfferKey("Mint", "Online & Green", Contract.HPHC)


def offer(power: int, day: date = date(2026, 11, 1)) -> Offer:
    """One that uses every field."""
    return Offer(
        provider=KEY.provider,
        offer=KEY.offer,
        option=KEY.option,
        power_kva=power,
        subscription=Decimal("15.7483"),
        prices={"HC": Decimal("0.1495"), "HP": Decimal("0.1891")},
        valid_from=day,
        source=PriceSource(
            kind=PriceKind.GRID,
            file="grille.pdf",
            sha256="0" * 64,
            page=2,
            url="https://example.org/grille.pdf",
            fetched_at=1.5,
        ),
    )


def test_what_was_added_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "yet" / "prices.jsonl"
    add_to_book(path, [offer(6)])
    add_to_book(path, [offer(9), offer(6, date(2027, 1, 1))])
    book = read_book(path)
    assert book.grids == (offer(6), offer(6, date(2027, 1, 1)), offer(9))
    assert [item.name for item in path.parent.glob("*.jsonl*")] == ["prices.jsonl"]


def test_the_grids_of_the_machine_s_service_are_known_and_one_s_own_win(tmp_path: Path) -> None:
    service, own = tmp_path / "service", tmp_path / "own" / "prices.jsonl"
    dearer = replace(offer(6), subscription=Decimal(20))
    add_to_book(service / "prices.jsonl", [dearer, offer(9)])
    add_to_book(own, [offer(6)])
    assert known_prices(own, service).grids == (offer(6), offer(9))
    assert (service / "prices.jsonl").stat().st_mode & 0o777 == 0o640
    assert known_prices(own, tmp_path / "no service").grids == (offer(6),)


def test_a_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "prices.jsonl"
    add_to_book(path, [offer(6), offer(9)])
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([b"{", lines[0][:40], b"\xff\xfe", b'{"provider": 3}', b"", lines[1]]))
    assert read_book(path).grids == (offer(9),)


def test_no_file_is_an_empty_book_with_the_regulated_history(tmp_path: Path) -> None:
    book = read_book(tmp_path / "prices.jsonl")
    assert book.grids == ()
    assert book.in_force(date(2026, 11, 24), 6)


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GridError) as caught:
        add_to_book(tmp_path / "file" / "prices.jsonl", [offer(6)])
    assert "\n" not in str(caught.value)


def test_a_failed_write_leaves_the_old_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "prices.jsonl"
    add_to_book(path, [offer(6)])
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(GridError, match="No space left"):
        add_to_book(path, [offer(9)])
    assert path.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["prices.jsonl", "prices.lock"]


def _add(path: Path, power: int) -> None:
    add_to_book(path, [offer(power)])


def test_two_programs_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "prices.jsonl"
    context = get_context("spawn")
    powers = (6, 9, 12)
    programs = [context.Process(target=_add, args=(path, power)) for power in powers]
    for program in programs:
        program.start()
    for program in programs:
        program.join(PATIENCE)
        assert program.exitcode == 0
    assert [found.power_kva for found in read_book(path).grids] == list(powers)
