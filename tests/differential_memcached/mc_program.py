"""Generated requests: a program is a list of steps, made by a seed before anything runs.

Times are such that many expiries and delayed flushes fall into the run itself; keys are few, so that most commands
meet an item.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from mc_played import Step

KEYS = [b"a", b"b", b"c", b"n", b"m", b"k" * 250, b"\xc3\xa9"]
# No value of spaces alone, and none with a minus: reading such a number, a real server reads on into what an earlier
# item left behind in its chunk.
VALUES = [
    b"", b"1", b"0", b"9", b"99", b"100", b" 5", b"5 ", b"5x", b"1 2", b"x", b"[]", b"a b", b"\x00\xff\r\n",
    b"18446744073709551615", b"18446744073709551616", b"123456789012345678901", b"v" * 100, b"w" * 3_000,
]  # fmt: skip
NUMBERS = [b"0", b"1", b"5", b"100", b"18446744073709551615", b"9223372036854775808", b"+3", b"1\tx"]
BAD_NUMBERS = [b"x", b"-1", b"1.5", b"18446744073709551616", b"0x10", b"1x", b"--1"]
SECONDS = [b"0", b"0", b"60", b"100", b"2592000", b"2100000000", b"4102444800", b"1", b"2", b"-1", b"2592001",
           b"1362700800", b"2147483648", b"4294967297"]  # fmt: skip
LASTING = [b"0", b"0", b"1000", b"2592000", b"2100000000", b"4294968296"]
BAD_SECONDS = [b"x", b"1.5", b"", b"99999999999999999999", b"1s"]
FLAGS = [b"0", b"0", b"1", b"7", b"4294967295", b"4294967296", b"-18446744073709551615"]
LONG = b"k" * 251
STORAGE = [b"set", b"add", b"replace", b"append", b"prepend"]
BASE64 = [b"YQ==", b"Yg==", b"bg==", b"AAE=", b"=YQ=", b"YQ=a", b"Y", b"!!", b"YWI=YQ=="]
GETS = [b"get", b"gets"]


class Maker:
    """What recipes draw from. lasting: nothing may expire or be flushed."""

    def __init__(self, rng: random.Random, *, lasting: bool) -> None:
        self.rng = rng
        self.lasting = lasting
        self._seconds = LASTING if lasting else SECONDS

    def key(self) -> bytes:
        return self.rng.choice(KEYS)

    def seconds(self) -> bytes:
        return self.rng.choice(self._seconds)

    def noreply(self) -> bytes:
        return self.rng.choice([b"", b"", b"", b" noreply", b" other"])

    def cas(self) -> bytes:
        return b"%d" % self.rng.randrange(self.rng.choice([3, 300, 12_000]))

    def pick(self, *options: bytes) -> bytes:
        return self.rng.choice(options)


Recipe = Callable[[Maker], list[bytes]]


def block(line: bytes, value: bytes) -> bytes:
    return line + b"\r\n" + value + b"\r\n"


def storing(make: Maker) -> list[bytes]:
    rng, value = make.rng, make.rng.choice(VALUES)
    head = b"%b %b %b %b %d" % (rng.choice(STORAGE), make.key(), rng.choice(FLAGS), make.seconds(), len(value))
    cas = b"cas %b %b %b %d %b" % (make.key(), rng.choice(FLAGS), make.seconds(), len(value), make.cas())
    return [block(head + make.noreply(), value), block(cas + make.noreply(), value)]


def won_cas(make: Maker) -> list[bytes]:
    """A cas id cannot be known beforehand; a meta command hands on the next one: 0 wins nothing, so ask for a range."""
    key = make.key()
    return [block(b"set %b 0 0 1" % key, b"x"), b"gets %b\r\n" % key, *(
        block(b"cas %b 1 0 1 %b" % (key, make.cas()), b"y") for _ in range(2)
    )]  # fmt: skip


def reading(make: Maker) -> list[bytes]:
    rng = make.rng
    keys = b" ".join(make.key() for _ in range(rng.choice([1, 1, 2, 5, 40])))
    some = b" ".join(make.key() for _ in range(rng.choice([1, 2, 5])))
    touched = b"%b %b %b\r\n" % (make.pick(b"gat", b"gats"), make.seconds(), some)
    return [b"%b %b\r\n" % (rng.choice(GETS), keys), touched, b"touch %b %b%b\r\n" % (make.key(), make.seconds(),
            make.noreply())]  # fmt: skip


def counting(make: Maker) -> list[bytes]:
    rng, verb, key = make.rng, make.pick(b"incr", b"decr"), make.pick(b"n", b"m", b"a")
    value = rng.choice(VALUES)
    return [
        block(b"set %b %b %b %d" % (key, rng.choice(FLAGS), make.seconds(), len(value)), value),
        *(
            b"%b %b %b%b\r\n" % (make.pick(b"incr", b"decr"), key, rng.choice(NUMBERS), make.noreply())
            for _ in range(3)
        ),
        b"%b %b %b\r\n" % (verb, make.key(), rng.choice(BAD_NUMBERS)),
        b"get %b\r\n" % key,
    ]


def deleting(make: Maker) -> list[bytes]:
    tail = make.pick(b"", b"", b" 0", b" noreply", b" 0 noreply", b" 5", b" other", b" 0 0", b" noreply 0")
    return [b"delete %b%b\r\n" % (make.key(), tail)]


def refused(make: Maker) -> list[bytes]:
    rng, key = make.rng, make.key()
    bad, odd = rng.choice(BAD_NUMBERS), rng.choice(BAD_SECONDS)
    verb = rng.choice(STORAGE)
    lines = [
        block(b"%b %b %b 0 1" % (verb, key, bad), b"x"), block(b"%b %b 0 %b 1" % (verb, key, odd), b"x"),
        block(b"%b %b 0 0 %b" % (verb, key, bad), b"x"), block(b"%b %b 0 0 1" % (verb, LONG), b"x"),
        block(b"cas %b 0 0 1 %b" % (key, bad), b"x"), block(b"%b %b 0 0 x noreply" % (verb, key), b"x"),
        block(b"%b %b 0 0 2" % (verb, key), b"long"), block(b"%b %b 0 0 2 noreply" % (verb, key), b"long"),
        block(b"%b %b 0 0 4294967297" % (verb, key), b"x"), block(b"%b %b 0 0 2147483646" % (verb, key), b"x"),
        b"%b %b\r\n" % (make.pick(*STORAGE, b"cas", b"incr", b"touch", b"get"), LONG),
        b"%b %b 0\r\n" % (make.pick(b"incr", b"decr", b"touch", b"delete"), LONG),
        b"get a %b b\r\n" % LONG, b"gat 60 %b\r\n" % LONG, b"gat %b a\r\n" % odd, b"gats %b\r\n" % bad,
        b"touch a %b%b\r\n" % (odd, make.noreply()), b"incr a %b%b\r\n" % (bad, make.noreply()),
        b"incr a noreply\r\n", b"touch a noreply\r\n", b"delete noreply\r\n", b"flush_all %b\r\n" % bad,
        b"flush_all %b noreply\r\n" % bad,
    ]  # fmt: skip
    return rng.sample([line for line in lines if b"flush_all -1" not in line], 8)


def unknown(make: Maker) -> list[bytes]:
    lines = [
        b"\r\n", b"\n", b" \r\n", b"GET a\r\n", b"Set a 0 0 1\r\n", b"nosuch\r\n", b"a\r\n", b"get\r\n", b"gets \r\n",
        b"gat\r\n", b"gat 0\r\n", b"set a\r\n", b"set a 0 0 1 2 3\r\n", b"cas a 0 0 1\r\n", b"add\r\n", b"incr a\r\n",
        b"decr a 1 2 3\r\n", b"touch\r\n", b"touch a 1 2 3\r\n", b"delete\r\n", b"delete a 0 0 0\r\n", b"mx\r\n",
        b"flush_all 1 2 3\r\n", b"verbosity\r\n", b"verbosity 1 2 3\r\n", b"mg\r\n", b"ms\r\n", b"md\r\n", b"ma\r\n",
        b"config get cluster\r\n", b"stats nosuch\r\n", b"get\x00 a\r\n", b"get a\x00b\r\n", b"  get   a  \r\n",
        b"get a\n", b"get a\r\r\n", b"append a 0 0\r\n", b"replace\r\n", b"prepend a\r\n",
    ]  # fmt: skip
    return make.rng.sample(lines, 5)


MG_FLAGS = [b"v", b"s", b"t", b"c", b"f", b"k", b"h", b"l", b"q", b"u", b"O1", b"Oabc", b"b", b"M1", b"I", b"J5", b"D5",
            b"C5", b"F5", b"L1", b"P1"]  # fmt: skip
BAD_FLAGS = [
    b"Nx", b"Tx", b"Rx", b"N", b"Fx", b"Cx", b"C", b"Jx", b"Dx", b"D-1", b"M", b"MXX", b"z", b"E5", b"S1", b"1",
    b"\xff", b"O" + b"1" * 32, b"v v", b"k k", b"b",
]  # fmt: skip


def _flags(make: Maker, *more: bytes) -> bytes:
    chosen: dict[int, bytes] = {}
    for flag in make.rng.sample([*MG_FLAGS, *more], make.rng.choice([0, 1, 2, 4, 6])):
        chosen.setdefault(flag[0], flag)
    if make.rng.random() < 0.12:
        chosen[0] = make.rng.choice(BAD_FLAGS)
    return b"".join(b" " + flag for flag in chosen.values())


def _key_and(make: Maker, flags: bytes) -> bytes:
    words = flags.split(b" ")
    return (make.rng.choice(BASE64) if b"b" in words else make.key()) + flags


def _timed(make: Maker) -> list[bytes]:
    return [b"T" + make.seconds(), b"N" + make.seconds(), b"R" + make.pick(b"30", b"200", b"0", b"-1", b"4000000000")]


def meta_reading(make: Maker) -> list[bytes]:
    return [b"mg %b\r\n" % _key_and(make, _flags(make, *_timed(make))) for _ in range(4)]


def meta_storing(make: Maker) -> list[bytes]:
    steps = []
    for _ in range(3):
        value = make.rng.choice(VALUES)
        mode = b"M" + make.pick(b"S", b"E", b"R", b"A", b"P", b"X", b"s")
        flags = _flags(make, b"T" + make.seconds(), b"F" + make.rng.choice(FLAGS), mode, b"C" + make.cas(), b"I")
        key, _, rest = _key_and(make, flags).partition(b" ")
        steps.append(block(b"ms %b %d %b" % (key, len(value), rest), value))
    steps.append(block(b"ms %b 1" % make.key(), b"long"))
    steps.append(block(b"ms %b 1 q" % make.key(), b"long"))
    steps.append(block(b"ms %b 1 M%b k" % (make.key(), make.pick(b"E", b"R", b"A", b"P")), b"5"))
    return steps


def meta_deleting(make: Maker) -> list[bytes]:
    flags = _flags(make, b"I", b"I", b"T" + make.seconds(), b"C" + make.cas(), b"q")
    return [b"md %b\r\n" % _key_and(make, flags), b"mg %b v c t\r\n" % make.key()]


def meta_counting(make: Maker) -> list[bytes]:
    mode = b"M" + make.pick(b"I", b"D", b"+", b"-", b"x")
    more = [
        mode,
        b"N" + make.seconds(),
        b"T" + make.seconds(),
        b"D" + make.rng.choice(NUMBERS),
        b"J10",
        b"C" + make.cas(),
    ]
    return [b"ma %b\r\n" % _key_and(make, _flags(make, *more)) for _ in range(3)]


def meta_refused(make: Maker) -> list[bytes]:
    many = b" ".join(b"O%d" % number for number in range(20))
    one = make.pick(b"mg", b"md", b"ma")
    lines = [
        b"%b %b\r\n" % (one, LONG), b"%b a %b\r\n" % (one, many), block(b"ms a 1 %b" % many, b"x"),
        block(b"ms %b 1" % LONG, b"x"), block(b"ms a x", b"x"), block(b"ms a -1", b"x"), b"ms a\r\n",
        block(b"ms a 1 %b" % make.rng.choice(BAD_FLAGS), b"x"), b"mg a %b\r\n" % make.rng.choice(BAD_FLAGS),
        b"%b a %b\r\n" % (one, make.rng.choice(BAD_FLAGS)), b"me\r\n", b"me %b\r\n" % LONG, b"me a b\r\n",
        b"me a!b b\r\n",
    ]  # fmt: skip
    return make.rng.sample(lines, 7)


def single_flags(make: Maker) -> list[bytes]:
    """Each refusal of a single flag, one by one."""
    flags = [b"Jx", b"Dx", b"MXX", b"Tx", b"b", b"z", b"k k", b"O1 " * 20, b"O" + b"1" * 40]
    return [*(b"mg a %b\r\n" % flag for flag in flags), b"ma a Mx\r\n", block(b"ms a 1 Mx", b"x")]


def leasing(make: Maker) -> list[bytes]:
    """strategies.md, section 14: won, waited for, marked stale, filled again."""
    key, lease = make.key(), make.pick(b"N30", b"N1", b"N0") if not make.lasting else b"N1000"
    return [
        b"delete %b\r\n" % key, b"mg %b v c t %b\r\n" % (key, lease), b"mg %b v c t %b\r\n" % (key, lease),
        block(b"add %b 0 0 1" % key, b"x"), b"get %b\r\n" % key, block(b"ms %b 1 T%b" % (key, make.seconds()), b"x"),
        b"mg %b v t R%b\r\n" % (key, make.pick(b"30", b"3000000")), b"mg %b v t R3000000\r\n" % key,
        b"md %b I T%b\r\n" % (key, b"1000" if make.lasting else make.pick(b"30", b"1")),
        *[b"mg %b v c t h l\r\n" % key] * 2, block(b"ms %b 2 I C1 c" % key, b"zz"), b"mg %b v t\r\n" % key,
        b"append %b 0 0 1\r\ny\r\n" % key, b"mg %b v k\r\n" % key, b"me %b\r\n" % key,
    ]  # fmt: skip


def looking(make: Maker) -> list[bytes]:
    return [
        make.pick(b"version\r\n", b"version x\r\n"), b"me %b\r\n" % make.key(),
        b"me %b b\r\n" % make.rng.choice(BASE64),
        b"verbosity %b%b\r\n" % (make.pick(b"0", b"1", b"2", b"99", b"x", b"-1"), make.noreply()),
    ]  # fmt: skip


def statistics(make: Maker) -> list[bytes]:
    return [
        b"stats\r\n",
        b"stats settings\r\n",
        b"stats items\r\n",
        *([b"stats reset\r\n"] if make.rng.random() < 0.9 else []),
    ]


def flushing(make: Maker) -> list[bytes]:
    if make.lasting:
        return [b"stats\r\n"]
    when = make.pick(
        b"", b"", b" 0", b" -1", b" 1", b" 2", b" 100", b" noreply", b" 0 noreply", b" 1 2", b" 99999999999"
    )
    # Whatever has ended is met before the moment moves: what a real server has not reused by then would come back.
    met = [b"get %b ab\r\n" % b" ".join(KEYS), *(b"mg %b b\r\n" % key for key in BASE64)]
    return [*met, b"flush_all%b\r\n" % when, b"gets a b c n\r\n"]


def leaving(make: Maker) -> list[bytes]:
    return [make.pick(b"quit\r\n", b"quit x\r\n") for _ in range(3)]


def large(make: Maker) -> list[bytes]:
    """On both sides of the limit: what is refused, and what goes with it."""
    rng, key = make.rng, make.key()
    flags = rng.choice([b"0", b"7"])
    fits = (1 << 20) - 48 - 1 - 8 - 2 - len(key) - (0 if flags == b"0" else 4)
    size = fits + rng.choice([0, 1, 1, 1_000, 1_000])
    verb = make.pick(b"set", b"add", b"replace", b"append", b"cas", b"ms")
    line = {
        b"cas": b"cas %b %b 0 %d 1" % (key, flags, size),
        b"ms": b"ms %b %d F%b%b" % (key, size, flags, make.pick(b"", b" MA", b" C1", b" q")),
    }.get(verb, b"%b %b %b 0 %d" % (verb, key, flags, size))
    return [
        block(b"set %b 0 0 3" % key, b"old"), block(line + (b"" if verb == b"ms" else make.noreply()), b"v" * size),
        block(b"append %b 0 0 2" % key, b"yy"), b"mg %b s f\r\n" % key, b"me %b\r\n" % key, b"delete %b\r\n" % key,
    ]  # fmt: skip


OFTEN: list[Recipe] = [
    storing, storing, won_cas, reading, reading, counting, deleting, refused, unknown, meta_reading, meta_reading,
    meta_storing, meta_deleting, meta_counting, meta_refused, leasing, looking,
]  # fmt: skip
SELDOM: list[Recipe] = [statistics, flushing, leaving, large, large, single_flags]
STAYS = 0.8


def weave(seed: int, server: str, rounds: int) -> list[Step]:
    """Recipes in a shuffled order, each step on one of two connections."""
    rng = random.Random(seed)
    make = Maker(rng, lasting=server == "lasting")
    recipes = OFTEN * rounds + SELDOM * max(1, rounds // 3)
    rng.shuffle(recipes)
    steps: list[Step] = []
    connection = "a"
    for recipe in recipes:
        for data in recipe(make):
            connection = connection if rng.random() < STAYS else rng.choice("ab")
            steps.append(Step(f"{server}/{connection}", data))
    return steps


def program(seed: int, rounds: int) -> list[Step]:
    """The whole run, two thirds of it on the server where items end."""
    return weave(seed, "plain", 2 * rounds) + weave(seed + 1, "lasting", rounds)
