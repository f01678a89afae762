"""Brings the house up on one machine: embedded PostgreSQL and Valkey, web, worker and beat. See `python -m launch --help`."""
