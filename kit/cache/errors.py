"""The error tree of the cache package, split by who can mend it.

    CacheError
    ├── CommandError      the caller of a command: becomes the error reply that a real server would send
    └── SettingError      the reader of a configuration: a limit or a policy that the kit does not have

Rules: a miss, "not stored" and "not yet" are values, never errors; an engine's `execute` lets no CommandError out.
"""

from __future__ import annotations


class CacheError(Exception):
    """Whatever the cache package raises."""


class CommandError(CacheError):
    """A command that is refused; `str(error)` is the text of the reply, code first (`ERR syntax error`)."""


class SettingError(CacheError):
    """A setting that cannot be taken; says what came and what was wanted."""
