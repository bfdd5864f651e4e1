"""The addresses in long lists, which are worked out once, are those that routing gives."""

from typing import Any

import pytest
from flask import Flask

from compact.web.frame import addresses_of


@pytest.mark.parametrize("root", ["", "/compact"])
@pytest.mark.parametrize(
    ("endpoint", "name", "others"),
    [
        ("returns.task_list", "return_id", {}),
        ("plan.whole", "organisation_id", {}),
        ("chase.part", "organisation_id", {"cycle_id": 3}),
    ],
)
def test_each_number_has_the_address_that_routing_gives_it(
    app: Flask, root: str, endpoint: str, name: str, others: dict[str, int]
) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        address = addresses_of(endpoint, name, **others)
        for number in (1, 10, 4711):
            values: dict[str, Any] = {name: number, **others}
            assert address(number) == app.url_for(endpoint, **values)
