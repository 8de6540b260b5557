"""Studies: many runs that differ in one thing, planned before the first call.

A plan is made and hashed first (`plan`, `arms`); every cell of it, an arm on a problem in one replicate, is a
run like any other (`study`, `cells`); all share one ledger, so that a study makes as many calls as it has
distinct prompts (`forecast` says how many). What became of ideas is read from the runs (`survival`).
"""
