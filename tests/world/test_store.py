"""The database of a world: optimistic transactions on one connection, and what SQL may not do to the judge."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from worlds import BOARD, IMAGE, Script, answer, answers, call, play, together, told, words, world

from kit.cache.effects import Effect
from kit.world.store import EndlessQuery, Store, Transaction
from kit.world.tape import operations

DELAY = "UPDATE flights SET delay = :minutes WHERE id = :flight"
GUARDED = "UPDATE flights SET delay = :minutes WHERE id = :flight AND version = :version"
LOOK = "SELECT delay, version FROM flights WHERE id = 2"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT sum(x) FROM c"
ENDLESS_WRITE = "INSERT INTO airports WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"


@pytest.fixture
def store() -> Store:
    return Store(IMAGE)


def delay(store: Store, within: Transaction | None = None) -> Any:
    return store.query(LOOK, {}, within)[0]["delay"]


def test_a_transaction_sees_its_own_writes_and_nobody_else_does(store: Store) -> None:
    mine = Transaction()
    assert store.execute(DELAY, {"minutes": 39, "flight": 2}, mine) == 1
    assert delay(store, mine) == 39
    assert delay(store) == 0
    assert delay(store, Transaction()) == 0
    store.commit(mine)
    assert delay(store) == 39


def test_an_open_transaction_blocks_no_writer_and_hides_no_write(store: Store) -> None:
    reader = Transaction()
    assert delay(store, reader) == 0
    assert store.execute(DELAY, {"minutes": 39, "flight": 2}) == 1
    assert delay(store, reader) == 39


def test_a_commit_whose_rows_changed_is_refused_and_leaves_nothing(store: Store) -> None:
    mine, other = Transaction(), Transaction()
    store.execute("UPDATE flights SET delay = 5 WHERE id = 1", {}, mine)
    for transaction, minutes in ((mine, 39), (other, 20)):
        assert store.execute(GUARDED, {"minutes": minutes, "flight": 2, "version": 1}, transaction) == 1
    store.commit(other)
    with pytest.raises(sqlite3.OperationalError, match="could not serialize access"):
        store.commit(mine)
    assert store.query("SELECT delay FROM flights WHERE id IN (1, 2)", {}) == [{"delay": 0}, {"delay": 20}]


def test_the_version_counts_changes_of_the_delay_alone(store: Store) -> None:
    for minutes in (39, 39, 0):
        store.execute(DELAY, {"minutes": minutes, "flight": 2})
    assert store.query(LOOK, {}) == [{"delay": 0, "version": 3}]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE flights SET delay = 7 WHERE id = 2",
        "/* board */ UPDATE flights SET delay = 7 WHERE id = 2 RETURNING id",
        "WITH x AS (SELECT 1) UPDATE flights SET delay = 7",
        "INSERT INTO airports VALUES ('NEW')",
        "DELETE FROM airports",
        "CREATE TABLE x(y)",
    ],
)
def test_query_refuses_to_write_and_nothing_is_written(store: Store, sql: str) -> None:
    before = store.query("SELECT * FROM flights", {}), store.query("SELECT * FROM airports", {})
    for within in (None, Transaction()):
        with pytest.raises(sqlite3.ProgrammingError, match="goes through execute"):
            store.query(sql, {}, within)
    assert (store.query("SELECT * FROM flights", {}), store.query("SELECT * FROM airports", {})) == before


def test_a_statement_written_before_may_still_not_be_queried(store: Store) -> None:
    sql = "UPDATE flights SET delay = delay + 1 WHERE id = 2"  # the driver keeps it prepared
    store.execute(sql, {})
    with pytest.raises(sqlite3.ProgrammingError):
        store.query(sql, {})
    assert delay(store) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH DATABASE '/tmp/kit-never.db' AS other", "DETACH DATABASE main", "PRAGMA journal_mode = WAL",
        "VACUUM INTO '/tmp/kit-never.db'", "VACUUM", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT s", "RELEASE s",
        "ROLLBACK TO s", "/* mine */ rollback", "DROP TABLE flights", "DROP TRIGGER flights_version",
        "DROP INDEX flights_board", "ALTER TABLE flights RENAME TO planes",
        "CREATE TRIGGER no BEFORE UPDATE ON flights BEGIN SELECT RAISE(ABORT, 'no'); END",
        "SELECT load_extension('x')", "CREATE TEMP TABLE flights(x)", "CREATE TEMP VIEW flights AS SELECT 1",
    ],
)  # fmt: skip
def test_sql_that_leaves_the_world_or_takes_it_apart_is_refused(store: Store, sql: str) -> None:
    store.execute(DELAY, {"minutes": 39, "flight": 2})
    for ask in (store.query, store.execute):
        for within in (None, Transaction()):
            with pytest.raises(sqlite3.Error):
                ask(sql, {}, within)
    assert delay(store) == 39
    store.reset()
    assert delay(store) == 0


@pytest.mark.parametrize("sql", [ENDLESS, ENDLESS_WRITE], ids=["read", "write"])
def test_sql_that_never_ends_is_interrupted_and_the_next_world_is_whole(store: Store, sql: str) -> None:
    store.execute(DELAY, {"minutes": 39, "flight": 2})
    ask = store.query if sql is ENDLESS else store.execute
    for within in (None, Transaction()):
        with pytest.raises(EndlessQuery, match="5,000,000 steps"):
            ask(sql, {}, within)
    store.reset()
    assert store.query("SELECT * FROM airports", {}) == [{"code": code} for code in IMAGE.airports]
    assert delay(store) == 0
    store.execute(DELAY, {"minutes": 20, "flight": 2})
    store.reset()
    assert delay(store) == 0


def test_an_endless_statement_ends_the_schedule_by_name() -> None:
    source = f"""
        def go(cache, db):
            cache.get("a")
            try:
                db.query("{ENDLESS}")
            except Exception:
                return "swallowed"
    """
    run = play(source, together(A=call("go")))
    assert run.stuck is not None
    kind, text = run.stuck
    assert kind == "endless query"
    assert text == "A: a statement went on for 5,000,000 steps without an end"
    assert run.tape.ops[-1].name == "GET"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT zeroblob(500000000)",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 90000) SELECT zeroblob(1000000) FROM c",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 300000) SELECT x FROM c",
    ],
)
def test_rows_that_would_fill_the_judges_memory_are_refused(store: Store, sql: str) -> None:
    with pytest.raises(sqlite3.DataError, match=r"too (big|large)"):
        store.query(sql, {})


def test_a_reset_takes_back_everything(store: Store) -> None:
    store.watch("JFK", BOARD, {"airport": "JFK"})
    store.execute(DELAY, {"minutes": 39, "flight": 2})
    store.execute("CREATE TABLE mine(x)", {})
    store.committed()
    store.reset()
    assert (delay(store), store.truths, store.commits) == (0, {}, 0)
    assert store.query("SELECT name FROM sqlite_master WHERE name = 'mine'", {}) == []


def test_a_commit_tells_which_board_it_changed_and_how(store: Store) -> None:
    store.watch("JFK", BOARD, {"airport": "JFK"})
    store.watch("LGA", BOARD, {"airport": "LGA"})
    store.execute(DELAY, {"minutes": 39, "flight": 2})
    committed, changed = store.committed()
    assert committed == Effect("committed", size=1)
    assert (changed.truth, changed.version, changed.label) == ("JFK", 2, "DL120")
    assert (changed.before, changed.after, changed.rows) == ("09:00", "09:39", ((1, 0), (2, 39), (4, 0)))
    store.execute(DELAY, {"minutes": 39, "flight": 2})
    assert store.committed() == (Effect("committed", size=2),)


@pytest.mark.parametrize("value", ["'abc'", "1.5", "x'00ff'", "-2000", "9223372036854775807"])
@pytest.mark.parametrize("column", ["delay", "sched = 'late', delay"])
def test_a_delay_that_is_no_number_is_a_change_like_any_other(store: Store, value: str, column: str) -> None:
    store.watch("JFK", BOARD, {"airport": "JFK"})
    store.execute(f"UPDATE flights SET {column} = {value} WHERE id = 2", {})
    _, changed = store.committed()
    assert (changed.kind, changed.version) == ("changed", 2)


def test_rows_have_the_version_of_the_truth_that_they_show(store: Store) -> None:
    store.watch("JFK", BOARD, {"airport": "JFK"})
    whole = "SELECT carrier, delay, id FROM flights WHERE origin = 'JFK' ORDER BY sched, id"
    assert store.version_of(store.query(whole, {})) == Effect("version", truth="JFK", version=1)
    old = store.query(whole, {})
    store.execute(DELAY, {"minutes": 39, "flight": 2})
    store.committed()
    assert store.version_of(old) is None
    assert store.version_of(store.query(whole, {})) == Effect("version", truth="JFK", version=2)
    assert store.version_of(store.query("SELECT id FROM flights WHERE origin = 'JFK'", {})) is None


# The same, as a submission meets it

TRANSFER = """
def both(cache, db):
    with db.transaction():
        db.execute("UPDATE flights SET delay = 10 WHERE id = 1")
        seen = db.query("SELECT delay FROM flights WHERE id = 1")
        db.execute("UPDATE flights SET delay = 20 WHERE id = 2")
    return seen

