"""Why a source cannot be read, in sentences a person can act on."""

from workflow.errors import WorkflowError


class SourceRefused(WorkflowError):
    """A file or pasted text that is not read at all; nothing of it was kept."""

    sentences = {"vi": "Không đọc được {name}.", "en": "{name} cannot be read."}
    http_status = 422


class SourceEmpty(SourceRefused):
    sentences = {
        "vi": "Tệp rỗng, không có nội dung để đọc.",
        "en": "The file is empty; there is nothing to read.",
    }


class SourceTooLarge(SourceRefused):
    sentences = {
        "vi": "Tệp lớn hơn giới hạn {limit} MB. Hãy tách tệp hoặc dán phần kết luận.",
        "en": "The file is larger than the limit of {limit} MB. Split it or paste the conclusion.",
    }
    http_status = 413


class ArchiveAbnormal(SourceRefused):
    sentences = {
        "vi": "Tệp nén bất thường (giải nén quá 100 MB hoặc quá 2.000 mục). Không ghi lại gì.",
        "en": "The archive is abnormal (more than 100 MB unpacked, or more than 2,000 entries). Nothing was kept.",
    }


class SourceEncrypted(SourceRefused):
    sentences = {
        "vi": "Tệp có mật khẩu; hãy gỡ mật khẩu rồi tải lại.",
        "en": "The file has a password; remove it and upload the file again.",
    }


class SourceWithoutText(SourceRefused):
    sentences = {
        "vi": "Không thấy chữ trong tệp (ảnh quét). Hãy dán nội dung hoặc tải bản Word.",
        "en": "There is no text in the file (a scan). Paste the text or upload the Word file.",
    }


class SourceTooComplex(SourceRefused):
    sentences = {
        "vi": "Tệp quá phức tạp để đọc (vượt giới hạn thời gian hoặc bộ nhớ). Hãy dán nội dung.",
        "en": "The file is too complex to read (over the limit of time or memory). Paste the text.",
    }


class SourceDamaged(SourceRefused):
    sentences = {
        "vi": "Tệp {kind} bị hỏng hoặc thiếu phần nội dung. Hãy lưu lại rồi tải lên.",
        "en": "The {kind} file is damaged or incomplete. Save it again and upload it.",
    }


class SourceKindRefused(SourceRefused):
    sentences = {
        "vi": "Không nhận loại tệp này ({found}). Được phép: .txt, .md, .docx, .pdf có chữ, .html.",
        "en": "This kind of file is not accepted ({found}). Allowed: .txt, .md, .docx, .pdf with text, .html.",
    }


class SourceNameMisleads(SourceRefused):
    sentences = {
        "vi": "Tên tệp là {extension} nhưng nội dung là {found}. Hãy kiểm tra lại tệp.",
        "en": "The file is named {extension} but its content is {found}. Check the file.",
    }


class EncodingUnknown(SourceRefused):
    sentences = {
        "vi": "Không nhận ra bảng mã chữ Việt của tệp (có thể là TCVN3 hoặc VNI). Hãy lưu lại bằng UTF-8.",
        "en": "The Vietnamese encoding of the file was not recognised (perhaps TCVN3 or VNI). Save it as UTF-8.",
    }
