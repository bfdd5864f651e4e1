"""What an import does to what is known, on values alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact.organisations.rules import (
    LOCAL,
    Closed,
    Key,
    Known,
    Listed,
    Plan,
    Reading,
    State,
    is_email,
    moved,
    plan,
    repeated,
)

TODAY = date(2026, 10, 5)
KEY = Key("GIAS", None, "100001")
OPEN = State(
    "Larkfield School", "school", frozenset({"901"}), "primary", "Larkfield Trust", "WX1 1AA", "a@b.example"
)
SAYS = {
    "name": OPEN.name,
    "areas": OPEN.areas,
    "phase": OPEN.phase,
    "trust": OPEN.trust,
    "postcode": OPEN.postcode,
    "closed_on": None,
}


def planned(entry: Listed | Closed, state: State | None = OPEN) -> Plan:
    known = {KEY: Known(1, KEY, state)} if state else {}
    return plan(Reading([entry], 0), known, TODAY)


def listed(**changes: object) -> Listed:
    return Listed(2, KEY, {**SAYS, **changes}, {"setting": "school"})


def test_a_new_one_is_added() -> None:
    (added,) = planned(listed(), None).added
    assert added == (
        KEY,
        State("Larkfield School", "school", OPEN.areas, "primary", "Larkfield Trust", "WX1 1AA"),
    )


def test_the_same_again_is_unchanged_and_keeps_what_the_file_does_not_say() -> None:
    assert planned(listed()).unchanged == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Larkfield Academy"),
        ("areas", frozenset({"902"})),
        ("phase", None),
        ("trust", None),
        ("trust", "Another Trust"),
        ("postcode", "WX1 1AB"),
    ],
)
def test_every_field_of_the_register_can_change(field: str, value: object) -> None:
    (change,) = planned(listed(**{field: value})).changed
    assert getattr(change.state, field) == value
    assert change.fields == (field,)
    assert change.state.contact_email == "a@b.example"


def test_a_trust_in_other_letters_is_the_same_trust() -> None:
    assert planned(listed(trust="LARKFIELD TRUST")).unchanged == 1


def test_a_setting_that_a_partnership_chose_stays() -> None:
    state = State(**{**vars(OPEN), "setting": "early_years"})
    assert planned(listed(), state).unchanged == 1


def test_closing() -> None:
    closing = Closed(2, KEY, date(2026, 8, 31))
    (change,) = planned(closing).closed
    assert change.state.closed_on == date(2026, 8, 31)
    assert planned(closing, change.state).unchanged == 1
    assert planned(Closed(2, KEY, None), change.state).unchanged == 1, "no day says nothing against ours"
    assert planned(closing, None).left_out == 1


def test_closing_without_a_day_is_today() -> None:
    (change,) = planned(Closed(2, KEY, None)).closed
    assert change.state.closed_on == TODAY


def test_a_corrected_day_of_closing_is_a_change() -> None:
    closed = planned(Closed(2, KEY, None)).closed[0].state
    (change,) = planned(Closed(2, KEY, date(2026, 8, 31)), closed).changed
    assert change.state.closed_on == date(2026, 8, 31)


def test_reopening_is_a_change_where_the_register_says_open() -> None:
    closed = planned(Closed(2, KEY, None)).closed[0].state
    (change,) = planned(listed(), closed).changed
    assert change.state == OPEN
    own_list = Listed(2, KEY, {"name": OPEN.name})
    assert planned(own_list, closed).unchanged == 1, "a partnership's own list says nothing of closing"


def test_a_body_of_several_areas_stays_with_the_partnership_that_had_it_first() -> None:
    areas = frozenset({"901", "902"})
    ours = Known(1, Key(LOCAL, 7, "17"), State("Vale Police", "hips", areas))
    known = {ours.key: ours}

    def row(*areas: str) -> Listed:
        says = {"name": "Vale Police", "setting": "hips", "areas": frozenset(areas)}
        return Listed(2, Key(LOCAL, 8, "17"), says)

    assert plan(Reading([row("901", "902")], 0), known, TODAY).unchanged == 1
    its_own = Listed(3, ours.key, {})
    assert len(plan(Reading([its_own, row("901", "902")], 0), known, TODAY).added) == 1
    assert len(plan(Reading([row("902")], 0), known, TODAY).added) == 1, "another partnership's own number 17"


def test_who_moved_to_an_area_that_is_not_wanted() -> None:
    known = {KEY: Known(1, KEY, OPEN)}
    reading = Reading([], 1, frozenset({KEY, Key("GIAS", None, "2")}))
    assert moved(reading, known, frozenset({"901"})) == [known[KEY]]
    assert moved(reading, known, frozenset({"902"})) == []


def test_repeated_names_the_first_line() -> None:
    other = Key("GIAS", None, "2")
    assert repeated([(2, KEY), (3, other), (4, KEY), (5, KEY)]) == {4: 2, 5: 2}


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("a@b.example", True),
        ("a.b+c@d-e.example.org", True),
        ("", False),
        ("a@b", False),
        ("a@@b.example", False),
        ("a@b.example\r\nBcc: c@d.example", False),
        ("a\u202e@b.example", False),
        (f"{'a' * 250}@b.example", False),
    ],
)
def test_addresses(address: str, fits: bool) -> None:
    assert is_email(address) is fits


_keys = st.integers(1, 8).map(lambda number: Key("GIAS", None, str(number)))
_states = st.builds(
    State,
    name=st.sampled_from("AB"),
    setting=st.just("school"),
    areas=st.just(frozenset({"901"})),
    closed_on=st.sampled_from([None, TODAY]),
)
_entries = st.one_of(
    st.builds(
        Listed,
        line=st.just(2),
        key=_keys,
        says=st.fixed_dictionaries({"name": st.sampled_from("AB"), "closed_on": st.none()}),
        at_first=st.just({"setting": "school", "areas": frozenset({"901"})}),
    ),
    st.builds(Closed, line=st.just(2), key=_keys, on=st.sampled_from([None, TODAY])),
)


@given(
    st.lists(_entries, unique_by=lambda entry: entry.key), st.dictionaries(_keys, _states), st.integers(0, 9)
)
def test_every_row_is_counted_once_and_the_second_time_nothing_changes(
    entries: list[Listed | Closed], states: dict[Key, State], left_out: int
) -> None:
    known = {key: Known(number, key, state) for number, (key, state) in enumerate(states.items())}
    reading = Reading(entries, left_out)
    first = plan(reading, known, TODAY)
    counts = [len(first.added), len(first.changed), len(first.closed), first.unchanged, first.left_out]
    assert sum(counts) == len(entries) + left_out

    after = dict(known)
    after |= {key: Known(100 + number, key, state) for number, (key, state) in enumerate(first.added)}
    for change in (*first.changed, *first.closed):
        after[change.organisation.key] = Known(change.organisation.id, change.organisation.key, change.state)
    second = plan(reading, after, date(2027, 1, 1))
    assert [*second.added, *second.changed, *second.closed] == []
    assert second.left_out == first.left_out
