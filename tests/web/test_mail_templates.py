"""Mail templates in the browser and over JSON."""

from tests.web.house import House

PAGE = "/quan-tri/mau-thu"
SUBJECT = "vi/reminder/subject.txt"
EDIT = f"{PAGE}/sua?mau={SUBJECT}"
EDITED = "[{{ words.codes(letter) }}] Kính nhắc: {{ title }}"


def test_an_administrator_checks_publishes_and_takes_back(house: House) -> None:
    quan = house.enter("quan")
    checked = quan.send(f"{PAGE}/sua", EDIT, mau=SUBJECT, source=EDITED, act="check")
    assert "Chưa ban hành" in checked.text
    assert quan.send(f"{PAGE}/sua", EDIT, mau=SUBJECT, source=EDITED, act="publish").status_code == 303
    assert "đã sửa, bản 1" in quan.get(PAGE).text
    assert "Kính nhắc" in quan.get(EDIT).text
    assert quan.send(f"{PAGE}/sua", EDIT, mau=SUBJECT, act="revert").status_code == 303
    assert "đã sửa, bản" not in quan.get(PAGE).text


def test_a_fault_is_shown_with_its_line_and_what_was_typed_stays(house: House) -> None:
    quan = house.enter("quan")
    refused = quan.send(f"{PAGE}/sua", EDIT, mau=SUBJECT, source="[x]\n{{ oops }}", act="publish")
    assert refused.status_code == 422
    assert "dòng 2" in refused.text
    assert "{{ oops }}" in refused.text
    assert "đã sửa, bản" not in quan.get(PAGE).text


def test_the_preview_shows_the_sample_in_a_frame_that_runs_nothing(house: House) -> None:
    quan = house.enter("quan")
    shown = quan.send(f"{PAGE}/xem", EDIT, mau=SUBJECT, source=EDITED, sample="vi/reminder")
    assert "[GS14-05] Kính nhắc: Hạ tầng cụm công nghiệp" in shown.text
    assert shown.headers["content-security-policy"].endswith("sandbox")
    broken = quan.send(f"{PAGE}/xem", EDIT, mau=SUBJECT, source="{% if %}", sample="vi/reminder")
    assert "Cú pháp mẫu sai" in broken.text


def test_a_program_reads_publishes_and_takes_back(house: House) -> None:
    quan = house.enter("quan")
    key = {"x-form-key": quan.client.get("/api/v1/me").json()["form_key"]}
    path = f"/api/v1/mail-templates/{SUBJECT}"
    assert quan.client.get(path).json()["version"] is None
    refused = quan.client.put(path, json={"source": "{{ oops }}"}, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (422, "template_invalid")
    assert quan.client.put(path, json={"source": EDITED}, headers=key).json()["version"] == 1
    told = quan.client.get(path).json()
    assert (told["source"], told["versions"][0]["by"]) == (EDITED, "Quan")
    assert quan.client.delete(path, headers=key).json()["version"] is None
    assert quan.client.delete(path, headers=key).status_code == 409
