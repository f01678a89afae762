"""What the background does, for pages on which somebody waits for it."""

from django import template

from casework import sweeps

register = template.Library()


@register.simple_tag
def background_is_still() -> bool:
    """`{% background_is_still as is_still %}` — one statement, so only where something waits."""
    return sweeps.is_still()
