"""CONTRIBUTING.md and CHANGELOG.md say what is so: paths exist, lists are those of the code."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from kit.cache.effects import Effect
from kit.grading import proxy, search
from kit.grading.exercise import load
from kit.grading.verdict import Judged, verdict
from kit.world.choice import READ_FAULTS, WRITE_FAULTS
from kit.world.tape import Op

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SPANS = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))
PLACES = ("kit/", "tests/", "exercises/", "notebooks/", ".ci/")


def span_beginning(words: str) -> list[str]:
    """The words of the one code span that begins so."""
    (found,) = [span.split() for span in SPANS if " ".join(span.split()).startswith(words)]
    return found


def test_every_path_that_is_named_exists() -> None:
    named = {span for span in SPANS if span.startswith(PLACES) and not re.search(r"[<*]|NN_", span)}
    named |= set(re.findall(r"\bkit/\w+/\w+\.py", TEXT))
    assert len(named) > 30
    assert not [path for path in sorted(named) if not (ROOT / path).exists()]


def test_every_room_is_in_the_table_and_every_room_of_the_table_exists() -> None:
    rooms = re.findall(r"^\| `(kit/\w+/)` \|", TEXT, re.M)
    assert sorted(rooms) == sorted(f"kit/{path.parent.name}/" for path in (ROOT / "kit").glob("*/__init__.py"))


def test_the_directions_of_imports_are_those_that_are_enforced() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    assert " ".join(span_beginning("kit.cli | kit.lab →")) == " → ".join(layers)


def test_the_fields_of_a_record_and_of_an_effect_are_named_in_order() -> None:
    table = TEXT[TEXT.index("| field of `Op` |") :]
    rows = re.findall(r"^\| (`.*?`) \|", table[: table.index("\n\n")], re.M)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == [field.name for field in fields(Op)]
    assert span_beginning("kind key size") == [field.name for field in fields(Effect)]


def test_faults_frames_and_counts_are_those_of_the_code() -> None:
    assert span_beginning("request_lost reply_lost cut unreachable") == list(READ_FAULTS)
    assert span_beginning("request_lost reply_lost cut full") == list(WRITE_FAULTS)
    assert set(span_beginning("connect bytes read")) == set(proxy._FORMS)
    assert f"at most {search.MOST_WALKED} runs a part" in " ".join(TEXT.split())


def test_the_object_of_a_verdict_is_the_one_that_is_printed() -> None:
    exercise = load("invalidate_on_write")
    judged = [Judged(check) for check in exercise.checks]
    printed = verdict(exercise, judged, engine="model", seed=0, seconds=0, output="", previous=None, hints_shown=0)
    assert span_beginning("exercise outcome points") == list(printed)
    assert span_beginning("id title points") == list(printed["checks"][0])


def test_whoever_refers_to_a_section_finds_it() -> None:
    headings = re.findall(r"^##+ (.+)$", TEXT, re.M)
    named = {
        title
        for path in (ROOT / "kit").rglob("*.py")
        for title in re.findall(r'CONTRIBUTING\.md,\s+"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(headings)


def test_every_verb_of_make_and_every_module_that_is_run_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"`make ([a-z-]+)", TEXT))
    assert {"test", "bench", "notebooks"} <= verbs
    assert not [verb for verb in verbs if f"\n{verb}:" not in makefile]
    modules = set(re.findall(r"python -m (kit[\w.]+)", TEXT))
    assert modules
    assert all(importlib.util.find_spec(module) for module in modules)


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CHANGELOG.md"])
def test_prose_is_not_shouted_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    assert "!" not in prose
    assert not re.search(r"https?://(?!keepachangelog\.com|semver\.org)", text)


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    first, *_ = re.findall(r"^## \[(.+?)\] - (.+)$", text, re.M)
    assert first[0] == version
    assert first[1] == "Unreleased" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", first[1])
    assert set(re.findall(r"^### (.+)$", text, re.M)) <= {
        "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Contracts",
    }  # fmt: skip
