"""Photos and papers in a conversation (MED-9): taken in with distrust, seen by its two sides only, the dispute's own once there is one."""

from __future__ import annotations

import io
import struct
import uuid
import zlib
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, JpegImagePlugin

from casework import store
from casework.models import Attachment
from casework.rules import NotAllowed
from mediation import uploads
from mediation.chamber import actions, files, rules
from mediation.corps import photos
from mediation.models import ChamberFile, ChamberMessage
from organisations.models import AccessEntry
from tests.factories import disputes
from tests.factories import disputes_chamber as chamber

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(colour: str = "green", form: str = "JPEG", name: str = "墙.jpg") -> SimpleUploadedFile:
    """A picture as a phone takes it: with the place it was taken at, lying on its side."""
    out, image = io.BytesIO(), Image.new("RGB", (60, 40), colour)
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (37.0, 21.0, 30.0)
    exif[0x010E] = "secret place"
    exif[0x0112] = 6
    image.save(out, form, exif=exif)
    return SimpleUploadedFile(name, out.getvalue())


def paper(name: str = "租赁合同.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client: Client, *uploads: SimpleUploadedFile, text: str = ""):
    return client.post(chamber.SAY, {"key": str(uuid.uuid4()), "text": text, "files": list(uploads)})


def test_the_person_sends_a_photo_without_words_and_the_mediator_opens_it_on_record(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county))
    person = chamber.let_in(row, code)
    assert send(person, photo(), paper()).status_code == 302
    held = list(ChamberFile.objects.filter(conversation=row))
    assert [(one.name, one.sign) for one in held] == [("墙.jpg", "图"), ("租赁合同.pdf", "PDF")]
    own = person.get(chamber.MATTER).content.decode()
    assert f"/mediators/matter/files/{held[0].pk}/" in own
    staff = sign_in("mediator")
    assert f"/mediation/room/files/{held[1].pk}/" in staff.get(f"/mediation/room/{row.number}/").content.decode()
    answer = staff.get(f"/mediation/room/files/{held[1].pk}/")
    assert (answer.status_code, answer["Content-Type"], b"".join([answer.content])) == (200, "application/pdf", PDF)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    entry = AccessEntry.objects.get(event="download", object_type="chamber")
    assert (entry.user, "租赁合同.pdf" in entry.object_label) == (county.people["mediator"], True)


def test_a_picture_is_drawn_anew_upright_and_without_its_place(county):
    row, code = chamber.asked(county, chamber.shown(county))
    person = chamber.let_in(row, code)
    send(person, photo(), photo("red", "PNG", "gate.png"))
    for one in ChamberFile.objects.filter(conversation=row):
        content = person.get(f"/mediators/matter/files/{one.pk}/").content
        image = Image.open(io.BytesIO(content))
        assert image.size == (40, 60)
        assert not image.getexif()
        assert b"secret" not in content


def test_the_mediator_sends_a_paper_and_the_person_opens_it(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county))
    form = {"act": "answer", "key": str(uuid.uuid4()), "text": "请看这份样本。", "files": [paper("样本.pdf")]}
    assert sign_in("mediator").post(f"/mediation/room/{row.number}/", form).status_code == 303
    one = ChamberFile.objects.get(conversation=row)
    person = chamber.let_in(row, code)
    assert "样本.pdf" in person.get(chamber.MATTER).content.decode()
    assert person.get(f"/mediators/matter/files/{one.pk}/").content == PDF


