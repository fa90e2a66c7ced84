# What do you know, help, a person; erasing needs the word twice, and nobody is brought back by an import.
edit name=Lan yes
run autumn r1
send
in HD
in NV
in 2
in DU LIEU
in 700k
in DU LIEU
in XOA DU LIEU
in XOA DU LIEU
counts
edit name=Lan yes
run autumn r2
in START
run autumn r3
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> run autumn r1
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> send
  message.sent style
> in HD
  < control sms to tel
      Lụa: Mình trả lời tin nhắn bằng lời hoặc bằng số thứ tự. Ngừng nhận tin: soạn TC. Xem dữ liệu: DU LIEU. Xóa dữ liệu: XOA DU LIEU. Gặp nhân viên: NV.
      Liên hệ: 1900 1234
  message.received
  reply.command help
  message.queued
> in NV
  < control sms to tel
      Lụa: Dạ bên em đã chuyển lời tới nhân viên, sẽ có người liên hệ lại mình trong giờ làm việc ạ.
  message.received
  reply.command agent
  inbox.added style agent
  message.queued
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in DU LIEU
  < control sms to tel
      Lụa: Dạ bên em đã nhận yêu cầu xem dữ liệu. Hiện bên em lưu về mình:
      Tên: Lan
      Nhận tin quảng cáo: có
      - Phong cách: Công sở
      Muốn sửa hoặc xóa, mình nhắn bên em bất cứ lúc nào ạ.
      Mình xem, tải về hoặc xóa tại đây ạ (24 giờ, chỉ dành cho mình): {{page}}
  message.received
  reply.command data
  inbox.added budget data
  message.queued
> in 700k
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=700000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> in DU LIEU
  < control sms to tel
      Lụa: Dạ bên em đã nhận yêu cầu xem dữ liệu. Hiện bên em lưu về mình:
      Tên: Lan
      Nhận tin quảng cáo: có
      - Ngân sách cho một bộ khoảng bao nhiêu ạ? 700.000đ
      - Phong cách: Công sở
      Muốn sửa hoặc xóa, mình nhắn bên em bất cứ lúc nào ạ.
      Mình xem, tải về hoặc xóa tại đây ạ (24 giờ, chỉ dành cho mình): {{page}}
  message.received
  reply.command data
  inbox.added data
  message.queued
> in XOA DU LIEU
  < control sms to tel
      Lụa: Dạ bên em đã nhận yêu cầu xóa dữ liệu. Để xác nhận, mình trả lời XOA DU LIEU lần nữa trong 24 giờ: mọi dữ liệu sẽ được xóa ngay, bên em chỉ giữ mã băm của số này để không nhắn nhầm nữa.
  message.received
  reply.command forget
  inbox.added forget
  message.queued
> in XOA DU LIEU
  erased, suppressed [tel:+84901234567]
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
> edit name=Lan yes
  contact.created edit
  contact.suppressed forgotten
  contact.edited
  consent.changed marketing
  consent.changed still_suppressed
> run autumn r2
  conversation.not_asked opted_out
> in START
  < control sms to tel
      Lụa: Dạ mình đã đồng ý nhận tin từ Lụa. Cần hướng dẫn, mình soạn HD. Muốn ngừng nhận, mình soạn TC.
  no longer suppressed tel:+84901234567
  message.received
  reply.command start
  contact.unsuppressed forgotten
  consent.changed marketing
  message.queued
> run autumn r3
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
