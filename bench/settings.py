"""The product's settings with two things beside: an address /hello and a header that counts queries. Never shipped."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as SHIPPED

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.hello.Counting", *SHIPPED]
