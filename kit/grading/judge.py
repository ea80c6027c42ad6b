"""The judge: runs an exercise's checks over a submission and builds the verdict from its own tape.

Engines, scheduler, store, checks and verdict live here; the submission's code runs in a child. Public checks all run,
each alone; hidden ones only when every public one passes. A pass is built in one function from evidence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from kit.cache.clock import WallClock
from kit.grading import progress, token
from kit.grading.apart import Apart
from kit.grading.bench import Bench, CheckFault, EngineMaker, real_engine
from kit.grading.check import Check, Part
from kit.grading.exercise import Exercise
from kit.grading.mistake import mistake
from kit.grading.proxy import ChildEnded
from kit.grading.search import Evidence, Failure, Search
from kit.grading.traces import keep
from kit.grading.verdict import Judged, verdict
from kit.real.child import Child
from kit.world.choice import chooser
from kit.world.tape import Op, Tape, operations
from kit.world.world import Run

__all__ = ["Bench", "CheckFault", "Progress", "check"]

Progress = Callable[[dict[str, Any]], None]
_CLOCKS = frozenset({"TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "TIME"})
_TAIL = 2_000  # characters of the submission's output that a verdict shows


def check(
    exercise: Exercise, source: str | bytes, *, seed: int = 0, watch: Progress | None = None,
    children: tuple[Child, Child] | None = None, previous: str | None = None, engine: str = "model",
) -> dict[str, Any]:  # fmt: skip
    """Judge a submission; the object of `--json`. previous: the token of the schedule that broke it last time.

    watch hears `{"check", "title", "schedule"}` as the search goes on; children: two that stand ready. engine
    `valkey` or `memcached`: a real server answers, and only what needs no leap, expiry, fault or sleep is judged.
    Raises ValueError for another engine than those of the exercise, StartFailed where the real server does not start.
    """
    clock = WallClock()
    begun = clock.monotonic_s()
    if engine not in exercise.engines:
        raise ValueError(f"{exercise.id} runs on {' and '.join(exercise.engines)}, not on {engine!r}")
    judge = _Judge(exercise, seed, watch or (lambda news: None))
    with real_engine(engine) as forwarding:
        judged, output, before = judge.run(source, children, previous, forwarding)
    shown = int(progress.entry(exercise.id).get("hints", 0))
    return verdict(
        exercise, judged, engine=engine, seed=seed, seconds=clock.monotonic_s() - begun, output=output,
        previous=before, hints_shown=shown,
    )  # fmt: skip


class _Judge:
    def __init__(self, exercise: Exercise, seed: int, watch: Progress) -> None:
        self._exercise, self._seed, self._watch = exercise, seed, watch
        self._schedules = 0

    def run(
        self,
        source: str | bytes,
        children: tuple[Child, Child] | None,
        previous: str | None,
        engine: EngineMaker | None,
    ) -> tuple[list[Judged], str, dict[str, Any] | None]:
        judged = [Judged(one) for one in self._exercise.checks]
        try:
            text = source.decode("utf-8") if isinstance(source, bytes) else source
        except UnicodeDecodeError as error:
            found = f"byte {error.start} is 0x{error.object[error.start]:02x}"
            _fail(judged[0], "raised", f"the file is not UTF-8 text: {found}")
            for child in children or ():
                child.end()
            return judged, "", None
        before: dict[str, Any] | None = None
        actors: Apart | None = None
        current = judged[0]
        try:
            actors = Apart(self._exercise.submission(text), limit_s=self._exercise.limit_s, children=children)
            if actors.loaded.kind == "raised":
                _fail(current, "raised", _where(self._exercise, actors.loaded.line, ": ".join(actors.loaded.args)))
                return judged, _tail(actors), None
            bench = Bench(self._exercise, text, actors, self._seed, tails=True)
            real = Bench(self._exercise, text, actors, self._seed, engine) if engine else None
            before = self._again(bench, previous)
            for current in judged:
                if current.check.hidden and any(one.passed is False for one in judged):
                    continue
                self._judge(bench, current, real)
                if current.outcome in ("fault", "not_repeatable"):
                    break
        except ChildEnded as ended:
            _fail(current, ended.outcome, _where(self._exercise, ended.line, str(ended)))
        except CheckFault as fault:
            _fail(current, "fault", f"the check itself is wrong, not your code: {fault}")
        finally:
            if actors is not None:
                actors.end()
        return judged, _tail(actors), before

    def _judge(self, bench: Bench, judged: Judged, real: Bench | None = None) -> None:
        """One check, part after part, up to the first that fails. real: where a real server answers instead."""
        check = judged.check
        first: list[Run] = []
        for number, part in enumerate(check.parts):
            stage = bench
            if real is not None:
                if part.bounds.faults or part.bounds.deaths or bench.play(part, chooser(())).needs:
                    continue
                part, stage = Part(part.scene), real
            twice = [stage.play(part, chooser(()))]
            stage.world.forget_tails()
            twice.append(stage.play(part, chooser(())))
            one, other = (run.tape if real is None else _by_no_clock(run.tape) for run in twice)
            if (word := _differ(one, other)) is not None:
                self._untouched(bench)
                _fail(judged, "not_repeatable", word)
                return
            evidence = self._search(stage, check, part)
            self._untouched(bench)
            judged.schedules += evidence.schedules
            if evidence.failure is not None:
                self._failed(bench, judged, number, evidence)
                return
            first.append(twice[0])
            judged.coverage.append(evidence.coverage)
        if first:
            self._passed(judged, first)
        else:
            judged.seen = "needs the model's clock or faults: not run on a real server"

    def _search(self, bench: Bench, check: Check, part: Part) -> Evidence:
        search = Search(
            play=lambda choose: bench.play(part, choose), judge=lambda run: bench.look(check, run),
            bounds=part.bounds, faulty=part.faulty, watch=lambda count: self._tell(check),
        )  # fmt: skip
        return search.always() if check.quantifier == "always" else search.sometimes()

    def _tell(self, check: Check) -> None:
        self._schedules += 1
        if self._schedules % 10 == 0:
            self._watch({"check": check.id, "title": check.title, "schedule": self._schedules})

    def _untouched(self, bench: Bench) -> None:
        assert isinstance(bench.actors, Apart)
        changed = bench.actors.verify()
        if changed is not None:
            text = f"you changed {changed.partition('.')[0]} itself ({changed}): what is kept there outlives a process"
            raise ChildEnded("raised", text)

    def _failed(self, bench: Bench, judged: Judged, part: int, evidence: Evidence) -> None:
        failure = evidence.failure
        assert failure is not None
        shown = failure.run.tape.ops[: failure.shown]
        outcome, line, detail = _outcome(failure, shown)
        _fail(judged, outcome, failure.message)
        judged.line = line
        judged.failing, judged.level, judged.operations = evidence.failing, evidence.level, failure.operations
        played = "schedule" if judged.schedules == 1 else "schedules"
        seen = f"broken in {evidence.failing} of {judged.schedules} {played}"
        judged.seen = "; ".join(filter(None, (_where(self._exercise, line, detail) if detail else "", seen)))
        judged.mistake = mistake(judged.check.id, shown)
        name = token.Token(
            self._exercise.id, judged.check.id, part, self._seed, self._exercise.digest, keep(bench.source),
            failure.run.tape.choices,
        )  # fmt: skip
        judged.trace = str(name)

    def _passed(self, judged: Judged, first: list[Run]) -> None:
        """The one place where a check passes: every scene came to its end, every call was entered and answered."""
        for run in first:
            records = [op for op in run.tape if op.peer == "scene"]
            starts = sum(op.name == "start" for op in records)
            ends = sum(op.name in ("answer", "raised") for op in records)
            if run.stuck is not None or not starts or starts != ends or records[-1].name != "end":
                raise CheckFault(f"{judged.check.id}: a scene passed without an end ({starts} calls, {ends} answers)")
        judged.passed = True
        judged.seen = f"{judged.schedules} {'schedule' if judged.schedules == 1 else 'schedules'} kept the rule"

    def _again(self, bench: Bench, previous: str | None) -> dict[str, Any] | None:
        """The schedule that broke the last submission, first of all."""
        if previous is None:
            return None
        try:
            old = token.parse(previous)
            check = next(one for one in self._exercise.checks if one.id == old.check)
            part = check.parts[old.part]
        except (token.TokenError, StopIteration, IndexError):
            return None
        if old.scene != self._exercise.digest:
            return None
        run = bench.play(part, chooser(old.choices))
        return {"trace": previous, "passes": bench.look(check, run) is None}


def _fail(judged: Judged, outcome: str, message: str) -> None:
    judged.passed, judged.outcome, judged.message = False, outcome, message


def _outcome(failure: Failure, shown: tuple[Op, ...]) -> tuple[str, int | None, str]:
    """Outcome, line and detail of a failure: what the last thing shown was."""
    if failure.run.stuck is not None:
        lines = [op.line for op in shown if op.line is not None]
        return "timed_out", lines[-1] if lines else None, ""
    last = shown[-1]
    if last.peer == "scene" and last.name == "raised":
        name, text = last.reply
        outcome = "not_attempted" if name == "NotImplementedError" else "raised"
        return outcome, last.line, f"{name}: {text}" if text else name
    return "wrong", None, ""


def _differ(one: Tape, other: Tape) -> str | None:
    """Where two runs of one schedule part ways; None if they do not."""
    first, second = operations(one), operations(other)
    for number, (a, b) in enumerate(zip(first, second, strict=False), 1):
        if a != b:
            what = f"first {_word(a)}, then {_word(b)}"
            if (a.name, a.keys) == (b.name, b.keys):
                what = f"{_word(a)} with another content"
            return f"at operation {number} {what}: your code differs from run to run"
    if len(first) != len(second):
        return f"first {len(first)} operations, then {len(second)}: your code differs from run to run"
    if one.ops != other.ops and one.dumps() != other.dumps():  # a NaN is not equal to itself
        return "the same operations with another answer: your code differs from run to run"
    return None


def _by_no_clock(tape: Tape) -> Tape:
    """A real server's clock goes on between two runs: what it answers of time is its, not the submission's."""
    ops = (dataclasses.replace(op, reply=None) if _asks_the_time(op) else op for op in tape)
    return dataclasses.replace(tape, ops=tuple(ops))


def _asks_the_time(op: Op) -> bool:
    queued = op.request if op.peer == "cache" and op.name == "EXEC" and op.request else ()
    names = [op.name] if op.peer == "cache" else []
    names += [bytes(each[0]).decode("latin-1").upper() for each in queued if isinstance(each, (list, tuple))]
    return not _CLOCKS.isdisjoint(names)


def _word(op: Op) -> str:
    keys = " ".join(key.decode("utf-8", "replace") for key in op.keys[:2])
    return f"{op.name} {keys}".strip()


def _where(exercise: Exercise, line: int | None, text: str) -> str:
    return f"{exercise.id}.py, line {line}: {text}" if line else text


def _tail(actors: Apart | None) -> str:
    return actors.output()[-_TAIL:] if actors is not None else ""
