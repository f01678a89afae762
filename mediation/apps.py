from dataclasses import replace

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "矛盾纠纷"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import kinds
        from mediation import codes, listings, rules  # noqa: F401  (registers the lists that can be exported)
        from mediation.actions import receiving
        from mediation.demo import county
        from mediation.queries import doubts, facts
        from mediation.screening import queries as screening

        kinds.register(
            replace(
                rules.KIND,
                accept_referral=receiving.receive,
                referral_sorts=tuple(codes.TYPES.choices),
                referral_desks=((receiving.COURT_DESK, "便民巡回法庭"),),
                usual_sort=codes.petition_default,
                demo=county.write,
                panels=screening.panels,
                tells=frozenset({rules.State.AGREED, rules.State.ENDED}),
                facts=facts.SELECT,
                doubts=doubts.DOUBTS,
            )
        )
