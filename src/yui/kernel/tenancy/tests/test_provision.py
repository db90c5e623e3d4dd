from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from yui.kernel.tenancy.provision import make_roles_and_database


def test_several_setups_of_one_server_at_once(django_db_setup: None) -> None:
    """As two workers of a test run do, or two installations that share a server."""
    name = connection.settings_dict["NAME"]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(make_roles_and_database, name) for _ in range(24)]:
            done.result()
