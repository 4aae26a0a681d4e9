"""Why a setting was refused, in both languages. Keys are our own reasons, and pydantic's names of errors."""

REASONS = {
    "database_scheme": {
        "vi": "phải bắt đầu bằng sqlite:/// hoặc postgresql://.",
        "en": "it must begin with sqlite:/// or postgresql://.",
    },
    "database_file": {
        "vi": "sqlite cần một tệp, ví dụ sqlite:////var/lib/dondoc/dondoc.db.",
        "en": "sqlite needs a file, for example sqlite:////var/lib/dondoc/dondoc.db.",
    },
    "broker_scheme": {
        "vi": "phải bắt đầu bằng redis://, rediss://, redis+socket:// hoặc memory://.",
        "en": "it must begin with redis://, rediss://, redis+socket:// or memory://.",
    },
    "no_host": {"vi": "thiếu tên máy chủ.", "en": "the host name is missing."},
    "port": {"vi": "cổng phải là số từ 1 đến 65535.", "en": "the port must be a number from 1 to 65535."},
    "web": {
        "vi": "cần một địa chỉ http:// hoặc https:// đầy đủ.",
        "en": "it needs a whole http:// or https:// address.",
    },
    "issuer": {
        "vi": "cần địa chỉ https:// của nơi cấp tài khoản (http:// chỉ trong máy này).",
        "en": "it needs the https:// address of the provider (http:// only on this machine).",
    },
    "oidc_client": {
        "vi": "có DONDOC_OIDC_ISSUER thì phải có mã ứng dụng này.",
        "en": "with DONDOC_OIDC_ISSUER this client id must be given.",
    },
    "posts": {
        "vi": "chỉ gồm administrator, chair, deputy_chair, secretary, leadership, auditor, cách nhau bằng dấu phẩy.",
        "en": "only administrator, chair, deputy_chair, secretary, leadership, auditor, separated by commas.",
    },
    "mailbox": {
        "vi": "cần một địa chỉ thư, ví dụ Đôn đốc <dondoc@example.vn>.",
        "en": "it needs a mail address, for example Don doc <dondoc@example.vn>.",
    },
    "bare_address": {
        "vi": "cần một địa chỉ thư trần, không có dấu cộng, ví dụ tra-loi@example.vn.",
        "en": "it needs one bare mail address without a plus sign, for example tra-loi@example.vn.",
    },
    "imap_scheme": {
        "vi": "phải bắt đầu bằng imaps:// hoặc imap://.",
        "en": "it must begin with imaps:// or imap://.",
    },
    "imap_user": {
        "vi": "thiếu tên hoặc mật khẩu: imaps://TEN:MAT_KHAU@MAY_CHU.",
        "en": "the name or the password is missing: imaps://USER:PASSWORD@HOST.",
    },
    "imap_option": {
        "vi": "chỉ có một tùy chọn: ?done=THƯ_MỤC.",
        "en": "there is one option: ?done=FOLDER.",
    },
    "recipient": {
        "vi": "mỗi mục là một địa chỉ thư hoặc một tên miền như @example.vn.",
        "en": "each entry is a mail address or a domain such as @example.vn.",
    },
    "short_secret": {
        "vi": "khoá phải dài ít nhất 32 ký tự.",
        "en": "a key needs at least 32 characters.",
    },
    "example_secret": {
        "vi": "đây là khoá mẫu; hãy tạo khoá riêng, hoặc bỏ trống để tự tạo.",
        "en": "this is an example key; make your own, or leave it out to have one made.",
    },
    "network_share": {
        "vi": "tệp SQLite không được nằm trên ổ mạng ({kind}); hãy dùng ổ trong máy, hoặc PostgreSQL.",
        "en": "a SQLite file must not lie on a network share ({kind}); use a local disk, or PostgreSQL.",
    },
    "misspelled": {
        "vi": "không có tên này; có phải là {meant}?",
        "en": "there is no such name; is it {meant}?",
    },
    "int_parsing": {"vi": "phải là số nguyên.", "en": "it must be a whole number."},
    "float_parsing": {"vi": "phải là một số.", "en": "it must be a number."},
    "greater_than": {"vi": "phải lớn hơn {gt:g}.", "en": "it must be greater than {gt:g}."},
    "greater_than_equal": {"vi": "phải từ {ge:g} trở lên.", "en": "it must be {ge:g} or more."},
    "less_than_equal": {"vi": "không được quá {le:g}.", "en": "it must be {le:g} or less."},
    "literal_error": {"vi": "chỉ nhận: {expected}.", "en": "it must be one of: {expected}."},
    "string_too_short": {"vi": "không được để trống.", "en": "it must not be empty."},
    "time_parsing": {
        "vi": "phải là giờ và phút, ví dụ 01:30.",
        "en": "it must be hours and minutes, such as 01:30.",
    },
    "zoneinfo_str": {
        "vi": "không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh.",
        "en": "there is no such zone; one that exists: Asia/Ho_Chi_Minh.",
    },
}


def said(reason: str, otherwise: str = "", **facts: object) -> dict[str, str]:
    """Both sentences; `otherwise` stands where a reason has none of ours."""
    sentences = REASONS.get(reason, {"vi": otherwise, "en": otherwise})
    return {locale: sentence.format(**facts) for locale, sentence in sentences.items()}
