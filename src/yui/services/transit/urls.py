"""Addresses of rides."""

from django.urls import path

from yui.services.transit.views import board, desk, drive, rides

app_name = "transit"
urlpatterns = [
    path("rides/", rides.my_rides, name="rides"),
    path("rides/new/", rides.new_ride, name="new_ride"),
    path("rides/<uuid:demand>/", rides.ride, name="ride"),
    path("rides/<uuid:demand>/offers/", rides.offers, name="offers"),
    path("rides/<uuid:demand>/cancel/", rides.cancel, name="cancel"),
    path("desk/", desk.search, name="desk"),
    path("desk/<uuid:rider>/", desk.person, name="person"),
    path("desk/<uuid:rider>/new/", desk.new_ride, name="desk_ride"),
    path("desk/<uuid:rider>/proxies/<uuid:proxy>/end/", desk.end, name="end_proxy"),
    path("drive/", drive.duties, name="drive"),
    path("drive/<uuid:duty>/", drive.duty, name="duty"),
    path("drive/<uuid:duty>/call/", drive.call, name="call"),
    path("drive/<uuid:duty>/report/", drive.report, name="report"),
    path("board/", board.services, name="board"),
    path("board/<slug:service>/", board.board, name="service_board"),
    path("board/<slug:service>/<uuid:shift>/withdraw/", board.withdraw, name="withdraw"),
]
