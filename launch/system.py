"""What the Python packages need from the operating system: installed with apt where we may, else named with the exact command."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from launch.paths import LOGS
from launch.say import say


def library(name: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


@dataclass(frozen=True)
class Need:
    package: str  # Debian's name
    why: str
    present: Callable[[], bool]


FOR_RUN = (
    Need("libpango-1.0-0", "排版 PDF 文书", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "排版 PDF 文书", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "嵌入中文字体（缺少时生成 PDF 要慢二十倍）", library("libharfbuzz-subset.so.0")),
)
FOR_TEST = (*FOR_RUN, Need("poppler-utils", "检查 PDF 内容", program("pdftotext")))
CHROMIUM = Need("chromium", "浏览器测试", lambda: os.access("/usr/bin/chromium", os.X_OK))


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and os.environ.get("NO_INSTALL") != "1"


def apt(packages: list[str]) -> bool:
    LOGS.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with (LOGS / "apt.log").open("ab") as log:
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
            try:
                subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, timeout=900)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                return False
    return True


def provide(needs: tuple[Need, ...]) -> list[Need]:
    """Installs what is missing; returns what is still missing, after saying how to get it."""
    missing = [need for need in needs if not need.present()]
    if missing and may_install():
        say(f"安装系统软件：{' '.join(need.package for need in missing)}")
        if not apt([need.package for need in missing]):
            say(f"安装没有成功，详见 {LOGS / 'apt.log'}")
        missing = [need for need in missing if not need.present()]
    if missing:
        for need in missing:
            say(f"缺少系统软件 {need.package}：用于{need.why}")
        say(f"请执行：sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(need.package for need in missing)}")
    return missing
