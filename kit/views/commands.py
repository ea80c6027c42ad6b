"""What each command asks of the cache and what the cache answers, in words: one line a command.

Rules: templates for `words.say`; `{who}` asks, `{key}` is what is asked for; several keys become a number. A command
that stands in no table is told by its name, so that nothing on a tape is ever passed over.
Those of memcached mode stand in `memcached_commands`.
Source: the command table of the kit's redis mode; valkey.io/commands (2026-11-24) for what each one does.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.cache.redis.lock_scripts import SCRIPTS
from kit.views import memcached_commands as memcached
from kit.views.words import count, ttl

ASKS: dict[str, str] = {
    "EXISTS": "{who} asks whether {key} is in the cache.",
    "TYPE": "{who} asks the cache for the type of {key}.",
    "TTL": "{who} asks how long {key} has left to live.",
    "PTTL": "{who} asks how long {key} has left to live.",
    "EXPIRETIME": "{who} asks when {key} expires.",
    "PEXPIRETIME": "{who} asks when {key} expires.",
    "STRLEN": "{who} asks how long the value of {key} is.",
    "GETSET": "{who} stores {key} and asks for what it held before.",
    "GETDEL": "{who} asks the cache for {key} and deletes it.",
    "DEL": "{who} deletes {key} from the cache.",
    "UNLINK": "{who} deletes {key} from the cache.",
    "DELIFEQ": "{who} deletes {key}, if its value is unchanged.",
    "PERSIST": "{who} takes the expiry off {key}.",
    "HGET": "{who} asks for the field {arg} of {key}.",
    "HMGET": "{who} asks for {fields} of {key}.",
    "HGETALL": "{who} asks for all fields of {key}.",
    "HSET": "{who} sets {pairs} of {key}.",
    "HDEL": "{who} deletes {fields} of {key}.",
    "HINCRBY": "{who} adds {last} to the field {arg} of {key}.",
    "HEXISTS": "{who} asks whether {key} has the field {arg}.",
    "SADD": "{who} adds {members} to {key}.",
    "SREM": "{who} removes {members} from {key}.",
    "SMEMBERS": "{who} asks for all members of {key}.",
    "SISMEMBER": "{who} asks whether {arg} is a member of {key}.",
    "SCARD": "{who} asks how many members {key} has.",
    "INCR": "{who} adds 1 to {key}.",
    "DECR": "{who} takes 1 from {key}.",
    "INCRBY": "{who} adds {arg} to {key}.",
    "INCRBYFLOAT": "{who} adds {arg} to {key}.",
    "DECRBY": "{who} takes {arg} from {key}.",
    "APPEND": "{who} appends to the value of {key}.",
    "WATCH": "{who} watches {key} for changes.",
    "EVAL": "{who} runs a script on {key}.",
    "EVALSHA": "{who} runs a script on {key}.",
    "SCRIPT": "{who} loads a script into the cache.",
    "FLUSHALL": "{who} empties the cache.",
    "FLUSHDB": "{who} empties the cache.",
    "DBSIZE": "{who} asks how many keys the cache holds.",
    "INFO": "{who} asks the cache how it is doing.",
    "CONFIG": "{who} asks about the settings of the cache.",
    "COMMAND": "{who} asks the cache which commands it knows.",
    "PING": "{who} asks whether the cache is there.",
    "ECHO": "{who} asks the cache to repeat a word.",
    **memcached.ASKS,
}
# The three scripts of redis-py's Lock, by what they do.
SCRIPT_ASKS = {
    "release": "{who} gives the lock {key} back.",
    "extend": "{who} asks for more time for the lock {key}.",
    "reacquire": "{who} starts the time of the lock {key} anew.",
}
NOT_ITS_OWN = "The cache does nothing: the lock is no longer its own."
UNKNOWN = "{who} sends {command} to the cache."
UNKNOWN_WITH_KEY = "{who} sends {command} {key} to the cache."
STORES = {"SET", "SETEX", "PSETEX", "SETNX", "MSET", "MSETNX", *memcached.STORES}
LOOKS = {"GET", "GETEX", "MGET", *memcached.LOOKS}
_EXPIRES = {"EXPIRE": 1000, "PEXPIRE": 1}
_MOMENTS = {"EXPIREAT", "PEXPIREAT"}


def script(command: str, args: Sequence[str]) -> str:
    """Which of redis-py's scripts a command runs: release, extend or reacquire; empty for any other."""
    if command != "EVALSHA" or not args:
        return ""
    known = SCRIPTS.get(args[0].lower().encode("utf-8", "replace"))
    return known.__name__ if known is not None and known.__name__ in SCRIPT_ASKS else ""


