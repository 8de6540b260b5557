"""The offline model: no language model. It reasons by rule from the prompt a model would get.

It reads the rendered prompt, nothing else: the numbered facts and their figures, the lens card, the
hypotheses, the plan. What to suspect, measure and change stands in the lens cards; what the figures force
is arithmetic; here are only the rules that bring the two together. No text about a particular problem
stands in this package, and the same prompt gives the same reply.

    chat.py          the chat model: which contribution is asked for, and who makes it
    case.py          the case, read back from the prompt
    time_allowed.py  how long the case allows
    naming.py        what the case calls its figure, and what it is about
    counted.py       what the case counts
    wording.py       figures and sentences
    stand_ins.py     the case's own figures and names for a lens's stand-ins
    sizes.py         what thresholds come to in the case's own units
    speaking.py      the case's own words that speak for a move
    seat.py          lens + case → hypotheses
    telling.py       which statements of the case tell most for a claim
    kinds.py         what a remedy did, by its kind
    outcomes.py      what the effect of an attempt says
    attempts.py      why each attempt fell short, as a claim reads it
    merging.py       hypotheses → groups, collisions, order
    schedule.py      groups → what is checked, in the time there is
    levers.py        what the case names that the change can begin with
    steps.py         schedule → ranked steps
    afterwards.py    what follows the change
    constraints.py   a step and the case's constraints
    shortfall.py     why each attempt fell short
    path.py          from today's value to the target
    critic.py        all of these → plan
    reasoning.py     why: the letter's first paragraph
    writer.py        plan → letter
    abstaining.py    the forms of a jury, filled in by nobody
"""
