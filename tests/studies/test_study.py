"""Studies: as many calls as there are distinct prompts, whatever stops them, and nothing that failed in a
mean.
"""

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from debate.studies import spending
from debate.studies.cells import Cell, read_cells, write_cells
from debate.studies.plan import store
from debate.studies.report import StudyReport
from tests.debates.house_server import distinct
from tests.faults.server import STEPS, Exchange, Step
from tests.studies.conftest import SIX, Debate, StudyServer, counts, role_of, usage
from tests.studies.handmade import a_study

THREE = ",".join(SIX[:3])


class Bench:
    """`debate ablate` on the card, every model on the server."""

    def __init__(self, debate: Debate, server: StudyServer, card: Path, folder: Path) -> None:
        self.debate, self.server, self.card, self.runs = debate, server, card, folder / "runs"

    def words(self, *flags: str) -> list[str]:
        models = ["--model", "llamacpp:", "--base-url", self.server.url]
        return ["ablate", str(self.card), *models, "--transcripts", str(self.runs), *flags]

    def ablate(self, *flags: str, code: int = 0) -> dict[str, Any]:
        """The document of `--json`."""
        return self.held(*self.words(*flags), code=code)

    def resume(self, *flags: str, code: int = 0) -> dict[str, Any]:
        places = ("--transcripts", str(self.runs))
        return self.held("ablate", "--resume", "last", *places, *flags, code=code)

    def held(self, *words: str, code: int) -> dict[str, Any]:
        done = self.debate(*words, "--json")
        assert done.code == code, done.err
        document: dict[str, Any] = json.loads(done.out) if done.out else {}
        return document

    @property
    def study(self) -> Path:
        (plan,) = self.runs.glob("studies/*/plan.json")
        return plan.parent

    def lost(self) -> int:
        """Requests whose reply nobody received."""
        with closing(sqlite3.connect(self.runs / "ledger.sqlite3")) as ledger:
            return int(ledger.execute("SELECT count(*) FROM attempts WHERE state = 'sent'").fetchone()[0])


@pytest.fixture
def bench(debate: Debate, server: StudyServer, card: Path, tmp_path: Path) -> Bench:
    return Bench(debate, server, card, tmp_path)


def subsets(lenses: int, game: str = "removal") -> dict[str, int]:
    """What all sets of so many lenses cost, each prompt asked once."""
    panels = 2**lenses
    neutral = {"neutral": lenses} if game == "replacement" else {}
    return {"seat": lenses, "critic": panels, "writer": panels, **neutral}


def states(document: dict[str, Any]) -> Counter[str]:
    return Counter(cell["state"] for cell in document["cells"])


def test_all_sets_of_six_lenses_cost_six_proposals_and_a_critic_and_a_writer_each(bench: Bench) -> None:
    flags = ("--design", "subsets", "--game", "removal", "--controls", "none", "-q")
    document = bench.ablate("--lenses", ",".join(SIX), *flags)
    assert counts(bench.server.requests) == {"seat": 6, "critic": 64, "writer": 64}
    assert distinct(bench.server.requests) == len(bench.server.requests)
    assert states(document) == {"done": 64}


def test_in_the_replacement_game_neutral_agents_are_shared_as_well(bench: Bench) -> None:
    bench.ablate("--lenses", THREE, "--design", "subsets", "--controls", "none", "-q")
    assert counts(bench.server.requests) == subsets(3, "replacement")


def test_the_forecast_is_what_the_study_then_asks(bench: Bench) -> None:
    flags = ("--lenses", THREE, "--replicates", "2", "--controls", "all", "-q")
    forecast = bench.ablate(*flags, "--dry-run")
    assert not bench.server.requests
    assert not bench.runs.exists()
    bench.ablate(*flags)
    asked = counts(bench.server.requests)
    total = forecast["total"]["roles"]
    assert forecast["trouble"] == []
    assert forecast["total"]["calls"] < forecast["naive"]["calls"]
    # How many agents match the tokens of the panel is measured, and a server counts otherwise than we do.
    assert total["lens-agent"] == asked["seat"]
    assert abs(total["critic"] - asked["critic"]) <= 2
    again = bench.ablate(*flags, "--dry-run")
    assert again["total"]["calls"] == 0


def test_replicates_are_other_samples_of_the_same_prompts(bench: Bench) -> None:
    bench.ablate("--lenses", THREE, "--game", "removal", "--replicates", "2", "--controls", "a/a", "-q")
    asked = counts(bench.server.requests)
    # Eight panels in two samples; a/a has two of its own.
    assert asked == {"seat": 3 * 4, "critic": 2 * 8 + 2, "writer": 2 * 8 + 2}


def report_of(bench: Bench) -> StudyReport:
    """The report as a script reads it."""
    done = bench.debate("studies", "report", "--format", "json", "--transcripts", str(bench.runs))
    return StudyReport.model_validate_json(done.out)


