"""The errors that people see: one line that says what happened and what to do."""


class LinkytuiError(Exception):
    """Something outside the program is not as it should be. Its text is for a person and fits on one line."""


class UsageError(LinkytuiError):
    """The command line cannot be carried out as it stands; exit status 2."""


class CaptureError(LinkytuiError):
    """A recording cannot be read or written."""


class SettingsError(LinkytuiError):
    """A settings file, an environment variable or an option holds a value that cannot be, or cannot be written."""


class GridError(LinkytuiError):
    """A price grid cannot be read, or says what cannot be."""


class HistoryError(LinkytuiError):
    """The history cannot be opened, read or written."""


class RelayError(LinkytuiError):
    """The sockets by which a reader of the meter is found cannot be made, reached, or are somebody else's."""


class InvoiceError(LinkytuiError):
    """A file with an invoice cannot be read, or is none."""
