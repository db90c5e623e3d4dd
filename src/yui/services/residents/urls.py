"""Addresses of the desk."""

from django.urls import path

from yui.services.residents.views import (
    arrivals,
    births,
    certificates,
    changes,
    corrections,
    desk,
    protection,
    records,
)

app_name = "residents"
urlpatterns = [
    path("", desk.search, name="search"),
    path("errand/", desk.errand, name="errand"),
    path("errand/end/", desk.end, name="end"),
    path("begin/<slug:task>/", desk.begin, name="begin"),
    path("households/<uuid:household>/", records.household, name="household"),
    path("households/<uuid:household>/birth/", births.birth, name="birth"),
    path("households/<uuid:household>/move-out/", changes.move_out, name="move_out"),
    path("households/<uuid:household>/move-within/", changes.move_within, name="move_within"),
    path("households/<uuid:household>/change/", changes.household_change, name="household_change"),
    path("households/<uuid:household>/split/", changes.split, name="split"),
    path("households/<uuid:household>/merge/", changes.merge, name="merge"),
    path("households/<uuid:household>/head/", changes.head, name="head"),
    path("households/<uuid:household>/relationships/", changes.relationships, name="relationships"),
    path("households/<uuid:household>/certificate/", certificates.certificate, name="certificate"),
    path("move-in/", arrivals.move_in, name="move_in"),
    path("people/<uuid:person>/", records.resident, name="resident"),
    path("people/<uuid:person>/death/", changes.death, name="death"),
    path("people/<uuid:person>/correct/", corrections.correct, name="correct"),
    path("people/<uuid:person>/protection/", protection.protection, name="protection"),
    path("people/<uuid:person>/protection/extend/", protection.extend, name="protection_extend"),
    path("people/<uuid:person>/protection/end/", protection.end, name="protection_end"),
    path("people/<uuid:person>/certificate/", certificates.certificate_of, name="certificate_of"),
    path("certificates/<uuid:certificate>/", certificates.certificate_issued, name="certificate_issued"),
    path("certificates/<uuid:certificate>/copy.pdf", certificates.certificate_file, name="certificate_file"),
    path("changes/<uuid:event>/", records.change, name="change"),
    path("changes/<uuid:event>/cancel/", corrections.cancel, name="cancel"),
]
