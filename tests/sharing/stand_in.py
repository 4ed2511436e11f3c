"""A server on this computer that speaks the routes of the Hugging Face Hub which a push uses."""

import base64
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "hf_" + "Secret" * 5


class StandIn(ThreadingHTTPServer):
    """The Hub of one test.

    Attributes:
        repositories: What was made: its visibility, and what was committed, by name.
        asked: Each request's method and path, in order.
        trouble: What to answer instead, by the beginning of the path: a status, a body, headers;
            a number of seconds to say nothing.
        role: What the token may do.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.repositories = {}
        self.asked = []
        self.heads = []
        self.stored = {}
        self.trouble = {}
        self.role = "write"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that goes away is none of a test's business."""


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self._body())

    def do_PUT(self):
        self._answer(self._body())

    def do_DELETE(self):
        self._answer(self._body())

    def _body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            found = b""
            while length := int(self.rfile.readline(), 16):
                found += self.rfile.read(length)
                self.rfile.readline()
            self.rfile.readline()
            return found
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, body):
        path = self.path.partition("?")[0]
        self.server.asked.append(f"{self.command} {path}")
        self.server.heads.append(dict(self.headers))
        for beginning, trouble in self.server.trouble.items():
            if f"{self.command} {path}".startswith(beginning):
                if isinstance(trouble, float):
                    time.sleep(trouble)
                    return self._send(504, {})
                return self._send(*trouble)
        if not path.startswith("/storage/"):
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._send(401, {"error": "Invalid credentials in Authorization header"})
        else:
            assert "Authorization" not in self.headers, "storage is another's server"
        return self._send(*self._route(path, body))

    def _route(self, path, body):
        if path == "/api/whoami-v2":
            auth = {"type": "access_token", "accessToken": {"role": self.server.role}}
            return 200, {"name": "ada", "type": "user", "auth": auth}
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        if path == "/api/repos/delete":
            told = json.loads(body)
            del self.server.repositories[f"{told.get('organization') or 'ada'}/{told['name']}"]
            return 200, {}
        if path == "/api/validate-yaml":
            told = json.loads(body)
            assert told["content"].startswith("---\n")
            return 200, {"errors": [], "warnings": []}
        if match := re.fullmatch(r"/api/models/(\w+/[\w-]+)/preupload/main", path):
            large = (".keras", ".tflite", ".onnx")
            files = [
                {
                    "path": each["path"],
                    "uploadMode": "lfs" if each["path"].endswith(large) else "regular",
                    "shouldIgnore": False,
                }
                for each in json.loads(body)["files"]
            ]
            return 200, {"files": files}
        if re.fullmatch(r"/(\w+/[\w-]+)\.git/info/lfs/objects/batch", path):
            return 200, self._batch(json.loads(body))
        if path.startswith("/storage/"):
            self.server.stored[hashlib.sha256(body).hexdigest()] = body
            return 200, {}
        if match := re.fullmatch(r"/api/models/(\w+/[\w-]+)/commit/main", path):
            self._commit(match[1], body)
            address = f"{self.server.address}/{match[1]}/commit/1"
            return 200, {"commitUrl": address, "commitOid": "1" * 40, "success": True}
        return 404, {"error": "no such place"}

    def _create(self, told):
        name = f"{told.get('organization') or 'ada'}/{told['name']}"
        if name in self.server.repositories:
            error = {"error": "You already created this model repo", "url": self._url(name)}
            return 409, error
        self.server.repositories[name] = {"visibility": told.get("visibility"), "files": {}}
        return 200, {"url": self._url(name)}

    def _url(self, name):
        return f"{self.server.address}/{name}"

    def _batch(self, told):
        assert told["operation"] == "upload"
        return {
            "transfer": "basic",
            "objects": [
                {
                    **each,
                    "actions": {
                        "upload": {"href": f"{self.server.address}/storage/{each['oid']}"},
                    },
                }
                for each in told["objects"]
            ],
        }

    def _commit(self, name, body):
        files = self.server.repositories[name]["files"]
        for line in body.splitlines():
            told = json.loads(line)
            value = told["value"]
            if told["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif told["key"] == "lfsFile":
                files[value["path"]] = self.server.stored[value["oid"]]

    def _send(self, status, body, headers=()):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
