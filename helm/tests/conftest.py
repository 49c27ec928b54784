"""Each test that asks for `things` sees every profile, with and without the Prometheus operator's kinds."""

import pytest

from places import PROFILES
from rendered import profile


@pytest.fixture(params=[(name, operator) for name in PROFILES for operator in (False, True)],
                ids=lambda case: f"{case[0]}{'+operator' if case[1] else ''}")
def things(request):
    name, operator = request.param
    return profile(name, operator=operator)
