"""The door of the sample prefecture, for the launcher."""

from yui.shell.sample.loading import LoadedSample, SampleRefused, load_sample
from yui.shell.sample.writing import RESIDENT_CLIENT, STAFF_CLIENT

__all__ = ["RESIDENT_CLIENT", "STAFF_CLIENT", "LoadedSample", "SampleRefused", "load_sample"]
