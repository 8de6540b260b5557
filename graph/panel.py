"""The default protocol: every seat alone and in parallel, then critic, writer and judge.

START ─▶ propose × seat (blind) ─▶ criticise ─▶ write ─▶ judge ─▶ END
"""

from langgraph.graph import END, START, StateGraph

from debate.nodes import criticise, judge, propose, route_seats, write
from debate.state import Context, DebateInput, DebateState, SeatInput

builder = StateGraph(DebateState, context_schema=Context, input_schema=DebateInput)

builder.add_node("propose", propose, input_schema=SeatInput)
builder.add_node("criticise", criticise)
builder.add_node("write", write)
builder.add_node("judge", judge)

builder.add_conditional_edges(START, route_seats, ["propose", "criticise"])
builder.add_edge("propose", "criticise")
builder.add_edge("criticise", "write")
builder.add_edge("write", "judge")
builder.add_edge("judge", END)

graph = builder.compile(name="panel")
