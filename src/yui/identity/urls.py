"""Addresses of the sign-in pages."""

from django.urls import path

from yui.identity import views

app_name = "identity"
urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("start/<str:kind>", views.start, name="start"),
    path("callback", views.callback, name="callback"),
    path("body", views.choose_body, name="choose_body"),
    path("out", views.sign_out, name="sign_out"),
]
