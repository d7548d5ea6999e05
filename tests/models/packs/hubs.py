"""A hub on this machine: as much of the real one's protocol as its library asks for."""

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34


@dataclass
class Hub:
    """What it holds, and how it misbehaves.

    Attributes:
        repos: repository to path to content.
        gated: repositories that want a token.
        cut: path to the number of bytes after which the connection breaks, once per item.
        spoil: paths whose content arrives with another last byte.
        short: paths that arrive without their second half, with a matching length.
        ranges: whether it goes on in the middle when it is asked to.
        status: answer everything with this, when it is set.
        asked: (method, path, Range) of every request.
        tokens: what each of them had as Authorization.
        cdn: address of the machine that large files are to be had from; "" for this one.

    """

    repos: dict
    gated: set = field(default_factory=set)
    cut: dict = field(default_factory=dict)
    spoil: set = field(default_factory=set)
    short: set = field(default_factory=set)
    status: int = 0
    ranges: bool = True
    asked: list = field(default_factory=list)
    tokens: list = field(default_factory=list)
    cdn: str = ""
    commit: str = COMMIT
    wait: threading.Event | None = None
    address: str = ""

    def info(self, repo):
        return {"id": repo, "sha": self.commit, "siblings": [sibling(*item) for item in self.repos[repo].items()]}

    def got(self, path):
        """Ranges of the downloads of a file, in order; None for one of the whole."""
        return [asked for method, name, asked in self.asked if method == "GET" and name.endswith("/" + path)]


def sibling(path, content):
    found = {"rfilename": path, "size": len(content)}
    found["blobId"] = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
    if path.endswith((".safetensors", ".bin", ".model")):
        sha256 = hashlib.sha256(content).hexdigest()
        found["lfs"] = {"size": len(content), "sha256": sha256, "pointerSize": 130}
    return found


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        hub, path = self.server.hub, unquote(urlsplit(self.path).path)
        hub.asked.append((self.command, path, self.headers.get("Range")))
        hub.tokens.append(self.headers.get("Authorization"))
        if hub.status:
            return self.answer(hub.status, b"")
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            return self.describe(*found.groups())
        if found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            return self.deliver(*found.groups())
        return self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})

    def describe(self, repo, revision):
        hub = self.server.hub
        if repo not in hub.repos:
            return self.answer(401, b"", {"X-Error-Code": "RepoNotFound"})
        if revision not in (None, "main", hub.commit):
            return self.answer(404, b"", {"X-Error-Code": "RevisionNotFound"})
        return self.answer(200, json.dumps(hub.info(repo)).encode(), {"Content-Type": "application/json"})

    def deliver(self, repo, revision, path):
        hub = self.server.hub
        if repo in hub.gated and self.headers.get("Authorization") != "Bearer good":
            return self.answer(403 if "Authorization" in self.headers else 401, b"", {"X-Error-Code": "GatedRepo"})
        if hub.cdn and path.endswith(".safetensors"):
            return self.answer(302, b"", {"Location": f"{hub.cdn}{self.path}"})
        content = hub.repos[repo].get(path)
        if content is None or revision != hub.commit:
            return self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})
        if path in hub.spoil:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if path in hub.short:
            content = content[: len(content) // 2]
        asked = self.headers.get("Range") if hub.ranges else None
        first = int(re.match(r"bytes=(\d+)-", asked or "bytes=0-")[1])
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": hub.commit}
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        if hub.wait is not None:
            hub.wait.wait(20)
        return self.answer(206 if first else 200, content[first:], headers, cut=hub.cut.pop(path, None))

    def answer(self, status, body, headers=(), cut=None):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that hung up is what some tests are about."""


@contextmanager
def serving(hub):
    """The hub at an address until the end of the block."""
    server = Server(("127.0.0.1", 0), Handler)
    server.hub = hub
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
