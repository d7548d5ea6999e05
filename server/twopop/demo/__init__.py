"""The demonstration: two ranges of real footage, scored by a server of its own over real OSC."""
