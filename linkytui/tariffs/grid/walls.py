"""The walls of the process that reads a PDF: it computes and prints its answer; the kernel refuses it everything else.

Two kinds, each behind the other. seccomp lets through what computing takes (memory, clocks, the end) and writing to
what is open as output already; Landlock lets no file be opened. What Landlock alone leaves open (`stat`, `chmod`,
times of files, sockets, signals) seccomp refuses. Where the kernel, libseccomp or a package is missing, so is the wall.
"""

import contextlib
import errno
import importlib
import mmap
from collections.abc import Callable
from typing import Final

LANDLOCK: Final = "landlock"
SECCOMP: Final = "seccomp"

_COMPUTING: Final = (
    *("brk", "munmap", "mremap", "madvise"),
    *("futex", "futex_time64", "sched_yield", "getrandom"),
    *("clock_gettime", "clock_gettime64", "gettimeofday", "time"),
    *("rt_sigreturn", "sigreturn", "rt_sigprocmask", "restart_syscall", "exit", "exit_group"),
)
"""System calls that computing takes, on every architecture; a machine knows some of them."""

_MAPPING: Final = ("mmap", "mmap2", "mprotect")
"""Their third argument says whether the memory may be run."""

_OUTPUTS: Final = (1, 2)  # the answer's pipe, and the errors, which go nowhere

_LATE: Final = (
    *("encodings.utf_16", "encodings.utf_16_be", "encodings.utf_16_le", "encodings.utf_32", "encodings.cp1252"),
    *("encodings.latin_1", "encodings.mac_roman", "encodings.charmap", "encodings.utf_8_sig", "encodings.idna"),
    *("pdfminer.fontmetrics", "pdfminer.glyphlist", "pdfminer.ccitt", "pdfminer.lzw", "pdfminer.runlength"),
    *("pdfminer.ascii85", "pdfminer.jbig2", "pdfminer.encodingdb", "linecache", "traceback", "zlib", "decimal"),
)
"""Modules that are loaded only when a document needs them, and that no file can be opened for any more."""


def raise_walls() -> tuple[str, ...]:
    """Refuse this process all but to compute and to answer; cannot be undone. Returns which walls are missing."""
    for name in _LATE:
        with contextlib.suppress(ImportError):  # of another version
            importlib.import_module(name)
    missing, walls = [], []
    # Both are made before the first one stands, since no file can be opened then.
    for name, make in ((LANDLOCK, _no_files), (SECCOMP, _no_calls)):
        try:
            walls.append((name, make()))
        except Exception:  # the package, the library below it or the kernel lacks it, and each says so its way
            missing.append(name)
    for name, wall in walls:
        try:
            wall()
        except Exception:
            missing.append(name)
    return tuple(missing)


def _no_files() -> Callable[[], object]:
    """Lets no file be opened, made or removed, anywhere."""
    from landlock import Ruleset

    apply: Callable[[], object] = Ruleset().apply
    return apply


def _no_calls() -> Callable[[], object]:
    """Lets the kernel do nothing for this process but what computing takes."""
    import pyseccomp

    calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _COMPUTING:
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # not one of this architecture
            calls.add_rule(pyseccomp.ALLOW, name)
    for name in _MAPPING:
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            calls.add_rule(pyseccomp.ALLOW, name, pyseccomp.Arg(2, pyseccomp.MASKED_EQ, mmap.PROT_EXEC, 0))
    for output in _OUTPUTS:
        calls.add_rule(pyseccomp.ALLOW, "write", pyseccomp.Arg(0, pyseccomp.EQ, output))
    load: Callable[[], object] = calls.load
    return load
