"""How form fields are dressed; the widgets themselves belong to the lowest app, whose own forms need them too."""

from organisations.widgets import PickedField, Picker, styled

__all__ = ["PickedField", "Picker", "styled"]
