"""Proofs of the engine in figures: whether a composer shows what the paper's tables show.

Any composer of the protocol is asked for cues; judges that neither retrieval nor composers use listen to them.
Each of ``bridges`` (Table 6), ``attributes`` (Table 5), ``paces`` (Table 7), ``following``, ``copying`` and
``against`` is one question with a function that answers it in ``tables.Table`` values.

Conventions: seeds are given, so the same call gives the same figures; intervals are 95 % bootstrap intervals over
cues (``statistics``); scores and KL are times 100 as in the paper, Frechet distances are raw.
"""
