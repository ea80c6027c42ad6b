"""The command table's form: one row a command decides arity, keys, kind and whether it writes.

Rules: a row is the single truth about its command: the dispatcher, `describe`, COMMAND and the memory limit all read
it; a handler gets the session and all arguments (`args[0]` is the name) and returns the reply or raises CommandError.
Source: the flags, categories and key specifications are those of COMMAND INFO on Valkey 9.1.2.
Leaves out: ACL rules beside the categories that COMMAND shows; tips (`request_policy` …) as strings only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kit.cache.redis.numbers import parse_int
from kit.cache.redis.session import Session

Reply = object
"""None, bytes, int, float, bool, list, dict, and the classes of `reply`."""
Args = Sequence[bytes]
Handler = Callable[[Session, Args], Reply]
Kind = Literal["setup", "queued", "visible"]


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a command's keys stand: first, last (negative: from the end) and step; `access` as COMMAND names it."""

    access: tuple[str, ...]
    first: int = 1
    last: int = 1
    step: int = 1
    notes: str = ""
    counted: bool = False  # the keys follow their number, which stands at `first`: EVAL

    def of(self, args: Args) -> tuple[bytes, ...]:
        """The keys among `args`, in order; none where their number cannot be read."""
        if self.counted:
            number = parse_int(args[self.first])
            legal = number is not None and 0 <= number <= len(args) - self.first - 1
            return tuple(args[self.first + 1 : self.first + 1 + number]) if legal and number is not None else ()
        last = self.last if self.last >= 0 else len(args) + self.last
        return tuple(args[self.first : last + 1 : self.step])


def container(session: Session, args: Args) -> Reply:
    """Stands in the rows of CLIENT, CONFIG and SCRIPT, which run only through their subcommands."""
    raise AssertionError(f"{bytes(args[0])!r} was run without its subcommand: the dispatcher must refuse it")


@dataclass(frozen=True, slots=True)
class Command:
    """One row. arity: number of arguments with the name, negative = at least so many; kind: what the world sees."""

    name: str
    arity: int
    run: Handler
    flags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keys: Keys | None = None
    tips: tuple[str, ...] = ()
    kind: Kind = "visible"
    queues: bool = True  # False: runs at once even inside MULTI
    subcommands: tuple[Command, ...] = ()
    shown: str = field(init=False)
    least: int = field(init=False)
    most: int = field(init=False)
    write: bool = field(init=False)
    deny_oom: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", self.name.replace("|", " ").upper())
        object.__setattr__(self, "least", abs(self.arity))
        object.__setattr__(self, "most", self.arity if self.arity > 0 else sys.maxsize)
        object.__setattr__(self, "write", "write" in self.flags)
        object.__setattr__(self, "deny_oom", "denyoom" in self.flags)

    def accepts(self, count: int) -> bool:
        """Is `count` a legal number of arguments, the name included?"""
        return self.least <= count <= self.most

    def keys_of(self, args: Args) -> tuple[bytes, ...]:
        """The keys among `args`."""
        return () if self.keys is None else self.keys.of(args)


READ = ("RO", "access")
LOOK = ("RO",)
CHANGE = ("RW", "update")
EXCHANGE = ("RW", "access", "update")
REPLACE = ("OW", "update")
INSERT = ("RW", "insert")
REMOVE = ("RW", "delete")
DELETE = ("RM", "delete")
