"""Figures: small makers of ways to play that families share. Each takes settings and returns a ``Play``.

``hands`` puts them together, ``lines`` reads texts, ``beds`` holds, ``pulses`` repeats, ``weights`` hits,
``keys`` breaks chords, ``voices`` sings. A maker draws no chance itself: the generator that it is given does.
"""
