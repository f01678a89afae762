"""One petition from the window to the archive, by the actions alone; the browser walks the same way in tests/browser."""

import pytest

from casework.models import Case, Deadline, Document, Entry, Reach
from casework.timeline import digest
from tests.factories import petitions


@pytest.mark.django_db
def test_a_petition_walks_from_registration_to_the_archive(county):
    petition = petitions.closed(county)
    case = Case.objects.get(pk=petition.pk)
    assert (case.state, case.outcome, case.due_on) == ("closed", "solved", None)
    acts = list(Entry.objects.filter(case=case).order_by("no").values_list("act", flat=True))
    walked = "register route sign accept hear investigate answer_point answer_point prepare reply deliver report feedback close"
    assert acts == [f"petition.{act}" for act in walked.split()]
    assert case.entries == len(acts)
    previous = ""
    for entry in Entry.objects.filter(case=case).order_by("no"):
        assert entry.prev_hash == previous
        assert entry.hash == digest(entry, case.number)
        previous = entry.hash
    assert case.head_hash == previous
    assert set(Document.objects.filter(case=case).values_list("paper", flat=True)) == {"P02", "P03", "P05", "P08", "P11", "P16"}
    assert not Reach.objects.filter(case=case, is_open=True).exists()
    assert not Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None).exists()
