"""The web server, the same file for the embedded run and for production. Sizes come from the environment."""

import gc
import os
import sys

from django.urls import get_resolver
from gunicorn.arbiter import Arbiter

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# A thread that holds the county's next number and comes back from the database takes its turn after half a millisecond,
# not after five: every other registration waits for it.
sys.setswitchinterval(0.0005)
preload_app = True  # the workers share the code's memory
control_socket_disable = True  # it would lie in the home folder and be shared by every run of the same user
timeout = 60
graceful_timeout = 10
keepalive = 65  # seconds; longer than the proxy's, so that it never reuses a connection we have just closed
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
# The path without its query, no address and no name: enough to see what was slow (D = microseconds).
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
access_log_format = '{"method":"%(m)s","path":"%(U)s","status":%(s)s,"bytes":"%(B)s","us":%(D)s}'


def when_ready(server: Arbiter) -> None:
    """Before the workers are forked: views, forms and readings are loaded once, and the collector does not look at them again."""
    from organisations import pinyin  # it wants the settings, which the application has set up by now

    pinyin.load()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    # A page makes and drops twenty thousand small things: looked at every 700 they cost a twentieth of its processor time.
    gc.set_threshold(10_000, 20, 20)
