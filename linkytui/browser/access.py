"""Who may come in: by which address, from which page, with which token. Pure, but for the file of the token."""

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from linkytui.errors import SettingsError
from linkytui.settings.save import write_private

COOKIE = "linkytui_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a request must show."""

    token: str | None = None
    """What a browser must have been told once; None where nobody is asked, or the proxy asks."""
    public: str | None = None
    """The address that people type, where a proxy stands between and asks who they are."""

    def knows(self, given: str | None) -> bool:
        """Whether this is the token, where one is asked for. How long it takes tells nothing of how it differs."""
        if self.token is None:
            return True
        return secrets.compare_digest((given or "").encode("utf-8", "replace"), self.token.encode())

    def is_meant(self, headers: Mapping[str, str]) -> bool:
        """Whether a request names this server as it is known, and does not come from another site's page.

        Without a token only this machine may ask, and a page that is open on it may not: neither by a name that leads
        here (DNS rebinding) nor from a site of its own, which the browser says in Origin.
        """
        host = headers.get("Host", "").lower()
        if self.token is None and self.public is None and not is_local(host):
            return False
        origin = headers.get("Origin")
        if origin is None:
            return True  # no page asks
        expected = host if self.public is None else urlsplit(self.public).netloc
        return urlsplit(origin).netloc.lower() == expected.lower()


def is_local(host: str) -> bool:
    """Whether a Host header names this machine's loopback interface."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name == "localhost" or is_loopback(name)


def is_loopback(name: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def kept_token(path: Path, *, new: bool) -> str:
    """The token of this user, which is made when there is none yet, and stays.

    Raises SettingsError: it cannot be kept.
    """
    if not new:
        try:
            known = path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            known = ""
        except (OSError, ValueError) as error:
            raise SettingsError(f"{path}: {error}") from None
        if len(known) >= 16:
            return known
    token = secrets.token_urlsafe(18)
    write_private(path, token + "\n")
    return token
