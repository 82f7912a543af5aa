"""A plugin of pytest for `make faults`: notes how many examples a test of hypothesis tried."""

from collections.abc import Callable, Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Count how often hypothesis calls what it tests."""
    tested = getattr(getattr(item, "obj", None), "hypothesis", None)
    if tested is None:
        return (yield)
    inner: Callable[..., object] = tested.inner_test
    count = 0

    def counted(*args: object, **options: object) -> object:
        nonlocal count
        count += 1
        return inner(*args, **options)

    tested.inner_test = counted
    try:
        return (yield)
    finally:
        tested.inner_test = inner
        item.user_properties.append(("tries", count))
