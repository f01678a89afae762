"""The store of files: two writers, dead writers, failed transactions; and nothing goes that a row names."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from casework import attachments, drafts, store
from organisations import clock
from tests.casework.files import pdf
from tests.factories.county import County

FORM = "petition.register"

#: Writes the first half of a file and is killed by itself before the second.
DYING = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from casework import store
def chunks():
    yield b"%PDF-1.7 half"
    os.kill(os.getpid(), signal.SIGKILL)
store.write(Path(sys.argv[1]), chunks())
"""


def aged(file: Path) -> None:
    """As if the file had been lying there for more than a day."""
    then = (clock.now() - store.UNNAMED_FOR - timedelta(minutes=1)).timestamp()
    os.utime(file, (then, then))


def files(room: store.Room) -> set[Path]:
    return {file for file in (Path(settings.MEDIA_ROOT) / room.folder).glob("??/*") if file.is_file()}


def test_every_room_is_swept():
    """The process of the clock knows all of them, whatever else it has loaded."""
    program = "import django; django.setup(); import casework.tasks; from casework import store; print(*sorted(store._rooms))"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert answer.stdout.split() == ["attachments", "chamber", "duties"]


@pytest.mark.django_db
def test_a_killed_writer_leaves_nothing_under_the_name_and_its_half_goes(county: County):
    content = b"%PDF-1.7 half and the other half"
    sha256 = hashlib.sha256(content).hexdigest()
    target = attachments.path_of(sha256)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    done = subprocess.run([sys.executable, "-c", DYING, str(target)], check=False, env=environment)
    assert done.returncode == -signal.SIGKILL
    (half,) = [file for file in files(attachments.ROOM) if file.name.startswith(sha256)]
    assert half != target
    store.sweep()
    assert half.exists()  # somebody may be writing it
    held = attachments.add(
        SimpleUploadedFile("后来.pdf", content), by=county.scope("clerk"), draft=drafts.hold(uuid.uuid4(), form=FORM, by=county.scope("clerk"))
    )
    assert attachments.open_file(held).read() == content
    aged(half)
    aged(target)
    assert store.sweep() >= 1
    assert not half.exists()
    assert attachments.open_file(held).read() == content


@pytest.mark.django_db(transaction=True)
def test_bytes_of_a_failed_commit_go_after_a_day(county: County):
    scope = county.scope("clerk")
    draft = drafts.hold(uuid.uuid4(), form=FORM, by=scope)
    kept = attachments.add(pdf("留下.pdf", b"kept"), by=scope, draft=draft)
    with transaction.atomic():
        lost = attachments.add(pdf("失败.pdf", b"lost"), by=scope, draft=draft)
        transaction.set_rollback(True)
    orphan = attachments.path_of(lost.sha256)
    store.sweep()
    assert orphan.exists()
    for file in files(attachments.ROOM):
        aged(file)
    assert store.sweep() >= 1
    assert not orphan.exists()
    assert attachments.open_file(kept).read()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_leaves_what_an_open_transaction_has_brought(county: County):
    """Bytes that lay there unnamed for days come again, and the sweep runs before the row that names them is committed."""
    scope = county.scope("clerk")
    draft = drafts.hold(uuid.uuid4(), form=FORM, by=scope)
    upload = pdf("再来.pdf", b"again")
    sha256 = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    store.write(attachments.path_of(sha256), [b"lying here"])
    dropped: list[bool] = []

    def drop() -> None:
        dropped.append(attachments.ROOM.drop(sha256))
        connection.close()

    with transaction.atomic():
        attachments.add(upload, by=scope, draft=draft)
        beside = threading.Thread(target=drop)
        beside.start()
        beside.join()
    assert dropped == [False]
    assert attachments.path_of(sha256).exists()


def test_two_writers_of_the_same_bytes_do_not_meet(tmp_path: Path):
    """Both bring the file at once, the slower one with its own scratch: it is whole from the first moment it is there."""
    target = tmp_path / "ab" / "abc"
    first_half, go_on = threading.Event(), threading.Event()

    def slow():
        yield b"half "
        first_half.set()
        go_on.wait(5)
        yield b"whole"

    one = threading.Thread(target=store.write, args=(target, slow()))
    one.start()
    first_half.wait(5)
    store.write(target, [b"half ", b"whole"])
    assert target.read_bytes() == b"half whole"
    go_on.set()
    one.join()
    assert target.read_bytes() == b"half whole"
    assert [file.name for file in target.parent.iterdir()] == ["abc"]
