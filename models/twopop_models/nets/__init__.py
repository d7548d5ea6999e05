"""The networks of VMB's generator (arXiv 2412.09428, its figure of explicitly conditioned generation).

::

    broad reference    -> latents -> 0 -> + -> N copied blocks -> 0 -+   Music ControlFormer (``controlformer``)
    event curves ---------------> 0 ->-'                             |   (``events``, beyond the paper)
    noisy latents -> embedded -> block 1 .. N  (+ after each) <------+
                                 block N+1 .. all -> velocity            base transformer (``backbone``)
    text bridge, style tokens -> context of every block                  Stylization (``stylizer``)

``0`` is a layer that begins as zero, so that every module that is added begins as no change at all: bitwise.

Conventions: B rows of a batch, T latent frames, C latent channels, D the transformer's width, S context
tokens of width W. Latents are (B, C, T) float; a transformer's sequence is (B, 1 + T, D), whose first
position is the global token (time step and lengths). Masks are bool, True where something is.

These modules need the extra ``twopop[diffusion]``; the rest of the engine imports them where they are used.
"""
