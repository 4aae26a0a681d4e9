"""Where somebody who had read no documentation got stuck: each stumble has a way on now."""

import re
import struct
import zlib
from datetime import date

import pytest

from tests.web.answering.forms import send
from tests.web.house import Guest, House
from tests.web.postbox import deliver, token_of
from workflow.models.directive import Directive
from workflow.models.event import Event

CHECK = "/ket-luan/GS14-KL1/trinh"
REVIEW = "/ket-luan/GS14-KL1/ra-soat"
ONE = "/nhiem-vu/GS14-01"


def png(width: int, height: int) -> bytes:
    """A grey picture."""
    rows = (b"\0" + b"\x80" * width) * height
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_drafts_that_cannot_be_issued_lead_back_to_what_is_missing(house: House) -> None:
    house.take_in(house.world.today)
    ada, chi = house.enter("ada"), house.enter("chi")
    page = ada.page(CHECK)
    assert "3 nhiệm vụ, 1 chưa phát hành được" in page
    assert f'<a class="btn primary big" href="{REVIEW}">Điền phần còn thiếu</a>' in page
    ada.send(CHECK, CHECK)
    waiting = chi.page(CHECK)
    assert "Điền phần còn thiếu" in waiting
    assert "Phê duyệt, phát hành" not in waiting
    chi.send("/ket-luan/GS14-KL1/chung", REVIEW, common_due_on="30/10/2026")
    assert "Phê duyệt, phát hành 3 nhiệm vụ" in chi.page(CHECK)


def test_a_missing_reason_is_called_by_its_word_and_not_by_its_field(house: House) -> None:
    house.take_in(house.world.today)
    ada, chi = house.enter("ada"), house.enter("chi")
    ada.send("/ket-luan/GS14-KL1/chung", REVIEW, common_due_on="30/10/2026")
    ada.send(CHECK, CHECK)
    refused = chi.send("/ket-luan/GS14-KL1/phat-hanh", CHECK)
    assert "Thiếu &#39;lý do&#39; khi thực hiện" in refused.text
    assert "reason&#39;" not in refused.text
    wrong = ada.send("/ket-luan/GS14-KL1/chung", REVIEW, common_due_on="31/11/2026")
    assert "Đến ngày: giá trị" in wrong.text


