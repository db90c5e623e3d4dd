"""Addresses of the child allowance desk."""

from django.urls import path

from yui.services.child_allowance import views

app_name = "child_allowance"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("cases/<uuid:case>/", views.case, name="case"),
    path("cases/<uuid:case>/decide/", views.decide, name="decide"),
    path("cases/<uuid:case>/decide-again/", views.decide_again, name="decide_again"),
]
