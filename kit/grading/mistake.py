"""A mistake: what a failing trace has in common with every other spelling of the same wrong idea.

(failed check, list of (role, peer, what happened)): no names, keys or values. The wrong files of an exercise name the
known ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from kit.cache.redis.reply import ErrorReply
from kit.world.tape import Op, operations

Step = tuple[str, str, str]


def mistake(check: str, records: Iterable[Op]) -> tuple[str, list[Step]]:
    """Id (eight hex digits) and steps of the mistake that these records show."""
    records = list(records)
    roles = {op.actor: str(op.request[0]) for op in reversed(records) if op.peer == "scene" and op.name == "start"}
    steps = [(roles.get(op.actor, op.actor), op.peer, _what(op)) for op in operations(records)]
    told = [(op.actor, op.name) for op in records if op.peer == "scene" and op.name in ("raised", "death")]
    steps += [(roles.get(actor, actor), "scene", name) for actor, name in told]
    text = json.dumps([check, steps])
    return hashlib.sha256(text.encode()).hexdigest()[:8], steps


def _what(op: Op) -> str:
    if op.t_served is None:
        return "lost"
    if isinstance(op.reply, ErrorReply):
        return "refused"
    kinds = sorted({effect.kind for effect in op.effects if effect.kind not in ("version", "rows")})
    if kinds:
        return "+".join(kinds)
    return "write" if op.write else "read" if op.peer in ("cache", "store") else op.name
