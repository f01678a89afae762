"""The one way out of the house: e-mail by SMTP, SMS and work chat by one HTTP request each, as the environment configures.

An adapter of our own rather than a package of eighty services: what a county has is one SMS gateway and one chat robot, each
an HTTP address with a body to fill in (`SMS_URL`, `SMS_BODY`, … in .env.example). Every message carries its own id, the same
at every attempt, as Message-ID or Idempotency-Key: a gateway that honours it delivers once even when we ask twice.
"""

from __future__ import annotations

import hashlib
import json
import smtplib
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from casework.models import Outgoing

#: Seconds one request may take; the sweep's lease is longer than all its tries together.
TIMEOUT = 10


class Undelivered(Exception):
    """The message was not taken. `str(error)` is short, holds no secret and no address, and is shown on the health page."""


@dataclass(frozen=True, slots=True)
class HttpWay:
    """An HTTP gateway: `body` is a template in which {phone}, {text} and {key} are filled in, escaped for its kind."""

    url: str
    body: str
    headers: dict[str, str]
    expects: str

    @property
    def is_json(self) -> bool:
        return self.body.lstrip().startswith("{")


def has(channel: str) -> bool:
    """Whether the house has this way out."""
    if channel == Outgoing.Channel.EMAIL:
        return bool(settings.EMAIL_HOST)
    return bool(settings.GATEWAYS.get(channel, {}).get("url"))


def send(channel: str, *, address: str, subject: str, text: str, key: str) -> None:
    """Hand one message over. Raises Undelivered; returning means that the other side said it has it."""
    if not has(channel):
        raise Undelivered("没有配置这种发送途径")
    _SENDERS[channel](address, subject, text, key)


def message_id(key: str) -> str:
    """The message's own id outside: it tells nothing of what the key is made of."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:40]


def _email(address: str, subject: str, text: str, key: str) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "localhost"
    message = EmailMessage(subject, text, to=[address], headers={"Message-ID": f"<{message_id(key)}@{domain}>", "Auto-Submitted": "auto-generated"})
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused:
        raise Undelivered("收件地址被邮件服务器拒绝") from None
    except smtplib.SMTPAuthenticationError:
        raise Undelivered("邮件服务器的用户名或密码不对") from None
    except smtplib.SMTPException as error:
        code = getattr(error, "smtp_code", None)
        raise Undelivered(f"邮件服务器没有接收（代码 {code}）" if code and code > 0 else "邮件服务器没有接收，连接中断") from None
    except OSError as error:
        raise Undelivered(f"连不上邮件服务器：{_trouble(error)}") from None


def _sms(address: str, subject: str, text: str, key: str) -> None:
    _http(Outgoing.Channel.SMS, address, text, key)


def _chat(address: str, subject: str, text: str, key: str) -> None:
    _http(Outgoing.Channel.CHAT, address, text, key)


#: What is wrong with a connection, for whoever reads the health page; the narrower before the wider.
_TROUBLES: tuple[tuple[type[BaseException], str], ...] = (
    (ConnectionRefusedError, "对方拒绝连接，服务可能没有启动"),
    (TimeoutError, "超过时间没有答复"),
    (socket.gaierror, "找不到这个域名"),
    (ssl.SSLError, "证书或者加密方式不对"),
    (ConnectionError, "连接被对方中断"),
)


def _trouble(error: object) -> str:
    return next((words for kind, words in _TROUBLES if isinstance(error, kind)), "网络不通")


_SENDERS: dict[str, Callable[[str, str, str, str], None]] = {
    Outgoing.Channel.EMAIL: _email,
    Outgoing.Channel.SMS: _sms,
    Outgoing.Channel.CHAT: _chat,
}


def _http(channel: str, phone: str, text: str, key: str) -> None:
    way = HttpWay(**settings.GATEWAYS[channel])
    given = {"phone": phone, "text": text, "key": message_id(key)}
    kind = "application/json; charset=utf-8" if way.is_json else "application/x-www-form-urlencoded; charset=utf-8"
    request = urllib.request.Request(  # noqa: S310 (the scheme is checked when the settings are read)
        fill(way.url, given, urllib.parse.quote_plus),
        data=fill(way.body, given, _in_json if way.is_json else urllib.parse.quote_plus).encode(),
        headers={"Content-Type": kind, "Idempotency-Key": given["key"], "User-Agent": "yimen", **way.headers},
        method="POST",
    )
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            said = answer.read(65_536).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        raise Undelivered(f"网关答复 {error.code}") from None
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise Undelivered(f"连不上网关（{urlsplit(way.url).hostname}）：{_trouble(reason)}") from None
    if way.expects and way.expects not in said:
        raise Undelivered("网关的答复不是约定的成功标志")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A gateway does not move by itself: a redirect would carry a telephone number to an address nobody configured."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


#: No proxy of the environment either: the address that is configured is the one that is asked.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def fill(template: str, given: dict[str, str], escape: Callable[[str], str]) -> str:
    """Put the values into {phone}, {text} and {key}; every other brace stays, because JSON has many."""
    for name, value in given.items():
        template = template.replace("{" + name + "}", escape(value))
    return template


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]
