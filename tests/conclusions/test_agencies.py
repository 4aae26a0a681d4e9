import pytest

from tests.conclusions.corpus import register
from workflow.conclusions.agencies import Register, tokenize
from workflow.conclusions.folding import fold
from workflow.conclusions.scope import Scope, territory_of


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Sở TN&MT", "Sở Tài nguyên và Môi trường"),
        ("Uỷ ban nhân dân tỉnh", "UBND tỉnh"),
        ("UBND TP. Lam Thành", "UBND thành phố Lam Thành"),
        ("huyện Hoà Thuận", "UBND huyện Hòa Thuận"),
        ("ngành Xây dựng", "Sở Xây dựng"),
        ("các sở, ngành có liên quan", "các sở, ban, ngành tỉnh"),
        ("UBND các huyện, thành phố", "UBND các huyện, thị xã, thành phố"),
        ("BQL các KCN tỉnh", "Ban Quản lý các khu công nghiệp tỉnh"),
        ("Kho bạc Nhà nước", "Kho bạc Nhà nước tỉnh"),
    ],
)
def test_an_agency_is_known_by_its_spellings(words: str, name: str) -> None:
    found = register().named(words)
    assert found is not None
    assert found.name == name


def test_an_alias_of_two_agencies_names_neither_by_itself() -> None:
    assert register().named("Phòng Tài chính - Kế hoạch") is None
    assert len(register().choices("Phòng Tài chính - Kế hoạch")) == 2


def test_a_shared_alias_means_the_agency_of_the_issuing_district() -> None:
    tokens = tokenize(fold("Phòng Tài chính – Kế hoạch"))
    match = register().match(tokens, 0)
    assert match is not None
    chosen = Scope(register(), issuer_territory=("huyện", "bắc lâm")).choose(match)
    assert chosen is not None
    assert chosen.name == "Phòng Tài chính - Kế hoạch huyện Bắc Lâm"


def test_the_longest_name_wins() -> None:
    names = [m.agencies[0].name for m in register().find(tokenize(fold("Văn phòng UBND tỉnh và UBND tỉnh")))]
    assert names == ["Văn phòng UBND tỉnh", "UBND tỉnh"]


def test_a_register_comes_from_rows_of_an_organisation_table() -> None:
    own = Register.from_rows([("Sở Ngoại vụ", "department", ("SNgV",), None, None)])
    found = own.named("sngv")
    assert found is not None
    assert found.name == "Sở Ngoại vụ"


def test_the_built_in_register_knows_typical_bodies_and_their_successors() -> None:
    found = Register.built_in().named("Sở GTVT")
    assert found is not None
    assert (found.name, found.successor) == ("Sở Giao thông vận tải", "Sở Xây dựng")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Huyện ủy Sơn Khê", ("huyện", "sơn khê")),
        ("UBND thành phố Lam Thành", ("thành phố", "lam thành")),
        ("Đảng ủy phường Vân Đông", ("phường", "vân đông")),
        ("Sở Y tế", None),
    ],
)
def test_a_name_tells_its_territory(name: str, place: tuple[str, str] | None) -> None:
    assert territory_of(name) == place
