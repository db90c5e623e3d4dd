def test_tables(body, staff):
    from yui.registries.people.models import Person

    assert Person.objects.count() == 0