def test_for_everybody_else_there_is_no_such_file(county, sign_in):
    mediator = chamber.shown(county)
    row, code = chamber.asked(county, mediator)
    send(chamber.let_in(row, code), paper())
    one = ChamberFile.objects.get(conversation=row)
    other, other_code = chamber.asked(county, mediator)
    assert chamber.let_in(other, other_code).get(f"/mediators/matter/files/{one.pk}/").status_code == 404
    assert Client().get(f"/mediators/matter/files/{one.pk}/").status_code == 302
    for who in ("other_handler", "handler", "clerk"):
        assert sign_in(who).get(f"/mediation/room/files/{one.pk}/").status_code == 404
    assert sign_in("system_admin").get(f"/mediation/room/files/{one.pk}/").status_code == 403
    assert not AccessEntry.objects.filter(event="download").exists()


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([SimpleUploadedFile("virus.exe", b"MZ\x90\x00")], "这里只能发照片"),
        ([SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script>")], "这里只能发照片"),
        ([SimpleUploadedFile("voice.mp3", b"ID3\x03\x00")], "录音、录像请带到窗口"),
        ([SimpleUploadedFile("broken.jpg", b"\xff\xd8\xff\xe0 not a picture")], "打不开"),
        ([SimpleUploadedFile("empty.pdf", b"")], "是空的"),
        ([SimpleUploadedFile("big.pdf", PDF + b"0" * rules.FILE_BYTES)], "超过10兆"),
        ([SimpleUploadedFile(f"{n}.pdf", PDF + bytes([n])) for n in range(rules.FILES_AT_ONCE + 1)], "一次最多选5个"),
        ([], "请写下要说的话"),
    ],
    ids=["program", "page called pdf", "sound", "broken picture", "empty", "too big", "too many", "nothing"],
)
def test_what_may_not_come_in_is_refused_in_words_and_leaves_nothing(county, uploads, words):
    row, code = chamber.asked(county, chamber.shown(county))
    answer = send(chamber.let_in(row, code), *uploads, text="留着这句话" if uploads else "")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert not uploads or "留着这句话" in page
    assert not ChamberFile.objects.exists()
    assert not ChamberMessage.objects.exists()


def test_a_bomb_of_pixels_is_not_unpacked(county, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 1000)
    with pytest.raises(NotAllowed, match="像素过大"):
        files.take_in([photo()])


@pytest.mark.parametrize("side", [5_001, 10_000, 20_000])
def test_a_real_bomb_is_refused_in_words_by_the_room_and_by_the_corps(side):
    """5,001² is over our cap, 10,000² is warned of by the decoder, 20,000² is an error of it: none is a broken page."""
    bomb = SimpleUploadedFile("bomb.png", bare_png(side))
    with pytest.raises(NotAllowed, match="像素过大", check=lambda refusal: refusal.status == 422):
        files.take_in([bomb])
    with pytest.raises(NotAllowed, match="像素过大", check=lambda refusal: refusal.status == 422):
        photos.keep(bomb)


def bare_png(side: int) -> bytes:
    """A picture of side × side by its head alone: what is behind it is never reached."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def test_what_is_see_through_becomes_white_and_no_remark_stays():
    out = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(out, "PNG")
    (kept,) = files.take_in([SimpleUploadedFile("章.png", out.getvalue())])
    assert Image.open(io.BytesIO(kept.content)).getpixel((5, 5)) == (255, 255, 255)
    remarked = io.BytesIO()
    Image.new("RGB", (60, 40)).save(remarked, "JPEG", comment=b"secret place")
    (plain,) = files.take_in([SimpleUploadedFile("墙.jpg", remarked.getvalue())])
    assert b"secret" not in plain.content


def test_a_large_photo_is_unpacked_no_larger_than_it_is_kept(monkeypatch):
    out, asked = io.BytesIO(), []
    Image.new("RGB", (4900, 4900)).save(out, "JPEG")
    load = JpegImagePlugin.JpegImageFile.load

    def watched(image):
        asked.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", watched)
    files.take_in([SimpleUploadedFile("墙.jpg", out.getvalue())])
    assert asked[0] == (2450, 2450)


def stored(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_refused_leaves_no_file_in_the_store(county, settings, monkeypatch):
    row, _ = chamber.asked(county, chamber.shown(county))
    key, by = uuid.uuid4(), county.scope("mediator")
    actions.say(row.pk, "", key=key, uploads=[paper()])
    there = stored(settings.MEDIA_ROOT)
    assert len(there) == 1
    with pytest.raises(NotAllowed, match="已经发过"):
        actions.say(row.pk, "", key=uuid.uuid4(), uploads=[paper("新.pdf", PDF + b"new"), paper()])
    actions.say(row.pk, "", key=key, uploads=[paper("另.pdf", PDF + b"again")])
    monkeypatch.setattr(rules, "FILES_EACH_SIDE", 1)
    with pytest.raises(NotAllowed, match="最多发1个"):
        actions.say(row.pk, "", key=uuid.uuid4(), uploads=[paper("多.pdf", PDF + b"more")])
    with pytest.raises(NotAllowed, match="最多发1个"):
        actions.answer(row.number, "", key=uuid.uuid4(), by=by, uploads=[paper("甲.pdf", PDF + b"a"), paper("乙.pdf", PDF + b"b")])
    actions.close(row.number, words="双方已经和好", by=by)
    monkeypatch.setattr(files, "take_in", lambda sent: pytest.fail("a closed conversation does not even look at files"))
    for refused in (
        lambda: actions.say(row.pk, "", key=uuid.uuid4(), uploads=[paper("晚.pdf", PDF + b"late")]),
        lambda: actions.answer(row.number, "", key=uuid.uuid4(), by=by, uploads=[paper("晚.pdf", PDF + b"late")]),
    ):
        with pytest.raises(NotAllowed, match="已经结束"):
            refused()
    assert stored(settings.MEDIA_ROOT) == there


def test_two_who_bring_the_same_file_at_once_have_a_scratch_each(settings):
    """All are past the question whether it is there before the first has it written; nobody's scratch vanishes under another."""
    target, together, broken = Path(settings.MEDIA_ROOT) / "ab" / "abc", Barrier(8), []

    class Late(type(target)):  # type: ignore[misc]  # the path class of this system
        def exists(self, **asked):
            together.wait(10)
            return False

    def bring():
        try:
            store.write(Late(target), [b"x" * 4_000_000])
        except OSError as error:
            broken.append(error)

    bringing = [Thread(target=bring) for _ in range(8)]
    for one in bringing:
        one.start()
    for one in bringing:
        one.join()
    assert not broken
    assert [(path.name, path.stat().st_size) for path in stored(settings.MEDIA_ROOT)] == [("abc", 4_000_000)]


