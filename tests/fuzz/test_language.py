"""Whatever people write: it is read at once, and every command answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.masking import mask
from tests.fuzz.harness import PRIVATE, no_hang, said, walk
from tests.property import sent
from tests.property.machine import CHATS
from tests.property.rights import EVERYONE
from tests.property.street import Said, classifier, life


@walk(0.6)
@given(text=said(), mention=st.booleans())
def test_any_text_is_read(text: str, mention: bool) -> None:
    with no_hang():
        reading = classifier().read(text, mention=mention)
    assert 0 <= reading.confidence <= 1
    assert all(number >= 0 for number in reading.numbers)


@walk(0.1)
@given(text=said())
def test_any_text_is_masked(text: str) -> None:
    with no_hang():
        masked = mask(text)
    assert len(masked) == len(text)
    assert not any(number in masked for number in PRIVATE)


def utterances() -> st.SearchStrategy[Said]:
    """Anybody says anything anywhere, with a picture, as a press, or quoting something."""
    return st.builds(
        Said,
        st.sampled_from((*EVERYONE, "stranger")),
        said(),
        st.sampled_from(CHATS),
        st.booleans(),
        st.sampled_from((False, False, False, True)),
        st.just("") | said(),
    )


@walk(0.12 / 8)
@given(conversation=st.lists(utterances(), min_size=8, max_size=8))
def test_any_conversation_goes_on(conversation: list[Said]) -> None:
    with life() as street:
        street.say(Said("wujin", "28号门口电动车乱停把路堵死了", "g-yimin"))
        for one in conversation:
            with no_hang():
                heard = street.say(one)
            assert heard.outcome
            sent.check_answer(heard)
            sent.check(heard.drafts)
            assert not any(number in draft.text for draft in heard.drafts for number in PRIVATE)
