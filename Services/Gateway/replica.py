"""A replica for the gateway's check: it tells what it received, and misbehaves when told to."""

import base64
import hashlib
import json
import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Secret/1.0"

    def answer(self):
        behaviour = self.server.behaviour
        if behaviour == "frozen" or behaviour == "stuck" and self.path != "/acceptz":
            return self.thaw()
        if self.path == "/acceptz":
            return self.reply(404 if behaviour == "not ready" else 200, {})
        if self.headers.get("Upgrade") == "websocket":
            return self.echo_frames()
        if self.path == "/api/realtime/events":
            return self.stream_events()
        body = self.read_body()
        self.server.received.append(self.command)
        self.server.paths.append(self.path)
        if behaviour == "hang up":
            self.close_connection = True
        elif behaviour == "unavailable":
            self.reply(503, {})
        elif behaviour == "slow" or self.path.endswith("&late"):
            time.sleep(17 if self.path.endswith("&late") else 3)
            self.reply(200, {"replica": self.server.name})
        else:
            self.reply(200, {
                "replica": self.server.name, "method": self.command, "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()}, "body": len(body),
            })

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer

    def thaw(self):
        """Notes, once the replica runs again, whether the gateway still waits for the answer."""
        if self.path != "/acceptz":
            self.server.received.append(self.command)
        while self.server.behaviour in ("frozen", "stuck"):
            time.sleep(0.02)
        self.connection.setblocking(False)
        try:
            gone = not self.connection.recv(65536, socket.MSG_PEEK)
        except BlockingIOError:
            gone = False
        except OSError:
            gone = True
        if self.path != "/acceptz" and not gone:
            self.server.waiting.append(self.command)
        self.close_connection = True

    def read_body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.server.instance:
            self.send_header("X-Instance", self.server.instance)
        if self.path.endswith("/cacheable"):
            self.send_header("Cache-Control", "public, max-age=5")
        self.end_headers()
        self.wfile.write(body)

    def stream_events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(4):
            self.wfile.write(b"data: %d\n\n" % number)
            time.sleep(0.7)
        self.close_connection = True

    def echo_frames(self):
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        while data := self.connection.recv(64):
            self.connection.sendall(data.upper())
        self.close_connection = True

    def log_message(self, *_):
        pass


class Replica(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, name, instance=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name, self.behaviour, self.received, self.paths = name, "well", [], []
        # What the sessions of this replica begin with.
        self.instance = instance
        # The requests whose answer the gateway still waited for when the replica ran again.
        self.waiting = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def address(self):
        return "127.0.0.1:%d" % self.server_address[1]

    def handle_error(self, *_):
        pass  # the gateway closes connections as it likes
