"""The connection: HELLO, AUTH, SELECT, CLIENT, PING, ECHO, RESET, QUIT.

Rules: HELLO changes nothing unless all its options are legal; there is one user, `default`.
Source: Valkey 9.1.2, networking.c (`helloCommand`), acl.c (`authCommand`).
Leaves out: other users; CLIENT beyond the names, answered as an unknown subcommand; redirection and tracking.
"""

from __future__ import annotations

from kit.cache.errors import CommandError
from kit.cache.redis import texts
from kit.cache.redis.numbers import integer
from kit.cache.redis.reply import OK, Status
from kit.cache.redis.session import Session
from kit.cache.redis.table import Args, Command, Reply, container

VERSION = b"9.1.2"
DEFAULT_USER = b"default"


def hello(session: Session, args: Args) -> Reply:
    if len(args) == 1:
        _require_auth(session)
        return _greeting(session)
    proto = integer(args[1], texts.PROTO_NOT_AN_INTEGER)
    if proto not in (2, 3):
        raise CommandError(texts.NO_PROTO)
    user, password, name = _hello_options(args)
    if user is not None and password is not None:
        _authenticate(session, user, password)
    _require_auth(session)
    if name is not None:
        session.name = name
    session.proto = proto
    return _greeting(session)


def _hello_options(args: Args) -> tuple[bytes | None, bytes | None, bytes | None]:
    """User, password and name. Raises CommandError for an option that is unknown, incomplete or not printable."""
    user = password = name = None
    position = 2
    while position < len(args):
        option, left = bytes(args[position]).upper(), len(args) - position - 1
        if option == b"AUTH" and left >= 2:
            user, password = args[position + 1], args[position + 2]
            position += 3
        elif option == b"SETNAME" and left >= 1:
            name = _printable(args[position + 1], texts.CLIENT_NAME)
            position += 2
        else:
            raise CommandError(texts.hello_option(args[position]))
    return user, password, name


def _greeting(session: Session) -> dict[bytes, object]:
    return {
        b"server": b"valkey", b"version": VERSION, b"proto": session.proto, b"id": session.id,
        b"mode": b"standalone", b"role": b"master", b"modules": [],
    }  # fmt: skip


def _require_auth(session: Session) -> None:
    if not session.authenticated:
        raise CommandError(texts.HELLO_NO_AUTH)


def auth(session: Session, args: Args) -> Reply:
    if len(args) > 3:
        raise CommandError(texts.SYNTAX)
    if len(args) == 2:
        if session.engine.password is None:
            raise CommandError(texts.NO_PASSWORD_SET)
        _authenticate(session, DEFAULT_USER, args[1])
    else:
        _authenticate(session, args[1], args[2])
    return OK


def _authenticate(session: Session, user: bytes, password: bytes) -> None:
    """Without a password set, the default user takes any."""
    wanted = session.engine.password
    if user != DEFAULT_USER or (wanted is not None and password != wanted):
        raise CommandError(texts.WRONG_PASSWORD)
    session.authenticated = True


def select(session: Session, args: Args) -> Reply:
    db = integer(args[1])
    if not 0 <= db < len(session.engine.databases):
        raise CommandError(texts.DB_OUT_OF_RANGE)
    session.select(db)
    return OK


def ping(session: Session, args: Args) -> Reply:
    if len(args) > 2:
        raise CommandError(texts.wrong_arity("ping"))
    return args[1] if len(args) == 2 else Status("PONG")


def echo(session: Session, args: Args) -> Reply:
    return args[1]


def reset(session: Session, args: Args) -> Reply:
    session.connect()
    return Status("RESET")


def quit_(session: Session, args: Args) -> Reply:
    session.closing = True
    return OK


def client_id(session: Session, args: Args) -> Reply:
    return session.id


def client_getname(session: Session, args: Args) -> Reply:
    return session.name or None


def client_setname(session: Session, args: Args) -> Reply:
    session.name = _printable(args[2], texts.CLIENT_NAME)
    return OK


def client_setinfo(session: Session, args: Args) -> Reply:
    attribute = bytes(args[2]).upper()
    if attribute not in (b"LIB-NAME", b"LIB-VER"):
        raise CommandError(texts.unrecognised_option(args[2]))
    value = _printable(args[3], texts.client_info(args[2].decode("latin-1")))
    if attribute == b"LIB-NAME":
        session.lib_name = value
    else:
        session.lib_ver = value
    return OK


def _printable(text: bytes, error: str) -> bytes:
    if any(not 0x21 <= byte <= 0x7E for byte in text):
        raise CommandError(error)
    return text


_ANY_TIME = ("noscript", "loading", "stale")
_FAST = ("@fast", "@connection")
_SLOW = ("@slow", "@connection")
_NO_AUTH = (*_ANY_TIME, "fast", "no_auth", "allow_busy")
_CLIENT = (*_ANY_TIME, "allow_busy")
_EVERY_NODE = ("request_policy:all_nodes", "response_policy:all_succeeded")

_SUBCOMMANDS = (
    Command("client|id", 2, client_id, _CLIENT, _SLOW, kind="setup"),
    Command("client|getname", 2, client_getname, _CLIENT, _SLOW, kind="setup"),
    Command("client|setname", 3, client_setname, _CLIENT, _SLOW, None, _EVERY_NODE, kind="setup"),
    Command("client|setinfo", 4, client_setinfo, _CLIENT, _SLOW, None, _EVERY_NODE, kind="setup"),
)

COMMANDS = (
    Command("hello", -1, hello, _NO_AUTH, _FAST, kind="setup"),
    Command("auth", -2, auth, _NO_AUTH, _FAST, kind="setup"),
    Command("select", 2, select, ("loading", "stale", "fast", "allow_busy"), _FAST, kind="setup"),
    Command(
        "ping", -1, ping, ("fast",), _FAST, None, ("request_policy:all_shards", "response_policy:all_succeeded"),
    ),
    Command("echo", 2, echo, ("loading", "stale", "fast"), _FAST),
    Command("reset", 1, reset, _NO_AUTH, _FAST, kind="setup", queues=False),
    Command("quit", -1, quit_, _NO_AUTH, _FAST, kind="setup", queues=False),
    Command("client", -2, container, (), ("@slow",), kind="setup", subcommands=_SUBCOMMANDS),
)  # fmt: skip
