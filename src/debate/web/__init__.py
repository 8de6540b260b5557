"""The web page: what debates left behind, shown to the one person at this machine.

A small Starlette application that reads run folders and never writes one. Every page is made on the server
from a Jinja2 template of `debate.pages`; scripts are ours, short and optional: without them every page still
says everything but what is happening at this moment.

Who may look is decided in `debate.web.guard` before any page is. Names in addresses are looked up among what
there is and never made into paths. What cards and models wrote reaches a page as text alone.
"""
