"""Addresses of the treasury."""

from django.urls import path

from yui.services.treasury.views import accounts, runs

app_name = "treasury"
urlpatterns = [
    path("", runs.run_list, name="runs"),
    path("runs/new/", runs.prepare, name="prepare"),
    path("runs/<uuid:run>/", runs.run_page, name="run"),
    path("runs/<uuid:run>/freeze/", runs.freeze, name="freeze"),
    path("runs/<uuid:run>/approve/", runs.approve, name="approve"),
    path("runs/<uuid:run>/export/", runs.export, name="export"),
    path("runs/<uuid:run>/cancel/", runs.cancel, name="cancel"),
    path("runs/<uuid:run>/items/<int:sequence>/remove/", runs.remove, name="remove"),
    path("runs/<uuid:run>/results/", runs.results, name="results"),
    path("runs/<uuid:run>/results-table/", runs.results_table, name="results_table"),
    path("returned/", accounts.returned, name="returned"),
    path("returned/<uuid:order>/reopen/", accounts.reopen, name="reopen"),
    path("accounts/", accounts.account_search, name="accounts"),
    path("accounts/<uuid:payee>/", accounts.account, name="account"),
    path("paying-accounts/", accounts.paying_accounts, name="paying_accounts"),
]
