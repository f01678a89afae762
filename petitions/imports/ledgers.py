"""The file of a batch at rest: whole ledgers of names and numbers, so it lies sealed with the field keys, and not for ever (L-SEC-3).

A batch that came in whole needs its file no longer. One with bad rows, or never begun, keeps it for `KEPT_FOR`, so that the
rows can be looked at and the import begun; a batch that is running keeps it as long as it runs.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce

from casework import store
from casework.rules import NotAllowed
from organisations import access, cipher, clock
from organisations.models import AccessEntry
from petitions.models import Import

KEPT_FOR = timedelta(days=30)
#: Sealed by pieces of this many bytes, one a line: nobody holds a ledger three times over in memory.
_PIECE = 1 << 20


def keep(content: bytes) -> str:
    """Seal the ledger into a file of its own; its path below MEDIA_ROOT. A broken write leaves no half file.

    Raises NotAllowed (507) when the disk is full.
    """
    folder = Path(settings.MEDIA_ROOT) / "imports"
    name = f"{uuid4().hex}.sealed"
    scratch = folder / f"{name}.part"
    with store.told_when_full():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with scratch.open("w", encoding="ascii") as out:
                scratch.chmod(settings.FILE_UPLOAD_PERMISSIONS)
                for start in range(0, len(content), _PIECE):
                    out.write(cipher.seal(content[start : start + _PIECE]) + "\n")
            scratch.replace(folder / name)
        finally:
            scratch.unlink(missing_ok=True)
    return f"imports/{name}"


def content(batch: Import) -> bytes:
    """The ledger as it was uploaded. Raises NotAllowed (409) when its file is forgotten, cannot be read, or is not what was uploaded.

    Each piece is sealed by itself: that none is missing, doubled, moved or of another ledger only the digest of the whole says.
    """
    check_kept(batch)
    try:
        with (Path(settings.MEDIA_ROOT) / batch.path).open(encoding="ascii") as lines:
            whole = b"".join(cipher.unseal(line.rstrip("\n")) for line in lines)
    except (OSError, UnicodeDecodeError, cipher.CipherError) as error:
        raise NotAllowed("保存的原文件读不出来，请重新上传；读不出来的原因请系统管理员检查存储和密钥。", code="file_unreadable") from error
    if hashlib.sha256(whole).hexdigest() != batch.sha256:
        raise NotAllowed("保存的原文件与上传时不一致，不能使用，请重新上传。", code="file_changed")
    return whole


def is_kept(batch: Import) -> bool:
    """Whether the file is there to be read: named by the row, and on the disk (one restored without its files has rows alone)."""
    return bool(batch.path) and (Path(settings.MEDIA_ROOT) / batch.path).is_file()


def check_kept(batch: Import) -> None:
    """Raises NotAllowed (409): without its file a batch can be looked at and undone, not begun."""
    if not batch.path:
        raise NotAllowed("原文件已按保存期限删除，请重新上传。", code="file_forgotten")
    if not is_kept(batch):
        raise NotAllowed("原文件已不在，读不出来，请重新上传。", code="file_forgotten")


def kept_until(batch: Import) -> datetime | None:
    """When the file goes; None when it is gone, or while the batch runs."""
    if not batch.path or batch.state == Import.State.RUNNING:
        return None
    return (batch.finished_at or batch.at) + KEPT_FOR


def forget(batch: Import, why: str) -> None:
    """Delete the file for good, on record; what became of the rows stays. The file goes when the row no longer names it for certain."""
    file = Path(settings.MEDIA_ROOT) / batch.path
    batch.path = ""
    batch.save(update_fields=["path"])
    transaction.on_commit(partial(file.unlink, missing_ok=True))
    access.log(AccessEntry.Event.IMPORT, user=None, user_label="系统", object_type="import", object_id=batch.pk, object_label=f"{batch.name}：{why}")


def sweep() -> int:
    """Forget the files whose time is over. Returns how many."""
    over = Import.objects.exclude(path="").exclude(state=Import.State.RUNNING).annotate(since=Coalesce("finished_at", "at"))
    found = over.filter(since__lt=clock.now() - KEPT_FOR).order_by("pk").values_list("pk", flat=True)
    return sum(_forget_if_over(pk) for pk in list(found))


@transaction.atomic
def _forget_if_over(pk: int) -> bool:
    """Forget one file, unless its batch was begun since it was found, or somebody is beginning it now: whoever locks it first has it."""
    batch = Import.objects.select_for_update().get(pk=pk)
    until = kept_until(batch)
    if until is None or until >= clock.now():
        return False
    forget(batch, f"满{KEPT_FOR.days}天，原文件已删除")
    return True
