"""What a run reached: commands, options and error texts, counted from what the real servers answered."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from compared import decoded
from played import Played

from kit.cache.redis import texts
from kit.cache.redis.engine import ROWS
from kit.cache.redis.reply import ErrorReply

COMMANDS = sorted(
    {row.name for row in ROWS.values() if not row.subcommands or row.name == "command"}
    | {sub.name for row in ROWS.values() for sub in row.subcommands}
)
OPTIONS: dict[str, Sequence[str]] = {
    "set": ("EX", "PX", "EXAT", "PXAT", "KEEPTTL", "NX", "XX", "IFEQ", "GET"),
    "getex": ("EX", "PX", "EXAT", "PXAT", "PERSIST"),
    **dict.fromkeys(("expire", "pexpire", "expireat", "pexpireat"), ("NX", "XX", "GT", "LT")),
    **dict.fromkeys(("flushall", "flushdb", "script|flush"), ("ASYNC", "SYNC")),
    "hello": ("2", "3", "AUTH", "SETNAME"),
    "client|setinfo": ("LIB-NAME", "LIB-VER"),
    "config|set": ("MAXMEMORY", "MAXMEMORY-POLICY"),
    "config|get": ("MAXMEMORY", "MAXMEMORY-POLICY"),
    "info": ("STATS", "KEYSPACE", "MEMORY", "ALL"),
}

_PATTERNS = {
    "wrong_arity": r"ERR wrong number of arguments for '[^']+' command",
    "unknown_command": r"ERR unknown command '.*', with args beginning with: .*",
    "unknown_subcommand": r"ERR unknown subcommand '.*'\. Try [A-Z]+ HELP\.",
    "invalid_expire": r"ERR invalid expire time in '[a-z]+' command",
    "unsupported_option": r"ERR Unsupported option .*",
    "not_in_transaction": r"ERR Command '[a-z]+' not allowed inside a transaction",
    "exec_abort": r"EXECABORT Transaction discarded because of: .*",
    "in_script": r".* script: on @user_script:\d+\.",
    "script_arithmetic": r"ERR user_script:\d+: attempt to perform arithmetic on field '\?' .*",
    "hello_option": r"ERR Syntax error in HELLO option '.*'",
    "client_info": r"ERR (?i:LIB-NAME|LIB-VER) cannot contain spaces, newlines or special characters\.",
    "unrecognised_option": r"ERR Unrecognized option '.*'",
    "unknown_setting": r"ERR Unknown option or number of arguments for CONFIG SET - '.*'",
    "setting_failed": r"ERR CONFIG SET failed \(possibly related to argument '.*'\) - .*",
    "one_of": r"ERR CONFIG SET failed .* argument\(s\) must be one of the following: .*",
}


def error_texts() -> dict[str, str]:
    """Every text of `texts` by its name there, as a pattern. Fails where a function has none here."""
    found = {
        name: re.escape(value) + (r"( script: .*)?" if value == texts.SCRIPT_ARGUMENT else "")
        for name, value in vars(texts).items()
        if name.isupper() and isinstance(value, str)
    }
    functions = {
        name for name, value in vars(texts).items()
        if inspect.isfunction(value) and value.__module__ == texts.__name__ and not name.startswith("_")
    }  # fmt: skip
    assert functions == set(_PATTERNS), f"texts without a pattern, or the reverse: {functions ^ set(_PATTERNS)}"
    return found | _PATTERNS


def count(played: Iterable[Played]) -> Counter[str]:
    """How often each command, option and error text was met; an option counts where it was not refused."""
    seen: Counter[str] = Counter()
    patterns = {name: re.compile(pattern, re.DOTALL) for name, pattern in error_texts().items()}
    for one in played:
        if not one.step.args:
            continue
        reply = decoded(one.raw)
        name = _name(one.step.args)
        seen[name] += 1
        if not isinstance(reply, ErrorReply):
            words = {part.decode("latin-1").upper() for part in one.step.args[1:]}
            seen.update(f"{name} {option}" for option in OPTIONS.get(name, ()) if option in words)
        for error in _errors(reply):
            seen.update(text for text, pattern in patterns.items() if pattern.fullmatch(error))
    return seen


def _name(args: Sequence[bytes]) -> str:
    name = args[0].decode("latin-1").lower()
    sub = f"{name}|{args[1].decode('latin-1').lower()}" if len(args) > 1 else name
    return sub if sub in COMMANDS else name


def _errors(reply: object) -> Iterator[ErrorReply]:
    if isinstance(reply, ErrorReply):
        yield reply
    elif isinstance(reply, list):
        for item in reply:
            yield from _errors(item)


def wanted() -> list[str]:
    """All that a run must meet."""
    options = [f"{name} {option}" for name, some in OPTIONS.items() for option in some]
    return [*COMMANDS, *options, *error_texts()]


def table(seen: Counter[str], columns: int = 4) -> str:
    """The counts, in columns."""
    cells = [f"{seen[name]:>5} {name:<32.32}" for name in wanted()]
    rows = (len(cells) + columns - 1) // columns
    return "\n".join("".join(cells[row::rows]).rstrip() for row in range(rows))
