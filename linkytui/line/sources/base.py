"""The interface of every source of bytes. A source knows nothing of the protocol."""

from typing import Final, Protocol

READ_TIMEOUT: Final = 0.5  # seconds that a read may block at most, so that the reading thread sees a request to stop


class EndOfSource(Exception):  # noqa: N818 -- an end, not an error
    """There will be no more bytes: the recording is over."""


class Source(Protocol):
    """Yields the bytes of a line as they come. One thread reads it; `close` may be called from another.

    A class that names `Source` as its base gets `generation`, `pace` and `text` from it.
    """

    @property
    def name(self) -> str:
        """What a person calls it: the port, the file, "simulated meter"."""

    @property
    def baudrate(self) -> int | None:
        """Speed it listens at now, in bits per second; None where there is no speed."""

    def read(self) -> bytes:
        """The bytes that have come, after waiting for at least one for `READ_TIMEOUT` seconds; empty when none came.

        Opens the source when it is not open, so that calling again after a `LinkError` tries again. Raises LinkError:
        it cannot be opened or read now, calling again later tries again; EndOfSource: nothing will come any more.
        """

    def now(self) -> float:
        """Seconds since 1970 at which the bytes of the last `read` came: the clock's, or the recording's."""

    @property
    def generation(self) -> int:
        """Changes when the bytes of the last `read` do not go on from those before: a seek or a loop in a recording.

        What was known of the meter then no longer holds. Always 0 where nothing can jump.
        """
        return 0

    @property
    def pace(self) -> float:
        """How fast its time goes: 1 is real time, 0 is held still, more than 1 is faster.

        What is held still is not silent, and at half speed it takes twice as long until it is.
        """
        return 1.0

    @property
    def text(self) -> bool:
        """Whether the bytes may be a text copy of what a meter sent, whose trailing spaces are gone."""
        return False

    def listen_at(self, baudrate: int) -> None:
        """Listen at another speed from the next read on. Sources without a speed ignore it."""

    def rest(self, seconds: float) -> None:  # noqa: ARG002 -- for those that can
        """Nothing that matters comes within so many seconds: the next read may take later, in one go, what came then.

        A source that gives what comes at its own pace ignores it.
        """
        return

    def close(self) -> None:
        """Let go of it, for good; a second time does nothing. A `read` that waits returns."""
