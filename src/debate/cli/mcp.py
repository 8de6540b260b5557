"""`debate mcp`: serve debates as tools to a client of the Model Context Protocol."""

from debate.cli.options import (
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
    LedgerOption,
    LensesOption,
    LibraryOption,
    MaxCallsOption,
    MaxCostOption,
    MaxTokensOption,
    ModelOption,
    PricesOption,
    SetOption,
    TraceOption,
    TranscriptsOption,
)
from debate.cli.spec import FLAGS, loading, run_spec


def mcp(
    *,
    lenses: LensesOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    trace: TraceOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Serve the tools run, show, lenses and problems to an MCP client, over standard input and output.

    A client starts this command itself: docs/integrations.md has the lines for the usual ones. What is given
    here holds for every debate; a client chooses problem, lenses and seed, and names everything by id. Limits
    are for each run. Needs: pip install 'lens-debate[mcp]'
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    with loading():
        spec = run_spec(given, problem="")

        from debate.mcp_server import server  # noqa: PLC0415 - an optional package, and LangChain
    server(spec, library).run("stdio")
