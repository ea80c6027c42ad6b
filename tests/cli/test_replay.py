"""`kit replay`: the same sentences as the check, the same in the page, another file, a submission that is gone."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from small_course import HALF, RIGHT, WRONG_ANSWER, Run, Write

from kit.cache.effects import Effect
from kit.views.narration import tell
from kit.world.tape import Op, Tape

SENTENCE = re.compile(r"^ *\d+  (.*)$", re.M)


class _Recording(HTMLParser):
    """The data of a page's player."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._inside, self.text = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = ("id", "recording") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data if self._inside else ""


def recording(page: Path) -> dict[str, Any]:
    return json.loads(_Recording(page.read_text()).text)  # type: ignore[no-any-return]


def test_replay_prints_what_check_printed_and_its_page_says_the_same(
    course: Path, kit: Run, mine: Write, kit_home: Path
) -> None:
    mine(WRONG_ANSWER)
    checked = kit("check", "first").stdout
    token = re.search(r"kit replay (\S+)", checked)[1]  # type: ignore[index]
    mine(RIGHT)  # a later edit does not change a replay
    result = kit("replay", token)
    assert result.exit_code == 0
    sentences = [one.rstrip() for one in SENTENCE.findall(result.stdout)]
    assert sentences == [
        "Reader 1 asks the cache for board.",
        "The cache holds nothing under board: a miss.",
    ]
    assert [one.rstrip() for one in SENTENCE.findall(checked)] == sentences
    assert "get_board('JFK') is not the board." in result.stdout
    (page,) = (kit_home / "traces").glob("*.html")
    assert result.stdout.splitlines()[-1] == f"As a page to step through: {page}"
    data = recording(page)
    assert data["sentences"] == sentences
    assert data["failure"]["rule"] == "get_board('JFK') is not the board."
    assert data["failure"]["token"] == token
    assert "cache.get('board')" in str(data["failure"]["code"])


def test_text_writes_no_page(course: Path, kit: Run, mine: Write, kit_home: Path) -> None:
    mine(WRONG_ANSWER)
    token = json.loads(kit("check", "first", "--json").stdout)["trace"]
    assert "page" not in kit("replay", token, "--text").stdout
    assert list((kit_home / "traces").glob("*.html")) == []


def test_another_file_can_be_played_along_the_same_schedule(
    course: Path, kit: Run, mine: Write, tmp_path: Path, kit_home: Path
) -> None:
    mine(WRONG_ANSWER)
    token = json.loads(kit("check", "first", "--json").stdout)["trace"]
    for kept in (kit_home / "traces").glob("*.py"):
        kept.unlink()
    gone = kit("replay", token)
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert "give its file (kit replay TOKEN --file FILE)" in gone.stderr
    (tmp_path / "other.py").write_text(HALF)
    result = kit("replay", token, "--file", tmp_path / "other.py")
    assert "The rule holds in this schedule." in result.stdout
    (page,) = (kit_home / "traces").glob("*.html")
    assert recording(page)["failure"] is None
    for text, code, sentence in [
        (b"x = (\n", 1, "other.py, line 1: SyntaxError: '(' was never closed"),
        (b"\xff", 2, "other.py is not UTF-8 text: byte 0 is 0xff"),
        (b"import os\nos._exit(0)\n", 1, "your code did not get that far"),
    ]:
        (tmp_path / "other.py").write_bytes(text)
        result = kit("replay", token, "--file", tmp_path / "other.py")
        assert (result.exit_code, result.stdout) == (code, "")
        assert sentence in result.stderr


def test_a_recording_of_a_server_is_told_and_shown_like_any_other(kit: Run, kit_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "served.tape"
    file.write_text(_served(3).dumps())
    result = kit("replay", file)
    assert SENTENCE.findall(result.stdout) == list(tell(_served(3)))
    (page,) = (kit_home / "traces").glob("served.*.html")
    assert recording(page)["title"] == "served.tape"
    assert "page" not in kit("replay", file, "--text").stdout


def test_of_a_long_recording_the_first_operations_are_told_and_it_is_said(kit: Run, tmp_path: Path) -> None:
    file = tmp_path / "long.tape"
    file.write_text(_served(2_001).dumps())
    result = kit("replay", file, "--text")
    assert "Told are the first 2,000 operations; the file holds more" in result.stderr


def test_a_file_that_is_no_recording_is_a_sentence(kit: Run, tmp_path: Path) -> None:
    for content in ("", "{}\n", "no json", '{"tape": 2}\n', '{"tape": 1}\n'):
        (tmp_path / "odd.tape").write_text(content)
        result = kit("replay", tmp_path / "odd.tape")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "is no recording" in result.stderr


def _served(commands: int) -> Tape:
    """What a server that was asked the same again and again leaves."""
    ops = (
        Op(seq, "Client 1", "cache", "get", (b"a",), False, [b"get", b"a"], [], (Effect("miss", b"a"),), False,
           seq, seq, seq, None)
        for seq in range(commands)
    )  # fmt: skip
    return Tape("serve", 0, (), True, tuple(ops))