def fails(cache, db):
    try:
        with db.transaction():
            db.execute("UPDATE flights SET delay = 10 WHERE id = 1")
            raise KeyError("no")
    except KeyError:
        return db.query("SELECT delay FROM flights WHERE id = 1")

def look(cache, db):
    return db.query("SELECT delay FROM flights WHERE id IN (1, 2) ORDER BY id")

def twice(cache, db):
    with db.transaction():
        with db.transaction():
            pass

def nothing(cache, db):
    with db.transaction():
        pass
    return "done"
"""


def test_a_transaction_is_each_of_its_statements_and_the_commit() -> None:
    run = play(TRANSFER, together(A=call("both")))
    assert words(run.tape) == ["A execute", "A query", "A execute", "A commit"]
    effects = [[effect.kind for effect in op.effects] for op in operations(run.tape)]
    assert effects == [[], ["rows"], [], ["committed"]]


def test_an_execute_by_itself_is_one_operation_with_its_commit() -> None:
    source = "def go(cache, db): return db.execute('UPDATE flights SET delay = 1 WHERE id = 1')"
    (op,) = operations(play(source, together(A=call("go"))).tape)
    assert (op.name, op.write, op.reply, [one.kind for one in op.effects]) == ("execute", True, 1, ["committed"])


def test_nobody_sees_half_a_transaction_in_any_order() -> None:
    here = world(TRANSFER)
    seen = set()
    for choices in ([1], [0, 1], [0, 0, 1], [0, 0, 0, 1], []):
        run = here.run(together(A=call("both"), B=call("look")), choices)
        reply = next(op.reply for op in told(run.tape, "answer") if op.actor == "B")
        seen.add(tuple(row["delay"] for row in reply))
    assert seen == {(0, 0), (10, 20)}


def test_a_block_that_raises_is_rolled_back() -> None:
    assert answer(TRANSFER, "fails") == [{"delay": 0}]


def test_a_process_that_dies_in_a_transaction_leaves_nothing_of_it() -> None:
    def scene(script: Script) -> None:
        script.explore({"A": [call("both")]})
        script.call("look")

    alternatives = play(TRANSFER, scene).points[0].alternatives
    death = [one.kind for one in alternatives].index("death")
    for at in range(4):
        run = play(TRANSFER, scene, [*[0] * at, death])
        assert told(run.tape, "answer")[-1].reply == [{"delay": 0}, {"delay": 0}]


def test_transactions_do_not_nest_and_an_empty_one_is_no_operation() -> None:
    assert answer(TRANSFER, "twice")[0] == "OperationalError"
    run = play(TRANSFER, together(A=call("nothing")))
    assert words(run.tape) == []
    assert told(run.tape, "answer")[0].reply == "done"


@pytest.mark.parametrize("sql", ["5", "None", "b'SELECT 1'", "['SELECT 1']"])
@pytest.mark.parametrize("verb", ["query", "execute"])
def test_what_is_no_text_is_refused_as_the_learners_mistake(verb: str, sql: str) -> None:
    kind, text = answer(f"def go(cache, db): return db.{verb}({sql})")
    assert kind == "TypeError"
    assert "text" in text


def test_errors_of_the_database_are_sqlites_own() -> None:
    source = """
        import sqlite3

        def go(cache, db):
            seen = []
            for sql, params in (("SELEKT", {}), ("SELECT :x", {}), ("SELECT 1; SELECT 2", {}), ("SELECT ?", {"x": 1}),
                                ("SELECT :x", {"x": [1]}), ("SELECT :x", {"x": 2 ** 70}), ("SELECT * FROM no", {})):
                try:
                    db.query(sql, **params)
                except (sqlite3.Error, sqlite3.Warning, OverflowError, RuntimeError) as error:
                    seen.append(type(error).__name__)
            return seen
    """
    found = answers(source, call("go"))[0]
    assert len(found) == 7
    assert found[0] == found[-1] == "OperationalError"
