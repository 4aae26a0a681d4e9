"""Which pages there are to look at: every route that answers with a page, with an address and somebody it opens to."""

from typing import NamedTuple

ONE, REVIEW = "/nhiem-vu/GS14-03", "/ket-luan/GS14-KL1"


class View(NamedTuple):
    """`who` None has not signed in; names in braces of the address stand for keys that only mails hold."""

    route: str
    who: str | None
    address: str


VIEWS = [
    View("/", "duc", "/"),
    View("/", "ben", "/"),
    View("/", "lan", "/"),
    View("/nhiem-vu", "ada", "/nhiem-vu"),
    View("/nhiem-vu", "ada", "/nhiem-vu?q=zzz"),
    View("/nhiem-vu", "ada", "/nhiem-vu?silent=120&level=1"),
    View("/nhiem-vu/hang-loat", "ada", "/nhiem-vu/hang-loat?act=remind&code=GS14-03&code=GS14-04"),
    View("/nhiem-vu/hang-loat", "ada", "/nhiem-vu/hang-loat?act=contact&code=GS14-05"),
    View("/nhiem-vu/hang-loat", "ada", "/nhiem-vu/hang-loat?act=print&code=GS14-03"),
    View("/nhiem-vu/{code}", "duc", ONE),
    View("/nhiem-vu/{code}", "duc", "/nhiem-vu/GS14-07"),
    View("/nhiem-vu/{code}", "ben", "/nhiem-vu/GS14-06"),
    View("/nhiem-vu/{code}", "lan", "/nhiem-vu/GS14-02"),
    View("/nhiem-vu/{code}", "ada", "/nhiem-vu/GS14-01"),
    View("/nhiem-vu/{code}", "ada", "/nhiem-vu/GS14-20"),
    View("/nhiem-vu/{code}", "ada", "/nhiem-vu/none"),
    View("/nhiem-vu/{code}/cach-tinh", "ada", f"{ONE}/cach-tinh"),
    View("/nhiem-vu/{code}/cong-van", "ada", f"{ONE}/cong-van"),
    View("/nhiem-vu/{code}/lien-ket", "ada", f"{ONE}/lien-ket"),
    View("/ket-luan", "ada", "/ket-luan"),
    View("/cuoc-giam-sat", "ada", "/cuoc-giam-sat"),
    View("/ket-luan/moi", "ada", "/ket-luan/moi"),
    View("/ket-luan/{code}/ra-soat", "ada", f"{REVIEW}/ra-soat"),
    View("/ket-luan/{code}/trinh", "ada", f"{REVIEW}/trinh"),
    View("/ket-luan/{code}/trinh", "chi", f"{REVIEW}/trinh"),
    View("/co-quan", "ada", "/co-quan"),
    View("/co-quan/{code}", "ada", "/co-quan/sct"),
    View("/co-quan/{code}", "ben", "/co-quan/sct"),
    View("/co-quan/{code}/lich", "ben", "/co-quan/sct/lich"),
    View("/lich", "ada", "/lich"),
    View("/lich/ngay", "ada", "/lich/ngay"),
    View("/lich/ngay", "quan", "/lich/ngay"),
    View("/nhap", "quan", "/nhap"),
    View("/bao-cao", "lan", "/bao-cao"),
    View("/bao-cao", "ada", "/bao-cao?report=agency"),
    View("/bao-cao", "ada", "/bao-cao?report=register"),
    View("/bao-cao", "ada", "/bao-cao?report=supervision&supervision=GS14"),
    View("/bao-cao/danh-sach", "ada", "/bao-cao/danh-sach?muc=total"),
    View("/bao-cao/lich", "ada", "/bao-cao/lich"),
    View("/don-doc", "duc", "/don-doc"),
    View("/luot-quet", "quan", "/luot-quet"),
    View("/luot-quet/{night}", "ada", "/luot-quet/2026-10-08"),
    View("/luot-quet/dem-nay", "ada", "/luot-quet/dem-nay"),
    View("/chinh-sach", "ada", "/chinh-sach"),
    View("/chinh-sach/sua", "quan", "/chinh-sach/sua"),
    View("/chinh-sach/bieu-mau", "quan", "/chinh-sach/bieu-mau"),
    View("/chinh-sach/ap-dung", "quan", "/chinh-sach/ap-dung"),
    View("/chinh-sach/{which}/chuyen", "quan", "/chinh-sach/default/chuyen"),
    View("/chinh-sach/{which}/mo-phong", "ada", "/chinh-sach/default/mo-phong"),
    View("/vong-doi", "quan", "/vong-doi"),
    View("/vong-doi/{a}/{b}", "ada", "/vong-doi/1/directive"),
    View("/vong-doi/chuyen", "quan", "/vong-doi/chuyen"),
    View("/hop-thu", "ada", "/hop-thu"),
    View("/hop-thu-thu", "ben", "/hop-thu-thu"),
    View("/hop-thu-thu/{key}", "ben", "/hop-thu-thu/{mail}"),
    View("/quan-tri", "quan", "/quan-tri"),
    View("/quan-tri/nhat-ky", "quan", "/quan-tri/nhat-ky"),
    View("/quan-tri/kenh-thu", "quan", "/quan-tri/kenh-thu"),
    View("/quan-tri/mau-thu", "quan", "/quan-tri/mau-thu"),
    View("/quan-tri/mau-thu/sua", "quan", "/quan-tri/mau-thu/sua?mau=vi/reminder/subject.txt"),
    View("/quan-tri/tieu-de", "quan", "/quan-tri/tieu-de"),
    View("/quan-tri/tien-trinh", "quan", "/quan-tri/tien-trinh"),
    View("/quan-tri/webhook", "quan", "/quan-tri/webhook"),
    View("/api", "ada", "/api"),
    View("/tro-giup", "ada", "/tro-giup"),
    View("/toi", "ada", "/toi"),
    View("/toi/hai-lop", "ada", "/toi/hai-lop"),
    View("/toi/phien", "ada", "/toi/phien"),
    View("/toi/xac-nhan", "ada", "/toi/xac-nhan"),
    View("/toi/lich", "ada", "/toi/lich"),
    View("/toi/vang-mat", "ada", "/toi/vang-mat"),
    View("/toi/ma-truy-cap", "quan", "/toi/ma-truy-cap"),
    View("/toi/thu", "lan", "/toi/thu"),
    View("/dang-nhap", None, "/dang-nhap"),
    View("/dang-nhap/quen", None, "/dang-nhap/quen"),
    View("/dat-mat-khau/{token}", None, "/dat-mat-khau/{reset}"),
    View("/bat-dau", None, "/bat-dau"),
    View("/vao/{token}", None, "/vao/{way_in}"),
    View("/thoi-nhan/{token}", None, "/thoi-nhan/{refusal}"),
    View("/t/{token}", None, "/t/{one}"),
    View("/t/{token}", None, "/t/{several}"),
    View("/t/{token}", None, "/t/none"),
    View("/t/{token}/nv/{code}", None, "/t/{several}/nv/GS14-06"),
]

NO_PAGES = {
    "/healthz", "/readyz", "/wellz", "/metrics",  # words for programs
    "/ket-luan/{code}",  # leads on to the review
    "/dang-nhap/ngoai", "/dang-nhap/ngoai/ve", "/dang-nhap/ngoai/ra",  # lead to the OpenID provider and back
    "/nhiem-vu/{code}/tep/{file_id}", "/bao-cao/tep", "/bao-cao/ho-so/{code}", "/lich/{token}.ics",
    "/hop-thu/{number}/nguyen-thu",  # downloads
    "/dau-hieu.png",  # a picture
    "/hop-thu-thu/{key}/html",  # a mail as its reader's program draws it, in a frame of the page
    "/t/{token}/bien-nhan/{number}",  # stands only after an answer: looked at where one is given
}  # fmt: skip
API = "/api/v1"
