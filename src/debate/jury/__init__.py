"""The jury: models as judges, held to a locked rubric, to quotes that code checks, and to the card's two
known answers.

    unmarked    text without the signs of Markdown and HTML
    blinding    text without the names of lenses
    candidate   an answer as it is shown to a juror: plain, blind, capped
    ballot      what a juror says of one candidate on one criterion, and the score code makes of it
    juror       asks one model for its ballots, several times over
    linking     from raw scores to the card's scale, through the two known answers
    pairwise    the answer beside the baseline, in both orders
    verdicts    all of it as one verdict
    ladder      answers of known order, made by code from the card
    measures    how steady jurors are, and what they see of the author's difference
    calibrating what a jury does with them, held against gates
    certificate what is kept of that, and when it has expired
"""
