"""Addresses of the resident's home."""

from django.urls import path

from yui.services.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("procedures/", views.cases, name="cases"),
    path("procedures/<uuid:case>/", views.case, name="case"),
    path("procedures/<uuid:case>/withdraw/", views.withdraw, name="withdraw"),
    path("payments/", views.payments, name="payments"),
    path("looked/", views.looked, name="looked"),
]
