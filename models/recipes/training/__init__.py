"""What all training recipes share: data, objective, loop, checkpoints.

Chance is a function of seed, step and row: which piece, where it begins, its noise and what is left out depend
on nothing else. So a run that is taken up again, or shared out over processes, sees the same batches.
"""
