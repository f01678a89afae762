"""The project's wiring: settings, addresses, jobs and the clock. Imports everybody; nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