def asks(command: str, args: Sequence[str]) -> str | None:
    """The template of a request that is told by its name alone; None for an unknown command."""
    if which := script(command, args):
        return SCRIPT_ASKS[which]
    if command == "CONFIG" and args and args[0].upper() == "SET":
        return "{who} changes the settings of the cache."
    if command in _EXPIRES:
        return "{who} gives {key} {life} to live." if lifetime(command, args) else "{who} lets {key} expire."
    return "{who} sets the moment at which {key} expires." if command in _MOMENTS else ASKS.get(command)


def fields(command: str, args: Sequence[str]) -> dict[str, str]:
    """What the templates may name beside `who` and `key`."""
    rest = max(len(args) - 1, 0)
    return {
        "command": command,
        "arg": args[1] if rest else "nothing",
        "last": args[-1] if args else "nothing",
        "fields": count(rest, "field"),
        "pairs": count(rest // 2, "field"),
        "members": count(rest, "member"),
        "life": lifetime(command, args),
    }


def lifetime(command: str, args: Sequence[str]) -> str:
    """The life that EXPIRE and PEXPIRE give, as words; empty where it is no whole number above 0."""
    if command in memcached.ASKS:
        return memcached.lifetime(command, args) or "no end"
    amount = args[1] if len(args) > 1 else ""
    return ttl(int(amount) * _EXPIRES[command]) if amount.isdecimal() and int(amount) and command in _EXPIRES else ""


def condition(command: str, args: Sequence[str]) -> str:
    """The condition of a SET as words: `if it is absent`; empty without one."""
    if command in memcached.STORES:
        return memcached.condition(command, args)
    words = [word.upper() for word in args[2:]]
    if command in ("SETNX", "MSETNX") or "NX" in words:
        return "if it is absent"
    if "XX" in words:
        return "if it is there"
    return "if its value is unchanged" if "IFEQ" in words else ""


def answers(command: str, args: Sequence[str], reply: object, did: bool) -> str | None:
    """The template of a reply with a sentence of its own; None: the reply is told as a value.

    did: whether the command stored or deleted anything.
    """
    if command.islower():
        return memcached.answers(command, reply)
    if which := script(command, args):
        done = "The cache deletes {key}." if which == "release" else "The cache gives {key} its new time."
        return done if reply == 1 else NOT_ITS_OWN
    if command in ("DEL", "UNLINK", "DELIFEQ", "HDEL", "SREM"):
        return _deleted(command, args, reply)
    if command in ("EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "PERSIST"):
        return "The cache sets the expiry of {key}." if reply == 1 and command != "PERSIST" else (
            "The cache takes the expiry off {key}." if reply == 1 else "The cache leaves {key} as it is."
        )  # fmt: skip
    if command in ("TTL", "PTTL"):
        return _life(reply)
    if command == "EXISTS":
        return "The cache holds {key}." if reply else "The cache does not hold {key}."
    if command in ("SET", "SETEX", "PSETEX", "MSET", "MSETNX", "SETNX") and did:
        return "The cache accepts it."
    fixed = {"WATCH": "The cache watches it.", "PING": "The cache is there.", "FLUSHALL": "The cache is empty now."}
    fixed |= {"FLUSHDB": "The cache is empty now.", "SCRIPT": "The cache keeps the script."}
    return fixed.get(command)


def _deleted(command: str, args: Sequence[str], reply: object) -> str:
    what = {"HDEL": "field", "SREM": "member"}.get(command, "key")
    if not reply or not isinstance(reply, int):
        return "The cache finds nothing to delete."
    if reply == 1 and what == "key" and (len(args) == 1 or command == "DELIFEQ"):
        return "The cache deletes {key}."
    return f"The cache deletes {count(reply, what)}."


def _life(reply: object) -> str:
    if reply == -2:
        return "The cache holds nothing under {key}."
    return "The key {key} never expires." if reply == -1 else "The key {key} lives for another {life}."
