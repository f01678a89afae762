"""退回督办反馈 (return_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline
from petitions.actions import supervision
from tests.factories import supervised
from tests.factories.five import FiveQuestions, soon
from tests.factories.supervised import first


class TestReturnSupervision(FiveQuestions):
    code, made, wrong, doer, state = "return_supervision", "replied_supervision", "voided", "office", "accepted"

    def typed(self, county, petition):
        return {"no": first(petition.supervisions), "words": "没有写明整改措施。", "due_on": soon(5)}

    def after(self, county, petition):
        assert petition.supervisions.get().state == "running"
        assert Deadline.objects.filter(case=petition.pk, key="pet.supervise_set", met_on=None, dropped_on=None).count() == 1

    def test_every_round_stays_on_the_page(self, county, sign_in):
        petition = supervised.replied_supervision(county)
        number, no = petition.case.number, petition.supervisions.get().pk
        supervision.return_supervision(number, no=no, words="没有写明整改措施。", by=county.scope("office"))
        page = sign_in("handler").get(f"/petitions/{number}/").content.decode()
        assert page.count("第 1 次反馈") == 1
        assert "第 2 次反馈" not in page
        supervision.reply_supervision(number, no=no, text="已拆除并恢复原状。", by=county.scope("handler"))
        page = sign_in("handler").get(f"/petitions/{number}/").content.decode()
        led = page[page.index('id="led"') : page.index('id="process"')]
        assert [led.index(words) for words in ("已查明原因，三日内答复。", "没有写明整改措施。", "已拆除并恢复原状。")] == sorted(
            led.index(words) for words in ("已查明原因，三日内答复。", "没有写明整改措施。", "已拆除并恢复原状。")
        )
        assert "第 2 次反馈" in led
