"""The files that older records come in: plain, compressed, or several in a ZIP."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from linkytui.i18n import _
from linkytui.imports.model import SourceError

_ZIP: Final = b"PK\x03\x04"
_GZIP: Final = b"\x1f\x8b"
HEAD: Final = 1 << 14
"""Bytes by which a file is recognised."""
_LARGEST: Final = 1 << 28
"""Bytes that are inflated of one file at most: a bomb is cut here."""
_MOST_ENTRIES: Final = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or one in a ZIP."""

    name: str
    """For a person."""
    head: bytes
    """Its first bytes, inflated."""
    path: Path
    """Where it lies."""
    reopen: Callable[[], IO[bytes]]

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, from the beginning; what is compressed is inflated.

        Raises:
            SourceError: it is damaged, or larger than such a file can be.
            OSError: it cannot be read.
        """
        try:
            with self.reopen() as file:
                yield file
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            text = _("{path} is damaged or locked: download it again.")
            raise SourceError(text.format(path=self.name)) from error

    @property
    def is_workbook(self) -> bool:
        """Whether it is a ZIP, which of all entries only a workbook can be."""
        return self.head.startswith(_ZIP)


class _Capped(io.RawIOBase):
    """A stream that ends with an error before it fills the memory."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, name: str) -> None:
        self._inner, self._name, self._left = inner, name, _LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffer of bytes is all that comes
        data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            text = _("{path} is larger than a table of consumption can be: is it the right file?")
            raise SourceError(text.format(path=self._name))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def entries(path: Path) -> list[Entry]:
    """The file of that name, or those inside it when it is a ZIP and no workbook.

    Raises:
        SourceError: the ZIP is damaged, or holds nothing.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(_GZIP):
        plain = Entry(str(path), head, path, lambda: _capped(gzip.GzipFile(path), str(path)))
        try:
            return [_with_head(plain)]
        except SourceError:
            return [plain]  # a recording that was cut is still worth reading
    if not head.startswith(_ZIP):
        return [Entry(str(path), head, path, lambda: path.open("rb"))]
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        if path.suffix.lower() == ".xlsx":
            return [Entry(str(path), head, path, lambda: path.open("rb"))]  # what is wrong with it is said there
        text = _("{path} is damaged or locked: download it again.")
        raise SourceError(text.format(path=path)) from error
    if any(name.startswith("xl/") for name in names) or "[Content_Types].xml" in names:
        return [Entry(str(path), head, path, lambda: path.open("rb"))]
    wanted = [name for name in names if not Path(name).name.startswith((".", "~$")) and "__MACOSX" not in name]
    if not wanted or len(wanted) > _MOST_ENTRIES:
        raise SourceError(_("{path} contains no files that can be imported.").format(path=path))
    return [_inside(path, name) for name in sorted(wanted)]


def _inside(path: Path, name: str) -> Entry:
    shown = f"{path}: {name}"

    def reopen() -> IO[bytes]:
        archive = zipfile.ZipFile(path)
        member = archive.open(name)
        archive.close()  # the member keeps what it needs
        return _capped(member, shown)

    return _with_head(Entry(shown, b"", path, reopen))


def _with_head(entry: Entry) -> Entry:
    with entry.open() as file:
        return replace(entry, head=file.read(HEAD))


def _capped(inner: IO[bytes] | gzip.GzipFile, name: str) -> IO[bytes]:
    return io.BufferedReader(_Capped(inner, name))
