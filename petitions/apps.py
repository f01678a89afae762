from dataclasses import replace

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = "信访事项"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import kinds
        from organisations import appointments
        from organisations import handover as leaving
        from petitions import codes, handover, listings, rules, tasks  # noqa: F401  (register the sweeps and the lists that can be exported)
        from petitions.actions import parting, referring
        from petitions.queries import blame, doubts, facts
        from petitions.queries.supervision import home

        kinds.register(
            replace(
                rules.KIND,
                panels=home.panels,
                sponsors_of=home.sponsor_leaders,
                accept_referral=referring.receive,
                referral_sorts=tuple((row.code, row.name) for row in codes.TOP_CATEGORIES),
                tells=frozenset({rules.State.DELIVERED}),
                facts=facts.SELECT,
                doubts=doubts.DOUBTS,
                keeps_paper=blame.keeps_paper,
                keeps_limit=blame.keeps_limit,
                kept_lines=blame.kept_lines,
            )
        )
        leaving.register(handover.SOURCE)
        appointments.register("petitions", parting.appointed)
