"""The demonstration: one picture scored in four ways, another as it comes, by a server of its own over real OSC."""
