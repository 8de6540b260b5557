"""Debates at home in other programs: Inspect, MCP clients, LangGraph's server, tracing."""
