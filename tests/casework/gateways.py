"""Real servers for the ways out of the house, each on a socket of its own: SMTP and an HTTP gateway."""

from __future__ import annotations

import http.server
import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a mail client asks for."""

    def handle(self) -> None:
        house: SmtpHouse = self.server.house  # type: ignore[attr-defined]
        self._say("220 test ESMTP")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ", 1)[0].upper()
            if verb in ("EHLO", "HELO"):
                self._say("250-test\r\n250 8BITMIME")
            elif verb == "RCPT" and any(refused in line for refused in house.refuses):
                self._say("550 no such mailbox")
            elif verb == "DATA":
                self._say("354 go ahead")
                self._take(house)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 OK")

    def _take(self, house: SmtpHouse) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        if house.is_full:
            self._say("452 no room")
            return
        house.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        self._say("250 queued")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@dataclass
class SmtpHouse:
    """A mail server that keeps what it took."""

    taken: list[EmailMessage] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    is_full: bool = False
    port: int = 0

    def __post_init__(self) -> None:
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
        self.server.daemon_threads = True
        self.server.house = self  # type: ignore[attr-defined]
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Http(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        house: HttpHouse = self.server.house  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        house.asked.append((self.path, dict(self.headers), body))
        status, answer = house.answers.pop(0) if house.answers else (200, '{"code":0}')
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        data = answer.encode()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@dataclass
class HttpHouse:
    """An SMS gateway or a chat robot. `answers` are given in turn, then always success."""

    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Http)
        self.server.house = self  # type: ignore[attr-defined]
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
