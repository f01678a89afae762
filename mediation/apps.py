from dataclasses import replace
from datetime import datetime
from typing import Any

from django.apps import AppConfig


def tell_demo(world: Any, horizon: datetime) -> list[str]:
    """The stories of a demo county; they and what they draw with are loaded by the seed alone, not by every web worker."""
    from mediation.demo import county

    return county.write(world, horizon)


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "矛盾纠纷"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from casework import kinds
        from mediation import codes, handover, listings, rules  # noqa: F401  (registers the lists that can be exported)
        from mediation.actions import receiving
        from mediation.chamber import files  # noqa: F401  (opens its room of the store, like the next)
        from mediation.corps import photos  # noqa: F401
        from mediation.queries import doubts, facts, home
        from organisations import handover as leaving

        kinds.register(
            replace(
                rules.KIND,
                accept_referral=receiving.receive,
                referral_sorts=tuple(codes.TYPES.choices),
                referral_desks=((receiving.COURT_DESK, "便民巡回法庭"),),
                usual_sort=codes.petition_default,
                demo=tell_demo,
                panels=home.panels,
                tells=frozenset({rules.State.AGREED, rules.State.ENDED}),
                facts=facts.SELECT,
                doubts=doubts.DOUBTS,
            )
        )
        for source in (handover.SOURCE, handover.CHAMBER, handover.SCREENING):
            leaving.register(source)
