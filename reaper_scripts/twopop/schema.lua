-- Written by `python -m twopop.schema` from the tables in the code; change those.
return {
  protocol = 1,
  root = "/twopop",
  largest = 8192, -- bytes of a datagram to the server
  most_controls = 97,
  addresses = {
    hello = { inbound = true, { "client", "s" }, { "protocol", "i" }, { "reply_port", "i" }, { "token", "s" } },
    ping = { inbound = true },
    score = { inbound = true, { "job", "s" }, { "media", "s" }, { "first", "i" }, { "stop", "i" }, { "rate_num", "i" }, { "rate_den", "i" } },
    status = { inbound = true, { "job", "s" } },
    cancel = { inbound = true, { "job", "s" } },
    jobs = { inbound = true },
    controls = { inbound = true },
    welcome = { inbound = false, { "protocol", "i" }, { "version", "s" }, { "pid", "i" }, { "device", "s" } },
    pong = { inbound = false, { "version", "s" }, { "pid", "i" }, { "busy", "i" }, { "engine", "s" } },
    accepted = { inbound = false, { "job", "s" }, { "state", "s" }, { "waiting", "i" } },
    progress = { inbound = false, { "job", "s" }, { "fraction", "f" }, { "stage", "s" }, { "eta", "f" } },
    description = { inbound = false, { "job", "s" }, { "part", "i" }, { "parts", "i" }, { "text", "s" } },
    reference = { inbound = false, { "job", "s" }, { "track", "s" }, { "title", "s" }, { "path", "s" }, { "score", "f" }, { "why", "s" }, { "id", "s" } },
    hit = { inbound = false, { "job", "s" }, { "frame", "i" }, { "weight", "f" }, { "tolerance", "f" }, { "label", "s" }, { "event", "s" }, { "error_frames", "f" } },
    stem = { inbound = false, { "job", "s" }, { "index", "i" }, { "count", "i" }, { "name", "s" }, { "path", "s" }, { "first_sample", "i" }, { "samples", "i" }, { "sample_rate", "i" }, { "variation", "i" } },
    done = { inbound = false, { "job", "s" }, { "folder", "s" }, { "stem_count", "i" } },
    cancelled = { inbound = false, { "job", "s" } },
    error = { inbound = false, { "job", "s" }, { "code", "s" }, { "text", "s" } },
    job = { inbound = false, { "job", "s" }, { "state", "s" }, { "fraction", "f" }, { "stage", "s" }, { "index", "i" }, { "count", "i" } },
    control = { inbound = false, { "name", "s" }, { "index", "i" }, { "count", "i" }, { "kind", "s" }, { "default", "s" }, { "low", "f" }, { "high", "f" }, { "unit", "s" }, { "help", "s" }, { "part", "i" }, { "parts", "i" }, { "choices", "s" } },
  },
}
