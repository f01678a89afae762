"""A browser that costs next to nothing: one kept connection, bytes out, bytes in. Loopback only."""

from __future__ import annotations

import http.cookies
import socket
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

TIMEOUT = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Request:
    """GET `path`, or POST `fields` there."""

    path: str
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """Cookies are kept as a browser keeps them; forms carry the CSRF token of the cookie."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _socket: socket.socket | None = None

    def ask(self, request: Request) -> Answer:
        """Send and read to the end. Raises OSError when the server goes away twice."""
        data = self.written(request)
        if self._socket is not None:
            try:
                return self._exchange(self._socket, data)
            except OSError:
                self.leave()
        self._socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._exchange(self._socket, data)

    def leave(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def written(self, request: Request) -> bytes:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"Host: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\nAccept: text/html\r\n"
        if request.fields is None:
            return f"GET {request.path} HTTP/1.1\r\n{head}\r\n".encode()
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **request.fields}).encode()
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        return f"POST {request.path} HTTP/1.1\r\n{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _exchange(self, connected: socket.socket, data: bytes) -> Answer:
        connected.sendall(data)
        buffer = b""
        while b"\r\n\r\n" not in buffer:
            buffer += self._received(connected)
        head, _, body = buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                for key, morsel in http.cookies.SimpleCookie(value.strip()).items():
                    self.cookies[key] = morsel.value
            headers[name.lower()] = value.strip()
        status = int(lines[0].split()[1])
        if "content-length" in headers:
            parts, got = [body], len(body)
            while got < int(headers["content-length"]):
                parts.append(self._received(connected))
                got += len(parts[-1])
            body = b"".join(parts)
        elif headers.get("transfer-encoding") == "chunked":
            body = self._chunked(connected, body)
        if headers.get("connection", "").lower() == "close":
            self.leave()
        return Answer(status, headers, body)

    def _chunked(self, connected: socket.socket, held: bytes) -> bytes:
        parts, buffer = [], held
        while True:
            while b"\r\n" not in buffer:
                buffer += self._received(connected)
            line, _, buffer = buffer.partition(b"\r\n")
            size = int(line, 16)
            while len(buffer) < size + 2:
                buffer += self._received(connected)
            parts.append(buffer[:size])
            buffer = buffer[size + 2 :]
            if size == 0:
                return b"".join(parts)

    @staticmethod
    def _received(connected: socket.socket) -> bytes:
        data = connected.recv(262_144)
        if not data:
            raise ConnectionResetError
        return data