def test_the_same_form_sends_once_and_the_same_file_is_sent_once(county):
    row, _ = chamber.asked(county, chamber.shown(county))
    key = uuid.uuid4()
    for _ in range(2):
        actions.say(row.pk, "看照片", key=key, uploads=[photo()])
    assert (ChamberMessage.objects.count(), ChamberFile.objects.count()) == (1, 1)
    with pytest.raises(NotAllowed, match="已经发过"):
        actions.say(row.pk, "", key=uuid.uuid4(), uploads=[photo(name="又一张.jpg")])


def test_one_side_cannot_use_up_the_others_files(county):
    row, _ = chamber.asked(county, chamber.shown(county))
    for n in range(rules.FILES_EACH_SIDE):
        actions.say(row.pk, "", key=uuid.uuid4(), uploads=[paper(f"{n}.pdf", PDF + bytes([n]))])
    with pytest.raises(NotAllowed, match="最多发12个"):
        actions.say(row.pk, "", key=uuid.uuid4(), uploads=[paper("多.pdf", PDF + b"more")])
    actions.answer(row.number, "收到", key=uuid.uuid4(), by=county.scope("mediator"), uploads=[paper("回.pdf", PDF + b"back")])
    assert ChamberFile.objects.count() == rules.FILES_EACH_SIDE + 1


def test_a_flood_of_files_is_answered_429_in_words(county):
    person = chamber.shown(county)
    answers = []
    for n in range(3):
        row, code = chamber.asked(county, person)
        client = chamber.let_in(row, code)
        answers += [send(client, paper(f"{i}.pdf", PDF + bytes([n, i]))) for i in range(8)]
    assert [answer.status_code for answer in answers].count(302) == 20
    assert answers[-1].status_code == 429
    assert "发得太快" in answers[-1].content.decode()


def test_a_closed_conversation_takes_no_file(county):
    row, _ = chamber.asked(county, chamber.shown(county))
    actions.close(row.number, words="双方已经和好", by=county.scope("mediator"))
    with pytest.raises(NotAllowed):
        actions.say(row.pk, "", key=uuid.uuid4(), uploads=[paper()])


def test_the_files_are_the_disputes_own_once_it_is_opened(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county))
    actions.say(row.pk, "墙", key=uuid.uuid4(), uploads=[photo(), paper()])
    by = county.scope("town_handler")
    dispute = actions.begin_dispute(row.number, disputes.intake(county), by=by)
    held = list(Attachment.objects.filter(case=dispute.case))
    assert [(one.name, one.label) for one in held] == [("墙.jpg", "掌上调解室 陈桂兰"), ("租赁合同.pdf", "掌上调解室 陈桂兰")]
    cadre = sign_in("village_cadre")
    page = cadre.get(f"/mediation/{dispute.case.number}/").content.decode()
    assert "租赁合同.pdf" in page
    assert b"".join(cadre.get(f"/files/{held[1].pk}/").streaming_content) == PDF
    room = ChamberFile.objects.filter(conversation=row).last()
    assert cadre.get(f"/mediation/room/files/{room.pk}/").status_code == 200
    assert sign_in("other_handler").get(f"/mediation/room/files/{room.pk}/").status_code == 404
    assert chamber.let_in(row, code).get(f"/mediators/matter/files/{room.pk}/").status_code == 200
