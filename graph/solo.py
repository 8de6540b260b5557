"""The control arm: one agent alone, then the same critic, writer and judge as a panel gets.

START ─▶ think_alone ─▶ criticise ─▶ write ─▶ judge ─▶ END
"""

from langgraph.graph import END, START, StateGraph

from debate.nodes import criticise, judge, think_alone, write
from debate.state import Context, DebateInput, DebateState

builder = StateGraph(DebateState, context_schema=Context, input_schema=DebateInput)

builder.add_node("think_alone", think_alone)
builder.add_node("criticise", criticise)
builder.add_node("write", write)
builder.add_node("judge", judge)

builder.add_edge(START, "think_alone")
builder.add_edge("think_alone", "criticise")
builder.add_edge("criticise", "write")
builder.add_edge("write", "judge")
builder.add_edge("judge", END)

graph = builder.compile(name="solo")
