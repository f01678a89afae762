"""Reports of a period, and the month that is closed: frozen facts, stored bytes, a manifest chained to the month before (opening 10)."""
