"""Which rows of a step are whose."""

from hypothesis import given
from hypothesis import strategies as st

from engine.training.rank import Rank


@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=4),
    st.integers(1, 6),
)
def test_shares_are_even_and_each_row_is_computed_once(sizes: list[int], count: int) -> None:
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    step = [list(range(start, start + size)) for start, size in zip(starts, sizes, strict=True)]
    shares = [Rank(number, count).share(step) for number in range(count)]
    rows = sorted(row for share in shares for batch in share for row in batch)
    assert rows == list(range(sum(sizes)))
    assert all(batch for share in shares for batch in share)
    largest = [max(map(len, share), default=0) for share in shares]
    assert largest[0] == max(largest)
    assert largest[0] - largest[-1] <= 1
