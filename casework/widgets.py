"""How form fields are dressed; the widgets themselves belong to the lowest app, whose own forms need them too."""

from organisations.widgets import Picked, Typeahead, TypeaheadField, styled

__all__ = ["Picked", "Typeahead", "TypeaheadField", "styled"]
