"""The command tree's first level: module names and their one-line help."""

TABLE: dict[str, dict[str, str]] = {
    "init": {
        "vi": "Tạo thư mục dữ liệu, bảng, quy tắc mặc định",
        "en": "Create the home, tables, default rules",
    },
    "up": {"vi": "Chạy tất cả trên một máy", "en": "Run everything on one machine"},
    "demo": {
        "vi": "Diễn một câu chuyện trọn vẹn rồi mở trang",
        "en": "Play a whole story, then serve the pages",
    },
    "status": {"vi": "Tình hình trong một màn hình", "en": "The state of things on one screen"},
    "doctor": {"vi": "Kiểm tra mọi bộ phận", "en": "Check every part"},
    "selftest": {"vi": "Thử lỗi trên bản nháp, đếm thư mất", "en": "Inject faults into a scratch copy"},
    "conclusion": {"vi": "Kết luận và dự thảo nhiệm vụ", "en": "Conclusions and draft directives"},
    "supervision": {"vi": "Cuộc giám sát", "en": "Supervisions"},
    "directive": {"vi": "Nhiệm vụ", "en": "Directives"},
    "agency": {"vi": "Cơ quan và đầu mối", "en": "Agencies and contacts"},
    "sweep": {"vi": "Lượt quét hằng đêm", "en": "The nightly sweep"},
    "simulate": {"vi": "Diễn thử các đêm tới, không gửi gì", "en": "Play the nights to come, send nothing"},
    "message": {"vi": "Thư đi, thư đến", "en": "Mails out and in"},
    "policy": {"vi": "Chính sách nhắc và đôn đốc", "en": "Reminder and escalation policy"},
    "lifecycle": {"vi": "Vòng đời nhiệm vụ", "en": "The life of a directive"},
    "calendar": {"vi": "Lịch ngày làm việc", "en": "Working-day calendar"},
    "report": {"vi": "Báo cáo ra tệp", "en": "Reports as files"},
    "import": {"vi": "Nhập danh sách từ tệp YAML, JSON", "en": "Import registers from YAML, JSON"},
    "user": {"vi": "Người dùng và vai trò", "en": "People and roles"},
    "audit": {"vi": "Nhật ký và chuỗi niêm phong", "en": "Journal and its seal"},
    "db": {"vi": "Cơ sở dữ liệu", "en": "Database"},
    "serve": {"vi": "Chạy trang web và API", "en": "Serve the pages and the API"},
    "worker": {"vi": "Chạy tiến trình làm việc", "en": "Run the worker"},
    "clock": {"vi": "Chạy đồng hồ", "en": "Run the clock"},
}