def test_the_receipt_of_a_request_says_which_day_was_asked_for(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    clerk, token = house.browser(), token_of(house, "ben")
    asked = {"request_extension__reason": "Chờ số liệu.", "request_extension__due_on": "20/10/2026"}
    sent = send(clerk, token, move="request_extension", **asked)
    receipt = clerk.get(sent.headers["location"]).text
    assert re.search(r"Xin đến ngày</dt><dd><b><time[^>]*>20/10/2026", receipt)
    assert "đến lúc đó thời hạn cũ vẫn giữ nguyên" in receipt
    assert "Xin đến ngày 20/10/2026. Chờ số liệu." in house.enter("chi").page(ONE)


def test_the_timeline_names_a_report_and_a_correction_in_words(house: House) -> None:
    house.take_in(house.world.today)
    ada, chi = house.enter("ada"), house.enter("chi")
    ada.send("/ket-luan/GS14-KL1/chung", REVIEW, common_due_on="30/10/2026", common_product="Báo cáo")
    ada.send(CHECK, CHECK)
    chi.send("/ket-luan/GS14-KL1/phat-hanh", CHECK)
    send(
        house.browser(), token_of(house, "ben"), move="report", report__result="Xong.", report__proof="Số 12"
    )
    page = chi.page(ONE)
    assert "Sản phẩm: - → Báo cáo" in page
    assert "product: " not in page
    assert '<div class="what">Báo cáo kết quả</div>' in page
    assert '<div class="what">Bổ sung báo cáo</div>' not in page


def test_a_second_press_of_a_local_link_leads_in(house: House) -> None:
    link = f"/vao/{house.link('chi')}"
    guest = Guest(house.browser())
    key = guest.key(link)
    first, second = (guest.client.post(link, data={"form_key": key}) for _ in range(2))
    assert (first.headers["location"], second.headers["location"]) == ("/", "/")
    assert guest.get("/").status_code == 200


def test_a_used_local_link_says_what_to_do(house: House) -> None:
    link = f"/vao/{house.link('chi')}"
    guest, other = Guest(house.browser()), Guest(house.browser())
    key = other.key(link)
    guest.send(link, link)
    assert "Liên kết này đã dùng" in other.get(link).text
    late = other.client.post(link, data={"form_key": key})
    assert late.status_code == 404
    assert "mã gửi qua thư" in late.text


def test_a_stale_form_does_not_turn_one_person_into_another(house: House) -> None:
    ada, link = house.enter("ada"), f"/vao/{house.link('chi')}"
    assert ada.client.post(link, data={"form_key": "x"}).status_code == 403
    assert "Ada" in ada.page("/toi")


def test_nights_to_simulate_are_written_as_days_are_everywhere(house: House) -> None:
    duc = house.enter("duc")
    page = duc.page("/chinh-sach/default/mo-phong?tu=14/09/2026&den=15/09/2026")
    assert 'value="14/09/2026"' in page
    assert 'type="date"' not in page
    wrong = duc.get("/chinh-sach/default/mo-phong?tu=31/09/2026")
    assert wrong.status_code == 422
    assert "Từ đêm: giá trị &#39;31/09/2026&#39;" in wrong.text
    assert 'value="31/09/2026"' in wrong.text


def test_a_mail_in_the_viewer_shows_its_buttons_on_top(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    deliver(house)
    ben = house.enter("ben")
    address = re.search(r'href="(/hop-thu-thu/[^"]+)"', ben.page("/hop-thu-thu"))
    assert address is not None
    page = ben.page(address[1])
    found = re.search(r'<a class="btn" href="http://127\.0\.0\.1:8000(/t/\w+)" target="_blank"', page)
    assert found is not None
    assert page.index(found[0]) < page.index("<iframe")
    assert house.browser().get(found[1]).status_code == 200


def test_a_new_body_says_what_it_lacks_until_work_can_begin(house: House) -> None:
    ada, page = house.enter("ada"), "/co-quan/sgd"
    ada.send("/co-quan", "/co-quan", code="sgd", name="Sở Giáo dục", kind="agency")
    assert "Bước tiếp theo: thêm người nhận thư" in ada.page(page)
    assert (
        'Chưa có ai nhận thư: nhiệm vụ giao lúc này không đến được cơ quan. <a href="#name">Thêm đầu mối'
        in (ada.page(page))
    )
    people = (
        ("clerk", "Thêm thủ trưởng</a>"),
        ("head", '<a href="/ket-luan/moi">Tiếp nhận một kết luận</a>'),
    )
    for position, then in people:
        ada.send(f"{page}/dau-moi", page, name=position, email=f"{position}@sgd.example", position=position)
        assert then in ada.page(page)
    assert "Chưa có ai nhận thư" not in ada.page(page)


def test_a_person_without_a_post_is_known_to_see_nothing_yet(house: House) -> None:
    quan = house.enter("quan")
    quan.send(
        "/quan-tri/nguoi-dung", "/quan-tri", act="add", name="Mai", email="mai@lamgiang.example", role=""
    )
    page = quan.page("/quan-tri")
    assert "Người này chưa thấy gì" in page
    assert '<a href="/co-quan">chưa thuộc cơ quan nào</a>' in page


def test_policies_stand_side_by_side_where_one_is_chosen(house: House) -> None:
    page = house.enter("quan").page("/chinh-sach/ap-dung")
    assert "30, 10, 5, 2, đúng hạn" in page
    assert "1, 5, 10, 20 ngày" in page
    assert "Mới có một chính sách nên chọn ở đây chưa đổi gì." in page


def test_an_office_shows_its_own_mark_on_every_page_and_may_take_it_out(house: House) -> None:
    quan, head = house.enter("quan"), "/quan-tri/tieu-de"
    shown = '<img src="/dau-hieu.png?v='
    assert shown not in quan.page(head)
    picture = png(64, 64)
    files = {"mark": ("dau.png", picture, "image/png")}
    assert quan.send("/quan-tri/dau-hieu", head, act="keep", files=files).status_code == 303
    stranger = house.browser()
    assert shown in stranger.get("/dang-nhap").text
    assert stranger.get("/dau-hieu.png").content == picture
    assert stranger.get("/dau-hieu.png").headers["content-type"] == "image/png"
    assert house.world.rows(Event)[-1].act == "mark.change"
    assert quan.send("/quan-tri/dau-hieu", head, act="remove").status_code == 303
    assert shown not in quan.page("/")
    assert stranger.get("/dau-hieu.png").status_code == 404


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg onload=alert(1)>", "Chỉ nhận hình PNG."),
        (b"", "Chưa chọn tệp."),
        (png(16, 64), "Mỗi cạnh từ 32 đến 1024 điểm ảnh."),
        (png(64, 64) + bytes(200 * 1024), "Lớn nhất 200 KB."),
    ],
)
def test_a_picture_that_cannot_be_a_mark_is_refused_and_changes_nothing(
    house: House, content: bytes, why: str
) -> None:
    quan, head = house.enter("quan"), "/quan-tri/tieu-de"
    files = {"mark": ("dau.png", content, "image/png")}
    refused = quan.send("/quan-tri/dau-hieu", head, act="keep", files=files)
    assert refused.status_code == 422
    assert why in refused.text
    assert house.browser().get("/dau-hieu.png").status_code == 404


def test_a_state_nothing_leads_out_of_says_so(house: House) -> None:
    page = house.enter("quan").page("/vong-doi")
    assert '<td><span class="muted">không còn việc nào</span></td>' in page


def test_a_recurring_report_is_not_called_undated_beside_its_date(house: House) -> None:
    house.take_in(house.world.today)
    ada, chi = house.enter("ada"), house.enter("chi")
    one = house.world.rows(Directive)[0]
    ada.send(
        f"{REVIEW}/{one.code}", REVIEW, act="save", text=one.text, lead="", rhythm="FREQ=MONTHLY",
        due_on="", product="Báo cáo", version=str(one.version),
    )  # fmt: skip
    ada.send("/ket-luan/GS14-KL1/chung", REVIEW, common_due_on="30/10/2026", common_product="Báo cáo")
    ada.send(CHECK, CHECK)
    chi.send("/ket-luan/GS14-KL1/phat-hanh", CHECK)
    page = house.enter("ben").page("/")
    assert "Báo cáo kết quả, hạn" in page
    report = page[: page.index("Báo cáo kết quả, hạn")]
    assert "Kỳ này chưa đến hạn" in report[report.rindex("<li>") :]
