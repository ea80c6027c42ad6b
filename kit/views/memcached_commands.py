"""What each command asks of a memcached and what that answers, in words: as `commands`, whose tables hold these too.

Rules: those of `commands`; names are small letters, so none meets one of redis mode. A request of `noreply` has no
reply, and so is one step.
Source: the command table of the kit's memcached mode; memcached 1.6.18, protocol.txt.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.cache.memcached import texts
from kit.views.words import ttl

ASKS: dict[str, str] = {
    "gat": "{who} asks for {key} and gives it {life} to live.",
    "gats": "{who} asks for {key} and gives it {life} to live.",
    "append": "{who} appends to the value of {key}.",
    "prepend": "{who} puts something before the value of {key}.",
    "delete": "{who} deletes {key} from the cache.",
    "md": "{who} deletes {key} from the cache.",
    "incr": "{who} adds {arg} to {key}.",
    "decr": "{who} takes {arg} from {key}.",
    "ma": "{who} counts with {key}.",
    "touch": "{who} gives {key} {life} to live.",
    "flush_all": "{who} empties the cache.",
    "version": "{who} asks the cache for its version.",
    "verbosity": "{who} tells the cache how much to log.",
    "stats": "{who} asks the cache how it is doing.",
    "me": "{who} asks what the cache knows about {key}.",
    "mn": "{who} asks the cache to answer at once.",
}
STORES = {"set", "add", "replace", "cas", "ms"}
LOOKS = {"get", "gets", "mg"}
DELETES = {"delete", "md"}
COUNTS = {"touch", "incr", "decr"}

FULL, TOO_LARGE = texts.OUT_OF_MEMORY, texts.TOO_LARGE

_CONDITIONS = {"add": "if it is absent", "replace": "if it is there", "cas": "if nobody stored it since"}
_MODES = {"E": "add", "R": "replace"}
_REFUSALS = {"NOT_STORED", "EXISTS", "NOT_FOUND", "NS", "EX", "NF"}
_STORAGE = {"set", "add", "replace", "cas", "append", "prepend"}
_MONTH_S = 30 * 24 * 3600


def unheard(name: str, words: Sequence[object]) -> bool:
    """Whether nobody waits for the reply to a request: `noreply` is its last word, before the block if it has one."""
    place = 2 if name in _STORAGE else 1
    return name.islower() and len(words) > place and words[-place] == b"noreply"


def condition(command: str, args: Sequence[str]) -> str:
    """The condition under which a command stores, as words; empty without one."""
    if command == "ms":
        flags = args[2:]
        mode = next((flag[1:2].upper() for flag in flags if flag[:1] == "M"), "")
        command = "cas" if any(flag[:1] == "C" for flag in flags) else _MODES.get(mode, "set")
    return _CONDITIONS.get(command, "")


def lifetime(command: str, args: Sequence[str]) -> str:
    """The life that `touch`, `gat` and `gats` give, as words; empty for none, or where it is a date."""
    place = {"touch": 1, "gat": 0, "gats": 0}.get(command)
    if place is None or len(args) <= place or not args[place].isdecimal():
        return ""
    seconds = int(args[place])
    return ttl(seconds * 1_000) if 0 < seconds <= _MONTH_S else ""


def code(reply: object) -> str:
    """The word that a reply begins with: STORED, HD, …; empty for values."""
    if isinstance(reply, str):
        return reply.split(" ", 1)[0]
    return str(reply[0]) if isinstance(reply, list) and reply and isinstance(reply[0], str) else ""


def refused(name: str, reply: object) -> bool:
    """Whether a write was answered with nothing done."""
    return name.islower() and code(reply) in _REFUSALS


def answers(command: str, reply: object) -> str | None:
    """The template of a reply with a sentence of its own; None: the reply is told as a value."""
    word = code(reply)
    if command in DELETES:
        return "The cache finds nothing to delete." if word in ("NOT_FOUND", "NF") else "The cache deletes {key}."
    if word == "NOT_FOUND" and command in COUNTS:
        return "The cache holds nothing under {key}."
    if command == "touch":
        return "The cache sets the expiry of {key}."
    if command in ("append", "prepend") or command in STORES:
        return "The cache accepts it." if word in ("STORED", "HD") else None
    return {"flush_all": "The cache is empty now.", "mn": "The cache is there."}.get(command)
