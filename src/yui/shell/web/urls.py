"""Addresses of the shell's own pages."""

from django.urls import path
from django.views.i18n import set_language

from yui.kernel.access.public import anyone
from yui.shell.web import views

app_name = "web"
urlpatterns = [
    path("", views.front, name="front"),
    path("health/", views.health, name="health"),
    path("gallery/", views.gallery, name="gallery"),
    path("language/", anyone(set_language), name="language"),
]
