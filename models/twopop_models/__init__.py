"""Picture in, music out: the engine of twopop. Knows no sockets and no DAW."""
