"""Addresses of the desk."""

from django.urls import path

from yui.services.residents.views import births, desk, records

app_name = "residents"
urlpatterns = [
    path("", desk.search, name="search"),
    path("errand/", desk.errand, name="errand"),
    path("errand/end/", desk.end, name="end"),
    path("begin/<slug:task>/", desk.begin, name="begin"),
    path("households/<uuid:household>/", records.household, name="household"),
    path("households/<uuid:household>/birth/", births.birth, name="birth"),
    path("people/<uuid:person>/", records.resident, name="resident"),
    path("changes/<uuid:event>/", records.change, name="change"),
]
