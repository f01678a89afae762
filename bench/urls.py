"""Every address of the product, and the one that does nothing."""

from django.urls import path

from bench.hello import hello
from config.urls import urlpatterns as shipped

urlpatterns = [path("hello", hello), *shipped]
