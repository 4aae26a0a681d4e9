"""What is said about a faulty template, by the code of the finding."""

REASONS: dict[str, dict[str, str]] = {
    "syntax": {"vi": "Cú pháp mẫu sai ({what}).", "en": "The template cannot be read ({what})."},
    "unknown_name": {
        "vi": "Dùng một tên không có trong thư này ({what}).",
        "en": "It uses a name this letter does not have ({what}).",
    },
    "forbidden": {
        "vi": "Mẫu thư không được làm việc này ({what}).",
        "en": "A template may not do this ({what}).",
    },
    "failed": {"vi": "Không viết được thư ({what}).", "en": "The letter cannot be written ({what})."},
    "too_slow": {
        "vi": "Viết thư mẫu tốn quá 2 giây hoặc quá nhiều bộ nhớ.",
        "en": "Writing the samples takes more than 2 seconds, or too much memory.",
    },
    "too_big": {
        "vi": "Thư dài quá 1 triệu ký tự.",
        "en": "The mail has more than one million characters.",
    },
    "too_long": {"vi": "Mẫu dài quá {what} ký tự.", "en": "The template has more than {what} characters."},
    "control": {
        "vi": "Mẫu có ký tự điều khiển không hiện được ({what}); đề nghị xóa.",
        "en": "The template has a control character that cannot be shown ({what}); remove it.",
    },
    "no_subject": {"vi": "Tiêu đề để trống.", "en": "The subject is empty."},
    "long_subject": {
        "vi": "Tiêu đề dài quá 78 ký tự: {what}.",
        "en": "The subject is longer than 78 characters: {what}.",
    },
    "lost": {
        "vi": "Thư thiếu '{what}', người nhận cần thông tin này.",
        "en": "The mail lacks '{what}', which its reader needs.",
    },
    "not_in_text": {
        "vi": "Phần HTML có '{what}' mà phần chữ không có.",
        "en": "The HTML part has '{what}', the text part has not.",
    },
    "secret": {
        "vi": "Nội dung nhiệm vụ mật bị ghi vào thư: '{what}'.",
        "en": "The content of a secret directive is written into the mail: '{what}'.",
    },
    "active_content": {
        "vi": "Thư không được có ảnh, tập lệnh, biểu mẫu hoặc nội dung tải từ nơi khác: '{what}'.",
        "en": "Mails carry no images, scripts, forms or content from elsewhere: '{what}'.",
    },
}
