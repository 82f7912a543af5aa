"""The folders of linkytui's files, by the XDG rules; looked up on each call."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linkytui.i18n import _

if TYPE_CHECKING:
    from linkytui.settings.model import HistorySettings

SYSTEM_FILE: Final = Path("/etc/linkytui/config.toml")  # settings for everyone on the machine, and for the service

SERVICE_DATA_FOLDER: Final = Path("/var/lib/linkytui")  # what the machine's service keeps

SERVICE_RUNTIME_FOLDER: Final = Path("/run/linkytui")  # the sockets of the machine's service

_NAME: Final = "linkytui"


def config_file() -> Path:
    """The user's settings file, whether or not it exists."""
    import platformdirs

    return platformdirs.user_config_path(_NAME) / "config.toml"


def data_folder() -> Path:
    """For what must not be lost: the history, the price book."""
    import platformdirs

    return platformdirs.user_data_path(_NAME)


def history_folder(settings: "HistorySettings") -> Path:
    """For the history of this user."""
    return Path(settings.folder).expanduser() if settings.folder else data_folder()


def state_folder() -> Path:
    """For what may be lost: logs, cursors."""
    import platformdirs

    return platformdirs.user_state_path(_NAME)


def cache_folder() -> Path:
    """For what can be fetched again."""
    import platformdirs

    return platformdirs.user_cache_path(_NAME)


def runtime_folder() -> Path:
    """For sockets; emptied when the user logs out or the machine restarts."""
    import tempfile
    import warnings

    import platformdirs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `runtime_remark` tells what people can do something about
        try:
            folder = platformdirs.user_runtime_path(_NAME)
        except OSError:  # the last one that it tries is another's
            folder = None
    # The one in the temporary folder is the same for all homes of a user, whose processes would share a lock.
    if folder is None or (folder.is_relative_to(tempfile.gettempdir()) and not _named(folder)):
        return state_folder() / "run"
    return folder


def runtime_remark() -> str:
    """Why the sockets are not where `XDG_RUNTIME_DIR` says, in one line; empty where they are, or it says nothing."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    used = runtime_folder()
    if not named or _named(used):
        return ""
    text = _(
        "XDG_RUNTIME_DIR is {named}, which is not a folder of this user alone (mode 0700): the sockets are in {used}."
    )
    return text.format(named=named, used=used)


def _named(folder: Path) -> bool:
    named = os.environ.get("XDG_RUNTIME_DIR")
    return bool(named) and folder.is_relative_to(str(named))
