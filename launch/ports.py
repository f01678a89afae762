"""TCP ports of this machine."""

import errno
import socket

from launch.say import Refused, say


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise Refused(f"不能在地址 {host} 上监听（{error.strerror}），请检查 HOST") from error
    return True


def web_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one after it with a message that names the taken one."""
    if is_free(host, wanted):
        return wanted
    for port in range(wanted + 1, min(wanted + 100, 65_536)):
        if is_free(host, port):
            say(f"端口 {wanted} 已被占用，改用 {port}（可用 PORT=端口号 指定）")
            return port
    raise Refused(f"端口 {wanted} 及其后 100 个端口都已被占用，请用 PORT=端口号 指定一个空闲端口")
