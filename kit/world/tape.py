"""The tape: one record an operation, in order of service; every view, table and grade is made from it.

Rules: records are frozen; times are virtual microseconds since the start of the run; nothing that differs between two
runs, machines or Pythons is recorded; this module stays importable in a browser (no greenlet, socket, pandas).
Source: the contract of the tape stands in CONTRIBUTING.md, "The tape".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from kit.cache.effects import Effect
from kit.cache.redis.reply import ErrorReply, Status

FORMAT = 1
_AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


@dataclass(frozen=True, slots=True)
class Op:
    """One operation.

    seq: order of service from 0; actor: whose it is (`world` for leaps and expiries); peer: `cache`, `store`, `clock`,
    `lock`, `scene`; name: the command (`GET`, `EXEC`, `query`, `execute`, `commit`, `sleep`, `leap`, `expire`, `start`,
    `answer`, `raised`, `death`, `alone`, `truth`, `note`, `end`); keys: of the cache; write: from the command table;
    request, reply: decoded values; setup: connection set-up; t_served None: the request was lost;
    t_received None: the reply was lost; t_sent None: pushed by the server; line: line of the submission, shown only.
    """

    seq: int
    actor: str
    peer: str
    name: str
    keys: tuple[bytes, ...]
    write: bool
    request: Any
    reply: Any
    effects: tuple[Effect, ...]
    setup: bool
    t_sent: int | None
    t_served: int | None
    t_received: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Tape:
    """A whole run. `timed` False: a race scene, no view shows a time but a key's TTL."""

    scene: str
    seed: int
    choices: tuple[int, ...]
    timed: bool
    ops: tuple[Op, ...]

    def __len__(self) -> int:
        return len(self.ops)

    def __iter__(self) -> Iterator[Op]:
        return iter(self.ops)

    def prefix(self, length: int) -> Tape:
        """The first `length` records as a tape of their own."""
        return Tape(self.scene, self.seed, self.choices, self.timed, self.ops[:length])

    def dumps(self) -> str:
        """The tape as JSON lines behind one header."""
        header = {
            "tape": FORMAT, "scene": self.scene, "seed": self.seed, "choices": list(self.choices), "timed": self.timed,
        }  # fmt: skip
        return json.dumps(header, ensure_ascii=True) + "\n" + "".join(map(line, self.ops))

    @classmethod
    def loads(cls, text: str) -> Tape:
        """Read what `dumps` wrote. Raises ValueError for another format, saying which one came."""
        first, *rest = text.splitlines() or ["{}"]
        header = json.loads(first)
        said = header.get("tape") if isinstance(header, dict) else None
        if said != FORMAT:
            raise ValueError(f"this reader knows tape format {FORMAT}; the file says {said!r}")
        return cls(
            header["scene"], header["seed"], tuple(header["choices"]), header["timed"],
            tuple(_op_in(json.loads(one)) for one in rest),
        )  # fmt: skip


def operations(ops: Iterable[Op]) -> list[Op]:
    """The records that are operations: neither set-up nor of the peer `scene`."""
    return [op for op in ops if op.peer != "scene" and not op.setup]


def line(op: Op) -> str:
    """One record as a line of the file, its end included: for whoever writes a tape while it grows."""
    return json.dumps(_op_out(op), ensure_ascii=True) + "\n"


def encode(value: Any) -> Any:
    """A decoded value as JSON: bytes, dictionaries, statuses and errors are tagged, tuples become lists."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, ErrorReply):
        return {"e": str(value)}
    if isinstance(value, Status):
        return {"s": str(value)}
    if isinstance(value, bytes):
        return {"b": value.decode("latin-1")}
    if isinstance(value, dict):
        return {"m": [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value


def decode(value: Any) -> Any:
    """The reverse of `encode`; lists stay lists."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, list):
        return [decode(item) for item in value]
    if isinstance(value, dict):
        ((tag, item),) = value.items()
        if tag == "b":
            return item.encode("latin-1")
        if tag == "m":
            return {decode(key): decode(one) for key, one in item}
        return ErrorReply(item) if tag == "e" else Status(item)
    return value


_EFFECT_DEFAULTS = {field.name: field.default for field in fields(Effect)}


def _effect_out(effect: Effect) -> dict[str, Any]:
    values = {name: getattr(effect, name) for name in _EFFECT_DEFAULTS}
    return {name: encode(value) for name, value in values.items() if value != _EFFECT_DEFAULTS[name]}


def _effect_in(data: dict[str, Any]) -> Effect:
    values = {name: decode(value) for name, value in data.items()}
    if values.get("rows") is not None:
        values["rows"] = tuple(tuple(row) for row in values["rows"])
    return Effect(**values)


def _op_out(op: Op) -> list[Any]:
    return [
        op.seq, op.actor, op.peer, op.name, encode(op.keys), op.write, encode(op.request), encode(op.reply),
        [_effect_out(effect) for effect in op.effects], op.setup, op.t_sent, op.t_served, op.t_received, op.line,
    ]  # fmt: skip


def _op_in(data: list[Any]) -> Op:
    seq, actor, peer, name, keys, write, request, reply, effects, *rest = data
    return Op(
        seq, actor, peer, name, tuple(decode(keys)), write, decode(request), decode(reply),
        tuple(_effect_in(effect) for effect in effects), *rest,
    )  # fmt: skip
