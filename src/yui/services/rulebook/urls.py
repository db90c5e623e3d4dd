"""Addresses of the rulebook."""

from django.urls import path

from yui.services.rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("", views.programmes, name="programmes"),
    path("<slug:programme>/", views.versions, name="versions"),
    path("<slug:programme>/tables/", views.tables, name="tables"),
    path("<slug:programme>/conditions/", views.conditions, name="conditions"),
    path("<slug:programme>/cases/", views.cases, name="cases"),
    path("<slug:programme>/concerned/", views.concerned, name="concerned"),
]
