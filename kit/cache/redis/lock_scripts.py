"""The three scripts of redis-py's Lock as functions of keys and arguments.

Rules: each calls the commands it would call in Lua, so effects, counters and errors are theirs; an error names the line
of the script, as the server's does; a missing key or argument is Lua's nil and fails where the script first uses it.
Source: redis-py 8.1.0, redis/lock.py, LUA_RELEASE_SCRIPT, LUA_EXTEND_SCRIPT, LUA_REACQUIRE_SCRIPT.
"""

from __future__ import annotations

from collections.abc import Callable

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.expiry import pexpire, pttl
from kit.cache.redis.generic import delete
from kit.cache.redis.numbers import parse_int
from kit.cache.redis.session import Session
from kit.cache.redis.strings import get
from kit.cache.redis.table import Args, Handler, Reply


def release(session: Session, keys: Args, arguments: Args) -> Reply:
    """Delete the lock if the token is mine."""
    token = _call(session, 2, get, b"get", _at(keys, 0))
    if token is None or token != _at(arguments, 0):
        return 0
    _call(session, 6, delete, b"del", _at(keys, 0))
    return 1


def extend(session: Session, keys: Args, arguments: Args) -> Reply:
    """Add to the time left (third argument 0) or replace it, if the token is mine and the lock has an end."""
    token = _call(session, 2, get, b"get", _at(keys, 0))
    if token is None or token != _at(arguments, 0):
        return 0
    left = _call(session, 6, pttl, b"pttl", _at(keys, 0))
    assert isinstance(left, int)
    if left < 0:
        return 0
    ttl = _at(arguments, 1)
    if _at(arguments, 2) == b"0":
        ttl = _sum(ttl, left)
    _call(session, 18, pexpire, b"pexpire", _at(keys, 0), ttl)
    return 1


def reacquire(session: Session, keys: Args, arguments: Args) -> Reply:
    """Replace the time left, if the token is mine."""
    token = _call(session, 2, get, b"get", _at(keys, 0))
    if token is None or token != _at(arguments, 0):
        return 0
    _call(session, 6, pexpire, b"pexpire", _at(keys, 0), _at(arguments, 1))
    return 1


def _at(args: Args, index: int) -> bytes | None:
    return args[index] if index < len(args) else None


def _call(session: Session, line: int, run: Handler, *args: bytes | None) -> Reply:
    """`redis.call` at a line of the script. Raises CommandError with the line, as the server writes it."""
    given = [arg for arg in args if arg is not None]
    if len(given) < len(args):
        raise CommandError(texts.in_script(texts.SCRIPT_ARGUMENT, line))
    try:
        return run(session, given)
    except CommandError as error:
        raise CommandError(texts.in_script(str(error), line)) from None
    finally:
        session.engine.commands_processed += 1


def _sum(ttl: bytes | None, left: int) -> bytes:
    """Lua's addition: of a text that is no number it fails; a result with a fraction PEXPIRE refuses."""
    value = None if ttl is None else parse_int(ttl)
    if value is not None:
        return str(value + left).encode()
    try:
        return str(float(ttl or b"") + left).encode()
    except ValueError:
        raise CommandError(texts.in_script(texts.script_arithmetic(16, nil=ttl is None), 16)) from None


SCRIPTS: dict[bytes, Callable[[Session, Args, Args], Reply]] = {
    b"c3f8721cbb97f72bc19e972846bd7aaf91901658": release,
    b"a4e8783852e6b949f9ef3a97212805108459a890": extend,
    b"1cac51482acf5858da00f6d685d68f886cd6b6b2": reacquire,
}
"""By the SHA-1 of the text. A test holds the digests to the installed redis-py."""
