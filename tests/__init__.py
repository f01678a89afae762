"""Everything under tests/ runs against a real PostgreSQL and a real Valkey."""
