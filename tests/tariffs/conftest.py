"""What the tests of the tariffs share."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import certificate
from tests.tariffs.site import Site, serve

__all__ = ["certificate"]

SHARED = Path(__file__).parents[3] / "shared" / "tariffs"
"""Real price grids, beside the checkout on machines that have them."""


@pytest.fixture(scope="session")
def tariffs() -> Path:
    """The folder of real grids; the test is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the real price grids are not on this machine")
    return SHARED


@pytest.fixture
def site() -> Iterator[Site]:
    """A supplier's site on the loopback interface."""
    site = Site()
    server = serve(site)
    yield site
    site.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def tls_site(certificate: tuple[Path, Path]) -> Iterator[Site]:
    """The same, encrypted, with a certificate that nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    site = Site()
    server = serve(site, context)
    yield site
    server.shutdown()
    server.server_close()
