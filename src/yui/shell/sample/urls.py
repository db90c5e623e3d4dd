"""The page of the demo."""

from django.urls import path

from yui.shell.sample import views

app_name = "sample"
urlpatterns = [path("", views.demo, name="demo")]
