"""The folders of linkytui's files, by the XDG rules; looked up on each call."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

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
    import warnings

    import platformdirs

    with warnings.catch_warnings():
        # It would warn of each fallback, and people cannot do anything about it.
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path(_NAME)
