"""Who can mediate this quarrel: people whom both sides know and trust (MED-6, MED-8)."""
