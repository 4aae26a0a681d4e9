"""A recurring duty is said in words, and its next day is never called "no date"."""

from tests.web.house import House
from tests.web.postbox import deliver, mails, token_in


def test_a_recurring_duty_is_told_to_the_agency_in_words(house: House) -> None:
    house.world.issue("GS14-01", rhythm="FREQ=MONTHLY;BYMONTHDAY=25")
    deliver(house)
    (mail,) = mails(house, "ben")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "hằng tháng, ngày 25" in text
    assert "FREQ=" not in mail.as_string()
    assert "hằng tháng, ngày 25" in house.enter("duc").page("/nhiem-vu/GS14-01")


def test_a_period_that_is_not_due_yet_has_a_date_and_is_not_called_undated(house: House) -> None:
    house.world.issue("GS14-01", rhythm="FREQ=MONTHLY;BYMONTHDAY=25")
    deliver(house)
    (mail,) = mails(house, "ben")
    pages = [house.enter("duc").page(path) for path in ("/nhiem-vu", "/nhiem-vu/GS14-01", "/")]
    pages.append(house.browser().get(f"/t/{token_in(mail)}").text)
    for page in pages:
        assert "Kỳ này chưa đến hạn" in page
        assert "Không thời hạn</span>" not in page
