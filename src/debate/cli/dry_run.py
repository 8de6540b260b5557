"""`debate run --dry-run`: what a debate would ask and use."""

from typing import TYPE_CHECKING, Any

from debate.cli import screen

if TYPE_CHECKING:
    from debate.library import Library
    from debate.runs.forecast import ExpectedCall, Forecast
    from debate.runs.spec import RunSpec


def show_forecast(spec: "RunSpec", library: "Library", *, prompts: bool, as_json: bool) -> None:
    """Print the forecast of a run: nobody is asked and nothing is written."""
    import asyncio  # noqa: PLC0415 - see debate.cli

    from debate.runs.forecast import forecast  # noqa: PLC0415 - loads LangGraph

    found = asyncio.run(forecast(spec, library))
    if as_json:
        screen.document(_document(found, prompts=prompts))
        return
    if prompts:
        for call in found.calls:
            screen.text(_prompt(call))
    _show(found)
    for note in found.notes:
        screen.say(f"note: {note}")
    if found.cut_short:
        screen.say(f"The rehearsal ended early, so calls are missing: {found.cut_short}", "yellow")
    screen.say("Nobody was asked and nothing was written.")


def money(cost: float | None) -> str:
    """A cost in the price table's currency; cents of cents matter, so four digits that count."""
    if cost is None:
        return "unknown"
    return f"{cost:.2f}" if cost >= 1 or cost == 0 else f"{cost:.4g}"


def _show(found: "Forecast") -> None:
    rows = [
        (
            call.call,
            call.model,
            f"{call.input_tokens:,}",
            f"{call.output_tokens:,}",
            "in the ledger" if call.from_ledger else money(call.cost),
        )
        for call in found.calls
    ]
    total = f"{found.least} to {found.most} calls"
    rows.append((total, "", f"{found.input_tokens:,}", f"{found.output_tokens:,}", money(found.cost)))
    screen.table(("call", "model", "tokens in", "tokens out", "cost"), rows)
    lines = [
        f"{found.problem}, protocol {found.protocol}, {len(found.seats)} seats: {', '.join(found.seats)}",
        *(f"{name} is asked at {url}" for name, url in found.endpoints.items() if "://" in url),
        "At least one call each; at most two, when a reply has to be asked for once more.",
        "Tokens are estimates (characters / 4, answers as long as the offline reasoner's); a model that "
        "thinks aloud uses more.",
    ]
    if known := len(found.calls) - found.least:
        lines.insert(
            1, f"{known} of {len(found.calls)} replies are in the ledger: they are not asked for again."
        )
    if found.cost is None:
        lines.append("The cost is unknown: a price is missing (see --prices).")
    elif found.most_cost:
        lines.append(f"Cost: about {money(found.cost)}, up to {money(found.most_cost)} with a repair each.")
    screen.text("\n" + "\n".join(lines))


def _prompt(call: "ExpectedCall") -> str:
    parts = [f"==== {call.call} to {call.model}"]
    parts += [f"---- {message.role}\n{message.content}" for message in call.messages]
    return "\n".join(parts) + "\n"


def _document(found: "Forecast", *, prompts: bool) -> dict[str, Any]:
    return {
        "schema": 1,
        "problem": found.problem,
        "protocol": found.protocol,
        "seats": found.seats,
        "models": dict(found.models),
        "endpoints": dict(found.endpoints),
        "calls": {"least": found.least, "most": found.most},
        "estimate": {
            "input_tokens": found.input_tokens,
            "output_tokens": found.output_tokens,
            "cost": found.cost,
            "most_cost": found.most_cost,
        },
        "each": [
            {
                "call": call.call,
                "role": call.role,
                "seat": call.seat,
                "model": call.model,
                "input_tokens": call.input_tokens,
                "output_tokens": call.output_tokens,
                "cost": call.cost,
                "from_ledger": call.from_ledger,
                **({"messages": [m.model_dump() for m in call.messages]} if prompts else {}),
            }
            for call in found.calls
        ],
        "notes": list(found.notes),
        "cut_short": found.cut_short,
    }
