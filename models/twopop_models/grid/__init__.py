"""Scores as latents on a beat grid: the codec of the composer ``score``.

The same idea as an audio autoencoder's room: ``encode`` makes latents (C, T) of music, ``decode`` makes music of
latents, and networks know nothing else. Here T counts cells of a quarter note and C are lanes (``lanes``):
what every stem plays in the cell's sixteenths, the chord, how full it is, who plays.

``encoding`` takes a score, ``hearing`` a recording, ``decoding`` gives notes. What is heard of a recording is less
than what is written in a score; ``lanes.heard`` leaves of a score what could be heard.
"""
