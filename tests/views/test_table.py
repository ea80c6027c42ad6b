"""The table: the same steps, what they carried, and what the stores hold after each."""

from __future__ import annotations

import race

from kit.views import table


def test_the_race_as_a_table() -> None:
    rows = table.rows(race.race())
    assert table.heads(False) == ["Step", "From", "To", "Message", "Outcome", "After it"]
    assert rows[3] == ["4", "Database", "Reader 1", "rows, v1 (07:10)", "rows", "cache empty; database v1"]
    assert rows[4] == ["5", "Writer", "Database", "UPDATE MQ3737, v2 (07:49)", "committed", "cache empty; database v2"]
    assert rows[8] == [
        "9",
        "Reader 1",
        "Cache",
        "SET board:EWR, v1 (07:10)",
        "stale",
        "board:EWR v1 stale; database v2",
    ]
    assert [row[4] for row in rows[9:]] == ["done", "ask", "stale hit"]


def test_a_timed_tape_has_a_column_of_times() -> None:
    rows = table.rows(race.race(timed=True))
    assert table.heads(True)[1] == "Time"
    assert [row[1] for row in rows[:4]] == ["0.0 ms", "0.5 ms", "0.5 ms", "6.5 ms"]


def test_moves_have_no_receiver() -> None:
    rows = {row[3]: row for row in table.rows(race.troubled())}
    assert rows["the clock leaps"][1:3] == ["world", ""]
    assert rows["expires board:EWR"][4] == "expired"


def test_columns_are_aligned_for_a_terminal() -> None:
    lines = table.columns([table.heads(False), *table.rows(race.race())]).splitlines()
    assert len({line.index(line.split()[1]) for line in lines[1:5]}) == 1
