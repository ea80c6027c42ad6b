"""The four forms of invalidate on write, alone and in every order with one writer, over redis-py and a real Valkey."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
import redis
from greenlet import getcurrent, greenlet

from kit.strategies import lazy_loading
from kit.strategies.adapters.redis import RedisCache
from kit.strategies.invalidate_on_write import delete_first, generation, textbook, token
from kit.strategies.protocols import CacheError, CasCache

KEY = "board:JFK"
Load = Callable[[], bytes]


@dataclass(frozen=True)
class Form:
    """A form with everything filled in but the cache."""

    read: Callable[[CasCache, str, Load], bytes]
    write: Callable[[CasCache, str, Callable[[], object]], None]


def _forms() -> dict[str, Form]:
    # One counter for all, so that no two marks are alike; the digits are what makes them unique, not their order.
    unique = map(str, itertools.count()).__next__
    return {
        "textbook": Form(partial(textbook.read, ttl=60), textbook.write),
        "delete_first": Form(partial(delete_first.read, ttl=60), delete_first.write),
        "token": Form(partial(token.read, ttl=60, unique=unique), token.write),
        "generation": Form(partial(generation.read, ttl=60, unique=unique), partial(generation.write, unique=unique)),
    }


FORMS = _forms()
WRONG, RIGHT = ("textbook", "delete_first"), ("token", "generation")


@dataclass
class Database:
    """One value, and how often it was asked for."""

    value: bytes = b"v1"
    queries: int = 0

    def load(self) -> bytes:
        self.queries += 1
        return self.value

    def change(self, value: bytes) -> None:
        self.value = value


@pytest.fixture
def client(valkey: object) -> Iterator[redis.Redis]:
    with redis.Redis(host=valkey.host, port=valkey.port) as client:  # type: ignore[attr-defined]
        client.flushall()
        yield client


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


@pytest.fixture
def down() -> Iterator[CasCache]:
    with redis.Redis(host="127.0.0.1", port=1, retry=None) as client:
        yield RedisCache(client)


def test_the_second_reader_spares_the_database(client: redis.Redis, form: Form) -> None:
    cache, database = RedisCache(client), Database()
    assert form.read(cache, KEY, database.load) == form.read(cache, KEY, database.load) == b"v1"
    assert database.queries == 1


def test_an_empty_value_is_a_hit(client: redis.Redis, form: Form) -> None:
    cache, database = RedisCache(client), Database(b"")
    assert form.read(cache, KEY, database.load) == form.read(cache, KEY, database.load) == b""
    assert database.queries == 1


def test_a_reader_after_the_write_sees_it_and_the_next_one_is_a_hit(client: redis.Redis, form: Form) -> None:
    cache, database = RedisCache(client), Database()
    for value in (b"v2", b"v3"):
        form.read(cache, KEY, database.load)
        form.write(cache, KEY, partial(database.change, value))
        assert form.read(cache, KEY, database.load) == value
    queries = database.queries
    assert form.read(cache, KEY, database.load) == b"v3"
    assert database.queries == queries


def test_another_key_keeps_its_copy(client: redis.Redis, form: Form) -> None:
    cache, database = RedisCache(client), Database()
    form.read(cache, "board:LGA", database.load)
    form.write(cache, KEY, partial(database.change, b"v2"))
    assert form.read(cache, "board:LGA", database.load) == b"v1"
    assert database.queries == 1


def test_everything_that_is_stored_has_an_end(client: redis.Redis, form: Form) -> None:
    cache, database = RedisCache(client), Database()
    form.read(cache, KEY, database.load)
    form.write(cache, KEY, partial(database.change, b"v2"))
    form.read(cache, KEY, database.load)
    assert all(client.pttl(key) > 0 for key in client.scan_iter())


def test_a_failing_load_raises_and_stores_nothing_that_answers(client: redis.Redis, form: Form) -> None:
    cache, database = RedisCache(client), Database()
    with pytest.raises(ZeroDivisionError):
        form.read(cache, KEY, lambda: bytes([1 // 0]))
    assert form.read(cache, KEY, database.load) == b"v1"


def test_without_the_cache_readers_are_answered_and_writers_are_told(down: CasCache, form: Form) -> None:
    database = Database()
    assert form.read(down, KEY, database.load) == b"v1"
    with pytest.raises(CacheError):
        form.write(down, KEY, partial(database.change, b"v2"))


def test_lazy_loading_is_a_hit_until_somebody_deletes(client: redis.Redis, down: CasCache) -> None:
    cache, database = RedisCache(client), Database()
    read = partial(lazy_loading.read, key=KEY, load=database.load, ttl=60)
    assert read(cache) == read(cache) == b"v1"
    assert database.queries == 1
    assert 0 < client.ttl(KEY) <= 60
    assert read(down) == b"v1"
    assert database.queries == 2


# In every order with a writer


@dataclass
class Stepwise:
    """A cache and a database at which an actor stops before each step, until the schedule goes on with it."""

    cache: CasCache
    database: Database
    waiting: list[greenlet] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., object]:
        return partial(self._step, getattr(self.cache, name))

    def load(self) -> bytes:
        return bytes(self._step(self.database.load))  # type: ignore[call-overload]

    def change(self) -> None:
        self._step(self.database.change, b"v2")

    @staticmethod
    def _step(act: Callable[..., object], *args: object, **options: object) -> object:
        getcurrent().parent.switch()
        return act(*args, **options)


def _run(client: redis.Redis, form: Form, order: tuple[int, ...]) -> tuple[bool, tuple[int, ...]]:
    """Play one order; whether it ended stale, and the order as it was (who ended early is passed over)."""
    client.flushall()
    world = Stepwise(RedisCache(client), Database())
    actors = [
        greenlet(lambda: form.read(world, KEY, world.load)),  # type: ignore[arg-type]
        greenlet(lambda: form.write(world, KEY, world.change)),  # type: ignore[arg-type]
    ]
    for actor in actors:
        actor.switch()  # to the door of its first step
    taken = []
    for index in order:
        if not actors[index].dead:
            taken.append(index)
            actors[index].switch()
    assert all(actor.dead for actor in actors)
    after = form.read(RedisCache(client), KEY, world.database.load)
    return after != b"v2", tuple(taken)


def _count(client: redis.Redis, form: Form, reader_steps: int) -> tuple[int, int]:
    """(orders that end stale, orders) of one reader and one writer of two steps."""
    orders = set()
    for places in itertools.combinations(range(reader_steps + 2), 2):
        order = tuple(int(place in places) for place in range(reader_steps + 2))
        orders.add(_run(client, form, order))
    assert len({taken for _, taken in orders}) == len(orders)
    return sum(stale for stale, _ in orders), len(orders)


@pytest.mark.parametrize(
    ("name", "reader_steps", "stale", "orders"),
    [("textbook", 3, 1, 10), ("delete_first", 3, 6, 10), ("token", 5, 0, 21), ("generation", 6, 0, 28)],
)
def test_of_all_orders_so_many_leave_the_old_copy_behind(
    client: redis.Redis, name: str, reader_steps: int, stale: int, orders: int
) -> None:
    assert _count(client, FORMS[name], reader_steps) == (stale, orders)
