"""The open formats a service of transit is told to the world in, and read from: GTFS, GOFS, GTFS-Realtime.

Nothing here knows the database: files and definitions go in, dataclasses and files come out. ``gtfs`` reads,
checks and writes whole feeds (with GTFS-JP and GTFS-Flex); ``flex`` and ``gofs`` describe a service on demand;
``realtime`` says where its vehicles are.
"""