def test_what_was_asked_is_what_the_server_saw_however_calls_were_shared(bench: Bench) -> None:
    bench.server.latency = 0.05  # some calls are joined in flight, others found in the ledger
    flags = ("--lenses", THREE, "--replicates", "2", "-q")
    bench.ablate(*flags)
    spent, seen = report_of(bench).spent, len(bench.server.requests)
    assert spent.requests == spent.distinct == seen
    assert spent.calls > seen
    bench.ablate(*flags)
    again = report_of(bench).spent
    assert (again.requests, again.distinct, again.calls) == (0, spent.distinct, spent.calls)
    assert len(bench.server.requests) == seen


def test_cost_and_tokens_are_told_as_held_alone_and_as_held(bench: Bench, tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('["llamacpp:"]\ninput = 1.0\noutput = 2.0\n', encoding="utf-8")
    bench.ablate("--lenses", THREE, "--controls", "none", "--prices", str(prices), "-q")
    sent = [usage(exchange) for exchange in bench.server.requests]
    report = report_of(bench)
    spent = report.spent
    assert spent.tokens_sent == sum(prompt + reply for prompt, reply in sent)
    assert spent.cost_sent == pytest.approx(sum(prompt + 2 * reply for prompt, reply in sent) / 1e6)
    assert spent.cost == pytest.approx(sum(cell.cost or 0.0 for cell in report.cells))
    assert spent.cost is not None
    assert spent.cost > (spent.cost_sent or 0.0) > 0
    told = spending.told(spent, offline=False)
    assert f"The study sent {len(sent)} requests (" in told
    assert f"Cost: {spent.cost:.4f} one by one, {spent.cost_sent:.4f} as it was held." in told


@pytest.mark.parametrize(("limit", "first"), [("--max-calls", "9"), ("--max-tokens", "40000")])
def test_the_command_that_goes_on_after_a_limit_goes_on(bench: Bench, limit: str, first: str) -> None:
    flags = ("--lenses", THREE, "--design", "subsets", "--game", "removal", "--controls", "none")
    stopped = bench.debate(*bench.words(*flags, limit, first))
    assert stopped.code == 1
    (line,) = [line for line in stopped.err.splitlines() if line.startswith("resume with: ")]
    words = shlex.split(line.removeprefix("resume with: debate "))
    assert {"--resume", "--transcripts", limit} <= {*words}
    assert " ".join(words) in " ".join(stopped.out.split())
    whole = bench.debate(*words, "-q")
    assert whole.code == 0, whole.err
    assert counts(bench.server.requests) == subsets(3)


def test_a_budget_stops_it_with_everything_kept_and_more_goes_on(bench: Bench) -> None:
    flags = ("--lenses", THREE, "--design", "subsets", "--game", "removal", "--controls", "none", "-q")
    stopped = bench.ablate(*flags, "--max-calls", "9", code=1)
    assert len(bench.server.requests) == 9
    assert states(stopped)["missing"] > 0
    assert "--max-calls" in stopped["error"]
    assert sum(states(stopped).values()) == 8
    whole = bench.resume("--max-calls", "100", "-q")
    assert states(whole) == {"done": 8}
    assert counts(bench.server.requests) == subsets(3)
    assert whole["sha256"] == stopped["sha256"]


def killed_after(bench: Bench, more: int, *words: str) -> bool:
    """Hold a study in a process of its own and kill it once the server saw so many more requests; whether it
    was still at work then.
    """
    seen = len(bench.server.requests) + more
    with subprocess.Popen(
        [sys.executable, "-m", "debate", *words, "-q"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        until = time.monotonic() + 300
        while len(bench.server.requests) < seen and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        at_work = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return at_work


def check_the_sum(bench: Bench, lenses: int) -> None:
    """Resumed to its end, the study has asked for what it takes and lost only what was on its way."""
    document = bench.resume("-q")
    assert states(document) == {"done": 2**lenses}
    asked, lost = len(bench.server.requests), bench.lost()
    assert distinct(bench.server.requests) == sum(subsets(lenses).values())
    # What was on its way when it died is the one thing that is asked again; of what was written down as sent
    # the server may have seen nothing.
    assert 0 <= asked - sum(subsets(lenses).values()) <= lost, (asked, lost)
    assert len(list(bench.runs.glob("*/run.json"))) == 2**lenses


def test_killed_in_the_middle_and_resumed_the_sum_is_the_same(bench: Bench) -> None:
    bench.server.latency = 0.02
    flags = ("--lenses", THREE, "--design", "subsets", "--game", "removal", "--controls", "none")
    assert killed_after(bench, 8, *bench.words(*flags, "--concurrency", "2"))
    assert 8 <= len(bench.server.requests) < 19
    check_the_sum(bench, 3)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_killed_many_times_the_sum_of_six_lenses_is_the_same(
    bench: Bench, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.server.latency = 0.01
    random = Random(seed)
    flags = ("--lenses", ",".join(SIX), "--design", "subsets", "--game", "removal", "--controls", "none")
    kills = int(killed_after(bench, random.randrange(1, 12), *bench.words(*flags, "--concurrency", "4")))
    again = ("ablate", "--resume", "last", "--transcripts", str(bench.runs))
    while killed_after(bench, random.randrange(1, 20), *again):
        kills += 1
    assert kills > 4
    check_the_sum(bench, 6)
    with capsys.disabled():
        print(f"seed {seed}: {kills} kills, {len(bench.server.requests)} requests, {bench.lost()} lost")


def test_every_cell_is_a_run_that_says_which(bench: Bench) -> None:
    document = bench.ablate("--lenses", THREE, "--controls", "none", "-q")
    for cell in document["cells"]:
        manifest = json.loads((bench.runs / cell["run"] / "run.json").read_text("utf-8"))
        assert manifest["study"] == {"study": document["study"], "arm": cell["arm"], "replicate": 0}
    kept = {cell.key: cell for cell in read_cells(bench.study)}
    assert list(kept) == [(c["problem"], c["arm"], c["replicate"]) for c in document["cells"]]


def test_the_plan_is_on_disk_before_the_first_call(bench: Bench) -> None:
    seen: list[bool] = []
    reply = bench.server.reply

    async def look(exchange: Exchange) -> None:
        seen.append(bool(list(bench.runs.glob("studies/*/plan.json"))))
        await reply(exchange)

    bench.server.reply = look  # type: ignore[method-assign]
    bench.ablate("--lenses", THREE, "--controls", "none", "-q")
    assert seen
    assert all(seen)


class Refusing(StudyServer):
    """Says no to whoever is asked for a plan in which `lens` alone was heard."""

    def step(self, exchange: Exchange) -> Step:
        prompt = exchange.asked["messages"][-1]["content"]
        heard = {lens for lens in SIX if f'"seat": "{lens}"' in prompt}
        if role_of(exchange) == "critic" and heard == {SIX[0]}:
            return STEPS["400-filter"]
        return super().step(exchange)


def test_what_failed_is_counted_and_in_no_mean(debate: Debate, card: Path, tmp_path: Path) -> None:
    with Refusing() as server:
        bench = Bench(debate, server, card, tmp_path)
        document = bench.ablate("--lenses", THREE, "--game", "removal", "--controls", "none", "-q", code=3)
    assert states(document) == {"done": 7, "failed": 1}
    (failed,) = [arm for arm in document["arms"] if arm["failed"]]
    assert failed["arm"] == f"removal: only {SIX[0]}"
    assert failed["n"] == 0
    assert failed["mean"] is None
    assert all(arm["n"] == 1 and arm["mean"] is not None for arm in document["arms"] if arm is not failed)


def test_a_study_does_not_go_on_with_other_cards(bench: Bench) -> None:
    flags = ("--lenses", THREE, "--controls", "none", "-q")
    bench.ablate(*flags, "--max-calls", "4", code=1)
    text = bench.card.read_text("utf-8")
    bench.card.write_text(text.replace("Waiting Time Stuck", "Waiting Time Longer"), "utf-8")
    asked = len(bench.server.requests)
    bench.resume("-q", code=2)
    assert len(bench.server.requests) == asked


def test_a_plan_that_was_changed_is_refused(bench: Bench) -> None:
    bench.ablate("--lenses", THREE, "--controls", "none", "--max-calls", "4", "-q", code=1)
    plan = bench.study / "plan.json"
    plan.write_text(plan.read_text("utf-8").replace('"margin": 0.5', '"margin": 0.1'), encoding="utf-8")
    bench.resume("-q", code=2)


def test_agents_without_a_lens_are_as_many_as_use_the_tokens_of_the_panel(bench: Bench) -> None:
    sets = ("--design", "sets", "--set", f"six={','.join(SIX)}", "--set", f"three={THREE}")
    document = bench.ablate("--lenses", ",".join(SIX), *sets, "--controls", "token-matched", "-q")
    cells = {cell["arm"]: Cell.model_validate(cell) for cell in document["cells"]}
    matched, six, plain = cells["token-matched"], cells["six"], cells["no-lens"]
    assert matched.seats > plain.seats
    assert matched.mismatch is not None
    assert abs(matched.mismatch) < abs(plain.used.tokens / six.used.tokens - 1)
    assert matched.mismatch == pytest.approx(matched.used.tokens / six.used.tokens - 1, abs=1e-4)


def test_studies_are_listed_and_shown(bench: Bench, debate: Debate) -> None:
    bench.ablate("--lenses", THREE, "--controls", "none", "-q")
    places = ("--transcripts", str(bench.runs))
    listed = json.loads(debate("studies", "list", "--json", *places).out)
    assert [(row["study"], row["done"]) for row in listed] == [(bench.study.name, "8 of 8")]
    shown = debate("studies", "show", "--ideas", *places)
    assert shown.code == 0
    assert "replacement: without emergence" in shown.out
    assert "Ideas: what became of them in the full panel" in shown.out
    assert "Each of 9 ideas: who raised it, and what it led to" in shown.out


def test_a_study_ends_with_its_report_and_a_page_that_leads_to_the_runs(bench: Bench, debate: Debate) -> None:
    done = debate(*bench.words("--lenses", THREE, "--controls", "a/a", "--replicates", "1"))
    assert done.code == 0
    assert "most on this card" in done.out or "adds anything on this card" in done.out
    assert "What to do next" in done.out
    page = bench.study / "report.html"
    assert str(page) in done.err
    links = re.findall(r'href="([^"#]+)"', page.read_text(encoding="utf-8"))
    assert len({*links}) == 9  # full, three left out, three alone, nobody, a/a
    assert all((bench.study / link).is_file() for link in links)


@pytest.mark.parametrize("form", ["text", "md", "csv", "jsonl", "json", "html"])
def test_a_report_is_written_in_every_form(form: str, debate: Debate, tmp_path: Path) -> None:
    record, cells = a_study(2, design="leave-one-out")
    folder, _ = store(record.plan, tmp_path / "runs", {})
    write_cells(folder, cells)
    words = ("studies", "report", "--transcripts", str(tmp_path / "runs"))
    shown = debate(*words, "--format", form)
    file = tmp_path / f"report.{form.replace('text', 'txt')}"
    written = debate(*words, "-o", str(file))
    assert (shown.code, written.code) == (0, 0), shown.err + written.err
    assert len(shown.out) > 1000
    assert file.read_text(encoding="utf-8-sig").split()[0] == shown.out.split()[0]


def test_a_form_that_is_not_there_is_named_with_those_that_are(debate: Debate, tmp_path: Path) -> None:
    done = debate("studies", "report", "-o", str(tmp_path / "report.docx"))
    assert done.code == 2
    assert "report.docx" in done.err
    assert "jsonl" in done.err


@pytest.mark.parametrize(
    ("flag", "value", "allowed"),
    [
        ("--game", "rubbish", "'replacement', 'removal' or 'both'"),
        ("--stop", "rubbish", "'none' or 'e-process'"),
        ("--margin", "0", "greater than 0"),
        ("--alpha", "2", "less than 1"),
    ],
)
def test_a_value_nobody_can_mean_is_refused_by_its_flag_or_its_key(
    flag: str, value: str, allowed: str, debate: Debate, card: Path
) -> None:
    done = debate("ablate", str(card), flag, value, "--dry-run")
    assert (done.code, f"{flag}: " in done.err, allowed in done.err) == (2, True, True), done.err
    file = card.with_name("study.toml")
    key = flag.removeprefix("--")
    file.write_text(f"{key} = {value if key in ('margin', 'alpha') else repr(value)}\n", encoding="utf-8")
    done = debate("ablate", str(card), str(file), "--dry-run")
    assert (done.code, f"{file}: {key}: " in done.err, allowed in done.err) == (2, True, True), done.err


@pytest.mark.parametrize(("rules", "told"), [("offline", "offline reasoner"), ("checks", "judge by rule")])
def test_rules_that_changed_since_the_study_began_are_told_when_it_goes_on(
    rules: str, told: str, debate: Debate, card: Path, tmp_path: Path
) -> None:
    places = ("--transcripts", str(tmp_path / "runs"))
    flags = ("--lenses", ",".join(SIX[:2]), "--controls", "none", "--max-calls", "3", *places)
    assert debate("ablate", str(card), *flags).code == 1
    same = debate("ablate", "--resume", "last", "--max-calls", "4", *places)
    assert "has changed" not in same.err
    (plan,) = (tmp_path / "runs").glob("studies/*/plan.json")
    record = json.loads(plan.read_text("utf-8"))
    plan.write_text(json.dumps({**record, "program": {**record["program"], rules: "0"}}), encoding="utf-8")
    done = debate("ablate", "--resume", "last", "--max-calls", "100", *places)
    assert done.code == 0
    assert f"note: the {told} has changed since the study began" in done.err


def test_two_arms_the_user_named_that_ask_the_same_are_refused(debate: Debate, card: Path) -> None:
    same = ("--set", "a=offline", "--set", "b=offline")
    done = debate("ablate", str(card), "--lenses", THREE, "--design", "models", *same)
    assert done.code == 2
    assert "the arms a and b are the same" in done.err
