"""RESP, the protocol of Redis and Valkey: one door to the two parsers and the encoder.

server side:  CommandParser -> Command | NEED_DATA | ProtocolError;  encode(reply, proto)
client side:  encode_command(args);  ReplyParser -> Reply | NEED_DATA | ProtocolError
"""

from kit.wire.resp_commands import CommandParser, encode_command
from kit.wire.resp_events import NEED_DATA, Command, NeedData, ProtocolError, ReplyEvent
from kit.wire.resp_replies import ReplyParser, encode

__all__ = [
    "NEED_DATA", "Command", "CommandParser", "NeedData", "ProtocolError", "ReplyEvent", "ReplyParser", "encode",
    "encode_command",
]  # fmt: skip
